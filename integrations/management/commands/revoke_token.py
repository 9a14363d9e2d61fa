from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.seeds import system_user
from integrations.api.tokens import revoke
from integrations.models import ApiToken


class Command(BaseCommand):
    help = "Revoke a token of the API; it opens nothing any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", help="the twelve signs after cmt_, as lists and logs have it")

    def handle(self, *args: Any, prefix: str, **options: Any) -> None:
        token = ApiToken.objects.filter(prefix=prefix).first() if prefix.isprintable() else None
        if token is None:
            raise CommandError(f"There is no token {prefix!a}.")
        revoke(token, by=system_user())
        self.stdout.write(f"{token} is revoked.")
