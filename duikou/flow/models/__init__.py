"""What waits for whom, and who is told."""

from duikou.flow.models.delegation import Delegation, live_delegation_on
from duikou.flow.models.item import InboxItem
from duikou.flow.models.notice import Notice, NoticeMail, NoticePreference
from duikou.flow.models.obligation import Obligation
from duikou.flow.models.registry import Kind, kind_of, kinds, register
from duikou.flow.models.route import LIVE, RouteAct, RouteRun, RouteStep
from duikou.flow.models.routes_registry import Subject, register_subject, subject_of_kind
from duikou.flow.models.saved_view import SavedView, ViewDefault
from duikou.flow.models.working_day import WorkingDay
from duikou.flow.states import ItemState, MailMode

__all__ = [
    "LIVE",
    "Delegation",
    "InboxItem",
    "ItemState",
    "Kind",
    "MailMode",
    "Notice",
    "NoticeMail",
    "NoticePreference",
    "Obligation",
    "RouteAct",
    "RouteRun",
    "RouteStep",
    "SavedView",
    "Subject",
    "ViewDefault",
    "WorkingDay",
    "kind_of",
    "kinds",
    "live_delegation_on",
    "register",
    "register_subject",
    "subject_of_kind",
]
