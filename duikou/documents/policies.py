"""Who may have a paper made: whoever may read what it says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import SIGNED_IN
from duikou.kernel.permissions import declare

READ = declare("documents.paper.read", roles=SIGNED_IN, reason=_("请先登录。"))
