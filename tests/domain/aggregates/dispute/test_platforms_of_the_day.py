"""Who serves, and which tier, pattern and convener a platform has, is judged as of the day of the fact (rules 4, 20)."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from domain.aggregates import platform
from domain.commands.platform import DescribePlatform
from domain.errors import MediatorElsewhere, MediatorOutOfTerm
from domain.events.platform import PlatformEvent
from domain.jurisdiction.platform import Platform
from tests.support.specification import accept, file_dispute, filed, given, moment, street, term

COMMUNITY = "dongguang.c01"
NOW = moment("2026-11-21")


def changed(effective_on: date, **changes: object) -> Mapping[str, Platform]:
    """The street after the first community's platform was described anew, without li."""
    platforms = dict(street())
    hall = platforms[COMMUNITY]
    fields = (
        platform.described(hall.about) | {"mediators": [term("sun")], "effective_on": effective_on} | changes
    )
    for fact in platform.decide(DescribePlatform.model_validate(fields), hall, frozenset({"sun", "li"}), NOW):
        hall = cast("Platform", platform.evolve(hall, cast("PlatformEvent", fact.event)))
    return {**platforms, COMMUNITY: hall}


def test_a_dismissed_mediator_takes_cases_until_the_day_before() -> None:
    then = given(filed()).on(changed(date(2026, 3, 4)))
    assert then.when(accept("li", at="2026-03-03")).case.mediators == ("li",)
    then.when(accept("li", at="2026-03-04")).then_refused(MediatorOutOfTerm)
    then.when(accept("wu", at="2026-03-03")).then_refused(MediatorElsewhere)


def test_a_number_is_written_as_on_the_day_of_acceptance() -> None:
    then = given(filed()).on(changed(date(2026, 3, 4), number_pattern="一社{year}-{n}"))
    assert then.when(accept("sun", at="2026-03-03")).case.number == "（2026）东光一社民调字第1号"
    assert then.when(accept("sun", at="2026-03-04")).case.number == "一社2026-1"


def test_a_case_begins_at_the_platform_that_was_of_its_tier_on_that_day() -> None:
    platforms = changed(date(2026, 3, 4), tier="compound")
    early, late = filed_on("2026-03-02", platforms), filed_on("2026-03-05", platforms)
    assert (early, late) == (("community", COMMUNITY), ("street", "dongguang"))


def filed_on(day: str, platforms: Mapping[str, Platform]) -> tuple[str, str]:
    """Where a case of a day begins."""
    case = given().on(platforms).when(file_dispute(occurred_at=moment(day))).case
    return case.tier, case.platform
