"""The stories of the demonstration street: the commands that take effect in each, as the plan of a case.

A story is a YAML file of `steps`: requests, and what must come back. Tests play it word for word over HTTP; here only
what it leaves behind counts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast
from uuid import UUID, uuid5

import yaml
from pydantic import JsonValue

from api.disputes.command_routes import ROUTES
from cli.demo.case_plan import CasePlan, Step
from domain.commands.dispute import AnyDisputeCommand, FileDispute, RecordSession
from domain.events.envelope import Actor

StoryStep = Mapping[str, JsonValue]
"""One of a story's steps, as the file has it."""
FOLDER: Final = Path(__file__).with_name("stories")
FIRST: Final = "five-failures"
"""The story to which the guide leads."""
NAMES: Final[Mapping[str, str]] = {
    "e3-five-failures-to-street": FIRST,
    "real-hongkou-refusal-2021": "cold-contact",
}
"""Stories that go by another name than their file's."""
_DISPUTES: Final = UUID("1f8a3b6c-9d2e-5a47-b0c5-7e6d4f2a1b90")
_OPEN: Final = frozenset({"cold-contact"})
"""Played up to their last session only, so that the street has a case to go on with."""


def story_plans() -> dict[str, CasePlan]:
    """Return every story as a plan, by its name."""
    files = {NAMES.get(path.stem, path.stem): path for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: _plan(name, steps_of(path)) for name, path in files.items()}


def steps_of(path: Path) -> list[StoryStep]:
    """Read a story's steps; dates become text, as JSON has them."""
    story = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    return cast("list[StoryStep]", story["steps"])


def _plan(name: str, lines: list[StoryStep]) -> CasePlan:
    dispute = uuid5(_DISPUTES, name)
    steps: list[Step] = []
    for actor, line in _effective(lines):
        command = _command(dispute, str(line["post"]), cast("dict[str, JsonValue]", line["body"]))
        moments = [at for _, at in command.moments()]
        at = max([*moments, *(step.at for step in steps[-1:])])
        steps.append(Step(uuid5(dispute, str(len(steps) + 1)), actor, command, at))
    if name in _OPEN:
        while not isinstance(steps[-1].command, RecordSession):
            steps.pop()
    return CasePlan(dispute, "stories", tuple(steps))


def _effective(lines: list[StoryStep]) -> Iterator[tuple[Actor, StoryStep]]:
    """The commands that took effect, each once, with who gave them: neither refused, nor tried, nor sent again."""
    actor: JsonValue = None
    sent = set()
    for place, line in enumerate(lines):
        actor = line.get("as", actor)
        expect = cast("StoryStep", line.get("expect", {}))
        accepted = int(cast("int", expect.get("http", 200))) < HTTPStatus.BAD_REQUEST
        key = str(line.get("key", place))
        if "post" in line and accepted and "dry_run" not in str(line["post"]) and key not in sent:
            sent.add(key)
            yield Actor.model_validate(actor), line


def _command(dispute: UUID, path: str, body: Mapping[str, JsonValue]) -> AnyDisputeCommand:
    """The command that the interface makes of a path and a body; raises LookupError where it knows no such path."""
    if path == "/v1/disputes":
        return FileDispute.model_validate({"dispute": dispute, **body})
    for route in ROUTES:
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path), path)
        if found:
            subject = {
                name: int(item) if item.isdigit() else item for name, item in found.groupdict().items()
            }
            return route.command.model_validate({"dispute": dispute, **subject, **body})
    raise LookupError(path)
