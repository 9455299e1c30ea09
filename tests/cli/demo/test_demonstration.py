"""The demonstration from nothing, and once more on what it left behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.soak

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that the embedded server's account can reach."""
    with tempfile.TemporaryDirectory(prefix="tiaochu-demo-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def demonstration(var: Path, *arguments: str) -> Iterator[dict[str, dict[str, str]]]:
    """Run `tiaochu demo` until the block ends; yields what it says as JSON."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "demo",
            "--port",
            "0",
            "--json",
            *arguments,
        ],
        cwd=_ROOT,
        env={**os.environ, "TIAOCHU_VAR": os.fspath(var)},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield json.loads(line)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        if process.stdout is not None:
            process.stdout.close()


def cases(said: dict[str, dict[str, str]]) -> int:
    """How many cases the list has."""
    headers, count, cursor = {"Authorization": f"Bearer {said['tokens']['auditor']}"}, 0, ""
    while cursor is not None:
        address = f"{said['address']}/v1/disputes?limit=200{cursor and f'&cursor={cursor}'}"
        page = httpx.get(address, headers=headers, timeout=10).raise_for_status().json()
        count, cursor = count + len(page["items"]), page["next"]
    return count


def history(said: dict[str, dict[str, str]], name: str) -> list[dict[str, object]]:
    headers = {"Authorization": f"Bearer {said['tokens']['auditor']}"}
    address = f"{said['address']}/v1/disputes/{said['disputes'][name]}/events"
    items: list[dict[str, object]] = httpx.get(address, headers=headers, timeout=10).json()["items"]
    return items


def test_the_demonstration_has_a_history_and_keeps_it(var: Path) -> None:
    with demonstration(var, "--disputes", "400") as first:  # which are being filled in when it ends
        told = {name: history(first, name) for name in first["disputes"]}
    assert [event["type"] for event in told["five-failures"]].count("dispute.session_recorded.v1") == 8
    assert [event["type"] for event in told["cold-contact"]] == [
        "dispute.filed.v1",
        "dispute.accepted.v1",
        *["dispute.session_recorded.v1"] * 3,
    ]
    with demonstration(var, "--disputes", "400") as second:
        assert second["disputes"] == first["disputes"]
        assert {name: history(second, name) for name in second["disputes"]} == told


def test_generated_cases_come_in_while_the_street_is_served(var: Path) -> None:
    with demonstration(var, "--disputes", "25", "--seed", "7") as said:
        wanted = 43 + len(said["disputes"]) + 25
        give_up = time.monotonic() + 30
        while cases(said) < wanted and time.monotonic() < give_up:
            time.sleep(0.2)
        assert cases(said) == wanted
