"""What is shipped for operators is what their programs understand, and every command in it is one of ours."""

import configparser
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from apscheduler.triggers.cron import CronTrigger
from ruamel.yaml import YAML

from monitor.cli import app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTALLED = "/opt/justice-monitor"
PROGRAM = f"{INSTALLED}/.venv/bin/justice-monitor"

VERBS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
FLAGS_OF_ALL = {"--quiet", "--json"}


def is_ours(words: list[str]) -> bool:
    """Whether words after the program's name are a verb with flags that it has."""
    verb, *rest = words
    having = {option for parameter in VERBS[verb].params for option in parameter.opts} | FLAGS_OF_ALL
    return set(rest) <= having


def test_a_command_with_a_flag_that_is_not_there_is_noticed() -> None:
    assert is_ours(["schedule", "--once"])
    assert not is_ours(["schedule", "--twice"])
    with pytest.raises(KeyError):
        is_ours(["watch"])


# --- systemd ----------------------------------------------------------------------------------------------------------


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return parser


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """As if installed: with a program where they expect one."""
    program = tmp_path / "justice-monitor"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for path in UNITS:
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(PROGRAM, str(program)).replace(INSTALLED, str(tmp_path)))
    units = [tmp_path / path.name for path in UNITS]
    outcome = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60
    )
    said = [line for line in outcome.stderr.splitlines() if any(path.name in line for path in UNITS)]
    assert said == []
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_runs_a_command_of_ours_or_starts_one_that_does(path: Path) -> None:
    read = unit(path)
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        assert read["Timer"]["OnCalendar"]
        return
    program, *words = shlex.split(read["Service"]["ExecStart"])
    assert program == PROGRAM
    assert is_ours(words)
    assert read["Service"]["Environment"] == "JUSTICE_MONITOR_HOME=/var/lib/justice-monitor"
    assert read["Service"]["StateDirectory"] == "justice-monitor"


def test_the_service_is_stopped_as_it_wants_to_be() -> None:
    """The signal goes to the scheduler alone, and it has time to finish a pass."""
    service = unit(DEPLOY / "systemd" / "justice-monitor.service")["Service"]
    assert (service["KillMode"], service["TimeoutStopSec"]) == ("mixed", "1h")


# --- cron -------------------------------------------------------------------------------------------------------------


def cron_lines() -> list[str]:
    text = (DEPLOY / "cron" / "justice-monitor").read_text("utf-8")
    assert text.endswith("\n"), "cron ignores a last line without an end"
    return [line for line in text.splitlines() if re.match(r"^[*\d]", line)]


def test_cron_lines_have_times_a_user_and_a_command_of_ours() -> None:
    lines = cron_lines()
    assert len(lines) == 2
    for line in lines:
        *times, user, command = line.split(maxsplit=6)
        CronTrigger.from_crontab(" ".join(times))
        assert user == "justice-monitor"
        assert command.startswith(f"cd {INSTALLED} && ")
        assert "%" not in command, "cron makes a line end of it"
        assert is_ours(shlex.split(command.partition(".venv/bin/justice-monitor ")[2].partition(")")[0]))


def test_cron_is_silent_when_the_monitor_is_well_and_prints_what_is_wrong_when_it_is_not(tmp_path: Path) -> None:
    """The line itself, by the shell that cron uses, with a doctor that says one thing or the other."""
    (line,) = (line for line in cron_lines() if "doctor" in line)
    program = tmp_path / ".venv" / "bin" / "justice-monitor"
    program.parent.mkdir(parents=True)
    command = line.split(maxsplit=6)[6].replace(INSTALLED, str(tmp_path))

    def printed(code: int) -> str:
        program.write_text(f"#!/bin/sh\necho scheduler is not well\nexit {code}\n", encoding="utf-8")
        program.chmod(0o755)
        return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60).stdout

    assert printed(0) == ""
    assert printed(3) == "scheduler is not well\n"


# --- the container file -----------------------------------------------------------------------------------------------


def instructions() -> Iterator[tuple[str, str]]:
    text = (DEPLOY / "container" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest


def test_the_container_runs_the_scheduler_as_nobody_in_particular_and_keeps_the_home() -> None:
    said = dict(instructions())
    assert next(instructions())[0] == "FROM"
    assert said["USER"] == "justice-monitor"
    assert said["VOLUME"] == "/data" and "JUSTICE_MONITOR_HOME=/data" in said["ENV"]
    assert said["STOPSIGNAL"] == "SIGTERM"
    for command in (said["CMD"], said["HEALTHCHECK"].partition("CMD ")[2]):
        program, *words = YAML(typ="safe").load(command)
        assert program == "justice-monitor"
        assert is_ours(words)


def test_the_container_copies_what_is_there_and_everything_that_is_installed() -> None:
    copied = {name for word, rest in instructions() if word == "COPY" for name in rest.split()[:-1]}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    packages = re.search(r"packages = \[(.*)\]\n\n\[tool.ruff\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert packages is not None
    assert set(re.findall(r'"(\w+)"', packages[1])) <= copied


def test_the_container_installs_with_the_uv_of_the_makefile() -> None:
    (wanted,) = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert any(f"uv=={wanted} " in rest for word, rest in instructions() if word == "RUN")


# --- the hosted workflow ----------------------------------------------------------------------------------------------


def workflow() -> dict[str, object]:
    return YAML(typ="safe").load((DEPLOY / "github" / "watch.yml").read_text("utf-8"))


def test_the_workflow_has_times_one_run_at_a_time_and_may_write_its_branch() -> None:
    said = workflow()
    for entry in said["on"]["schedule"]:  # type: ignore[index]
        CronTrigger.from_crontab(entry["cron"])
    assert said["concurrency"] == {"group": "justice-data", "cancel-in-progress": False}
    assert said["permissions"] == {"contents": "write"}


def test_the_workflows_commands_exist_and_the_vault_is_kept_whatever_happens() -> None:
    steps = workflow()["jobs"]["watch"]["steps"]  # type: ignore[index]
    runs = [step["run"] for step in steps if "run" in step]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    ours = [
        r.removeprefix(".venv/bin/justice-monitor ").split() for r in runs if "justice-monitor " in r.split("\n")[0]
    ]
    assert [words for words in ours if not is_ours(words)] == []
    assert ["schedule", "--once"] in ours
    assert {r.split()[1] for r in runs if r.startswith("make ")} <= targets
    (keeping,) = (step for step in steps if "git add" in step.get("run", ""))
    assert keeping["if"] == "always()" and " vault " in keeping["run"]
    for step in steps:
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) if "uses" in step else step["run"]
        if "run" in step:
            outcome = subprocess.run(["/bin/sh", "-n", "-c", step["run"]], capture_output=True, text=True, timeout=60)
            assert outcome.returncode == 0, outcome.stderr
