"""Over HTTP: a time or a day is RFC 3339 text, wherever one is asked for."""

import copy
import re
from collections.abc import Iterator
from typing import cast
from uuid import uuid4

import pytest

from api.http.examples import BY_PATH, Body
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.openapi import paths
from tests.support.served import Served

ADMIN = Actor(sub="root", role=Role.ADMIN)
MEDIATOR = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
AUDITOR = Actor(sub="audit", role=Role.AUDITOR)
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
NO_TIMES: tuple[object, ...] = (20260302, "20260302", 0, "0", "1948-12-31", "2101-01-01T00:00:00+08:00")
Path = tuple[str | int, ...]
FILLED = {
    "party": "p1",
    "dispute": str(uuid4()),
    "unit": "dongguang.c02.y04",
    "procedure": "two-tier",
    "year": "2027",
}


def times_in(value: object, path: Path = ()) -> Iterator[Path]:
    """Where an example holds a time or a day."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from times_in(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from times_in(item, (*path, place))
    elif isinstance(value, str) and WRITTEN.fullmatch(value):
        yield path


def with_value(body: Body, path: Path, value: object) -> object:
    """The body with something else at a place."""
    changed: object = copy.deepcopy(body)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]  # type: ignore[index] # the path was found in it
    inner[path[-1]] = value  # type: ignore[index]
    return changed


def address_of(template: str) -> str:
    """An address for a template; nothing need be there."""
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "1"), template)


@pytest.mark.parametrize("template", sorted(BY_PATH))
def test_no_body_takes_a_number_for_a_time(served: Served, template: str) -> None:
    body = BY_PATH[template]
    send = served.put if "put" in paths()[template] else served.post
    actor = ADMIN if "disputes" not in template else MEDIATOR
    for path in times_in(body):
        for given in NO_TIMES:
            reply = send(actor, address_of(template), with_value(body, path, given))
            assert reply.status_code == 422, (path, given, reply.text)
            assert ".".join(map(str, path)) in {item["field"] for item in reply.json()["errors"]}


def test_no_query_takes_a_number_for_a_time(served: Served) -> None:
    asked = 0
    for template, methods in paths().items():
        for parameter in cast("list[dict[str, object]]", methods.get("get", {}).get("parameters", [])):
            if parameter["in"] == "query" and '"date' in repr(parameter).replace("'", '"'):
                for given in ("20260302", "0", "1948-12-31", "2101-01-01"):
                    reply = served.ask(AUDITOR, address_of(template), {str(parameter["name"]): given})
                    assert reply.status_code == 422, (template, parameter["name"], given, reply.text)
                    asked += 1
    assert asked >= 20


def test_no_form_takes_a_number_for_a_time(served: Served) -> None:
    for given in ("20260302", "0", "1772413200"):
        fields = {"kind": "evidence", "title": "照片", "occurred_at": given}
        headers = {"Authorization": f"Bearer {served.token(MEDIATOR)}", "Idempotency-Key": uuid4().hex}
        reply = served.client.post(
            f"/v1/disputes/{uuid4()}/attachments",
            data=fields,
            files={"file": ("a.txt", b"x")},
            headers=headers | {"If-Match": "*"},
        )
        assert reply.status_code == 422, reply.text


def filing(**changed: object) -> dict[str, object]:
    """A filing, changed."""
    return {**BY_PATH["/v1/disputes"], **changed}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"source": "referral"}, "referred_by"),
        ({"source": "referral", "referred_by": None}, "referred_by"),
        ({"source": "application", "referred_by": "police"}, "referred_by"),
        ({"source": "initiative", "referred_by": "police"}, "referred_by"),
        ({"co_units": ["dongguang.c01.y01"]}, "co_units.0"),
        ({"co_units": ["dongguang.c01"]}, "co_units.0"),
        ({"co_units": ["dongguang"]}, "co_units.0"),
        ({"co_units": ["dongguang.c02", "dongguang.c02"]}, "co_units.1"),
        ({"co_units": ["dongguang.c02", "dongguang.c77"]}, "co_units.1"),
        ({"unit": "dongguang.c77"}, "unit"),
    ],
)
def test_a_filing_names_who_referred_it_and_other_units_that_there_are(
    served: Served, changed: dict[str, object], field: str
) -> None:
    reply = served.post(MEDIATOR, "/v1/disputes", filing(**changed))
    assert (reply.status_code, [item["field"] for item in reply.json()["errors"]]) == (422, [field])


def test_seats_and_groups_are_known_and_an_extension_lasts_two_years_at_most(served: Served) -> None:
    filed = served.post(
        MEDIATOR, "/v1/disputes", filing(source="referral", referred_by="派出所", title="已知的席位")
    )
    assert filed.status_code == 201, filed.text
    case = f"/v1/disputes/{filed.json()['id']}"
    accepted = {"mediators": ["sun"], "occurred_at": "2026-03-02T10:00:00+08:00"}
    assert served.post(MEDIATOR, f"{case}/acceptance", accepted).status_code == 200
    session = {
        "held_at": "2026-03-03T10:00:00+08:00",
        "method": "phone",
        "attendance": [{"who": "某某", "as": "panel", "seat": "pope", "present": True}],
        "outcome": "failed",
        "minutes": "未成",
    }
    opinion = {"group": "lw", "by": "某某", "opinion": "可以", "occurred_at": "2026-03-03T11:00:00+08:00"}
    extension = {"consents": ["p1", "p2"], "occurred_at": "2026-03-04T10:00:00+08:00"}
    for path, body, field in (
        ("sessions", session, "attendance.0.seat"),
        ("opinions", opinion, "group"),
        ("extension", {**extension, "until": "2028-03-05"}, "until"),
    ):
        reply = served.post(MEDIATOR, f"{case}/{path}", body)
        assert (reply.status_code, [item["field"] for item in reply.json()["errors"]]) == (422, [field])
    assert served.post(MEDIATOR, f"{case}/opinions", {**opinion, "group": "legal"}).status_code == 200
    assert served.post(MEDIATOR, f"{case}/extension", {**extension, "until": "2028-03-04"}).status_code == 200
    seal = {"by": "committee", "unit": "dongguang.c77", "signed_at": "2026-03-04T11:00:00+08:00"}
    assert served.post(MEDIATOR, f"{case}/agreement/signatures", seal).status_code == 422
