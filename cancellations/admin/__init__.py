"""What the admin holds of cancellations: history to read, settings and users to edit."""

from cancellations.admin import history, reasons, users

__all__ = ["history", "reasons", "users"]
