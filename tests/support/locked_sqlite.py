"""What an agent meets while another process writes to SQLite: run as a module, it tells.

A process of its own, for the tests' SQLite is in memory, where locks are others. It prints one
JSON object: to each request its status, or the address it was sent on to, and what was said.
"""

import json
import os
import sqlite3
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

PASSWORD = "for-a-moment-only"


def main() -> None:
    """Sign in, answer a step and submit, each while the database is locked and after it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "locked.sqlite3")
        os.environ |= {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{file}"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        json.dump(_visit(file), sys.stdout)


def _visit(file):
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from tests.support.builders import UserFactory, imported
    from tests.support.wizard_run import WizardRun

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = 0.05
    agent = UserFactory(agent=True)
    agent.set_password(PASSWORD)
    agent.save()
    order = imported()
    client = Client()
    runs = []

    def open_a_run():
        response = client.get(f"{order.get_absolute_url()}cancel-items/")
        if response.status_code == 302:
            runs.append(WizardRun(client, order.order_number, run=UUID(response.url.split("/")[4])))
        return response

    credentials = {"username": agent.username, "password": PASSWORD}
    requests = {
        "sign in": lambda: client.post("/sign-in/", credentials),
        "open": open_a_run,
        "select": lambda: runs[0].select("1"),
        "details": lambda: runs[0].explain({"1": 1}),
        "submit": lambda: runs[0].submit(),
        "finish": lambda: runs[0].get("finish"),
    }
    met = {}
    for name, send in requests.items():
        with _locked(file):
            met[f"{name}, locked"] = _told(send())
        met[name] = _told(send())
    agent.set_password("another")
    agent.save()
    with _locked(file):
        met["a session that no longer holds, locked"] = _told(client.get("/order-summaries/"))
    connection.close()
    return met


@contextmanager
def _locked(file):
    """Another process at work: it has begun to write and is not done."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def _told(response):
    from django.contrib.messages import get_messages

    said = [str(message) for message in get_messages(response.wsgi_request)]
    return [response.status_code, response.headers.get("Location", "").split("/")[-2:-1], said]


if __name__ == "__main__":
    main()
