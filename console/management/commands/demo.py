import errno
import os
import re
import socket
from collections.abc import Mapping
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cancellations.queues import every_queue
from cancellations.worker import Draining
from console.people.rights import AGENT, APPROVER, AUDITOR, MANAGER, VIEWER
from orders.models import OrderSummary

DATA = Path(__file__).parents[2] / "demo"
FIRST_ORDER = "00001401"
"""Where it exists, the demo orders were loaded: they come in one transaction."""

GROUPS = {
    "viewer": VIEWER,
    "agent": AGENT,
    "manager": MANAGER,
    "auditor": AUDITOR,
    "approver": APPROVER,
}
STAFF = {"manager"}
PASSWORD = "countermand-demo"
"""Known to everyone, hence only ever given to new users of a database in DEBUG mode."""

ADDRESS = re.compile(r"(?:(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+):)?(?P<port>\d{1,5})", re.ASCII)

READY = """
Countermand: {url}

  user      password          may
{users}

  For other systems, for a day: {token}

Start with order {order}. What you change stays for the next start.
"""
SCOPES = (
    "orders:read",
    "cancellations:preview",
    "cancellations:write",
    "refunds:read",
    "events:read",
)
MAY = {
    "viewer": "look at orders",
    "agent": "also cancel items",
    "manager": "also refund what is owed, see to refunds and exceptions, and open /admin/",
    "auditor": "look at orders and at the audit: who came in, and what they did",
    "approver": "look at orders, and approve what is above APPROVAL_OVER, where that is set",
}


class Command(BaseCommand):
    help = "Prepare the database with demo orders and users, and serve it. Needs DEBUG."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "addrport",
            nargs="?",
            default="127.0.0.1:8000",
            metavar="[ADDRESS:]PORT",
            help="default: 127.0.0.1:8000",
        )
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *args: Any, addrport: str, no_serve: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for trying things out; it runs with DEBUG=1 only.")
        host, port = _address(addrport)
        if not no_serve:
            _refuse_taken(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        if not OrderSummary.objects.filter(order_number=FIRST_ORDER).exists():
            self.stdout.write("Loading the demo orders …")
            self.stdout.flush()
            _load_orders()
        passwords = {name: _password(name, group) for name, group in GROUPS.items()}
        self.stdout.write(_greeting(_url(host, port), passwords, _token()))
        if not no_serve:
            self.stdout.write("Ctrl-C stops the server.")
            self.stdout.flush()
            _serve(f"{host}:{port}")


def _address(addrport: str) -> tuple[str, int]:
    found = ADDRESS.fullmatch(addrport)
    if not found or not 0 < int(found["port"]) < 65536:
        raise CommandError(f"{addrport} is not an address to serve at, such as 127.0.0.1:8001.")
    return found["host"] or "127.0.0.1", int(found["port"])


def _refuse_taken(host: str, port: int) -> None:
    """Say so now when the address cannot be had, not after the orders are loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use. Name another one: "
                f"DEBUG=1 .venv/bin/python manage.py demo {port % 65535 + 1}"
            ) from error
        raise CommandError(f"Cannot serve at {host}:{port}: {error.strerror}.") from error


def _load_orders() -> None:
    """All demo orders with what happened to them, or none."""
    with transaction.atomic():
        _run("import_orders", "orders.jsonl", "online_retail.orders.jsonl.gz")
        _run("record_fulfillment", "fulfillment.jsonl")
        _run("cancel_orders", "cancellations.jsonl", "online_retail.cancellations.jsonl")
        _run("record_fulfillment", "fulfillment_after.jsonl")
        _run("import_orders", "amendments.jsonl")


def _run(command: str, *names: str) -> None:
    """Run it without its progress bar and results; what it says is for a refusal."""
    said = StringIO()
    try:
        with redirect_stderr(said):
            call_command(command, *(str(DATA / name) for name in names), stdout=said)
    except SystemExit as refusal:
        raise CommandError(
            f"The demo was not loaded; {command} refused:\n{said.getvalue()}"
        ) from refusal


def _token() -> str:
    """A token for the API, which acts as the manager; another one at every start."""
    written = StringIO()
    scopes = [f"--scope={scope}" for scope in SCOPES]
    call_command("create_token", "demo", "--as=manager", "--days=1", *scopes, stdout=written)
    return written.getvalue().strip()


def _password(username: str, group: str) -> str:
    """Make the user if missing. What people changed in one that exists stays changed."""
    user, is_new = User.objects.get_or_create(
        username=username, defaults={"is_staff": username in STAFF}
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        user.groups.add(Group.objects.get(name=group))
    return PASSWORD if is_new or user.check_password(PASSWORD) else "(as you set it)"


def _greeting(url: str, passwords: Mapping[str, str], token: str) -> str:
    users = [f"  {name:<8}  {password:<16}  {MAY[name]}" for name, password in passwords.items()]
    return READY.format(url=url, users="\n".join(users), token=token, order=FIRST_ORDER)


def _url(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"


def _serve(addrport: str) -> None:
    """Pages, and a worker that carries refunds out beside them."""
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    stop = Event()
    worker = Draining(every_queue(), hands=settings.REFUND_CALLS_AT_ONCE)
    at_work = Thread(target=worker.until, args=[stop], name="worker")
    at_work.start()
    try:
        call_command("runserver", addrport, use_reloader=False, stdout=StringIO())
    finally:
        stop.set()
        at_work.join()
