"""The town of the machine: units, platforms, who mediates there, the calendar on the wall; and what is drawn of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st

from domain.jurisdiction.platform import Platform
from domain.procedures.workdays import Calendar, PublishedYear
from tests.support.specification import established, term

UNITS: Final = {
    "dong.c01.y01": {"compound": "dong.c01.y01", "community": "dong.c01", "street": "dong"},
    "dong.c01": {"community": "dong.c01", "street": "dong"},
    "dong.c02.y01": {"compound": "dong.c02.y01", "street": "dong"},
    "xi.c01": {"community": "xi.c01"},
}
"""Units whose ladders differ: one has all tiers, one no compound, one no community, one no street."""
KEEPERS: Final = {
    "dong": "dong",
    "dong.c01": "dong.c01",
    "dong.c01.y01": "dong.c01",
    "dong.c02.y01": "dong",
    "xi.c01": "xi.c01",
}
"""Whose register numbers the cases of a platform."""
_LONG: Final = (date(2026, 1, 1), date(2028, 12, 31))
TERMS: Final = {
    "dong": {"zhao": _LONG, "qian": (date(2027, 1, 3), date(2028, 12, 31))},
    "dong.c01": {"sun": _LONG, "li": (date(2026, 1, 1), date(2026, 12, 31))},
    "dong.c01.y01": {"wu": _LONG},
    "dong.c02.y01": {"wang": _LONG},
    "xi.c01": {"he": _LONG},
}
_TIER_OF: Final = {platform: tier for tiers in UNITS.values() for tier, platform in tiers.items()}
PEOPLE: Final = sorted(item for terms in TERMS.values() for item in terms)
CONVENERS: Final = {platform: next(iter(terms)) for platform, terms in TERMS.items()}
NEW_YEAR: Final = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)


def platform_of(unit: str) -> Platform:
    """A platform as it is described."""
    return established(
        unit=unit,
        tier=_TIER_OF[unit],
        title=unit,
        number_pattern="{year}/" + unit + "/{n}" if KEEPERS[unit] == unit else None,
        convener=CONVENERS[unit],
        mediators=[
            term(item, begins=begins.isoformat(), ends=ends.isoformat())
            for item, (begins, ends) in TERMS[unit].items()
        ],
    )


CASES = st.integers(0, 5)
CLOCKS = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=9))])
BACK = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(minutes=-9), timedelta(hours=1)),
    st.timedeltas(timedelta(0), timedelta(days=4)),
)
"""How long ago somebody says that it happened; below nothing it lies ahead."""
OUTCOMES = st.sampled_from(["failed", "failed", "failed", "no_show", "adjourned", "agreed"])
WHO = st.sampled_from([*PEOPLE, "auditor"])
OFF = st.sampled_from([-40, -1, 0, 0, 1])
"""By how many days an application misses the last one; the first is before the effect."""
APPLICANTS = st.sampled_from([("p1", "p2"), ("p1", "p2", "p3"), ("p2",)])
SIGNATURES = st.permutations(["p1", "p2", "mediator", "committee"])
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Wall:
    """The calendar on the wall: where it differs from Monday to Friday, and which years hang there at all."""

    off: frozenset[date]
    worked: frozenset[date]
    published: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether people work."""
        if day.year in self.published:
            if day in self.off:
                return False
            if day in self.worked:
                return True
        return day.isoweekday() < 6

    def as_published(self) -> Calendar:
        """The same, as the domain keeps it."""
        return Calendar(
            {
                year: PublishedYear(
                    frozenset(item for item in self.off if item.year == year),
                    frozenset(item for item in self.worked if item.year == year),
                )
                for year in self.published
            }
        )


def _wall(off: set[int], worked: set[int], published: set[int]) -> Wall:
    days_off = {NEW_YEAR.date() + item * DAY for item in off}
    days_worked = {NEW_YEAR.date() + item * DAY for item in worked}
    return Wall(
        frozenset(item for item in days_off if item.isoweekday() < 6),
        frozenset(item for item in days_worked if item.isoweekday() > 5),
        frozenset(published),
    )


WALLS = st.builds(
    _wall,
    st.sets(st.integers(0, 150), max_size=60),
    st.sets(st.integers(0, 150), max_size=30),
    st.sets(st.sampled_from([2026, 2027, 2028])),
)
