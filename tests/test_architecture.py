"""Rules of the house that no other tool checks; who imports whom is import-linter's to say."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parent.parent
APP_ROOMS = ("config", "console", "integrations", "orders", "cancellations")
BUILD_FILES = ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", "package.json")

LONGEST_FILE = 250
LONGER_FILES = {
    "orders/arithmetic/amounts.py": "an order as arithmetic sees it is one value",
    "orders/documents/amendment.py": "what of an order may differ, beside what may not",
    "orders/documents/order.py": "an order document's fields beside what they must agree on",
    "orders/imports.py": "one batch, from the documents to the rows of every table",
}
"""Files that pass the limit, with why no seam in them is worth a name."""

LONGEST_FUNCTION = 40
PAGES_WORK = (
    "django.contrib.admin",
    "django.shortcuts",
    "django.template",
    "django.urls.resolve",
    "django.urls.reverse",
    "django.views",
    "get_absolute_url",
    "has_perm",
    "permission_required",
)
"""How the names begin of what only pages need."""


def test_orders_name_no_relation_of_an_upper_room():
    relations = {
        name
        for model in apps.get_app_config("orders").get_models()
        for name in _relations_from_above(model)
    }
    assert {"change_orders", "refunds"} <= relations

    named = _named_in("orders")

    assert {"lines", "payments", "order_number"} <= named.keys()
    assert {name: named[name] for name in relations & named.keys()} == {}


def test_orders_name_no_room_page_or_permission_from_above():
    rooms = re.compile(r"(config|console|cancellations|integrations|wizard)\b.*", re.DOTALL)
    permissions = _permissions_from_above()
    assert "cancellations.cancel_order_items" in permissions

    named = _named_in("orders")

    forbidden = {
        name: where
        for name, where in named.items()
        if rooms.fullmatch(name)
        or name in permissions
        or name.startswith(PAGES_WORK)
        or name.endswith(".html")
    }
    assert forbidden == {}


def test_the_sql_of_orders_names_no_table_from_above():
    files = sorted((PROJECT / "orders").rglob("*.sql"))
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in {"console", "cancellations"}
    }
    assert files
    assert "cancellations_changeorder" in tables

    words = {word for file in files for word in re.findall(r"\w+", file.read_text())}

    assert "orders_ordersummary" in words
    assert words & tables == set()


def test_files_are_short_enough_to_be_read_at_once():
    lengths = {
        str(path.relative_to(PROJECT)): len(path.read_text().splitlines())
        for path in _python(*APP_ROOMS)
        if path.parent.name != "migrations"
    }

    longer = {name for name, length in lengths.items() if length > LONGEST_FILE}

    assert longer == set(LONGER_FILES)


def test_functions_are_short_enough_to_be_read_at_once():
    lengths = {
        f"{path.relative_to(PROJECT)}: {function.name}": _body_length(function)
        for path, tree in _trees(*APP_ROOMS)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert lengths

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_file_names_say_what_is_inside():
    forbidden = re.compile(r"(utils?|helpers?|common|base|managers?)(\.py)?")
    by_djangos_name = {"config/postgresql/base.py"}  # where it looks for a database's wrapper

    found = {
        str(place.relative_to(PROJECT))
        for path in _python(*APP_ROOMS, "tests")
        for place in (path, path.parent)
        if forbidden.fullmatch(place.name)
    }

    assert found == by_djangos_name


@pytest.mark.both_databases
@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", check_changes=True, dry_run=True)


def test_every_dependency_is_pinned_within_its_range():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    wanted = project["project"]["dependencies"] + [name for group in groups for name in group]
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


def _python(*rooms):
    """The Python files of every one of these rooms, none of which may be empty."""
    for room in rooms:
        paths = sorted((PROJECT / room).rglob("*.py"))
        assert paths, f"there is no Python in {room}"
        yield from paths


def _trees(*rooms):
    for path in _python(*rooms):
        yield path, ast.parse(path.read_text())


def _named_in(room):
    """All that a room's Python names, with a file that does: names, attributes, keywords, modules
    and strings, of which each step of a lookup (``lines__product``) counts alone too."""
    return {
        name: str(path.relative_to(PROJECT))
        for path, tree in _trees(room)
        for node in ast.walk(tree)
        for whole in _names(node)
        for name in (whole, *whole.split("__"))
    }


def _names(node):
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return [name]
        case ast.keyword(arg=str(name)) | ast.arg(arg=name):
            return [name]
        case ast.ImportFrom(module=str(module)):
            return [f"{module}.{alias.name}" for alias in node.names]
        case ast.Import():
            return [alias.name for alias in node.names]
    return []


def _relations_from_above(model):
    """How a model of orders would be asked for what upper rooms keep about it."""
    for relation in model._meta.related_objects:
        if relation.related_model._meta.app_label != "orders":
            yield relation.get_accessor_name()
            yield relation.name
            yield f"{relation.related_model._meta.model_name}_set"


def _permissions_from_above():
    """Every permission of a model above orders, as ``has_perm`` takes it and by its codename."""
    for_models = {
        (model._meta.app_label, f"{action}_{model._meta.model_name}")
        for model in apps.get_models()
        for action in model._meta.default_permissions
    } | {
        (model._meta.app_label, codename)
        for model in apps.get_models()
        for codename, _ in model._meta.permissions
    }
    return {
        name
        for label, codename in for_models
        if label in {"console", "cancellations"}
        for name in (codename, f"{label}.{codename}")
    }


def _body_length(function):
    """The lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0
