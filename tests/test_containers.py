"""No engine runs where the tests run, so the container files are read and held against what they start."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from typer.testing import CliRunner

from cherha.cli import app
from core.settings import Settings

ROOT = Path(__file__).parent.parent
OURS = ("bot", "intake", "worker", "scheduler", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


@pytest.mark.parametrize("service", OURS)
def test_each_service_starts_a_command_that_there_is(compose: dict[str, Any], service: str) -> None:
    words = compose["services"][service]["command"]
    told = CliRunner().invoke(app, [*words, "--help"])
    assert told.exit_code == 0, told.output


def test_every_setting_that_is_passed_is_one_of_ours(
    compose: dict[str, Any], dockerfile: list[tuple[str, str]]
) -> None:
    known = {f"CHERHA_{name.upper()}" for name in Settings.model_fields}
    passed = {name for one in OURS for name in compose["services"][one]["environment"]}
    passed -= {"PGPASSWORD"}  # libpq's
    passed |= set(re.findall(r"CHERHA_\w+", " ".join(rest for word, rest in dockerfile if word == "ENV")))
    assert passed <= known


#: Secrets of what a desk may do without.
OPTIONAL = {"CHERHA_WEBHOOK_SECRET"}


def test_secrets_come_from_the_environment_and_are_required(compose: dict[str, Any]) -> None:
    secret = re.compile(r"TOKEN|PASSWORD|SECRET")
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                wanted = r"\$\{\w+:-\}" if name in OPTIONAL else r"\$\{\w+:\?.+\}"
                assert re.fullmatch(wanted, value), name


def test_no_secret_is_a_part_of_an_address(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert "://" not in value or "PASSWORD" not in value, name
    assert compose["services"]["bot"]["environment"]["PGPASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_a_password_apart_from_the_address_is_used_whatever_is_in_it(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "p@ss/w#rd?%41")
    with psycopg.connect(postgres_server) as connection:
        assert connection.info.password == "p@ss/w#rd?%41"


def test_long_running_services_are_looked_after(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name
    assert compose["services"]["migrate"]["restart"] == "on-failure"


def test_the_health_of_each_part_is_that_of_its_work(compose: dict[str, Any]) -> None:
    for role in ("bot", "intake", "worker", "scheduler"):
        health = compose["services"][role]["healthcheck"]
        assert health["test"] == ["CMD", "cherha", "doctor", "--role", role]
        assert (health["interval"], health["retries"]) == ("30s", 3)
        told = CliRunner().invoke(app, [*health["test"][2:], "--help"])
        assert told.exit_code == 0, told.output
    assert "-h" in compose["services"]["postgres"]["healthcheck"]["test"]  # not the socket of its first set-up


def test_the_broker_never_evicts_and_persists(compose: dict[str, Any]) -> None:
    command = compose["services"]["valkey"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_every_part_can_be_multiplied(compose: dict[str, Any]) -> None:
    for part in ("worker", "bot", "scheduler", "intake"):
        assert "container_name" not in compose["services"][part]
        assert "ports" not in compose["services"][part] or part == "intake"
    assert compose["services"]["intake"]["ports"] == ["${SMTP_PORTS:-25}:8025"]  # a range, when it is multiplied


def test_images_are_pinned_to_a_version(compose: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += [rest.split()[0] for word, rest in dockerfile if word == "FROM"]
    for image in images:
        assert ":" in image, image
        assert not image.endswith(":latest"), image


def test_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_the_image_runs_as_nobody_special_and_checks_what_it_installs(dockerfile: list[tuple[str, str]]) -> None:
    words = dict(dockerfile)
    assert words["USER"] == "cherha"
    assert words["STOPSIGNAL"] == "SIGTERM"
    assert words["ENTRYPOINT"] == '["cherha"]'
    assert any("--require-hashes" in rest for word, rest in dockerfile if word == "RUN")


def test_nothing_is_installed_that_is_not_pinned(dockerfile: list[tuple[str, str]]) -> None:
    commands = [one for word, rest in dockerfile if word == "RUN" for one in rest.split("&&") if "pip " in one]
    for command in commands:
        assert "--require-hashes" in command or "--no-index" in command or "--no-build-isolation" in command, command
    assert len(commands) == 4


def test_what_builds_the_package_is_found_in_the_lock(dockerfile: list[tuple[str, str]]) -> None:
    (command,) = [rest for word, rest in dockerfile if word == "RUN" and "awk" in rest]
    found = subprocess.run(
        ["sh", "-c", command.partition(">")[0]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.match(r"setuptools==[\d.]+ \\\n +--hash=sha256:", found.stdout)
    assert found.stdout.count("==") == 1


def test_everything_that_is_copied_exists(dockerfile: list[tuple[str, str]]) -> None:
    for word, rest in dockerfile:
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source


def test_the_locks_name_no_registry_and_pin_every_package_by_hash() -> None:
    for lock in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / lock).read_text()
        assert "://" not in text
        packages = re.findall(r"^([A-Za-z0-9._\[\]-]+)==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(packages) == len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks)
