"""The criteria of the case list: as conditions of SQL on its table, and as a test of a state."""

from collections.abc import Mapping
from datetime import date
from typing import Final, LiteralString

from domain.aggregates.dispute import Dispute
from domain.vocabulary import day_of, folded, folded_number
from projections.case_list.schemas import CaseFilter
from projections.case_list.tables import title_of
from projections.runtime.case_facts import pending_of, rules_of, units_of
from projections.runtime.case_people import party_keys
from store.postgres.conditions import literally

_MAY_DECIDE: Final = """EXISTS (
    SELECT FROM jsonb_array_elements(pending) AS proposal WHERE NOT proposal -> 'people' ? %(waiting_for)s
)"""
CONDITIONS: Final[Mapping[str, LiteralString]] = {
    "unit": "units && %(unit)s::text[]",
    "status": "status = ANY(%(status)s::text[])",
    "tier": "tier = ANY(%(tier)s::text[])",
    "category": "category = ANY(%(category)s::text[])",
    "mediator": "mediators && %(mediator)s::text[]",
    "outcome": "outcome = ANY(%(outcome)s::text[])",
    "rule": "rules && %(rule)s::text[]",
    "since": "filed_on >= %(since)s",
    "until": "filed_on <= %(until)s",
    "overdue": "coalesce(due_on < %(day)s, false) = %(overdue)s",
    "pending": "(pending <> '[]') = %(pending)s",
    "waiting_for": _MAY_DECIDE,
    "waiting_in": "units @> ARRAY[%(waiting_in)s::text]",
    "party": "party_keys && %(party_keys)s::text[]",
    "person": "persons @> ARRAY[%(person)s::uuid]",
    "q": "(number_key LIKE %(number_part)s OR title_key LIKE ALL (%(words)s))",
}
"""By criterion, the condition on a row of the case list."""
_STATIC: Final = ("unit", "category", "since", "until", "waiting_in", "q")
"""The criteria that a case meets always or never; the number alone may come later."""
CANDIDATES: Final[Mapping[str, LiteralString]] = {
    **{name: CONDITIONS[name] for name in _STATIC},
    "party": "past_keys && %(party_keys)s::text[]",
    "person": "past_keys @> ARRAY[%(person)s::text]",
}
"""By criterion, a condition that a case meets now which met the criterion at any time."""


def parameters(criteria: CaseFilter) -> dict[str, object]:
    """Return the parameters of the conditions."""
    words = _words(criteria)
    number = "".join(words)
    given = {
        name: list(value) if isinstance(value, tuple) else value for name, value in criteria.given().items()
    }
    return {
        **given,
        "party_keys": _party_keys(criteria),
        "number_part": _anywhere(number) if number else None,
        "words": [_anywhere(word) for word in words] or [None],
    }


def _words(criteria: CaseFilter) -> list[str]:
    """The words of a search, folded; those of which nothing is left do not matter."""
    return [word for word in map(folded, (criteria.q or "").split()) if word]


def _party_keys(criteria: CaseFilter) -> list[str]:
    return [key for key in (folded(criteria.party or ""), folded_number(criteria.party or "")) if key]


def _anywhere(text: str) -> str:
    return f"%{literally(text)}%"


def is_met(criteria: CaseFilter, dispute: Dispute, due_on: date | None, day: date) -> bool:
    """Say whether a state meets the criteria; `day` is the one by which overdue is judged."""
    return (
        _is_one_of(criteria, dispute)
        and _is_of_period(criteria, dispute)
        and criteria.overdue in {None, due_on is not None and due_on < day}
        and criteria.pending in {None, bool(dispute.proposals)}
        and _waits(criteria, dispute)
        and _is_found(criteria, dispute)
    )


def _is_one_of(criteria: CaseFilter, dispute: Dispute) -> bool:
    lists: tuple[tuple[tuple[str, ...], tuple[str | None, ...]], ...] = (
        (criteria.unit, units_of(dispute.filed)),
        (criteria.status, (dispute.status,)),
        (criteria.tier, (dispute.tier,)),
        (criteria.category, (dispute.filed.category,)),
        (criteria.mediator, dispute.mediators),
        (criteria.outcome, (dispute.outcome,)),
        (criteria.rule, rules_of(dispute)),
    )
    return all(not chosen or not frozenset(chosen).isdisjoint(found) for chosen, found in lists)


def _is_of_period(criteria: CaseFilter, dispute: Dispute) -> bool:
    filed_on = day_of(dispute.filed.occurred_at)
    return (criteria.since or filed_on) <= filed_on <= (criteria.until or filed_on)


def _waits(criteria: CaseFilter, dispute: Dispute) -> bool:
    if criteria.waiting_in is not None and criteria.waiting_in not in units_of(dispute.filed):
        return False
    if criteria.waiting_for is None:
        return True
    return any(criteria.waiting_for not in item.people for item in pending_of(dispute))


def _is_found(criteria: CaseFilter, dispute: Dispute) -> bool:
    if criteria.party is not None and party_keys(dispute.parties).isdisjoint(_party_keys(criteria)):
        return False
    if criteria.person is not None and all(party.person != criteria.person for party in dispute.parties):
        return False
    if criteria.q is None:
        return True
    number, title, words = folded(dispute.number or ""), folded(title_of(dispute)), _words(criteria)
    return bool(words) and ("".join(words) in number or all(word in title for word in words))
