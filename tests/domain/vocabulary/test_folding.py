"""One spelling of what people type in several (rule 24)."""

import sys
from unicodedata import category

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.vocabulary.folding import folded, folded_number, is_invisible
from tests.support.examples import steadily
from tests.support.spellings import bare, longer, respelt, texts


@pytest.mark.parametrize(
    ("typed", "otherwise"),
    [
        ("买买提·艾力", "买买提•艾力"),
        ("买买提‧艾力", "买买提・艾力"),
        ("买买提·艾力", "买买提 艾力"),
        ("Ｓｕｎ", "sun"),
        ("11010119900101123x", "１１０１０１１９９００１０１１２３Ｘ"),
        ("（2026）东光民调字第12号", "(2026)东光民调字第 12 号"),
        ("〔2026〕东光12号", "[2026]东光12号"),
        ("010–8888", "010-8888"),
        ("孙\u200b一", "孙一"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_text_fold_alike(typed: str, otherwise: str) -> None:
    assert folded(typed) == folded(otherwise) != ""


@pytest.mark.parametrize(
    "typed", ["028-8888 1234", "(028)88881234", "０２８８８８８１２３４", "028—8888—1234"]
)
def test_a_telephone_is_one_number_however_it_is_grouped(typed: str) -> None:
    assert folded_number(typed) == "02888881234"


@pytest.mark.parametrize(
    ("one", "other"), [("孙一", "孙二"), ("sun.1", "sun1"), ("第12号", "第1号"), ("a_b", "ab")]
)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000", "\u200b\u2060\ufeff", "\u3164", "\u2800", "\t\n", "\u180e\ufe0f"]
)
def test_a_text_that_shows_nothing_is_invisible(text: str) -> None:
    assert is_invisible(text)
    assert folded(text) == ""


@steadily
@given(st.data(), texts)
def test_any_spelling_of_a_text_is_that_text(data: st.DataObject, text: str) -> None:
    assert folded(data.draw(respelt(text))) == folded(text)


@steadily
@given(st.data(), texts)
def test_another_text_is_another(data: st.DataObject, text: str) -> None:
    other = data.draw(longer(text))
    assume(bare(text) != bare(other))
    assert folded(text) != folded(other)


@steadily
@given(st.text())
def test_folding_once_is_enough(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_no_sign_that_nobody_sees_is_left_in_a_folded_text() -> None:
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
    signs = [sign for sign in map(chr, range(sys.maxunicode + 1)) if category(sign) in unseen]
    variants = [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))]
    assert {folded(f"孙{sign}一") for sign in (*signs, *variants)} == {"孙一"}
