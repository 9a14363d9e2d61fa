"""What is handed to those who run the console: requirements, units and the container file."""

import re
import shutil
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.benchmarks.measuring import PROJECT

UNITS = sorted((PROJECT / "deploy").glob("*.service")) + sorted(
    (PROJECT / "deploy").glob("*.timer")
)
ENTRY = re.compile(
    r"^([\w.-]+)==([^\s;]+)(?: ;[^\\]*)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.M
)


def required():
    text = (PROJECT / "requirements.txt").read_text()
    found = ENTRY.findall(text)
    assert len(found) == len(re.findall(r"^\w", text, re.M)), "each has a version and a hash"
    return {canonicalize_name(name): version for name, version, _ in found}


def pinned():
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins.items()}


def names(wanted):
    return {canonicalize_name(Requirement(line).name) for line in wanted}


def test_production_installs_what_was_tested_by_its_hash():
    of_other_systems = {"colorama", "backports-datetime-fromisoformat"}
    pins = pinned()

    differing = {
        name: version
        for name, version in required().items()
        if pins.get(name) != version and name not in of_other_systems
    }

    assert differing == {}


def test_production_installs_all_that_it_needs_and_nothing_of_development():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    needed = names(project["project"]["dependencies"])
    development = names(project["dependency-groups"]["dev"]) - needed

    assert needed <= required().keys()
    assert development & required().keys() == set()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_sound(unit, tmp_path):
    """With programs that are there: nothing is installed here."""
    for each in UNITS:
        text = re.sub(r"(ExecStart=)/srv/countermand/\S+", r"\1/bin/true", each.read_text())
        (tmp_path / each.name).write_text(re.sub(r"Documentation=.*\n", "", text))

    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
    )

    of_ours = [line for line in checked.stderr.splitlines() if "countermand" in line]
    assert of_ours == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_services_run_with_no_more_rights_than_they_need(unit):
    text = unit.read_text()
    if unit.suffix == ".service":
        for line in ("User=countermand", "NoNewPrivileges=true", "ProtectSystem=strict"):
            assert line in text.splitlines()


def test_what_is_kept_for_a_time_is_removed_every_night_by_a_role_of_its_own():
    service = (PROJECT / "deploy/countermand-prune.service").read_text()
    timer = (PROJECT / "deploy/countermand-prune.timer").read_text()

    files = re.findall(r"^EnvironmentFile=(.+)$", service, re.M)
    assert re.search(r"^ExecStart=\S+/python manage.py prune$", service, re.M)
    assert files == ["/etc/countermand.env", "/etc/countermand-prune.env"], "the last one counts"
    assert "OnCalendar=daily" in timer.splitlines()


def test_each_timer_has_its_service_and_stands_among_what_runs():
    what_runs = (PROJECT / "docs/operations.md").read_text().partition("## Roles")[0]

    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    services = [timer.with_suffix(".service").read_text() for timer in timers]
    commands = re.findall(r"manage\.py (\w+)", "".join(services))
    assert {"prune", "verify_orders"} <= set(commands)
    assert [command for command in commands if command not in what_runs] == []


def test_the_container_runs_as_nobody_and_says_how_it_is():
    text = (PROJECT / "deploy/Containerfile").read_text()
    stages = text.split("FROM ")[1:]
    final = stages[-1]

    assert "USER 10001" in final
    assert "HEALTHCHECK" in final
    assert final.index("USER") < final.index("CMD")
    assert "--require-hashes" in text
    assert not re.search(
        r"^ADD |:latest|^RUN .*(curl|sudo)|SECRET_KEY=(?!for-the-image)", text, re.M
    )
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", text, re.M))
    there = {part for line in copied for part in line.split()}
    assert all((PROJECT / part).exists() for part in there)
    kept = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    assert there == kept


def test_the_bill_of_materials_can_be_made(tmp_path):
    made = subprocess.run(
        ["make", "-n", "sbom"], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert "cyclonedx" in made.stdout
