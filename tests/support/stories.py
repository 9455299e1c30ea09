"""Plays stories over HTTP: steps in order, each a request and what must come back.

A story is a YAML file of `steps`. A step says `as` (sub, role, unit; kept until the next), one of `post`, `put`,
`get`, `delete` with a path (relative ones lie under the story's dispute), `body`, `expect`, `if_match`, `key`,
`save`. In `expect`, `http` is the status (any 2xx when left out), every other key a dotted path into the reply:
equal, `~x` contains, `!~x` does not contain, `len:` before the path compares a length. `{name}` stands for a
saved value.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast
from uuid import uuid4

import httpx
from pydantic import JsonValue

from cli.demo.stories import StoryStep as Step
from domain.events.envelope import Actor

_METHODS: Final = ("post", "put", "get", "delete")
_PLACE: Final = re.compile(r"\{(\w+)\}")


class StoryError(AssertionError):
    """A step did not bring back what the story expects."""


@dataclass(slots=True)
class Player:
    """Plays one story against a server. `token` makes the token of an actor; `playing` makes keys unique."""

    client: httpx.Client
    token: Callable[[Actor], str]
    playing: str = field(default_factory=lambda: uuid4().hex)
    actor: Actor | None = None
    dispute: str | None = None
    version: int | None = None
    saved: dict[str, JsonValue] = field(default_factory=dict)
    count: int = 0

    def play(self, steps: Iterator[Step]) -> None:
        """Play the steps; raises StoryError at the first that does not hold."""
        for step in steps:
            self._play(step)

    def _play(self, step: Step) -> None:
        self.count += 1
        if "as" in step:
            self.actor = Actor.model_validate(step["as"])
        method = next(name for name in _METHODS if name in step)
        response = self._send(method, str(self._filled(step[method])), step)
        reply = _parsed(response)
        _must_hold(self.count, method, response, reply, self._expected(step))
        self._remember(reply, step.get("save"), written=method == "post")

    def _send(self, method: str, path: str, step: Step) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(cast('Actor', self.actor))}"}
        if method == "post":
            key = str(step.get("key", f"step-{self.count}"))
            headers |= {} if key == "none" else {"Idempotency-Key": f"{self.playing}-{key}"}
        if method == "post" and not path.startswith("/v1/disputes?") and path != "/v1/disputes":
            condition = str(self._filled(step.get("if_match", f'"{self.version}"')))
            headers |= {} if condition == "none" else {"If-Match": condition}
        body = self._filled(step["body"]) if "body" in step else None
        return self.client.request(method.upper(), self._address(path), headers=headers, json=body)

    def _address(self, path: str) -> str:
        if path.startswith("/"):
            return path
        separator = "" if not path or path.startswith("?") else "/"
        return f"/v1/disputes/{self.dispute}{separator}{path}"

    def _expected(self, step: Step) -> dict[str, JsonValue]:
        return cast("dict[str, JsonValue]", self._filled(step.get("expect", {})))

    def _remember(self, reply: JsonValue, save: JsonValue, *, written: bool) -> None:
        if not isinstance(reply, dict):
            return
        if written and "version" in reply and "position" in reply:
            self.version = cast("int", reply["version"])
            self.dispute = self.dispute or str(reply["id"])
        if isinstance(save, str):
            self.saved[save] = reply["version"]
        elif isinstance(save, dict):
            self.saved |= {name: _at(reply, str(path)) for name, path in save.items()}

    def _filled(self, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str):
            return value
        known = {"id": self.dispute, **self.saved}
        whole = _PLACE.fullmatch(value)
        if whole and whole[1] in known:
            return known[whole[1]]
        return _PLACE.sub(lambda found: str(known.get(found[1], found[0])), value)


def _parsed(response: httpx.Response) -> JsonValue:
    kind = response.headers.get("content-type", "")
    return cast("JsonValue", response.json()) if "json" in kind else response.text


def _must_hold(
    count: int, method: str, response: httpx.Response, reply: JsonValue, expect: dict[str, JsonValue]
) -> None:
    wanted = expect.pop("http", None)
    allowed = wanted if isinstance(wanted, list) else [wanted]
    good = response.is_success if wanted is None else response.status_code in allowed
    wrong = [] if good else [f"status {response.status_code}, expected {wanted or '2xx'}"]
    wrong += [
        f"{path}: {_shown(reply, path)}, expected {value}"
        for path, value in expect.items()
        if not _holds(reply, path, value)
    ]
    if wrong:
        request = response.request
        raise StoryError(f"step {count}, {method} {request.url.path}: {'; '.join(wrong)}; reply {reply}")


def _holds(reply: JsonValue, path: str, wanted: JsonValue) -> bool:
    try:
        if path.startswith("len:"):
            return len(cast("list[JsonValue]", _at(reply, path.removeprefix("len:")))) == wanted
        found = _at(reply, path)
    except (KeyError, IndexError, TypeError):
        return False
    if isinstance(wanted, str) and wanted.startswith("!~"):
        return wanted[2:] not in _text(found)
    if isinstance(wanted, str) and wanted.startswith("~"):
        return wanted[1:] in _text(found)
    return found == wanted


def _shown(reply: JsonValue, path: str) -> JsonValue:
    try:
        return _at(reply, path.removeprefix("len:"))
    except (KeyError, IndexError, TypeError):
        return "nothing there"


def _at(reply: JsonValue, path: str) -> JsonValue:
    for part in path.split(".") if path else ():
        reply = reply[int(part)] if isinstance(reply, list) else cast("dict[str, JsonValue]", reply)[part]
    return reply


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
