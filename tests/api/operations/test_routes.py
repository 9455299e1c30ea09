from prometheus_client import CollectorRegistry

from api.operations.routes import _DatabaseCollector, _lags
from projections.runtime.health import Lag


def test_each_lag_is_measured_under_the_name_of_its_read_model() -> None:
    registry = CollectorRegistry()
    registry.register(
        _DatabaseCollector(
            _lags(
                [Lag("case_list", position=9, events=7, seconds=1.5, parked=2), Lag("ledger", 16, 0, 0, 0)], 3
            )
        )
    )
    measured = {
        (sample.name, sample.labels.get("name")): sample.value
        for family in registry.collect()
        for sample in family.samples
    }
    assert measured == {
        ("tiaochu_projection_lag_events", "case_list"): 7,
        ("tiaochu_projection_lag_seconds", "case_list"): 1.5,
        ("tiaochu_projection_parked_streams", "case_list"): 2,
        ("tiaochu_projection_lag_events", "ledger"): 0,
        ("tiaochu_projection_lag_seconds", "ledger"): 0,
        ("tiaochu_projection_parked_streams", "ledger"): 0,
        ("tiaochu_time_limits_waiting", None): 3,
    }
