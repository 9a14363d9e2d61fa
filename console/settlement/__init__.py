"""Refunding what is owed: its page, its choices, and saying that nothing more is coming."""
