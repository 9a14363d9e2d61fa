from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cancellations.seeds import system_user
from integrations.api.tokens import make_token
from integrations.models import Scope

LONGEST_NAME = 100
MOST_DAYS = 3650


class Command(BaseCommand):
    help = "Make a token for the API; writes it once, and keeps only its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="which system uses it")
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME")
        parser.add_argument(
            "--scope",
            action="append",
            choices=[str(scope) for scope in Scope],
            required=True,
            help="repeatable",
        )
        parser.add_argument("--days", type=int, help="after which it runs out; unless given, never")

    def handle(
        self,
        *args: Any,
        name: str,
        username: str,
        scope: list[str],
        days: int | None,
        **options: Any,
    ) -> None:
        if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
            raise CommandError("A name has 1 to 100 printable characters.")
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise CommandError("--days lie between 1 and 3650.")
        users = User.objects.filter(is_active=True)
        user = users.filter(username=username).first() if username.isprintable() else None
        if user is None:
            raise CommandError(f"There is no active user {username!a}.")
        made = make_token(
            name=name,
            user=user,
            scopes={Scope(each) for each in scope},
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            by=system_user(),
        )
        self.stdout.write(made.text)
