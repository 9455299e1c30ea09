"""Over HTTP: a platform is described from a day on, tried beforehand, and whoever sends it is told what it changes."""

from datetime import UTC, datetime, timedelta

from domain.events.envelope import Actor
from domain.vocabulary import Role, day_of
from tests.support.served import Served
from tests.support.world import SUN, acceptance, filing

ADMIN = Actor(sub="root", role=Role.ADMIN)
UNIT = "dongguang.c01"


def term(mediator: str) -> dict[str, object]:
    """A mediator of the first community."""
    return {
        "id": mediator,
        "name": mediator,
        "kind": "full_time",
        "appointed_on": "2025-01-01",
        "term_ends_on": "2027-12-31",
    }


def hall(town: Served) -> dict[str, object]:
    """The first community's platform as the directory has it."""
    items = town.get(ADMIN, f"/v1/platforms?unit={UNIT}&limit=1").json()["items"]
    found: dict[str, object] = {name: value for name, value in items[0].items() if name != "unit"}
    return found


def case_of(town: Served, *mediators: str) -> str:
    """A case that mediators of the first community have accepted."""
    filed = town.post(SUN, "/v1/disputes", filing())
    body = acceptance(mediators=list(mediators))
    accepted = town.post(SUN, f"{filed.headers['Location']}/acceptance", body)
    assert accepted.status_code == 200, accepted.text
    town.get(ADMIN, f"/v1/platforms?min_position={accepted.json()['position']}")
    assert town.get(SUN, f"/v1/disputes?min_position={accepted.json()['position']}").status_code == 200
    return str(filed.json()["id"])


def test_a_dismissal_is_tried_then_recorded_with_its_day_and_names_the_open_cases(own_town: Served) -> None:
    case, described = case_of(own_town, "li"), hall(own_town)
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}", described).json()["events"] == []
    mediators = described["mediators"]
    assert isinstance(mediators, list)
    without = {
        **described,
        "mediators": [item for item in mediators if item["id"] != "li"],
        "number_pattern": "一社{year}第{n}号",
        "convener": "nobody.knows",
        "effective_on": "2026-03-05",
    }
    tried = own_town.put(ADMIN, f"/v1/platforms/{UNIT}?dry_run=true", without)
    assert tried.status_code == 200, tried.text
    assert "position" not in tried.json()
    told = {item["kind"]: item for item in tried.json()["warnings"]}
    assert set(told) == {"open_cases", "pattern_in_use", "unknown_convener"}
    assert (told["open_cases"]["mediator"], case in told["open_cases"]["ids"]) == ("li", True)
    assert "1" in told["open_cases"]["text"]["zh"]
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}", described).json()["events"] == []

    done = own_town.put(ADMIN, f"/v1/platforms/{UNIT}", without)
    assert done.json()["events"] == ["platform.reorganised.v1", "platform.mediator_dismissed.v1"]
    assert [item["kind"] for item in done.json()["warnings"]] == [item["kind"] for item in told.values()]
    same = own_town.put(ADMIN, f"/v1/platforms/{UNIT}", without)
    assert (same.status_code, same.json()["events"]) == (200, [])

    filed = own_town.post(SUN, "/v1/disputes", filing())
    path = f"{filed.headers['Location']}/acceptance"
    late = acceptance(mediators=["li"], occurred_at="2026-03-05T09:00:00+08:00")
    assert own_town.post(SUN, path, late).json()["type"] == "/problems/mediator-out-of-term"
    early = own_town.post(SUN, path, acceptance(mediators=["li"], occurred_at="2026-03-04T09:00:00+08:00"))
    assert early.status_code == 200, early.text
    number = own_town.get(SUN, f"{filed.headers['Location']}").json()["number"]
    assert number.startswith("（2026）东光一社民调字第")


def test_what_takes_effect_later_shows_from_its_day_on(own_town: Served) -> None:
    now = hall(own_town)
    mediators = now["mediators"]
    assert isinstance(mediators, list)
    tomorrow = str(day_of(datetime.now(UTC)) + timedelta(days=1))
    later = {
        **now,
        "title": "东光一社调解室",
        "convener": "li",
        "mediators": [
            *(item for item in mediators if item["id"] != "sun"),
            {**term("he"), "appointed_on": tomorrow},
        ],
        "effective_on": tomorrow,
    }
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}", later).status_code == 200
    assert hall(own_town) == now
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}", later).json()["events"] == []
    reply = own_town.put(
        ADMIN, f"/v1/platforms/{UNIT}", {**later, "effective_on": str(day_of(datetime.now(UTC)))}
    )
    shown = hall(own_town)
    assert (shown["title"], shown["convener"]) == (later["title"], "li"), reply.text
    assert shown["mediators"] == [item for item in mediators if item["id"] != "sun"] != mediators


def test_others_than_an_admin_try_nothing(own_town: Served) -> None:
    reply = own_town.put(SUN, f"/v1/platforms/{UNIT}?dry_run=true", hall(own_town))
    assert reply.status_code == 403
    assert "warnings" not in reply.json()


def test_another_registers_pattern_is_refused_in_any_spelling_and_names_its_unit(own_town: Served) -> None:
    theirs = {**hall(own_town), "number_pattern": "({year})东光二社 民调字第{n}号"}
    reply = own_town.put(ADMIN, f"/v1/platforms/{UNIT}", theirs)
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/pattern-taken")
    assert "dongguang.c02" in reply.json()["detail"]
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}?dry_run=true", theirs).status_code == 409
    own = {**hall(own_town), "number_pattern": "({year}) 东光一社民调字第{n}号"}
    assert own_town.put(ADMIN, f"/v1/platforms/{UNIT}?dry_run=true", own).status_code == 200
