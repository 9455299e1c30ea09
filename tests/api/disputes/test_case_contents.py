"""What a case shows beside its sessions, over real HTTP: agreement, court, danger, what waits for a second person."""

from tests.api.disputes.test_case_list import CONVENER, do, on, sat
from tests.api.http.test_request_checks import accepted_case
from tests.support.served import Served
from tests.support.world import SUN, ZHAO


def read(served: Served, case: str) -> dict[str, object]:
    """The case as it is."""
    found: dict[str, object] = served.get(SUN, f"/v1/disputes/{case}").json()
    return found


def agreed(served: Served) -> str:
    """A case that ended in a written agreement of two terms, signed and sealed on the twentieth of March."""
    case = accepted_case(served)
    sat(served, case, "03-20", outcome="agreed")
    terms = [
        {"debtor": "p2", "creditor": "p1", "obligation": "清理楼道", "due_on": "2026-03-31"},
        {"debtor": "p2", "creditor": "p1", "obligation": "赔偿", "amount_fen": 50000, "due_on": "2026-04-30"},
    ]
    do(served, case, "agreement", {"form": "written", "reached_at": on("03-20", 15), "terms": terms})
    for by in ("p1", "p2", "mediator"):
        do(served, case, "agreement/signatures", {"by": by, "signed_at": on("03-20", 16)})
    do(served, case, "agreement/signatures", {"by": "committee", "signed_at": on("03-20", 17)}, CONVENER)
    return case


def test_a_case_in_which_nothing_happened_shows_nothing(served: Served) -> None:
    case = read(served, accepted_case(served))
    assert [case[name] for name in ("agreement", "confirmation", "risk")] == [None, None, None]
    assert [case[name] for name in ("pending", "attachments", "sessions", "escalations")] == [[], [], [], []]


def test_an_agreement_in_effect_shows_its_terms_and_who_signed(served: Served) -> None:
    case = agreed(served)
    do(served, case, "agreement/terms/1/performance", {"performed_on": "2026-03-30"})
    do(served, case, "agreement/terms/2/breach", {"found_on": "2026-05-01", "note": "未付"})
    found = read(served, case)
    assert found["agreements"] == [found["agreement"]]
    assert found["agreement"] == {
        "number": 1,
        "state": "in_effect",
        "changes": None,
        "reason": None,
        "ended_on": None,
        "confirmations": [],
        "form": "written",
        "reached_at": "2026-03-20T15:00:00+08:00",
        "effective_on": "2026-03-20",
        "record": None,
        "terms": [
            {
                "debtor": "p2",
                "creditor": "p1",
                "obligation": "清理楼道",
                "amount_fen": None,
                "due_on": "2026-03-31",
                "state": "performed",
                "performed_on": "2026-03-30",
                "performed_fen": 0,
                "performances": [{"performed_on": "2026-03-30", "amount_fen": None, "retracted": False}],
                "breached_on": None,
                "breaches": [],
            },
            {
                "debtor": "p2",
                "creditor": "p1",
                "obligation": "赔偿",
                "amount_fen": 50000,
                "due_on": "2026-04-30",
                "state": "breached",
                "performed_on": None,
                "performed_fen": 0,
                "performances": [],
                "breached_on": "2026-05-01",
                "breaches": [{"found_on": "2026-05-01", "retracted": False}],
            },
        ],
        "signatures": [
            {"mediator": None, "unit": None, "signed_at": on("03-20", 16), "retracted": False} | signed
            for signed in (
                {"by": "p1"},
                {"by": "p2"},
                {"by": "mediator", "mediator": "sun"},
                {"by": "committee", "unit": "dongguang.c01", "signed_at": on("03-20", 17)},
            )
        ],
    }
    assert found["status"] == "agreed"


def test_a_confirmation_shows_first_the_application_and_then_the_decision(served: Served) -> None:
    case = agreed(served)
    application = {"applicants": ["p1", "p2"], "court": "东光法院", "filed_on": "2026-03-24"}
    do(served, case, "judicial-confirmation", application)
    waiting = {
        "filed_on": "2026-03-24",
        "applicants": ["p1", "p2"],
        "court": "东光法院",
        "outcome": None,
        "decided_on": None,
    }
    assert read(served, case)["confirmation"] == waiting
    decision = {"outcome": "confirmed", "decided_on": "2026-03-27"}
    do(served, case, "judicial-confirmation/decision", decision)
    assert read(served, case)["confirmation"] == {**waiting, **decision}


def test_the_latest_judgement_of_danger_shows(served: Served) -> None:
    case = accepted_case(served)
    for level, day in (("high", "03-05"), ("low", "03-09")):
        do(served, case, "risk", {"level": level, "grounds": f"风险{level}", "occurred_at": on(day)})
    assert read(served, case)["risk"] == {"level": "low", "grounds": "风险low"}


def test_what_waits_for_a_second_person_shows_until_it_is_decided(served: Served) -> None:
    case = accepted_case(served)
    sat(served, case, "03-06", "03-07")
    wrong = {"outcome": "no_show", "reason": "记错", "occurred_at": on("03-08")}
    do(served, case, "sessions/2/correction", wrong)
    do(served, case, "escalation", {"grounds": "risk", "reason": "危险", "occurred_at": on("03-09")})
    correction = {
        "kind": "correction",
        "session": 2,
        "version": None,
        "proposed_by": "sun",
        "occurred_at": on("03-08"),
    }
    bypass = {
        "kind": "escalation",
        "session": None,
        "version": None,
        "proposed_by": "sun",
        "occurred_at": on("03-09"),
    }
    assert read(served, case)["pending"] == [correction, bypass]
    do(served, case, "escalation/rejection", {"occurred_at": on("03-10")}, ZHAO)
    assert read(served, case)["pending"] == [correction]
    do(served, case, "sessions/2/correction/approval", {"occurred_at": on("03-10")}, ZHAO)
    assert read(served, case)["pending"] == []
