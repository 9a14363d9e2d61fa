"""What a race takes place on: a database with orders and agents, and gunicorn in front of it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.benchmarks.measuring import PROJECT

PASSWORD = "only-for-the-race"
MANAGER = "manager"
LONGEST_START_SECONDS = 60

# Stops gunicorn when its own standard input ends, as it does however this process ends.
KEEPER = '"$@" & cat; kill $!; wait $!'

# In one process: to start one takes longer than what it is started for.
LOADED = """
from django.core.management import call_command
call_command("loaddata", {!r}); call_command("import_orders", {!r})
"""

# Key, unit price, units already allocated, and the bundle that the line belongs to.
PRODUCTS = (
    ("1", "19.99", 3, None),
    ("2", "7.35", 0, None),
    ("3", "120.00", 0, None),
    ("4", "33.33", 0, "3"),
    ("5", "5.05", 1, "3"),
)
TAX_RATE = Decimal("0.07")


def manage(
    database: str, *arguments: object, may_refuse: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a management command; the race ends here if that fails.

    Args:
        may_refuse: Whether an exit status of 1 is in order.
    """
    finished = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=PROJECT,
        env=_environment(database),
        capture_output=True,
        text=True,
    )
    if finished.returncode not in ((0, 1) if may_refuse else (0,)):
        sys.exit(f"{arguments[0]} failed:\n{finished.stdout}{finished.stderr}")
    return finished


def prepare(
    database: str, folder: Path, agents: list[str], orders: list[str], units: int
) -> dict[str, Decimal]:
    """Load a user for each agent, a manager, and orders with so many units a line.

    Returns:
        What was captured over the first payment, by order.
    """
    users, documents = folder / "users.json", folder / "orders.jsonl"
    users.write_text(json.dumps(_users(agents)))
    told = [_order(order, units) for order in orders]
    documents.write_text("".join(f"{json.dumps(order)}\n" for order in told))
    manage(database, "shell", "-v", "0", "-c", LOADED.format(str(users), str(documents)))
    return {order["order_number"]: Decimal(order["payments"][0]["captured"]) for order in told}


@contextmanager
def serving(
    database: str, workers: int, log: Path, *, threads: int = 1, **environment: str
) -> Iterator[str]:
    """The address of the console, served by gunicorn on a free port of the loopback interface.

    Args:
        environment: Variables beside those that every race has.
    """
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket"]
    options = ["--bind", "127.0.0.1:0", "--workers", str(workers), "--timeout", "120"]
    options += ["--threads", str(threads)]
    with log.open("w") as output:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *gunicorn, *options],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=_environment(database) | environment,
            start_new_session=True,  # Ctrl-C is for the race; gunicorn goes after it
        )
    try:
        yield listening(log)
    finally:
        keeper.communicate()


def _environment(database: str) -> dict[str, str]:
    """With DEBUG: neither TLS nor collected static files are needed."""
    return os.environ | {"DATABASE_URL": database, "DEBUG": "1", "ALLOWED_HOSTS": "127.0.0.1"}


def listening(log: Path) -> str:
    """Where gunicorn says that it listens."""
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline:
        if found := re.search(r"Listening at: (http://[^\s,]+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    sys.exit(f"gunicorn did not start:\n{log.read_text()}")


def _users(agents: list[str]) -> list[dict[str, Any]]:
    """A fixture; one hash for all, because making it takes long."""
    hasher = PBKDF2PasswordHasher()
    password = hasher.encode(PASSWORD, hasher.salt())
    groups = dict.fromkeys(agents, "Agent") | {MANAGER: "Operations Manager"}
    return [
        {
            "model": "auth.user",
            "fields": {"username": name, "password": password, "groups": [[group]]},
        }
        for name, group in groups.items()
    ]


def _order(number: str, units: int) -> dict[str, Any]:
    """An order of single lines and a bundle, most of it captured, over two payments."""
    items = [_product(*product, units) for product in PRODUCTS]
    total = sum(Decimal(item["unit_price"]) * units for item in items)
    return {
        "order_number": number,
        "ordered_at": "2026-01-05T12:00:00Z",
        "currency": "USD",
        "account": {"number": "A-1001", "name": "Lauren Boyle"},
        "delivery_groups": [
            {
                "key": "G1",
                "method": "Standard Ground",
                "deliver_to": "Lauren Boyle",
                "address": "1 Market St, Springfield",
            }
        ],
        "items": [*items, _delivery_charge()],
        "payments": [
            _payment("P1", captured=total * Decimal("0.6")),
            _payment("P2", captured=total * Decimal("0.3")),
        ],
    }


def _product(
    key: str, price: str, allocated: int, bundle: str | None, units: int
) -> dict[str, Any]:
    return {
        "key": key,
        "type": "product",
        "sku": f"SKU-{key}",
        "name": f"Thing {key}",
        "quantity": units,
        "unit_price": price,
        "delivery_group": "G1",
        "bundle": bundle,
        "taxes": [{"name": "Sales tax", "amount": _money(Decimal(price) * units * TAX_RATE)}],
        "quantity_allocated": allocated,
    }


def _delivery_charge() -> dict[str, Any]:
    return {
        "key": "1001",
        "type": "delivery_charge",
        "name": "Standard Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
        "taxes": [{"name": "Sales tax", "amount": "0.40"}],
    }


def _payment(key: str, captured: Decimal) -> dict[str, Any]:
    return {
        "key": key,
        "method": f"Card {key}",
        "gateway": "sandbox",
        "gateway_reference": f"ch_{key}",
        "authorized": _money(2 * captured),
        "captured": _money(captured),
    }


def _money(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))
