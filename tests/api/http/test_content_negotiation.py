import pytest

from api.http.content_negotiation import prefers


@pytest.mark.parametrize(
    ("accept", "preferred"),
    [
        ("text/a", True),
        ("text/a, text/b", True),  # equal: the one that is named is sent
        ("text/b, text/a", True),
        ("text/b, text/a;q=0.5", False),
        ("text/a;q=0.9, text/b;q=0.8", True),
        ("TEXT/A", True),
        ("text/a;q=0", False),
        ("text/a;q=many", False),
        ("*/*", False),
        ("", False),
        (None, False),
    ],
)
def test_a_media_type_is_preferred_where_it_is_named_and_not_below_the_other(
    accept: str | None, preferred: bool
) -> None:
    assert prefers(accept, "text/a", to="text/b") is preferred
