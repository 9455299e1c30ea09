"""Reading YAML with lines, safe against what makes it grow or nest without end."""

from datetime import date
from typing import Final

import yaml

from application.structured_text.document import DEEPEST, MOST_PARTS, TOO_LARGE, Document, Parts, Unreadable
from domain.errors.documents import Path
from domain.messages import message

NO_YAML: Final = message("cannot be read as YAML")
_EVENTS: Final = 4 * MOST_PARTS
"""Of a text that holds one document: each part, and where lists and mappings end."""


def composed(text: str, most: int | None = None) -> yaml.Node | None:
    """Return a text's nodes, built from at most so many parser events; raises Unreadable.

    Composing goes as deep as the text nests, so the text is gone through once before.
    """
    try:
        _must_be_shallow(text, most)
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(NO_YAML, line) from None
    except yaml.YAMLError:
        raise Unreadable(NO_YAML) from None


def read_yaml(text: str) -> Document:
    """Return the document of a YAML text; raises Unreadable."""
    node = composed(text.removeprefix("\ufeff"), _EVENTS)
    if node is None:
        raise Unreadable(message("the text is empty"), 1)
    return document_of(node)


def document_of(node: yaml.Node) -> Document:
    """Return the document of a node; raises Unreadable."""
    if _parts(node) > MOST_PARTS:
        raise Unreadable(TOO_LARGE, _line(node))
    reading = _Reading()
    reading.parts.lines[()] = _line(node)
    return Document(reading.value(node, ()), reading.parts.lines, reading.parts.flaws)


class _Reading:
    def __init__(self) -> None:
        self.parts = Parts()
        self._maker = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, path: Path) -> object:
        match node:
            case yaml.MappingNode():
                return self._fields(node, path)
            case yaml.SequenceNode():
                return [self._item(item, (*path, place)) for place, item in enumerate(node.value)]
            case _:
                return self._scalar(node, path)

    def _item(self, node: yaml.Node, path: Path) -> object:
        self.parts.lines[path] = _line(node)
        return self.value(node, path)

    def _fields(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge":
                self.parts.key((*path, _name(key)), _line(key))
        try:
            self._maker.flatten_mapping(node)
        except yaml.YAMLError:
            raise Unreadable(NO_YAML, _line(node)) from None
        for key, _ in node.value:  # what a merge brought in stands where it was written
            self.parts.lines.setdefault((*path, _name(key)), _line(key))
        return {_name(key): self.value(item, (*path, _name(key))) for key, item in node.value}

    def _scalar(self, node: yaml.Node, path: Path) -> object:
        try:
            value: object = self._maker.construct_object(node)
        except (yaml.YAMLError, ValueError):
            raise Unreadable(NO_YAML, _line(node)) from None
        if isinstance(value, str):
            return self.parts.text(path, value)
        if isinstance(value, date):
            return value.isoformat()
        if value is None or isinstance(value, bool | int | float):
            return value
        raise Unreadable(NO_YAML, _line(node))


def _must_be_shallow(text: str, most: int | None) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if most is not None and count > most:
            raise Unreadable(TOO_LARGE, 1)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Unreadable(NO_YAML, event.start_mark.line + 1 if event.start_mark else None)


def _parts(node: yaml.Node) -> int:
    """How many parts a value has, counted no further than it may have; an alias counts each time."""
    found, waiting = 0, [node]
    while waiting and found <= MOST_PARTS:
        item = waiting.pop()
        found += 1
        if isinstance(item, yaml.MappingNode):
            waiting += [part for pair in item.value for part in pair]
        elif isinstance(item, yaml.SequenceNode):
            waiting += item.value
    return found


def _name(key: yaml.Node) -> str:
    """The name of a field as it is written; raises Unreadable where a list or a mapping stands for one."""
    if not isinstance(key, yaml.ScalarNode):
        raise Unreadable(message("the name of a field must be text"), _line(key))
    return str(key.value)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
