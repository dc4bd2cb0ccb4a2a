"""What happened and the proof."""

from duikou.records.models.event import AuditEvent

__all__ = ["AuditEvent"]
