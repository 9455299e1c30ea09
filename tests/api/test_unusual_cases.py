"""What a command accepted can be read by every reader in every format, also where a case is unlike all others."""

from collections.abc import Iterator

import pytest

from tests.support.databases import serving_street
from tests.support.readers import read_everywhere
from tests.support.served import Served
from tests.support.world import SUN, acceptance, filing, session

LARGEST = 10**15
"""The largest amount of one term, in fen."""


@pytest.fixture(scope="module")
def town(worker_id: str, postgres: None) -> Iterator[Served]:
    with serving_street(f"unusual_{worker_id}") as served:
        yield served


def party(role: str, name: str) -> dict[str, object]:
    return {"role": role, "kind": "person", "name": name}


def accepted(served: Served, **changes: object) -> tuple[str, int]:
    """A case that its community accepted, and the position of the acceptance."""
    reply = served.post(SUN, "/v1/disputes", filing(**changes))
    assert reply.status_code == 201, reply.text
    case = str(reply.json()["id"])
    return case, carried_out(served, case, "acceptance", acceptance())


def carried_out(served: Served, case: str, path: str, body: dict[str, object]) -> int:
    """Send a command that must be carried out; returns its position."""
    reply = served.post(SUN, f"/v1/disputes/{case}/{path}", body)
    assert reply.status_code == 200, reply.text
    position: int = reply.json()["position"]
    return position


def test_a_case_without_an_applicant_is_read_everywhere(town: Served) -> None:
    parties = [party("respondent", "甲"), party("respondent", "乙")]
    read_everywhere(town, *accepted(town, source="initiative", parties=parties))


def test_a_case_without_a_respondent_is_read_everywhere(town: Served) -> None:
    parties = [party("applicant", "甲"), party("applicant", "乙")]
    read_everywhere(town, *accepted(town, parties=parties))


def test_a_case_with_more_parties_than_one_filing_names_is_read_everywhere(town: Served) -> None:
    first = [party("applicant", "甲"), *(party("respondent", f"乙{n}") for n in range(199))]
    case, _ = accepted(town, parties=first)
    for n in range(2):
        last = carried_out(town, case, "parties", party("respondent", f"丙{n}"))
    read_everywhere(town, case, last)


def test_an_agreement_of_more_than_one_term_may_hold_is_read_everywhere(town: Served) -> None:
    case, _ = accepted(town)
    carried_out(town, case, "sessions", session(outcome="agreed"))
    term = {
        "debtor": "p2",
        "creditor": "p1",
        "obligation": "赔偿",
        "amount_fen": LARGEST,
        "due_on": "2026-04-30",
    }
    agreement = {
        "form": "oral",
        "record": "口头",
        "reached_at": "2026-03-06T15:00:00+08:00",
        "terms": [term] * 2,
    }
    read_everywhere(town, case, carried_out(town, case, "agreement", agreement))
