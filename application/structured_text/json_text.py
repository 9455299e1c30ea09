"""Reading JSON with lines. Strings and numbers are read as the standard library reads them; only the walk is ours."""

import json
import re
from typing import Final

from application.structured_text.document import DEEPEST, MOST_PARTS, TOO_LARGE, Document, Parts, Unreadable
from domain.errors.documents import Path
from domain.messages import message

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_SCALAR: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null", re.ASCII)
_DECODER: Final = json.JSONDecoder()
NO_JSON: Final = message("the text is not JSON")


def read_json(text: str) -> Document:
    """Return the document of a JSON text; raises Unreadable with the line where it ceases to be JSON."""
    return _Reading(text.removeprefix("\ufeff")).document()


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._parts = Parts()

    def document(self) -> Document:
        self._skip()
        self._parts.lines[()] = self._here()
        try:
            value = self._value(())
        except (ValueError, IndexError):
            raise self._wrong() from None
        self._skip()
        if self._at != len(self._text):
            raise self._wrong()
        return Document(value, self._parts.lines, self._parts.flaws)

    def _value(self, path: Path) -> object:
        if len(self._parts.lines) > MOST_PARTS:
            raise Unreadable(TOO_LARGE, 1)
        if len(path) > DEEPEST:
            raise self._wrong()
        match self._text[self._at]:
            case "{":
                return self._object(path)
            case "[":
                return self._array(path)
            case '"':
                return self._parts.text(path, self._string())
            case _:
                return self._scalar()

    def _object(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        more = self._opened("}")
        while more:
            line = self._here()
            if self._text[self._at] != '"':
                raise self._wrong()
            key = self._string()
            self._parts.key((*path, key), line)
            self._skip()
            self._expect(":")
            found[key] = self._value((*path, key))
            more = self._goes_on("}")
        return found

    def _array(self, path: Path) -> list[object]:
        found: list[object] = []
        more = self._opened("]")
        while more:
            inside = (*path, len(found))
            self._parts.lines[inside] = self._here()
            found.append(self._value(inside))
            more = self._goes_on("]")
        return found

    def _opened(self, end: str) -> bool:
        """Step in; say whether anything is inside."""
        self._at += 1
        self._skip()
        if self._text[self._at] != end:
            return True
        self._at += 1
        return False

    def _goes_on(self, end: str) -> bool:
        """Step over a comma, or out; say whether another part follows."""
        self._skip()
        if self._text[self._at] == end:
            self._at += 1
            return False
        self._expect(",")
        return True

    def _expect(self, sign: str) -> None:
        if self._text[self._at] != sign:
            raise self._wrong()
        self._at += 1
        self._skip()

    def _string(self) -> str:
        value, self._at = _DECODER.raw_decode(self._text, self._at)
        return str(value)

    def _scalar(self) -> object:
        found = _SCALAR.match(self._text, self._at)
        if found is None:
            raise self._wrong()
        self._at = found.end()
        value: object = json.loads(found.group())
        return value

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _wrong(self) -> Unreadable:
        return Unreadable(NO_JSON, self._here())
