"""A class name means one thing in the whole product."""

from collections.abc import Mapping
from typing import Final

from tests.lint.product import classes

RIVALS: Final = "bench/rival_"
"""What the product is measured against repeats some of its names on purpose."""


def meant_twice(defined: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The public names that more than one module defines."""
    ours = {name: [path for path in paths if not path.startswith(RIVALS)] for name, paths in defined.items()}
    return {name: paths for name, paths in ours.items() if len(paths) > 1 and not name.startswith("_")}


def test_no_class_name_is_defined_twice() -> None:
    assert meant_twice(classes()) == {}


def test_a_name_that_is_defined_twice_is_found() -> None:
    defined = {
        "A": ["x.py", "y.py"],
        "_B": ["x.py", "y.py"],
        "C": ["x.py", "bench/rival_x.py"],
        "D": ["x.py"],
    }
    assert meant_twice(defined) == {"A": ["x.py", "y.py"]}
    assert len(classes()) > 300
