"""What waits for whom, and who is told."""

from duikou.flow.models.item import InboxItem
from duikou.flow.models.notice import Notice, NoticeMail, NoticePreference
from duikou.flow.models.registry import Kind, kind_of, kinds, register
from duikou.flow.models.working_day import WorkingDay

__all__ = [
    "InboxItem",
    "Kind",
    "Notice",
    "NoticeMail",
    "NoticePreference",
    "WorkingDay",
    "kind_of",
    "kinds",
    "register",
]
