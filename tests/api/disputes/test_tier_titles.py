"""A tier that a ladder gives a title is called by it wherever a sentence about a case names it."""

from uuid import uuid4

import pytest

from application.initial_data import default_ladder
from domain.commands.procedure import PublishProcedure
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Titles
from tests.cli.test_main import running
from tests.support.databases import run, services_at
from tests.support.served import Served
from tests.support.world import ADMIN, SUN, acceptance, context, filing, session

PARK = Titles(zh="园区调解室", en="Park office")
SEAT = Titles(zh="园区代表", en="Park delegate")


def titled(called: str, **community: object) -> Ladder:
    """The ladder of the first day with a community of another title and with a seat of its own."""
    told = {"title": PARK, "panel": ("delegate",), **community}
    tiers = tuple(
        tier.model_copy(update=told if tier.name == "community" else {}) for tier in default_ladder().tiers
    )
    return default_ladder().model_copy(update={"id": called, "tiers": tiers, "seats": {"delegate": SEAT}})


async def publish(url: str, *ladders: Ladder) -> None:
    async with services_at(url) as services:
        for ladder in ladders:
            await services.command_handler.handle(PublishProcedure(ladder=ladder), context(ADMIN))


@pytest.fixture
def case(served: Served) -> str:
    """An accepted case at the community of a procedure of its own."""
    name = f"p{uuid4().hex[:10]}"
    run(publish(served.url, titled(name, failed_sessions=2)))
    made: str = served.post(SUN, "/v1/disputes", filing(procedure=name)).json()["id"]
    assert served.post(SUN, f"/v1/disputes/{made}/acceptance", acceptance()).status_code == 200
    return made


def test_what_is_missing_and_what_was_decided_name_the_title(served: Served, case: str) -> None:
    text = served.get(SUN, f"/v1/disputes/{case}/why").json()["not_yet"][0]["text"]
    assert "园区调解室" in text["zh"]
    assert "Park office" in text["en"]
    assert "社区" not in text["zh"]
    for _ in range(2):
        assert served.post(SUN, f"/v1/disputes/{case}/sessions", session()).status_code == 200
    text = served.get(SUN, f"/v1/disputes/{case}/why").json()["decisions"][0]["text"]
    assert "园区调解室" in text["zh"]
    assert "Park office" in text["en"]


def test_warnings_and_consequences_name_the_title_also_when_they_are_told_again(
    served: Served, case: str
) -> None:
    path = f"/v1/disputes/{case}/sessions"
    assert served.post(SUN, path, session()).status_code == 200
    tried = served.post(SUN, f"{path}?dry_run=true", session()).json()
    key = uuid4().hex
    done, again = (served.post(SUN, path, session(), Idempotency_Key=key).json() for _ in range(2))
    for reply in (tried, done, again):
        warning, consequence = reply["warnings"][0]["text"], reply["consequences"][0]["text"]
        for text in (warning, consequence):
            assert "园区调解室" in text["zh"]
            assert "Park office" in text["en"]
        assert "园区代表" in warning["zh"]
        assert "titles" not in reply


def test_a_move_names_the_title(served: Served, case: str) -> None:
    name = served.get(SUN, f"/v1/disputes/{case}").json()["procedure"]["id"]
    without = titled(name, name="other")
    without = without.model_copy(update={"entry": dict.fromkeys(without.entry, "other")})
    run(publish(served.url, without))
    path = f"/v1/procedures/{name}/migrations"
    body = {"from": 1, "to": 2, "dry_run": True}
    blocked = served.post(ADMIN, path, body).json()["items"][0]["blocked"]
    assert "园区调解室" in blocked["zh"]
    assert "Park office" in blocked["en"]


def test_a_case_shown_at_the_command_line_names_the_title(served: Served, case: str) -> None:
    for _ in range(2):
        assert served.post(SUN, f"/v1/disputes/{case}/sessions", session()).status_code == 200
    shown = running(served)("replay", case, "--version", "3").stdout
    assert shown.count("Park office") == 3  # where it stands, and what is missing by count and by time
    assert "2 sessions failed at the Park office" in running(served)("replay", case).stdout
