"""The admin site: orders and history to read, reasons, policy and people to edit."""

from console.admin import happenings, history, orders, reasons, users

__all__ = ["happenings", "history", "orders", "reasons", "users"]
