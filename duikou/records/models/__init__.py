"""What happened and the proof."""

from duikou.records.models.appendonly import AppendOnly, AppendOnlyError
from duikou.records.models.event import AuditEvent
from duikou.records.models.evidence import Blob, Evidence
from duikou.records.models.seal import AuditCheck, AuditLink, AuditSeal

__all__ = ["AppendOnly", "AppendOnlyError", "AuditCheck", "AuditEvent", "AuditLink", "AuditSeal", "Blob", "Evidence"]
