"""Acceptance: who may accept, who may mediate, and which number the case gets."""

from datetime import UTC, datetime

import pytest

from domain.errors import (
    GoesBackwards,
    MediatorElsewhere,
    MediatorOutOfTerm,
    NoRegister,
    NotAwaitingAcceptance,
    NotThisPlatform,
)
from domain.events.dispute import Accepted
from domain.events.envelope import Actor
from domain.events.register import NumberIssued
from domain.vocabulary import Role, Status
from tests.support.specification import (
    NUMBER,
    When,
    accept,
    accepted,
    escalated,
    established,
    failed,
    filed,
    filed_at,
    given,
    moment,
    numbered,
    street,
    street_without,
    term,
)
from tests.support.world import ADMIN, LI, SUN, WU, ZHAO, ZHOU

ESCALATED = (filed(), accepted(), *failed(5), escalated())


def issued(when: When) -> NumberIssued:
    """The number that a register gave out."""
    (event,) = (item for item in when.events if isinstance(item, NumberIssued))
    return event


def mediators(when: When) -> tuple[str, ...]:
    """Who was assigned."""
    (event,) = (item for item in when.events if isinstance(item, Accepted))
    return event.mediators


def test_acceptance_numbers_the_case_and_enters_it_in_the_register() -> None:
    given(filed()).when(accept("sun", "li")).then(
        accepted("community", "sun", "li"), numbered(1, NUMBER, "dongguang.c01")
    )


def test_an_accepted_case_has_a_tenure() -> None:
    case = given(filed()).when(accept("sun", "li")).case
    assert (case.status, case.tier, case.number, case.version) == (Status.ACCEPTED, "community", NUMBER, 2)
    assert case.stay is not None
    assert case.stay.accepted_at == moment("2026-03-03")
    assert (case.stay.platform, case.mediators) == ("dongguang.c01", ("sun", "li"))


def test_mediators_chosen_by_the_parties_are_marked_so() -> None:
    given(filed()).when(accept(chosen_by_parties=True)).then(
        accepted("community", "sun", chosen_by_parties=True), numbered(1, NUMBER, "dongguang.c01")
    )


def test_a_mediator_named_twice_is_assigned_once_and_the_order_stays() -> None:
    assert mediators(given(filed()).when(accept("sun", "li", "sun"))) == ("sun", "li")


# --- the number ----------------------------------------------------------------------------------------------


def test_the_register_goes_on_where_it_stands() -> None:
    event = issued(given(filed()).with_register("dongguang.c01", 2026, 11).when(accept()))
    assert (event.n, event.number) == (12, "（2026）东光一社民调字第12号")


def test_registers_of_other_platforms_and_years_do_not_count() -> None:
    elsewhere = given(filed()).with_register("dongguang.c02", 2026, 8).with_register("dongguang.c01", 2025, 9)
    assert issued(elsewhere.when(accept())).n == 1


def test_a_compound_uses_the_register_of_its_community() -> None:
    event = issued(given(filed_at("compound")).when(accept("wu"), by=WU))
    assert (event.register_of, event.number) == ("dongguang.c01", NUMBER)


def test_where_the_community_has_none_it_is_the_streets() -> None:
    map_ = street_without("dongguang.c01")
    event = issued(given(filed_at("compound")).on(map_).when(accept("wu"), by=WU))
    assert (event.register_of, event.number) == ("dongguang", "（2026）东光民调字第1号")


def test_a_platform_without_a_pattern_is_passed_over() -> None:
    silent = established(
        unit="dongguang.c01", tier="community", title="无编号", convener="sun", mediators=[term("sun")]
    )
    map_ = {**street(), "dongguang.c01": silent}
    assert issued(given(filed()).on(map_).when(accept())).register_of == "dongguang"


def test_where_nobody_numbers_cases_none_is_accepted() -> None:
    map_ = street_without("dongguang.c01", "dongguang")
    given(filed_at("compound")).on(map_).when(accept("wu"), by=WU).then_refused(NoRegister)


@pytest.mark.parametrize(
    ("at", "year"),
    [
        ("2025-12-31 23:30", 2025),
        ("2025-12-31 23:59", 2025),
        ("2026-01-01 00:00", 2026),
        ("2026-01-01", 2026),
    ],
)
def test_the_year_is_that_of_the_day_in_shanghai(at: str, year: int) -> None:
    event = issued(given(filed(at="2025-12-31")).when(accept(at=at)))
    assert (event.year, event.number) == (year, f"（{year}）东光一社民调字第1号")


@pytest.mark.parametrize(("hour", "minute", "year"), [(15, 59, 2025), (16, 0, 2026)])
def test_a_time_given_on_another_clock_is_read_on_that_of_shanghai(hour: int, minute: int, year: int) -> None:
    at = datetime(2025, 12, 31, hour, minute, tzinfo=UTC)
    command = accept().model_copy(update={"occurred_at": at})
    assert issued(given(filed(at="2025-12-31")).when(command)).year == year


def test_the_number_survives_an_escalation() -> None:
    when = given(*ESCALATED).when(accept("zhao", at="2026-03-23"), by=ZHAO)
    when.then(accepted("street", "zhao", at="2026-03-23", number=None))
    assert (when.case.number, when.case.platforms) == (NUMBER, ("dongguang.c01", "dongguang"))


# --- who may accept ------------------------------------------------------------------------------------------

CLERK_OF_THE_STREET = Actor(sub="clerk", role=Role.CONVENER, unit="dongguang")
CLERK_OF_THE_COMMUNITY = Actor(sub="clerk", role=Role.CONVENER, unit="dongguang.c01")
CLERK_OF_THE_COMPOUND = Actor(sub="clerk", role=Role.CONVENER, unit="dongguang.c01.y01")
CLERK_NEXT_DOOR = Actor(sub="clerk", role=Role.CONVENER, unit="dongguang.c0")


@pytest.mark.parametrize("actor", [SUN, LI, CLERK_OF_THE_COMMUNITY, CLERK_OF_THE_STREET, ZHAO])
def test_the_platforms_people_and_the_units_above_may_accept(actor: Actor) -> None:
    assert given(filed()).when(accept(), by=actor).case.status is Status.ACCEPTED


@pytest.mark.parametrize("actor", [WU, ZHOU, ADMIN, CLERK_OF_THE_COMPOUND, CLERK_NEXT_DOOR])
def test_nobody_else_may_accept(actor: Actor) -> None:
    given(filed()).when(accept(), by=actor).then_refused(NotThisPlatform)


def test_the_convener_counts_as_one_of_the_platforms_people() -> None:
    led = established(
        unit="dongguang.c01",
        tier="community",
        title="一社",
        number_pattern="{year}-{n}",
        convener="he",
        mediators=[term("sun")],
    )
    he = Actor(sub="he", role=Role.CONVENER)
    case = given(filed()).on({**street(), "dongguang.c01": led}).when(accept(), by=he).case
    assert case.number == "2026-1"


def test_after_an_escalation_the_old_tier_may_not_accept_for_the_new_one() -> None:
    given(*ESCALATED).when(accept("zhao", at="2026-03-23"), by=SUN).then_refused(NotThisPlatform)


def test_a_platform_that_is_no_longer_there_accepts_nothing() -> None:
    given(filed()).on(street_without("dongguang.c01")).when(accept()).then_refused(NotThisPlatform)


def test_a_case_is_accepted_once_at_each_tier() -> None:
    given(filed(), accepted()).when(accept(at="2026-03-04")).then_refused(
        NotAwaitingAcceptance, saying="community"
    )


# --- who may mediate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", ["zhou", "zhao", "wu"])
def test_mediators_of_other_platforms_may_not_be_assigned(elsewhere: str) -> None:
    given(filed()).when(accept("sun", elsewhere)).then_refused(MediatorElsewhere, saying=elsewhere)


def test_mediators_of_a_co_platform_may_be_assigned() -> None:
    joint = filed(co_units=("dongguang.c02.y01",))
    assert mediators(given(joint).when(accept("sun", "zhou"))) == ("sun", "zhou")


def test_a_co_platform_is_one_of_the_same_tier() -> None:
    joint = filed(co_units=("dongguang.c02.y01",))
    given(joint).when(accept("sun", "wang")).then_refused(MediatorElsewhere, saying="wang")


def test_a_co_unit_without_a_platform_of_the_tier_brings_nobody() -> None:
    joint = given(filed(co_units=("dongguang.c02.y01",))).on(street_without("dongguang.c02"))
    joint.when(accept("zhou")).then_refused(MediatorElsewhere)
    assert mediators(joint.when(accept("sun"))) == ("sun",)


TERMED = {
    **street(),
    "dongguang.c01": established(
        unit="dongguang.c01",
        tier="community",
        title="一社",
        number_pattern="{n}/{year}",
        convener="sun",
        mediators=[term("sun", begins="2026-03-03", ends="2026-03-10")],
    ),
}


@pytest.mark.parametrize("at", ["2026-03-03 00:00", "2026-03-10 23:59"])
def test_a_term_of_office_includes_its_first_and_last_day(at: str) -> None:
    assert given(filed()).on(TERMED).when(accept(at=at)).case.number == "1/2026"


@pytest.mark.parametrize("at", ["2026-03-02 23:59", "2026-03-11 00:00"])
def test_a_mediator_out_of_term_may_not_be_assigned(at: str) -> None:
    given(filed()).on(TERMED).when(accept(at=at)).then_refused(
        MediatorOutOfTerm, saying="sun serves from 2026-03-03 to 2026-03-10"
    )


def test_a_term_at_the_co_platform_is_enough() -> None:
    lent = established(
        unit="dongguang.c02", tier="community", title="二社", convener="zhou", mediators=[term("sun")]
    )
    joint = given(filed(co_units=("dongguang.c02",))).on({**TERMED, "dongguang.c02": lent})
    assert mediators(joint.when(accept(at="2026-03-12"))) == ("sun",)


# --- when ----------------------------------------------------------------------------------------------------


def test_acceptance_may_be_on_the_day_of_filing_whatever_the_hour() -> None:
    assert given(filed("2026-03-02 18:00")).when(accept(at="2026-03-02 08:00")).case.number == NUMBER


def test_acceptance_may_not_be_on_a_day_before_the_filing() -> None:
    given(filed()).when(accept(at="2026-03-01 23:59")).then_refused(
        GoesBackwards, saying="2026-03-01 lies before 2026-03-02"
    )


def test_the_street_may_not_accept_before_the_day_of_the_escalation() -> None:
    given(*ESCALATED).when(accept("zhao", at="2026-03-19"), by=ZHAO).then_refused(GoesBackwards)
    assert given(*ESCALATED).when(accept("zhao", at="2026-03-20 00:00"), by=ZHAO).case.tier == "street"
