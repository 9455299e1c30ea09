"""Fills an empty service with the demonstration street, over HTTP, and says how to go on."""

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast

import httpx
import yaml
from pydantic import JsonValue

from cli.language import say, told
from cli.stories import Player, Step, steps_of
from domain.events.envelope import Actor
from domain.vocabulary import Role

FOLDER: Final = Path(__file__).with_name("demo")
ADMIN: Final = Actor(sub="admin", role=Role.ADMIN)
PEOPLE: Final = (
    Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01"),
    Actor(sub="zhao", role=Role.CONVENER, unit="dongguang"),
    Actor(sub="auditor", role=Role.AUDITOR, unit="dongguang"),
    Actor(sub="analyst", role=Role.ANALYST, unit="dongguang"),
    ADMIN,
)
_PLAYING: Final = "demonstration"
"""Keys are the same each time, so that a second demonstration finds everything done."""
TokenOf = Callable[[Actor], str]


def fill(client: httpx.Client, token: TokenOf) -> dict[str, str]:
    """Put the street on the map and play the stories; return the disputes' ids by story."""
    put_street(client, token, street())
    stories = {
        "five-failures": steps_of(FOLDER / "e3-five-failures-to-street.yaml"),
        "cold-contact": _up_to_last_session(steps_of(FOLDER / "real-hongkou-refusal-2021.yaml")),
    }
    return {name: _played(client, token, name, steps) for name, steps in stories.items()}


def street() -> Mapping[str, list[dict[str, JsonValue]]]:
    """Return the units and platforms of the demonstration street."""
    text = (FOLDER / "street.yaml").read_text(encoding="utf-8")
    return cast(
        "Mapping[str, list[dict[str, JsonValue]]]", json.loads(json.dumps(yaml.safe_load(text), default=str))
    )


def put_street(
    client: httpx.Client, token: TokenOf, described: Mapping[str, list[dict[str, JsonValue]]]
) -> None:
    """Describe units and platforms, in the order given."""
    headers = {"Authorization": f"Bearer {token(ADMIN)}"}
    for kind in ("units", "platforms"):
        for each in described[kind]:
            body = {name: value for name, value in each.items() if name != "unit"}
            client.put(f"/v1/{kind}/{each['unit']}", json=body, headers=headers).raise_for_status()


def guide(address: str, token: TokenOf, disputes: Mapping[str, str]) -> str:
    """Return what to print: the address, a token per role, and three lines to go on with."""
    tokens = "\n".join(f"  {who.role:<9} {who.sub:<8} {token(who)}" for who in PEOPLE)
    dispute = disputes["five-failures"]
    authorised = f'-H "Authorization: Bearer {token(PEOPLE[0])}"'
    return "\n".join(
        (
            "",
            say("Tiaochu serves at {address}", address=address),
            "",
            told("Tokens, valid for 12 hours:"),
            tokens,
            "",
            told("Go on with:"),
            f"curl {authorised} {address}/v1/disputes/{dispute}/why",
            f"curl {authorised} {address}/v1/disputes/{dispute}/events",
            f"curl {authorised} {address}/v1/disputes",
            "",
            told("End it with Ctrl-C; the data stay."),
        )
    )


def _played(client: httpx.Client, token: TokenOf, name: str, steps: list[Step]) -> str:
    player = Player(client, token, playing=f"{_PLAYING}-{name}")
    player.play(_commands(steps))
    return cast("str", player.dispute)


def _commands(steps: list[Step]) -> Iterator[Step]:
    """The commands that took effect when the story was first played; the same again has the same effect: none."""
    actor: JsonValue = None
    for step in steps:
        actor = step.get("as", actor)
        expect = cast("Step", step.get("expect", {}))
        if "post" in step and int(cast("int", expect.get("http", 200))) < HTTPStatus.BAD_REQUEST:
            yield {**step, "as": actor}


def _up_to_last_session(steps: list[Step]) -> list[Step]:
    last = max(place for place, step in enumerate(steps) if step.get("post") == "sessions")
    return steps[: last + 1]
