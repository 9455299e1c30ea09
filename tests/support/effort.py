"""How long random tests run: briefly with `make test`, long with `pytest --hypothesis-profile=soak`."""

from hypothesis import settings

SOAK = "soak"
"""The profile of long runs; `tests/conftest.py` registers it."""


def examples(brief: int, soak: int) -> int:
    """How many examples a random test draws; `soak` of them under the profile of that name."""
    return soak if settings.get_current_profile_name() == SOAK else brief
