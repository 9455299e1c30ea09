"""A column that holds another type than expected is noticed where it is read."""

import pytest

from store.postgres.typed import typed


def test_a_value_of_the_type_is_returned_and_any_other_is_refused() -> None:
    assert typed(int, 7) == 7
    with pytest.raises(TypeError, match="expected int, got str"):
        typed(int, "7")
