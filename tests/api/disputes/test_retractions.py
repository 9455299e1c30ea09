"""Facts taken back over real HTTP: every reader follows, and what was known before stays known (rule 19)."""

from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.api.disputes.test_case_list import do, on, sat
from tests.api.http.test_request_checks import accepted_case
from tests.support.served import Served
from tests.support.world import AUDITOR, LI, SUN, ZHAO, session


def test_what_rests_on_a_record_is_named(served: Served) -> None:
    case = accepted_case(served)
    joined = {"role": "respondent", "kind": "person", "name": "戊", "occurred_at": on("03-04")}
    do(served, case, "parties", joined)
    do(served, case, "parties/p3", {"phone": "1", "reason": "补记", "occurred_at": on("03-05")})
    do(served, case, "refusal", {"party": "p3", "scope": "self", "occurred_at": on("03-06")})
    path, asked = f"/v1/disputes/{case}/events/3/retraction", {"reason": "误录", "occurred_at": on("04-20")}
    reply = served.post(SUN, path, asked)
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/rested-on")
    assert reply.json()["rested_on"] == {"version": 4, "type": "dispute.party_amended.v1"}
    assert reply.json()["detail"] == "event 4 (party amended) rests on it, and is not taken back"


def _take_back(served: Served, case: str, version: int) -> dict[str, object]:
    """Two people take the fact at a version back; returns the reply."""
    asked = {"reason": "同一次调解录入两次", "occurred_at": on("04-20")}
    do(served, case, f"events/{version}/retraction", asked, SUN)
    path = f"events/{version}/retraction/approval"
    reply: dict[str, object] = do(served, case, path, {"occurred_at": on("04-21")}, ZHAO)
    return reply


CONVENER = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")


def test_a_session_taken_back_leaves_every_count(served: Served) -> None:
    case = accepted_case(served)
    sat(served, case, "03-06", "03-06")
    before = served.get(SUN, f"/v1/disputes/{case}").json()
    until = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"][-1]["recorded_at"]
    reply = _take_back(served, case, 4)
    assert reply["events"] == ["dispute.fact_retracted.v1"]
    now = served.get(SUN, f"/v1/disputes/{case}").json()
    assert (before["failed_sessions"]["community"], now["failed_sessions"]["community"]) == (2, 1)
    assert [session["retracted"] for session in now["sessions"]] == [False, True]
    known = served.ask(SUN, f"/v1/disputes/{case}", {"known_at": until}).json()
    assert (known["failed_sessions"], known["sessions"]) == (before["failed_sessions"], before["sessions"])
    past = served.ask(SUN, f"/v1/disputes/{case}", {"as_of": "2026-03-06"}).json()
    assert past["failed_sessions"]["community"] == 1
    events = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"]
    assert [item["retracted"] for item in events] == [False, False, False, True, False, False]
    (told,) = served.get(SUN, f"/v1/disputes/{case}/why").json()["retractions"]
    assert (told["at_version"], told["proposed_by"], told["approved_by"]) == (4, "sun", "zhao")
    row = _row(served, case, int(str(reply["position"])))
    assert row["sessions"] == 1


def test_what_was_taken_back_of_an_agreement_stays_marked(served: Served) -> None:
    case = accepted_case(served)
    do(served, case, "sessions", session(held_at=on("03-06"), outcome="agreed"))
    term = {"debtor": "p2", "creditor": "p1", "obligation": "补偿", "amount_fen": 100, "due_on": "2026-03-20"}
    do(served, case, "agreement", {"form": "written", "terms": [term], "reached_at": on("03-06", 10)})
    for by in ("p1", "p2"):
        do(served, case, "agreement/signatures", {"by": by, "signed_at": on("03-07")})
    _take_back(served, case, 5)
    for by in ("p1", "mediator"):
        do(served, case, "agreement/signatures", {"by": by, "signed_at": on("03-08")})
    seal = {"by": "committee", "signed_at": on("03-08")}
    assert do(served, case, "agreement/signatures", seal, CONVENER)["status"] == "agreed"
    for part in (40, 60):
        path = "agreement/terms/1/performance"
        do(served, case, path, {"performed_on": "2026-03-15", "amount_fen": part})
    _take_back(served, case, 13)
    do(served, case, "agreement/terms/1/breach", {"found_on": "2026-03-21", "note": "未付清"})
    agreement = served.get(SUN, f"/v1/disputes/{case}").json()["agreement"]
    signed = [(item["by"], item["retracted"]) for item in agreement["signatures"]]
    assert signed == [
        ("p1", True),
        ("p2", False),
        ("p1", False),
        ("mediator", False),
        ("committee", False),
    ]
    (owed,) = agreement["terms"]
    assert [(item["amount_fen"], item["retracted"]) for item in owed["performances"]] == [
        (40, True),
        (60, False),
    ]
    assert owed["breaches"] == [{"found_on": "2026-03-21", "retracted": False}]
    assert (owed["state"], owed["performed_fen"]) == ("breached", 60)


def test_an_end_taken_back_leaves_list_and_figures(served: Served) -> None:
    case = accepted_case(served)
    ended = {"reason": "分歧过大", "occurred_at": on("03-10")}
    do(served, case, "termination", ended, SUN)
    reply = _take_back(served, case, 3)
    assert reply["status"] == "accepted"
    assert "dispute.closure_voided.v1" in str(reply["events"])
    position = int(str(reply["position"]))
    assert _row(served, case, position)["outcome"] is None
    listed = served.ask(
        SUN, "/v1/disputes", {"unit": "dongguang.c01", "min_position": str(position), "limit": "200"}
    ).json()
    (item,) = [item for item in listed["items"] if item["id"] == case]
    assert item["status"] == "accepted"
    (told,) = served.get(SUN, f"/v1/disputes/{case}/why").json()["retractions"]
    assert told["undone"] == ["dispute.closure_voided.v1"]


def test_who_may_not_and_what_is_not_there(served: Served) -> None:
    case = accepted_case(served)
    sat(served, case, "03-06")
    asked = {"reason": "误录", "occurred_at": on("04-20")}

    def status(path: str, by: Actor, body: dict[str, object]) -> tuple[int, str]:
        reply = served.post(by, f"/v1/disputes/{case}/{path}", body)
        return reply.status_code, reply.json().get("type", "").removeprefix("/problems/")

    assert status("events/9/retraction", SUN, asked) == (404, "unknown-event")
    assert status("events/x/retraction", SUN, asked)[0] == 404
    assert status("events/1/retraction", SUN, asked) == (409, "not-retractable")
    assert status("events/3/retraction", AUDITOR, asked) == (403, "forbidden")
    assert status("events/3/retraction/approval", ZHAO, {"occurred_at": on("04-20")}) == (
        409,
        "nothing-proposed",
    )
    assert status("events/3/retraction", SUN, asked)[0] == 200
    assert status("events/3/retraction/approval", SUN, {"occurred_at": on("04-20")}) == (409, "own-proposal")
    assert status("events/3/retraction/withdrawal", LI, {"occurred_at": on("04-20")}) == (
        409,
        "not-your-proposal",
    )
    assert status("events/3/retraction/withdrawal", SUN, {"occurred_at": on("04-20")})[0] == 200


def _row(served: Served, case: str, position: int) -> dict[str, object]:
    """The row of the ledger that has the number of a case."""
    number = served.get(SUN, f"/v1/disputes/{case}").json()["number"]
    rows = served.ask(
        SUN, "/v1/ledger", {"unit": "dongguang", "year": "2026", "min_position": str(position)}
    ).json()
    (row,) = [row for row in rows["items"] if row["number"] == number]
    found: dict[str, object] = row
    return found
