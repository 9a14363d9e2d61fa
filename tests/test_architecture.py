"""Rules of the house that no other tool checks."""

import ast
import itertools
import json
import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parent.parent
ROOMS = ("config", "console", "orders", "cancellations", "tests")
PURE = (
    "orders.arithmetic.money",
    "orders.arithmetic.statuses",
    "orders.arithmetic.amounts",
    "cancellations.arithmetic.quotes",
    "cancellations.arithmetic.distribution",
)
BUILD_FILES = ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", "package.json")


def test_orders_never_import_cancellations():
    offenders = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "orders").rglob("*.py")
        if any(name.startswith("cancellations") for name in _imports(path))
    }

    assert offenders == set()


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_import_neither_django_nor_what_is_not_pure(module):
    path = PROJECT / f"{module.replace('.', '/')}.py"

    impure = {
        name
        for name in _imports(path)
        if name.startswith(("django", *ROOMS)) and not name.startswith(PURE)
    }

    assert impure == set()


def test_file_names_say_what_is_inside():
    forbidden = re.compile(r"(utils?|helpers?|common|base|managers?)\.py")

    found = {
        str(path.relative_to(PROJECT))
        for room in ROOMS
        for path in (PROJECT / room).rglob("*.py")
        if forbidden.fullmatch(path.name)
    }

    assert found == set()


@pytest.mark.both_databases
@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", check_changes=True, dry_run=True)


def test_every_dependency_is_pinned_within_its_range():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *itertools.chain.from_iterable(groups)]
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in pins.items()}

    outside = {
        requirement.name
        for requirement in map(Requirement, wanted)
        if versions[canonicalize_name(requirement.name)] not in requirement.specifier
    }

    assert outside == set()


@pytest.mark.parametrize("name", BUILD_FILES)
def test_only_the_public_package_index_is_used(name):
    elsewhere = re.compile(r"https?://(?!pypi\.org)|index-url|find-links|file:")

    assert elsewhere.findall((PROJECT / name).read_text()) == []


def test_only_the_public_registry_of_node_packages_is_used():
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    elsewhere = {
        name
        for name, package in packages.items()
        if not package.get("resolved", "").startswith("https://registry.npmjs.org/")
        or not package.get("integrity", "").startswith("sha512-")
    }

    assert packages
    assert elsewhere == set()


def test_node_packages_are_pinned():
    wanted = json.loads((PROJECT / "package.json").read_text())["devDependencies"]
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]

    locked = {name: packages[f"node_modules/{name}"]["version"] for name in wanted}

    assert locked == wanted


def _imports(path: Path) -> set[str]:
    """The full names of all a file imports, wherever in the file it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, [_package(path, node.level), node.module]))
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def _package(path: Path, level: int) -> str:
    """The package that so many leading dots mean in this file; none without dots."""
    if not level:
        return ""
    return ".".join(path.relative_to(PROJECT).parts[:-level])
