"""What the planted faults share."""

import pytest

from tests.stateful.planting import Planting


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Planting:
    """Puts a fault in place of a part of the domain, for one test."""
    return monkeypatch.setattr
