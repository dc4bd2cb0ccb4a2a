"""Who may do what here: the text is public, packs come from the command line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel import permissions
from duikou.kernel.actor import EVERYONE, Actor, Role
from duikou.kernel.verdict import Verdict

permissions.declare("programme.programme.read", roles=EVERYONE)
permissions.declare("programme.programme.load", roles={Role.OPERATOR}, reason=_("方案数据包只由系统管理员装载。"))


def programme_load(actor: Actor) -> Verdict:
    """May the actor load packs and national lists?"""
    return permissions.check(actor, "programme.programme.load")
