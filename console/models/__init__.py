"""What the console keeps of its own: who did what, beyond the events of orders."""

from console.models.audit import RIGHT_TO_AUDIT, AuditEntry, AuditKind

__all__ = ["RIGHT_TO_AUDIT", "AuditEntry", "AuditKind"]
