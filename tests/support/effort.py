"""How long random tests run: briefly, or for long where TIAOCHU_SOAK is set."""

import os
from typing import Final

SOAK: Final = "TIAOCHU_SOAK"
"""The environment variable under which random tests run for long."""


def examples(brief: int, soak: int) -> int:
    """How many examples a random test draws."""
    return soak if os.environ.get(SOAK) else brief
