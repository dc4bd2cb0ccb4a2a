"""Who is told of what beside the waiting items: the asker of every move, the former owner of a transfer."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from duikou.flow.services.notices import Telling
from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.services.keeping import address
from duikou.greenchannel.services.waiting import MOVED, asker_address, owner_address, people_of, words_about

_TO_ASKER = {
    "accept": gettext_noop("绿色通道诉求%(number)s已受理：%(title)s（%(project)s）"),
    "note": gettext_noop("绿色通道诉求%(number)s有新的办理情况：%(title)s（%(project)s）"),
    "transfer": gettext_noop("绿色通道诉求%(number)s已转办：%(title)s（%(project)s）"),
    "reassign": gettext_noop("绿色通道诉求%(number)s已重新确定责任人：%(title)s（%(project)s）"),
}
_TO_OWNER = {
    "agree": gettext_noop("提出方已同意，绿色通道诉求%(number)s已解决：%(title)s（%(project)s）"),
    "withdraw": gettext_noop("绿色通道诉求%(number)s已由提出方撤回：%(title)s（%(project)s）"),
}
"""What becomes a waiting item of the one whose turn it is is not told again."""


def moved(request_id: int, verb: str, revision: int) -> Telling | None:
    """One notice per step, to the other party; none where the other has a waiting item anyway."""
    title = _TO_ASKER.get(verb) or _TO_OWNER.get(verb)
    request = GreenChannelRequest.objects.select_related("project", "region").filter(pk=request_id).first()
    if title is None or request is None:
        return None
    to = asker_address(request) if verb in _TO_ASKER else owner_address(request)
    key = f"greenchannel:{request.pk}:{revision}:{verb}"
    return Telling(key, MOVED, title, address(request), people_of(to), words_about(request))
