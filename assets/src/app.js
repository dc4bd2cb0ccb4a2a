// The script of every page. Pages work without it; it makes them quicker to use.
import "@tabler/core/dist/css/tabler.min.css";
import "tom-select/dist/css/tom-select.bootstrap5.min.css";
import "./style/tokens.css";
import "./style/framework.css";
import "./style/layout.css";
import "./style/components.css";
import "./style/states.css";
import "./style/flow.css";
import "./style/editor.css";
import "./style/evidence.css";
import "./style/meetings.css";
import "./style/progress.css";
import "./style/reforms.css";
import "./style/boards.css";
import "./style/charts.css";
import "./style/instrument.css";
import "./style/print.css";

import { bindAmounts } from "./behaviour/amounts.js";
import { bindBoard } from "./behaviour/board.js";
import { bindConfirm } from "./behaviour/confirm.js";
import { bindCopy } from "./behaviour/copy.js";
import { bindDrafts } from "./behaviour/drafts.js";
import { bindDrop } from "./behaviour/drop.js";
import { bindForms } from "./behaviour/forms.js";
import { bindHtmx } from "./behaviour/htmx.js";
import { bindMenus } from "./behaviour/menus.js";
import { bindNav } from "./behaviour/nav.js";
import { bindScroll } from "./behaviour/scroll.js";
import { bindSearch } from "./behaviour/search.js";
import { bindSelects } from "./behaviour/selects.js";

// Each binder takes a root, so that what htmx swaps in is bound the same way; listeners on the document bind once.
const perRoot = [bindAmounts, bindBoard, bindSelects, bindDrop, bindForms, bindScroll];

bindNav();
bindMenus();
bindSearch();
bindConfirm();
bindCopy();
perRoot.forEach((bind) => bind(document));
bindDrafts();
bindHtmx((root) => perRoot.forEach((bind) => bind(root)));
