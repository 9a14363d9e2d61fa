#!/usr/bin/env python
"""Run an administrative command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # commands say what they do in their own words
    for limit in ("DATABASE_STATEMENT_SECONDS", "DATABASE_IDLE_SECONDS"):
        os.environ[limit] = "0"  # and take the time that their work takes
    from config.commands import run

    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
