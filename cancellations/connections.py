"""What people change about how machines are connected, and what machines take out."""

from django.dispatch import Signal

connection_changed = Signal()
"""Sent in the transaction of the act, with ``about`` what it was, the ``act`` in a word, ``by``
whom, and ``facts`` of it: codes and counts, no secrets.
"""

records_taken = Signal()
"""Sent with records that a machine was given in a list: ``about`` what they are, by an address's
word, and what was ``asked`` for, no customer's name or address.
"""
