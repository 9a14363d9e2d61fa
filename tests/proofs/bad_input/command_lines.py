"""Command lines: files that cannot be read or written, and options that name nothing."""

import gzip
from pathlib import Path

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Command, json_lines, send_command
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import UserFactory, order_document

MISSING = "missing.jsonl: No such file or directory"
IS_A_FOLDER = "folder.jsonl: Is a directory"
GOOD = {
    "good.jsonl": json_lines(
        {"idempotency_key": "K", "order_number": "W-1", "reason": "Unknown", "items": "all"}
    )
}
A_SETTLEMENT = {
    "good.jsonl": json_lines({"idempotency_key": "K", "order_number": "W-1", "settle": {}})
}
ARCHIVE = gzip.compress(json_lines(order_document(order_number="Z-1")), mtime=0)


def archive(content: bytes) -> dict[str, bytes]:
    return {"a.jsonl.gz": content}


def with_folder(stage: Stage) -> None:
    """A folder stands where a file is wanted."""
    Path("folder.jsonl").mkdir()


def with_people(stage: Stage) -> None:
    """A viewer, an agent, and an agent who left."""
    UserFactory(viewer=True, username="vera")
    UserFactory(agent=True, username="anna")
    UserFactory(agent=True, username="gone", is_active=False)


INPUTS = (
    BadInput("no such file", Command("import_orders missing.jsonl"), 2, MISSING),
    BadInput("no such cancellations", Command("cancel_orders missing.jsonl"), 2, MISSING),
    BadInput("no such reports", Command("record_fulfillment missing.jsonl"), 2, MISSING),
    BadInput(
        "no such file, tried dry",
        Command("cancel_orders --dry-run missing.jsonl"),
        2,
        MISSING,
    ),
    BadInput(
        "a folder", Command("import_orders folder.jsonl"), 2, IS_A_FOLDER, given=(with_folder,)
    ),
    BadInput(
        "a folder of cancellations",
        Command("cancel_orders folder.jsonl"),
        2,
        IS_A_FOLDER,
        given=(with_folder,),
    ),
    BadInput(
        "a folder of reports",
        Command("record_fulfillment folder.jsonl"),
        2,
        IS_A_FOLDER,
        given=(with_folder,),
    ),
    BadInput(
        "a file name of 300 characters",
        Command(f"import_orders {'x' * 300}.jsonl"),
        2,
        ".jsonl: File name too long",
    ),
    BadInput("a path through a file", Command("import_orders good.jsonl/x", GOOD), 2, "Not a dir"),
    BadInput(
        "a file name that is not UTF-8",
        Command("import_orders \udcff.jsonl"),
        2,
        ".jsonl: No such file or directory",
    ),
)
# Nothing to do is no mistake: exit 0, and a count of nothing or no result line.
EMPTY = (
    BadInput(
        "an empty file",
        Command("import_orders empty.jsonl", {"empty.jsonl": b""}),
        0,
        "0 imported, 0 skipped, 0 refused",
    ),
    BadInput(
        "a file of blank lines",
        Command("import_orders blank.jsonl", {"blank.jsonl": b"\n \n\r\n\t\n"}),
        0,
        "0 imported, 0 skipped, 0 refused",
    ),
    BadInput(
        "an empty file of cancellations",
        Command("cancel_orders empty.jsonl", {"empty.jsonl": b""}),
        0,
        "(nothing printed)",
    ),
    BadInput(
        "an empty file of reports",
        Command("record_fulfillment empty.jsonl", {"empty.jsonl": b""}),
        0,
        "0 recorded, 0 refused",
    ),
    BadInput(
        "an empty archive",
        Command("import_orders a.jsonl.gz", archive(gzip.compress(b""))),
        0,
        "0 imported, 0 skipped, 0 refused",
    ),
)
ARCHIVES = (
    BadInput(
        "an archive, cut off",
        Command("import_orders a.jsonl.gz", archive(ARCHIVE[:100])),
        2,
        "a.jsonl.gz: Compressed file ended before the end-of-stream marker",
    ),
    BadInput(
        "an archive of two bytes",
        Command("cancel_orders a.jsonl.gz", archive(ARCHIVE[:2])),
        2,
        "a.jsonl.gz: Compressed file ended before the end-of-stream marker",
    ),
    BadInput(
        "a damaged archive",
        Command("import_orders a.jsonl.gz", archive(ARCHIVE[:20] + b"\xff" * 20 + ARCHIVE[40:])),
        2,
        "a.jsonl.gz: Error -3 while decompressing data",
    ),
    BadInput(
        "64 MiB in an archive of 64 KiB",
        Command("import_orders a.jsonl.gz", archive(gzip.compress(bytes(2**26), mtime=0))),
        1,
        "line 1: is longer than 4 MiB",
        is_slim=False,
    ),
    BadInput(
        "a file that only calls itself an archive",
        Command("record_fulfillment a.jsonl.gz", archive(b"{}\n")),
        2,
        "a.jsonl.gz: Not a gzipped file",
    ),
    BadInput(
        "an archive that calls itself a file",
        Command("import_orders a.jsonl", {"a.jsonl": ARCHIVE}),
        1,
        "line 1: is not UTF-8",
    ),
)
OUTPUTS = (
    BadInput(
        "results in no folder",
        Command("cancel_orders good.jsonl --output nowhere/results.jsonl", GOOD),
        2,
        "nowhere/results.jsonl: No such file or directory",
    ),
    BadInput(
        "results in place of a folder",
        Command("cancel_orders good.jsonl --output folder.jsonl", GOOD),
        2,
        IS_A_FOLDER,
        given=(with_folder,),
    ),
    BadInput(
        "results in place of the input",
        Command("cancel_orders good.jsonl --output good.jsonl", GOOD),
        2,
        "good.jsonl",
    ),
    BadInput(
        "an export into no folder",
        Command("export_orders --output nowhere/orders.jsonl"),
        2,
        "nowhere/orders.jsonl: No such file or directory",
    ),
    BadInput(
        "an export in place of a folder",
        Command("export_orders --output folder.jsonl"),
        2,
        IS_A_FOLDER,
        given=(with_folder,),
    ),
)
OPTIONS = (
    BadInput(
        "an acting user who is not there",
        Command("cancel_orders good.jsonl --as nobody", GOOD),
        1,
        "There is no active user nobody.",
    ),
    BadInput(
        "a viewer as acting user",
        Command("cancel_orders good.jsonl --as vera", GOOD),
        1,
        "The user vera has no right to cancel order items.",
        given=(with_people,),
    ),
    BadInput(
        "an acting user who left",
        Command("cancel_orders good.jsonl --as gone", GOOD),
        1,
        "There is no active user gone.",
        given=(with_people,),
    ),
    BadInput(
        "a viewer as acting user, tried dry",
        Command("cancel_orders good.jsonl --dry-run --as vera", GOOD),
        1,
        "The user vera has no right to cancel order items.",
        given=(with_people,),
    ),
    BadInput(
        "an agent who settles",
        Command("cancel_orders good.jsonl --as anna", A_SETTLEMENT),
        1,
        "Refunding what is owed needs a right of its own; your operations manager has it.",
        given=(with_people,),
    ),
    BadInput(
        "an agent who settles, tried dry",
        Command("cancel_orders good.jsonl --dry-run --as anna", A_SETTLEMENT),
        1,
        "Refunding what is owed needs a right of its own; your operations manager has it.",
        given=(with_people,),
    ),
    BadInput(
        "an acting user that is not UTF-8",
        Command("cancel_orders good.jsonl --as \udcff", GOOD),
        1,
        "There is no active user",
    ),
    BadInput(
        "an order number that is not there",
        Command("export_orders --order-number X-1"),
        1,
        "There is no order summary X-1.",
    ),
    BadInput(
        "two order numbers, one not there",
        Command("export_orders --order-number W-1 --order-number X-1"),
        1,
        "There is no order summary X-1.",
    ),
    BadInput(
        "an order number of 300 characters",
        Command(f"export_orders --order-number {'9' * 300}"),
        1,
        "There is no order summary 9999",
    ),
    BadInput(
        "an order number that is not UTF-8",
        Command("export_orders --order-number \udcff"),
        1,
        "There is no order summary",
    ),
    BadInput(
        "an unknown option", Command("import_orders good.jsonl --overwrite", GOOD), 1, "--overwrite"
    ),
    BadInput("no file at all", Command("cancel_orders"), 1, "arguments are required: FILE"),
    BadInput(
        "a demo for production",
        Command("demo --no-serve"),
        1,
        "The demo is for trying things out; it runs with DEBUG=1 only.",
    ),
)

WAY_IN = WayIn("command lines", send_command, (*INPUTS, *EMPTY, *ARCHIVES, *OUTPUTS, *OPTIONS))
