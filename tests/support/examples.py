"""How examples are drawn: few and the same ones in `make test`, many and new ones in `make soak`."""

import os
from typing import Final

from hypothesis import settings

SOAK: Final = bool(os.environ.get("TIAOCHU_TEST_SOAK"))
"""Whether this is the long run."""
MORE: Final = 3
"""How many times as many examples the long run draws."""


def examples(count: int, more: int = MORE) -> settings:
    """Settings for a property that `make test` tries with so many examples; none is kept on disk."""
    return settings(
        max_examples=count * more if SOAK else count, derandomize=not SOAK, deadline=None, database=None
    )


steadily: Final = examples(60)
"""The usual number of examples."""
