"""A receiver of webhooks that says where it is, and notes the id of each in a file."""

import sys
from pathlib import Path
from threading import Event

from tests.support.receiver import OK, Received, Receiver


def main(path: str) -> None:
    """Receive until it is killed."""
    got = Path(path)
    got.touch()

    def noted(received: Received) -> int:
        with got.open("a") as file:
            file.write(f"{received.name}\n")
        return OK

    with Receiver(answer=noted) as receiver:
        print(receiver.address, flush=True)
        Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
