"""``python -m tests.proofs.bad_input``: sends every row of the table and prints what came back."""

import os
import sys
from pathlib import Path

import pytest

from tests.proofs.bad_input.printing import Printer


def main() -> int:
    """Print the table; the exit status is pytest's."""
    os.environ.setdefault("LONG_FORMS", "1")
    printer = Printer()
    folder = str(Path(__file__).parent)
    status = pytest.main([folder, "-q", "-n", "0", *sys.argv[1:]], plugins=[printer])
    printer.print()
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
