"""What a text field accepts: something to be read, without control characters (rule 24)."""

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.vocabulary import LongText, PhoneNumber, RecordedText, ShortText

SHORT = TypeAdapter[str](ShortText)
LONG = TypeAdapter[str](LongText)
PHONE = TypeAdapter[str](PhoneNumber)
EVERY = pytest.mark.parametrize("kind", [SHORT, LONG, PHONE], ids=["short", "long", "phone"])


@EVERY
@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\u200b", "\ufeff\u2060", "\u3164", "\u2800 \u00ad"])
def test_what_shows_nothing_is_empty(kind: TypeAdapter[str], text: str) -> None:
    with pytest.raises(ValidationError, match=r"must not be empty|at least 1 character"):
        kind.validate_python(text)


@EVERY
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
def test_a_control_character_is_refused(kind: TypeAdapter[str], sign: str) -> None:
    with pytest.raises(ValidationError, match="control character"):
        kind.validate_python(f"甲{sign}乙")


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\t"])
def test_only_a_long_text_has_lines_and_columns(sign: str) -> None:
    assert LONG.validate_python(f"甲{sign}乙") == f"甲{sign}乙"
    for kind in (SHORT, PHONE):
        with pytest.raises(ValidationError, match="line break"):
            kind.validate_python(f"甲{sign}乙")


@EVERY
@pytest.mark.parametrize("text", ["买买提·艾力", "甲\u200b乙", "（２０２６）", "👨\u200d👩\u200d👧", "a"])
def test_a_text_is_kept_as_it_was_typed(kind: TypeAdapter[str], text: str) -> None:
    assert kind.validate_python(text) == text


@pytest.mark.parametrize("text", ["甲\x07乙", "\u200b", "甲\n乙"])
def test_what_was_recorded_before_is_still_read(text: str) -> None:
    assert TypeAdapter[str](RecordedText).validate_python(text) == text
