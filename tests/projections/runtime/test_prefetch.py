"""A read model that is far behind: large batches, read ahead, and nothing asked of the log that is known."""

import pytest

from api.http.services import Services
from projections.runtime.runner import Runner
from tests.projections.runtime.test_runner import (
    Counting,
    caught_up,
    make_counted,
    must_equal_the_fold,
    must_have_counted_each_once,
    running,
    some_case,
)


def test_far_behind_batches_are_large_and_read_ahead(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runtime.runner.BATCH", 2)
    monkeypatch.setattr("projections.runtime.prefetch.NEAR", 9)
    monkeypatch.setattr("projections.runtime.prefetch.FAR", 13)
    make_counted(street_url)
    follower = Counting()

    async def work(services: Services, _: Runner) -> None:
        await caught_up(services, Counting.NAME)
        assert (follower.batches[0], max(follower.batches), follower.batches[-1] <= 2) == (2, 13, True)
        await some_case(services, 2)
        await caught_up(services, Counting.NAME)

    running(street_url, work, [follower])
    must_have_counted_each_once(street_url)


def test_a_new_case_is_not_looked_for_in_the_log(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def looked_for(*_: object) -> None:
        raise AssertionError("nothing came before")

    monkeypatch.setattr("projections.runtime.case_cache.streams_before", looked_for)
    monkeypatch.setattr("projections.runtime.runner.BATCH", 7)

    async def work(services: Services, _: Runner) -> None:
        cases = [await some_case(services, 5), await some_case(services, 1)]
        await caught_up(services)
        await must_equal_the_fold(services, cases)

    running(street_url, work)
