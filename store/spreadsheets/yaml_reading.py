"""Reading YAML: a mapping of kinds to lists. A platform may carry its mediators; a ladder is handed on whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

import yaml

from application.structured_text.document import Document, Unreadable
from application.structured_text.yaml_text import NO_YAML, composed, document_of
from application.tables.headings import kind_of
from application.tables.kinds import Cell, TableKind
from application.tables.table import NotATable, Row, TableHead, TableNotice
from domain.messages import Message, message

LARGEST: Final = 20 << 20
"""Bytes; longer tables come as CSV or XLSX."""
_ITEM: Final = message("must be a list of entries, each with its keys")
_Entry = tuple[int, dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class YamlTable:
    """A list of the file: its rows are there already."""

    head: TableHead
    entries: Sequence[Row]
    notices: Sequence[TableNotice] = ()

    def rows(self) -> Iterator[Row]:
        """Return the rows."""
        return iter(self.entries)


def yaml_tables(file: BinaryIO, name: str) -> list[YamlTable]:
    """Return the tables of a file; raises NotATable."""
    return _Document(file, name).tables()


class _Document:
    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        file.seek(0)
        text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise NotATable(message("a YAML file may have at most {limit} bytes", limit=LARGEST), name)
        try:
            self._root = composed(text.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise NotATable(message("the file is not UTF-8"), name) from None
        except Unreadable as error:
            raise NotATable(error.detail, name, line=error.line or 0) from None

    def tables(self) -> list[YamlTable]:
        """Return a table for each key of the document, and one for the mediators of the platforms."""
        if not isinstance(self._root, yaml.MappingNode):
            raise NotATable(message("the file holds no table"), self._name, line=1)
        found: list[YamlTable] = []
        for key, node in self._root.value:
            sheet = str(key.value)
            if not isinstance(node, yaml.SequenceNode):
                raise self._wrong(_ITEM, sheet, node)
            kind = kind_of(sheet, [])
            entries = [self._entry(sheet, item, kind) for item in node.value]
            if kind is TableKind.PLATFORMS:
                found.append(self._table("mediators", self._mediators(node)))
            found.append(self._table(sheet, entries))
        return [table for table in found if table.entries]

    def _table(self, sheet: str, entries: Sequence[_Entry]) -> YamlTable:
        keys = list(dict.fromkeys(key for _, entry in entries for key in entry))
        line = entries[0][0] if entries else 0
        rows = [(number, [entry.get(key) for key in keys]) for number, entry in entries]
        return YamlTable(TableHead(self._name, sheet, line, keys, keyed=True), rows)

    def _entry(self, sheet: str, node: yaml.Node, kind: TableKind | None) -> _Entry:
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(_ITEM, sheet, node)
        line = node.start_mark.line + 1
        if kind is TableKind.LADDERS:
            return line, {"ladder": self._document(sheet, node).packed()}
        pairs = [(str(key.value), value) for key, value in node.value]
        if len({key for key, _ in pairs}) < len(pairs):
            raise self._wrong(message("a key stands twice"), sheet, node)
        kept = [
            (key, value) for key, value in pairs if not (kind is TableKind.PLATFORMS and key == "mediators")
        ]
        return line, {key: self._cell(sheet, value) for key, value in kept}

    def _document(self, sheet: str, node: yaml.Node) -> Document:
        try:
            return document_of(node)
        except Unreadable as error:
            line = error.line or node.start_mark.line + 1
            raise NotATable(error.detail, self._name, sheet, line) from None

    def _mediators(self, platforms: yaml.SequenceNode) -> list[_Entry]:
        found: list[_Entry] = []
        for platform in platforms.value:
            parts = {str(key.value): value for key, value in platform.value}
            inside = parts.get("mediators")
            if inside is None:
                continue
            if not isinstance(inside, yaml.SequenceNode):
                raise self._wrong(_ITEM, "mediators", inside)
            unit = self._cell("platforms", parts["unit"]) if "unit" in parts else None
            entries = [self._entry("mediators", item, TableKind.MEDIATORS) for item in inside.value]
            found += [(line, {"unit": unit, **entry}) for line, entry in entries]
        return found

    def _cell(self, sheet: str, node: yaml.Node) -> Cell:
        value = self._value(sheet, node)
        if isinstance(value, list) and all(not isinstance(item, list | dict) for item in value):
            return value
        if isinstance(value, str | int | float | date) or value is None:
            return value
        raise self._wrong(message("must be a plain text or number"), sheet, node)

    def _value(self, sheet: str, node: yaml.Node) -> object:
        try:
            return yaml.constructor.SafeConstructor().construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, RecursionError):
            raise self._wrong(NO_YAML, sheet, node) from None

    def _wrong(self, sentence: Message, sheet: str, node: yaml.Node) -> NotATable:
        return NotATable(sentence, self._name, sheet, node.start_mark.line + 1)
