"""The example that attaches a stock application and projection to the log runs as the page says."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.commands.dispute import AcceptDispute, FileDispute, RecordSession
from store.event_log.interop import environment
from tests.support.databases import run, services_at
from tests.support.world import SUN, acceptance, context, filing, session

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/attach-an-eventsourcing-application.md"
EXAMPLE = PAGE.with_suffix("")


async def record(url: str, sessions: int) -> UUID:
    """Record a case with some sessions."""
    case = uuid4()
    held = [f"2026-03-{number:02}T09:00:00+08:00" for number in range(6, 6 + sessions)]
    async with services_at(url) as services:
        for command in (
            FileDispute.model_validate({"dispute": case, **filing()}),
            AcceptDispute.model_validate({"dispute": case, **acceptance()}),
            *(RecordSession.model_validate({"dispute": case, **session(held_at=item)}) for item in held),
        ):
            await services.command_handler.handle(command, context(SUN))
    return case


def dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def follow(url: str) -> str:
    done = subprocess.run(
        [sys.executable, EXAMPLE / "follow.py", url],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_follows_the_log_and_goes_on_where_it_was(street_url: str) -> None:
    run(record(street_url, 2))
    assert follow(street_url) == "community 2\n"
    run(record(street_url, 1))
    assert follow(street_url) == "community 3\n"
    assert follow(street_url) == "community 3\n"


def test_the_example_reads_a_case(street_url: str) -> None:
    case = run(record(street_url, 2))
    spec = importlib.util.spec_from_file_location("example_cases", EXAMPLE / "cases.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    with example.Cases(env=dict(environment(street_url))) as application:
        summary = application.summary(case)
    assert (summary.title, summary.sessions) == (filing()["title"], 2)


def test_the_page_shows_the_code_that_runs() -> None:
    code = dedented("\n".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.glob("*.py"))))
    shown = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 3
    for block in shown:
        assert dedented(block) in code
    for name in re.findall(r"docs/how-to/\S+\.py", PAGE.read_text(encoding="utf-8")):
        assert (ROOT / name).is_file()
