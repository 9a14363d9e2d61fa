"""The admin site: orders and history to read, reasons, policy and people to edit."""

from console.admin import happenings, history, notices, orders, reasons, users

__all__ = ["happenings", "history", "notices", "orders", "reasons", "users"]
