"""Checks a page's template against its dataclass without rendering it: every name, and every field of a field."""

import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final, get_args, get_origin, get_type_hints

from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from console.templates import Page, environment

Scope = Mapping[str, object]
_SEVERAL: Final = (list, tuple)


def unknown_names(page: type[Page], source: str | None = None) -> list[str]:
    """Return what a page's template and its layouts name that the page lacks; `source` replaces its own template."""
    scope: Scope = _fields_of(page)
    return [name for tree in _with_layouts(page, source) for name in _unknown_in(tree, scope)]


def pages() -> list[type[Page]]:
    """Return the dataclasses of all pages."""
    found, open_classes = [], [Page]
    while open_classes:
        below = open_classes.pop().__subclasses__()
        found += below
        open_classes += below
    return [page for page in found if page.__module__.startswith("console.") and _is_current(page)]


def _is_current(page: type[Page]) -> bool:
    """Say whether a module holds this class: a dataclass with slots replaces the class from which it was made."""
    return getattr(sys.modules[page.__module__], page.__name__, None) is page


def _with_layouts(page: type[Page], source: str | None) -> Iterator[nodes.Template]:
    loader = environment("en").loader
    name: str | None = page.TEMPLATE
    while name is not None:
        text = source if source is not None and name == page.TEMPLATE else None
        tree = environment("en").parse(text or loader.get_source(environment("en"), name)[0])
        yield tree
        name = next((extends.template.value for extends in tree.find_all(nodes.Extends)), None)


def _unknown_in(tree: nodes.Template, scope: Scope) -> list[str]:
    imported = {name for node in tree.find_all(nodes.FromImport) for name in node.names}
    allowed = {*scope, *environment("en").globals, *imported}
    top = sorted(find_undeclared_variables(tree) - allowed)
    return top + list(_unknown_fields(tree, scope))


def _unknown_fields(node: nodes.Node, scope: Scope) -> Iterator[str]:
    """Walk a template with the types of the names in scope; a loop adds its own name."""
    if isinstance(node, nodes.Getattr):
        owner = _type_of(node.node, scope)
        if is_dataclass(owner) and node.attr not in _fields_of(owner):
            yield f"{owner.__name__}.{node.attr}"
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        scope = {**scope, node.target.name: _item_of(_type_of(node.iter, scope))}
    for child in node.iter_child_nodes():
        yield from _unknown_fields(child, scope)


def _type_of(node: nodes.Node, scope: Scope) -> object:
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        owner = _type_of(node.node, scope)
        return _fields_of(owner).get(node.attr) if is_dataclass(owner) else None
    return None


def _item_of(kind: object) -> object:
    """The type of the items of a list or a tuple, also where it may be None."""
    if get_origin(kind) is types.UnionType:
        (kind,) = (item for item in get_args(kind) if item is not types.NoneType)
    return get_args(kind)[0] if get_origin(kind) in _SEVERAL else None


def _fields_of(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
