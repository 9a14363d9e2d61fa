"""The admin site: orders and history to read, reasons, policy and people to edit."""

from console.admin import history, orders, reasons, users

__all__ = ["history", "orders", "reasons", "users"]
