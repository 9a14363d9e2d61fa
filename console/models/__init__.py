"""What the console keeps of its own: who did what, and which passwords others gave."""

from console.models.audit import RIGHT_TO_AUDIT, AuditEntry, AuditKind
from console.models.passwords import GivenPassword

__all__ = ["RIGHT_TO_AUDIT", "AuditEntry", "AuditKind", "GivenPassword"]
