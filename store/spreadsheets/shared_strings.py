"""The table of strings of a workbook, in as little memory as its text takes."""

from array import array
from typing import IO
from xml.parsers import expat

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class ForbiddenError(ValueError):
    """The XML declares a document type, by which entities could be made to grow."""


class SharedStrings:
    """The strings by number. Each takes its own bytes and eight more."""

    def __init__(self, source: IO[bytes]) -> None:
        """Read them; raises ForbiddenError, expat.ExpatError."""
        self._bytes = bytearray()
        self._ends = array("Q")
        self._spoken = 0
        self._mute = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse
        parser.ParseFile(source)

    def __getitem__(self, number: int) -> str:
        """Return a string; raises IndexError."""
        start = self._ends[number - 1] if number else 0
        return self._bytes[start : self._ends[number]].decode()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends)

    def _start(self, tag: str, _: dict[str, str]) -> None:
        self._spoken += tag == f"{_SPACE} t"
        self._mute += tag == f"{_SPACE} rPh"  # how it is pronounced is no part of the text

    def _end(self, tag: str) -> None:
        self._spoken -= tag == f"{_SPACE} t"
        self._mute -= tag == f"{_SPACE} rPh"
        if tag == f"{_SPACE} si":
            self._ends.append(len(self._bytes))

    def _text(self, text: str) -> None:
        if self._spoken and not self._mute:
            self._bytes += text.encode()


def _refuse(*_: object) -> None:
    raise ForbiddenError
