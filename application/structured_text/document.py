"""A document that was read: its value, and on which line each part of it stands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from domain.errors.documents import Flaw, Path
from domain.messages import Message, message

DEEPEST: Final = 100
"""Parts inside parts. A document of people's own is far from it; the readers' stacks are safe below it."""
MOST_PARTS: Final = 2_000
"""Parts of a document, far more than a ladder has; an alias counts each time that it stands for something."""
TOO_LARGE: Final = message("has more than {limit} parts, aliases counted each time", limit=MOST_PARTS)
TWICE: Final = message("this key stands twice")
NUL: Final = message("holds a NUL character")
NO_TEXT: Final = message("must be valid Unicode text")


class Unreadable(Exception):
    """A text is no document."""

    def __init__(self, detail: Message, line: int | None = None) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says, with lines from 1 by path, and what is wrong with the text itself: keys that stand twice."""

    value: object
    lines: Mapping[Path, int] = field(default_factory=dict)
    flaws: Sequence[Flaw] = ()

    def line(self, path: Path) -> int | None:
        """Return the line of a part, or of the nearest part around it that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def packed(self) -> str:
        """Return the document as one text, for a cell of a table."""
        flaws = [
            [flaw.path, flaw.detail.template, dict(flaw.detail.arguments), flaw.line] for flaw in self.flaws
        ]
        return json.dumps([self.value, list(self.lines.items()), flaws])

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """Return the document that was packed."""
        value, lines, flaws = json.loads(text)
        found = [
            Flaw(tuple(path), message(sentence, **places), line) for path, sentence, places, line in flaws
        ]
        return cls(value, {tuple(path): line for path, line in lines}, found)

    def located(self, flaw: Flaw) -> Flaw:
        """Return a flaw with its line."""
        return flaw if flaw.line is not None else replace(flaw, line=self.line(flaw.path))


@dataclass(slots=True)
class Parts:
    """The parts of a document while it is being read."""

    lines: dict[Path, int] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def text(self, path: Path, value: str) -> str:
        """Take up a text; what no database takes is a flaw."""
        wrong = NUL if "\0" in value else NO_TEXT if any(map(_is_half, value)) else None
        if wrong:
            self.flaws.append(Flaw(path, wrong))
        return value.encode(errors="replace").decode()

    def key(self, path: Path, line: int) -> None:
        """Take up a key; the second one of a name is a flaw, on its own line."""
        if path in self.lines:
            self.flaws.append(Flaw(path, TWICE, line))
        else:
            self.lines[path] = line
            self.text(path, str(path[-1]))


def _is_half(sign: str) -> bool:
    """Whether a sign is half of a pair, which stands for nothing by itself."""
    return "\ud800" <= sign <= "\udfff"
