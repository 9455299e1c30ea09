"""A case from before the system: it comes in as it stood, rules and deadlines are silent, its number stays (rule 17)."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.aggregates.dispute.deadlines import deadlines
from domain.aggregates.dispute.pending_moves import pending_moves
from domain.aggregates.register import evolve
from domain.commands.dispute import ImportDispute, PerformTerm, ReopenDispute
from domain.errors import AlreadyFiled, TimeInFuture, UnknownParty, UnknownTier
from domain.events.dispute import Imported
from domain.events.register import NumbersCarriedOver
from domain.jurisdiction.case_number import format_case_number, parse_case_number
from domain.jurisdiction.register import Register
from domain.vocabulary import Status
from tests.support.later import ask
from tests.support.specification import (
    When,
    accept,
    calendar,
    file_dispute,
    filed,
    given,
    hold,
    ladder,
    moment,
    numbered,
)
from tests.support.world import ZHAO

TERM = {"debtor": "p2", "creditor": "p1", "obligation": "清理", "due_on": date(2019, 4, 30)}
AGREEMENT = {"form": "oral", "terms": [TERM], "effective_on": date(2019, 3, 18)}
ENDED = {"outcome": "performed", "closed_at": moment("2019-03-20"), "agreement": AGREEMENT}
OPEN = {"outcome": None, "closed_at": None, "agreement": None}


def bring_in(**changes: object) -> ImportDispute:
    usual = file_dispute(occurred_at=moment("2019-03-02")).model_dump(exclude_unset=True)
    dormant = {"number": "2019-17", "mediators": ["老张"], "accepted_at": moment("2019-03-04"), "sessions": 3}
    return ImportDispute.model_validate({**usual, **dormant, **ENDED, **changes})


def silent(when: When) -> bool:
    """Whether no rule and no deadline says anything."""
    case, around = when.case, (ladder(), calendar())
    return (deadlines(case, *around), pending_moves(case, *around, last_tier=False)) == ((), ())


def test_an_old_case_comes_in_as_it_had_ended() -> None:
    when = given().when(bring_in())
    (event,) = when.events
    assert isinstance(event, Imported)
    case = when.case
    told = (case.status, case.outcome, case.number, case.version, case.closed_from)
    assert told == (Status.CLOSED, "performed", "2019-17", 1, Status.AGREED)
    assert (case.moved_on, case.mediators, case.parties[0].name) == (date(2019, 3, 20), ("老张",), "甲")
    assert case.agreement is not None
    assert case.agreement.performed
    assert case.agreement.effective_on == date(2019, 3, 18)
    assert silent(when)


def test_a_case_that_failed_had_no_agreement() -> None:
    case = given().when(bring_in(outcome="failed", agreement=None)).case
    assert (case.agreement, case.closed_from) == (None, Status.ACCEPTED)


def test_an_open_case_goes_on_where_it_was_and_no_rule_looks_at_it() -> None:
    here = given().when(bring_in(**OPEN, mediators=["sun"]))
    assert (here.case.status, here.case.stay_index) == (Status.ACCEPTED, 0)
    for day in range(1, 8):
        here = here.when(hold(at=f"2026-03-0{day}"))
    assert (here.case.status, here.case.failures_at("community")) == (Status.ACCEPTED, 7)
    assert silent(here)


def test_a_case_that_waits_is_accepted_and_then_the_rules_speak() -> None:
    waits = given().when(bring_in(**OPEN, tier="street", waiting=True))
    assert (waits.case.status, waits.case.stay_index) == (Status.ESCALATED, None)
    assert silent(waits)
    taken = waits.when(accept("zhao", at="2026-03-03"), by=ZHAO)
    assert (taken.case.status, taken.case.number) == (Status.ACCEPTED, "2019-17")
    assert not silent(taken)


def test_an_agreement_is_performed_and_closes_the_case() -> None:
    agreed = given().when(bring_in(outcome=None, closed_at=None))
    assert agreed.case.status is Status.AGREED
    assert silent(agreed)
    assert agreed.when(ask(PerformTerm, term=1, performed_on="2019-05-02")).case.outcome == "performed"


def test_an_old_case_may_have_been_at_any_tier_of_the_ladder() -> None:
    for tier in ("compound", "community", "street"):
        assert given().when(bring_in(tier=tier)).case.tier == tier
    given().when(bring_in(tier="moon")).then_refused(UnknownTier, field="tier")


def test_an_old_case_is_taken_up_again_like_any_other() -> None:
    when = (
        given()
        .when(bring_in(outcome="failed", agreement=None))
        .when(ask(ReopenDispute, reason="再起争执", occurred_at="2026-05-20"))
    )
    assert (when.case.status, when.case.mediators) == (Status.ACCEPTED, ("老张",))
    assert not silent(when)


def test_an_old_case_comes_in_once_and_is_told_of_in_order() -> None:
    given(filed()).when(bring_in()).then_refused(AlreadyFiled)
    given().when(bring_in(closed_at=moment("2027-01-01"))).then_refused(TimeInFuture, field="closed_at")
    to_come = {**AGREEMENT, "effective_on": date(2027, 1, 1)}
    agreed = bring_in(outcome=None, closed_at=None, agreement=to_come)
    given().when(agreed).then_refused(TimeInFuture, field="agreement.effective_on")
    stranger = {**AGREEMENT, "terms": [{**TERM, "debtor": "p9"}]}
    given().when(bring_in(agreement=stranger)).then_refused(UnknownParty, field="agreement.terms")


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted_at": moment("2019-03-01")},
        {"accepted_at": moment("2019-03-19")},
        {"closed_at": moment("2019-03-17")},
        {"outcome": None},
        {"closed_at": None},
        {"agreement": None},
        {"outcome": "declined", "agreement": None},
        {"waiting": True},
        {"outcome": None, "closed_at": None, "waiting": True},
    ],
    ids=str,
)
def test_what_contradicts_itself_does_not_come_in(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        bring_in(**wrong)


def test_all_may_have_happened_on_one_day() -> None:
    one = moment("2019-03-18")
    assert bring_in(occurred_at=one, accepted_at=one, closed_at=one)


# --- the register ---------------------------------------------------------------------------------------------


def carried(*numbers: int) -> NumbersCarriedOver:
    return NumbersCarriedOver(
        register_of="dongguang.c01", year=2026, numbers=numbers, occurred_at=moment("2026-03-02")
    )


def test_a_register_goes_on_after_what_was_given_on_paper() -> None:
    register = evolve(None, numbered(1, "（2026）甲第1号", "dongguang.c01"))
    register = evolve(register, carried(7, 4))
    assert (register.last, register.version) == (7, 2)
    assert [n for n in range(9) if n and register.has_issued(n)] == [1], (
        "what the paper register left out was given by nobody"
    )
    register = evolve(register, carried(2))
    assert (register.last, register.version) == (7, 3)
    assert register.on_paper == evolve(register, carried(7)).on_paper == ((2, 7),)
    assert evolve(register, carried(9)).on_paper == ((2, 9),)
    register_later = evolve(evolve(register, numbered(8, "（2026）甲第8号", "dongguang.c01")), carried(10))
    assert register_later.on_paper == ((2, 7), (9, 10))
    assert [n for n in range(1, 12) if register_later.has_issued(n)] == [1, 8]
    following = register.issue(
        filed().parties[0].person, "dongguang.c01", 2026, "{year}-{n}", moment("2026-03-03")
    )
    assert (following.n, following.number) == (8, "2026-8")
    assert Register().last == 0


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("（2026）东光民调字第12号", (2026, 12)),
        ("（2026）东光民调字第012号", (2026, 12)),
        ("（2026）东光民调字第0号", None),
        ("（26）东光民调字第12号", None),
        ("（2026）东光民调字第12号之一", None),
        ("2026年第12号", None),
    ],
)
def test_a_number_on_paper_is_read_by_the_pattern(number: str, found: tuple[int, int] | None) -> None:
    assert parse_case_number("（{year}）东光民调字第{n}号", number) == found


def test_signs_of_a_pattern_stand_for_themselves() -> None:
    pattern = "[{n}].({year})"
    assert parse_case_number(pattern, format_case_number(pattern, 2026, 5)) == (2026, 5)
    assert parse_case_number(pattern, "[5]x(2026)") is None
