"""A private PostgreSQL server that lives no longer than the process that started it."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian and Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",  # Homebrew on Intel
)
PROGRAMS = ("initdb", "pg_ctl", "postgres")

NEW = 'initdb --username=postgres --auth=trust --encoding=UTF8 --locale="$LOCALE" --no-sync'
STREAMED = 'pg_basebackup --dbname="$OF" --pgdata="$PGDATA" -R --checkpoint=fast --no-sync'

# Holds the server until its standard input ends, which happens when the process at
# the other end closes it, is interrupted or is killed. Nothing has to be caught there.
KEEPER = """
folder=$(mktemp -d "${TMPDIR:-/tmp}/countermand-XXXXXX") || exit
export PGDATA="$folder/cluster"
if {
    eval "$MADE"
    pg_ctl start --wait --log="$folder/log" --options="$OPTIONS"
} >"$folder/start" 2>&1; then
    echo started
    cat
else
    cat "$folder"/start "$folder"/log
fi
pg_ctl stop --mode=immediate >/dev/null 2>&1
rm -rf "$folder"
"""

# Speed over durability: nothing of this server is meant to survive.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # else plans go by what tests that were rolled back had left behind
}


class ServerNotStarted(Exception):
    """PostgreSQL is installed, but would not start; says what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running private server; its databases are gone when it stops."""

    url: str
    keeper: subprocess.Popen[str]

    def stop(self) -> None:
        """Stop the server and remove its folder; returns when both are done."""
        self.keeper.communicate()


def find_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, or None if none can be run here."""
    if os.geteuid() == 0 and not _account():
        return None
    for folder in _likely_folders():
        if all((folder / program).is_file() for program in PROGRAMS):
            return folder
    return None


def start_server(programs: Path, *, replica_of: str = "") -> Server:
    """Start a new, empty server on a free port of the loopback interface.

    Or a streaming replica of another one, by its URL.

    It ends with ``Server.stop()`` or with this process, however that ends. Whoever
    can reach the loopback interface can use it.

    Raises:
        ServerNotStarted: With what PostgreSQL printed.
    """
    port = _free_port()
    options = SETTINGS | {"port": str(port)}
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env=_environment(programs)
        | {"OPTIONS": _command_line(options)}
        | {"MADE": STREAMED if replica_of else NEW, "OF": replica_of},
        start_new_session=True,  # Ctrl-C is for the tests; the server goes after them
        **_account(),
    )
    said = keeper.stdout.readline()
    if said != "started\n":
        raise ServerNotStarted(said + keeper.communicate()[0])
    return Server(f"postgres://postgres@127.0.0.1:{port}/postgres", keeper)


def _likely_folders() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        yield Path(asked.stdout.strip())
    if server := shutil.which("postgres"):
        yield Path(server).resolve().parent
    for pattern in FOLDERS:
        yield from map(Path, sorted(glob(pattern), key=_version, reverse=True))


def _version(folder: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder)]


def _account() -> dict[str, Any]:
    """Whom to run the server as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(programs: Path) -> dict[str, str]:
    """Only what the keeper needs: the user's own PG… variables would mislead it."""
    return {
        "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        "LC_ALL": "C",
        "LOCALE": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
    }


def _command_line(options: dict[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in options.items())
