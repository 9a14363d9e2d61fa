"""Node and its packages, which ``make setup-web`` brings."""

import json
from pathlib import Path

PROJECT = Path(__file__).parents[2]
NODE, NODE_MODULES = PROJECT / ".venv" / "bin" / "node", PROJECT / "node_modules"


def find_node_packages() -> Path | None:
    """Where the packages are that package.json names, if node is there and none is missing."""
    named = json.loads((PROJECT / "package.json").read_text())["devDependencies"]
    there = NODE.exists() and all((NODE_MODULES / name).exists() for name in named)
    return NODE_MODULES if there else None
