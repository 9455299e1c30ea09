"""A query of many cases requires a scope; what a scope allows does not differ between readers yet."""

import inspect
from collections.abc import Callable

import pytest

from access.scope import Scope
from api.feed.streams import OpenStreams
from projections.case_history.queries import DeadlineQueries
from projections.case_list.queries import CaseListQueries
from projections.indicators.queries import IndicatorQueries
from projections.ledger.queries import LedgerQueries
from store.event_log.feed import Feed
from tests.support.world import SUN, ZHAO


@pytest.mark.parametrize(
    "query",
    [
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


def test_a_scope_is_a_value() -> None:
    assert Scope.of(SUN) == Scope.of(SUN) != Scope.of(ZHAO)
    assert Scope.everything() == Scope.everything() != Scope.of(SUN)
    assert len({Scope.of(SUN), Scope.of(SUN), Scope.everything()}) == 2
    with pytest.raises(AttributeError):
        Scope.of(SUN).reader = ZHAO
