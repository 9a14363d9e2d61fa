"""Do the tests of arithmetic notice any change of it? mutmut changes every expression.

    python -m tests.proofs.mutants_of_arithmetic

It works in a copy (``mutants/``) and runs the tests that reach each mutant; they need no
database. Ends with 1 when a mutant survives that is not among the equivalent ones below, or
one of those is caught; ``mutmut browse`` shows them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]

_NO_UNIT_LEFT = "Nothing left means returned = ordered - canceled, and no counter is above that."
_NEITHER_READ = "off_the_total reads neither the line nor the quantity of a move."
_ZERO = "The rounded size of 0 is 0, and so is -0."
_NOT_GROSS = "Whatever is not gross is labeled as net."
_HAS_A_GROUP = "A delivery charge has a group; without one its components cannot be had."
_NO_X = "No figure holds an X."
_AS_MANY = "What is left has as many parts as there were, of the same line or order."
_SHORT_CUT = "The long way comes to the same."
_WHOLE = "It tells growth alone, which is at most what was taken off, and 0 where nothing is owed."
_NOTHING_REFUNDED = "Nothing more or less refunded moves nothing, either way."

EQUIVALENT: dict[str, str] = {
    "cancellations.arithmetic.distribution.x__smallest_greater__mutmut_2": (
        "A payment of exactly the amount has been taken just before."
    ),
    "cancellations.arithmetic.notices.x__deliveries_that_stay__mutmut_18": _HAS_A_GROUP,
    "cancellations.arithmetic.notices.x__off_the_total__mutmut_3": _NEITHER_READ,
    "cancellations.arithmetic.notices.x__off_the_total__mutmut_4": _NEITHER_READ,
    "cancellations.arithmetic.notices.x__off_the_total__mutmut_11": _NEITHER_READ,
    "cancellations.arithmetic.reports.x__payments_that_fit__mutmut_8": _AS_MANY,
    "cancellations.arithmetic.reports.x__payments_that_fit__mutmut_11": _AS_MANY,
    "cancellations.arithmetic.reports.x__payments_that_fit__mutmut_12": _AS_MANY,
    "orders.arithmetic.amounts.xǁStandingǁ_share_gone__mutmut_11": _HAS_A_GROUP,
    "orders.arithmetic.elsewhere.x_after_refunds__mutmut_2": _NOTHING_REFUNDED,
    "orders.arithmetic.elsewhere.x_after_refunds__mutmut_3": _NOTHING_REFUNDED,
    "orders.arithmetic.elsewhere.x_as_it_came__mutmut_4": _SHORT_CUT,
    "orders.arithmetic.elsewhere.x_as_it_came__mutmut_23": _WHOLE,
    "orders.arithmetic.money.x_round_half_away__mutmut_16": _ZERO,
    "orders.arithmetic.money.x_round_half_away__mutmut_17": _ZERO,
    "orders.arithmetic.money.x_show_micros__mutmut_13": _NO_X,
    "orders.arithmetic.money.x_show_micros__mutmut_14": _NO_X,
    "orders.arithmetic.parts.x__counted__mutmut_8": _HAS_A_GROUP,
    "orders.arithmetic.parts.x__counted__mutmut_13": _HAS_A_GROUP,
    **{
        f"orders.arithmetic.parts.x__parts__mutmut_{number}": _AS_MANY
        for number in (42, 45, 46, 50, 53, 54)
    },
    "orders.arithmetic.statuses.x_line_status__mutmut_2": _NO_UNIT_LEFT,
    "orders.arithmetic.totals.x_totals_labels__mutmut_1": _NOT_GROSS,
    "orders.arithmetic.totals.x_totals_labels__mutmut_2": _NOT_GROSS,
}
"""Mutants that no test can catch, by mutmut's name for them (as numbered now), with why."""


def main() -> int:
    """Make the mutants anew and try them; gives the exit status."""
    shutil.rmtree(PROJECT / "mutants", ignore_errors=True)
    _mutmut("run")
    results = re.findall(r"^\s*(\S+): (.+)$", _mutmut("results", "--all", "true"), re.MULTILINE)
    survivors = {name: ended for name, ended in results if ended not in {"killed", "timeout"}}
    for name in survivors.keys() - EQUIVALENT.keys():
        print(f"{name}: {survivors[name]}")
    print(f"{len(results)} mutants, {len(survivors)} survived, {len(EQUIVALENT)} are equivalent")
    return int(not results or survivors.keys() != EQUIVALENT.keys())


def _mutmut(*arguments: str) -> str:
    run = subprocess.run(
        [Path(sys.executable).with_name("mutmut"), *arguments],
        cwd=PROJECT,
        env=os.environ | {"DEBUG": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if run.returncode:
        sys.exit(run.stdout[-4000:])
    return run.stdout


if __name__ == "__main__":
    sys.exit(main())
