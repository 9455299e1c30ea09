"""Serves the demonstration street: what has to be there first, how to go on, and the rest while it is served."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import httpx
import uvloop
from pydantic import JsonValue

from cli.bootstrap import utc_now
from cli.demo.case_player import PlanRefusedError, PlayResult
from cli.demo.loader import ADMIN, open_loader
from cli.demo.progress import observe_progress
from cli.demo.stories import FIRST
from cli.demo.units import street_document
from cli.language import translate
from domain.events.envelope import Actor
from domain.vocabulary import Role

PEOPLE: Final = (
    Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01"),
    Actor(sub="zhao", role=Role.CONVENER, unit="dongguang"),
    Actor(sub="auditor", role=Role.AUDITOR, unit="dongguang"),
    Actor(sub="analyst", role=Role.ANALYST, unit="dongguang"),
    ADMIN,
)
Stopping = Callable[[], bool]
TokenOf = Callable[[Actor], str]
_T = TypeVar("_T")


@dataclass(slots=True)
class Demonstration:
    """One run of `tiaochu demo`. `failed` says afterwards whether a generated case could not be played."""

    token: TokenOf
    disputes: int
    seed: int
    json: bool = False
    failed: bool = False

    def show(self, address: str, url: str, stopping: Stopping) -> None:
        """Put in what has to be there first, say how to go on, then fill in the generated cases.

        Raises PlanRefusedError where the first part fails.
        """
        stories = _run(_put_first(url, stopping))
        if stopping():
            return
        tokens = {who.role: self.token(who) for who in PEOPLE}
        shown = {"address": address, "disputes": stories, "tokens": tokens}
        print(json.dumps(shown) if self.json else instructions(address, self.token, stories), flush=True)
        self._fill(url, stopping)

    def _fill(self, url: str, stopping: Stopping) -> None:
        try:
            filled = _run(_generate(url, stopping, self.disputes, self.seed))
        except PlanRefusedError as error:
            self.failed = True
            _print_error(refusal(error))
        else:
            if not stopping():
                _print_error(summary(self.disputes, filled))


def street() -> Mapping[str, list[dict[str, JsonValue]]]:
    """Return the part of the street that stories, tests and benchmarks name: its centre and a few units below."""
    return street_document()


def put_street(
    client: httpx.Client, token: TokenOf, street_document: Mapping[str, list[dict[str, JsonValue]]]
) -> None:
    """Describe units and platforms over HTTP, in the order given."""
    headers = {"Authorization": f"Bearer {token(ADMIN)}"}
    for kind in ("units", "platforms"):
        for item in street_document[kind]:
            body = {name: value for name, value in item.items() if name != "unit"}
            client.put(f"/v1/{kind}/{item['unit']}", json=body, headers=headers).raise_for_status()


def instructions(address: str, token: TokenOf, disputes: Mapping[str, str]) -> str:
    """Return what to print: the address, a token per role, and three lines to go on with."""
    tokens = "\n".join(f"  {who.role:<9} {who.sub:<8} {token(who)}" for who in PEOPLE)
    dispute = disputes[FIRST]
    authorised = f'-H "Authorization: Bearer {token(PEOPLE[0])}"'
    return "\n".join(
        (
            "",
            translate("Tiaochu serves at {address}", address=address),
            "",
            translate("Tokens, valid for 12 hours:"),
            tokens,
            "",
            translate("Go on with:"),
            f"curl {authorised} {address}/v1/disputes/{dispute}/why",
            f"curl {authorised} {address}/v1/disputes/{dispute}/events",
            f"curl {authorised} {address}/v1/disputes",
            "",
            translate("End it with Ctrl-C; the data stay."),
        )
    )


def refusal(error: PlanRefusedError) -> str:
    """Return what to say of a generated case that could not be played: a defect of this program."""
    return translate(
        "The generated cases are not all in: {command} of case {dispute} was refused: {reason}",
        command=error.command,
        dispute=str(error.dispute),
        reason=error.reason,
    )


def summary(disputes: int, filled: PlayResult) -> str:
    """Return what to say when every generated case is in."""
    sentence = translate(
        "{disputes} generated cases are in; this run carried out {commands} commands for them.",
        disputes=disputes,
        commands=filled.commands,
    )
    if not filled.left:
        return sentence
    left = translate(
        "{count} of them were taken further by others and are left to them.", count=len(filled.left)
    )
    return f"{sentence} {left}"


async def _put_first(url: str, stopping: Stopping) -> dict[str, str]:
    async with open_loader(url, utc_now, stopping) as loader:
        await loader.load_street()
        await loader.load_settled_cases()
        return {name: str(dispute) for name, dispute in (await loader.load_stories()).items()}


async def _generate(url: str, stopping: Stopping, disputes: int, seed: int) -> PlayResult:
    async with open_loader(url, utc_now, stopping) as loader:
        with observe_progress() as watcher:
            return await loader.load_generated_cases(disputes, seed, watcher)


def _run(work: Coroutine[None, None, _T]) -> _T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _print_error(sentence: str) -> None:
    """On standard error: what scripts read from standard output ends with the guide."""
    print(sentence, file=sys.stderr, flush=True)
