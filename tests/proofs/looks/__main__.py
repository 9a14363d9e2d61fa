"""Every page in every state, looked at: ``python -m tests.proofs.looks [QUESTION…]``.

The tests that walk all states leave their pages in a folder (``keeping.py``); then the questions of
``looking.py`` are asked of each page. ``--folder FOLDER`` keeps pages and answers: with the same
folder, a walk that was interrupted goes on where it ended, and pages that were kept are not made
again. Without it, nothing is left.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.proofs.looks.answers import Answers
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
    from tests.proofs.looks.looking import QUESTIONS, walk

    asked = _arguments((HTML, *QUESTIONS))
    with TemporaryDirectory() as nowhere:
        folder = asked.folder or Path(nowhere)
        kept = few_of_a_kind(pages_of(folder, asked.only), asked.of_a_kind)
        print(f"{len(kept)} pages and states", flush=True)
        names = asked.questions or (HTML, *QUESTIONS)
        answers = Answers(folder)
        found = {HTML: list(html_is_wrong(kept))} if HTML in names else {}
        looks = [name for name in names if name != HTML]
        walk(kept, looks, answers, asked.at_once)
        found |= {name: answers.found(kept, name) for name in looks}
    return _say(found, len(kept))


def _arguments(known: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.looks")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=", ".join(known))
    parser.add_argument("--folder", type=Path, help="where pages and answers are kept")
    parser.add_argument("--only", default="", help="the tests that leave pages, as pytest's -k")
    parser.add_argument("--of-a-kind", type=int, default=1000, help="states of one page, at most")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="browsers")
    return parser.parse_args()


def pages_of(folder: Path, only: str = "") -> list[Kept]:
    """The pages that the folder holds; if none were kept there to the end, they are now."""
    all_are_kept = folder / "all-are-kept"
    if not all_are_kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        keep_all_pages(folder.resolve(), only)
        if not (kept := kept_pages(folder)):
            sys.exit("no test left a page: run one of tests/proofs/every_text_is_translated alone")
        all_are_kept.touch()
        return kept
    return kept_pages(folder)


def keep_all_pages(folder: Path, only: str = "") -> Path:
    """Run the tests that see every state, or some; what they say of the language is not asked."""
    keeps = ("-p", "tests.proofs.looks.keeping", "-k", only, *STATES)
    environment = {"DEBUG": "1", "LONG_FORMS": "1"} | os.environ | {"KEEP_PAGES": str(folder)}
    subprocess.run(
        [sys.executable, *PYTEST, *(() if only else ON_EVERY_CORE), *keeps],
        cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return folder


def _say(found: dict[str, list[str]], pages: int) -> int:
    for name, places in found.items():
        print(f"{name}: {f'{len(places)} findings' if places else 'nothing is wrong'}")
        for place in places[:SHOWN]:
            print(f"  {place[:300]}")
    wrong = sum(map(len, found.values()))
    print(f"{pages} pages and states, {len(found)} questions, {wrong} findings", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
