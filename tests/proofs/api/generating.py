"""Clients that nobody here wrote, made of ``openapi.json`` as it is served."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support.node import NODE, NODE_MODULES
from tests.test_architecture import PROJECT

DRIVERS = Path(__file__).parent / "clients"
STRICT = (
    "--noEmit",
    "--strict",
    "--noUncheckedIndexedAccess",
    "--exactOptionalPropertyTypes",
    "--allowImportingTsExtensions",
    "--target",
    "esnext",
    "--module",
    "nodenext",
    "--types",
    "node",
)


@dataclass(frozen=True)
class Client:
    """A generated client with the program that drives it."""

    command: tuple[str, ...]
    folder: Path

    def drive(self, what: str, environment: Mapping[str, str]) -> dict[str, Any]:
        """What it was told; everything it had to say if it fails."""
        said = _run(*self.command, what, folder=self.folder, **environment)
        told: dict[str, Any] = json.loads(said)
        return told


def python_client(site: str, folder: Path) -> Client:
    """By openapi-python-client."""
    described, configuration = _described(site, folder), folder / "config.yaml"
    configuration.write_text("post_hooks: []\n")
    made = folder / "countermand_client"
    options = ["--path", described, "--config", configuration, "--output-path", made]
    generate = "from openapi_python_client.cli import app; app()"
    _run(sys.executable, "-c", generate, "generate", "--meta", "none", *options, folder=folder)
    shutil.copy(DRIVERS / "drive.py", folder)
    return Client((sys.executable, str(folder / "drive.py")), folder)


def typescript_client(site: str, folder: Path) -> Client:
    """By openapi-typescript, for openapi-fetch."""
    described = _described(site, folder)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    (folder / "package.json").write_text('{"type": "module"}')
    command = NODE_MODULES / "openapi-typescript" / "bin" / "cli.js"
    generate = [command, described, "--output", folder / "api.ts"]
    _run(NODE, *generate, "--default-non-nullable", "false", folder=folder)
    shutil.copy(DRIVERS / "drive.ts", folder)
    return Client((str(NODE), "drive.ts"), folder)


def check_types(client: Client) -> None:
    """Have the program's types checked as strictly as can be."""
    compiler = NODE_MODULES / "typescript" / "bin" / "tsc"
    _run(NODE, compiler, *STRICT, "drive.ts", folder=client.folder)


def _described(site: str, folder: Path) -> Path:
    path = folder / "openapi.json"
    path.write_bytes(requests.get(f"{site}/api/v1/openapi.json", timeout=60).content)
    return path


def _run(*command: object, folder: Path, **environment: str) -> str:
    paths = f"{folder}:{PROJECT}"
    run = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": paths} | environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
