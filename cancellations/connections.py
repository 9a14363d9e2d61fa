"""What people change about how machines are connected, for those who write it down."""

from django.dispatch import Signal

connection_changed = Signal()
"""Sent in the transaction of the act, with ``about`` what it was, the ``act`` in a word, ``by``
whom, and ``facts`` of it: codes and counts, no secrets.
"""
