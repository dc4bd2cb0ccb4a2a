"""Who may open the pages of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import SIGNED_IN
from duikou.kernel.permissions import declare

OVERVIEW = declare("desk.overview.read", roles=SIGNED_IN, reason=_("请先登录。"))
