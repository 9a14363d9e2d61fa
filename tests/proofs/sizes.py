"""How much the random proofs try: little in ``make test``, more in ``make proofs``."""

import os


def size(name: str, usual: int) -> int:
    """What the environment says under ``name``, else what is usual."""
    return int(os.environ.get(name, usual))


PROPERTY_EXAMPLES = size("PROPERTY_EXAMPLES", 60)
"""Examples of every property that Hypothesis tries, where a test does not say more."""

RACE_ROUNDS = size("RACE_ROUNDS", 1)
"""Times the few rounds of every kind of race between threads; many must see every ending."""

ORACLE_SEEDS = size("ORACLE_SEEDS", 1)
"""Random sets of orders and cancellations that the oracle judges."""

FUZZ_SEEDS = size("FUZZ_SEEDS", 4)
"""Agents that send random requests to the wizards."""

ACTS_EXAMPLES = size("ACTS_EXAMPLES", 6)
"""Orders that any acts happen to in any order; half of them on SQLite."""

STRIPE_DAYS = size("STRIPE_DAYS", 1)
"""Days on which all goes wrong that can between us and Stripe."""

HOSTILE_REQUESTS = size("HOSTILE_REQUESTS", 150)
"""Requests that no browser sends; from 2,000 on every method and every way elsewhere is tried."""

DELIVERIES = size("DELIVERIES", 40)
"""Deliveries to receivers on which nobody can rely; 10,000 in the long form."""

SHOP_ORDERS = size("SHOP_ORDERS", 20_000)
"""Orders of the shop whose lists' plans are looked at; 200,000 in ``make bench-quick``."""

API_EXAMPLES = size("API_EXAMPLES", 2)
"""Examples of every call of the API, right and wrong, that its own description makes."""
