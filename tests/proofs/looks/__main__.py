"""Every page in every state, looked at: ``python -m tests.proofs.looks [QUESTION…]``.

The tests that walk all states leave their pages in a folder (``keeping.py``); then each question of
``looking.py`` is asked of each page. ``--pages FOLDER`` takes pages that were kept before.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.proofs.looks.gallery import Kept, few_of_a_kind, kept_pages
from tests.proofs.looks.valid_html import html_is_wrong

PROJECT = Path(__file__).parents[3]
STATES = ("tests/proofs/every_text_is_translated",)
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
ON_EVERY_CORE = ("-n", "auto", "--dist", "worksteal")
SHOWN = 60
HTML = "html"


def main() -> int:
    """Ask the questions that are named, or all; 1 if anything is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.proofs.looks.looking import QUESTIONS

    known = (HTML, *QUESTIONS)
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.looks")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=", ".join(known))
    parser.add_argument("--pages", type=Path, help="a folder of pages that were kept")
    parser.add_argument("--only", default="", help="the tests that leave pages, as pytest's -k")
    parser.add_argument("--of-a-kind", type=int, default=1000, help="states of one page, at most")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        pages = kept_pages(asked.pages or keep_all_pages(Path(folder), asked.only))
        kept = few_of_a_kind(pages, asked.of_a_kind)
        print(f"{len(kept)} pages and states", flush=True)
        wrong = sum([_ask(name, kept) for name in asked.questions or known])
    return int(wrong > 0)


def keep_all_pages(folder: Path, only: str = "") -> Path:
    """Run the tests that see every state, or some; what they say of the language is not asked."""
    keeps = ("-p", "tests.proofs.looks.keeping", "-k", only, *STATES)
    environment = {"DEBUG": "1", "LONG_FORMS": "1"} | os.environ | {"KEEP_PAGES": str(folder)}
    subprocess.run(
        [sys.executable, *PYTEST, *(() if only else ON_EVERY_CORE), *keeps],
        cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return folder


def _ask(name: str, kept: list[Kept]) -> int:
    from tests.proofs.looks.looking import answers

    found = list(html_is_wrong(kept) if name == HTML else answers(name, kept))
    said = f"{len(found)} findings" if found else "nothing is wrong"
    print(f"{name}: {said}", flush=True)
    for one in found[:SHOWN]:
        print(f"  {one[:300]}", flush=True)
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
