"""A query of cases requires a scope, and a scope holds the cases that are a unit's own (rule 16)."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.decision import Action, must, must_file, must_include
from access.scope import ALL_CASES, Scope
from api.feed.streams import OpenStreams
from application.case_reader import CaseReader
from domain.errors import Forbidden, UnknownDispute
from domain.events.envelope import Actor
from domain.vocabulary import Role
from projections.case_history.queries import DeadlineQueries
from projections.case_list.appointments import AppointmentQueries
from projections.case_list.queries import CaseListQueries
from projections.indicators.queries import IndicatorQueries
from projections.ledger.queries import LedgerQueries
from store.event_log.feed import Feed
from tests.support.examples import steadily
from tests.support.specification import filed
from tests.support.specification import given as given_facts
from tests.support.world import ANALYST, LI, SUN, ZHAO, ZHOU


@pytest.mark.parametrize(
    "query",
    [
        CaseReader.read,
        AppointmentQueries.page,
        AppointmentQueries.clashes,
        CaseListQueries.page,
        CaseListQueries.alike,
        DeadlineQueries.page,
        IndicatorQueries.compute,
        LedgerQueries.rows,
        Feed.page,
        OpenStreams.follow,
    ],
    ids=lambda query: query.__qualname__,
)
def test_a_query_of_many_cases_requires_a_scope(query: Callable[..., object]) -> None:
    first = list(inspect.signature(query).parameters.values())[1]
    assert (first.name, first.annotation, first.default) == ("scope", Scope, inspect.Parameter.empty)


UNITS: Final = ("a", "a.b", "a.b.c", "a.b.d", "a.bc", "e", "e.f")
"""A small tree; `a.bc` begins like `a.b` and does not lie below it."""


def test_a_scope_is_a_value() -> None:
    assert Scope.of(SUN) == Scope.of(LI) != Scope.of(ZHAO)
    assert Scope(everything=True) == ALL_CASES != Scope.of(SUN)
    with pytest.raises(AttributeError):
        Scope.of(SUN).unit = "dongguang"


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.CONVENER, Role.CLERK])
def test_whoever_handles_cases_sees_none_without_a_unit(role: Role) -> None:
    assert not Scope.of(Actor(sub="sun", role=role)).includes_any(UNITS)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST, Role.ADMIN, Role.SYSTEM])
def test_whoever_oversees_sees_everything_without_a_unit(role: Role) -> None:
    assert Scope.of(Actor(sub="sun", role=role)).includes_any(())


def test_a_job_of_the_system_sees_everything_whatever_its_unit() -> None:
    assert Scope.of(Actor(sub="clock", role=Role.SYSTEM, unit="a")).includes_any(())


@steadily
@given(
    reader=st.sampled_from(UNITS),
    role=st.sampled_from([role for role in Role if role is not Role.SYSTEM]),
    been_at=st.sets(st.sampled_from(UNITS), min_size=1),
    co_units=st.sets(st.sampled_from(UNITS)),
)
def test_a_case_is_own_to_its_platforms_its_co_units_and_all_above(
    reader: str, role: Role, been_at: set[str], co_units: set[str]
) -> None:
    own = {
        ".".join(unit.split(".")[:height])
        for unit in been_at | co_units
        for height in range(1, unit.count(".") + 2)
    }
    case = given_facts(filed()).case
    case = replace(case, platforms=tuple(been_at), filed=case.filed.model_copy(update={"co_units": co_units}))
    assert Scope.of(Actor(sub="sun", role=role, unit=reader)).includes(case) == (reader in own)


def test_a_case_of_others_is_missing_to_whoever_may_act_and_forbidden_to_whoever_may_not() -> None:
    case = given_facts(filed()).case
    must_include(Scope.of(SUN), case)
    with pytest.raises(UnknownDispute, match="there is no such case"):
        must_include(Scope.of(ZHOU), case)
    with pytest.raises(Forbidden, match="the role analyst may not do this"):
        must(ANALYST, Action.READ_CASE)


def test_a_case_is_filed_for_the_own_unit_or_one_below_it() -> None:
    must_file(SUN, ("dongguang.c01.y01",))
    must_file(SUN, ("dongguang.c02", "dongguang.c01"))
    with pytest.raises(Forbidden):
        must_file(SUN, ("dongguang.c02", "dongguang"))
    with pytest.raises(Forbidden):
        must_file(Actor(sub="sun", role=Role.MEDIATOR), ("dongguang.c01",))
