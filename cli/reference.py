"""Writes docs/reference from the code: `python -m cli.reference FOLDER`."""

import json
import sys
from inspect import cleandoc
from pathlib import Path

from api.http.app import openapi_document
from api.http.problems import Problem, title_of, type_of
from application.ladder_schema import ladder_schema
from domain.errors import DomainError
from store.event_log.topics import TOPICS


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    return {
        "openapi.json": json.dumps(openapi_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "topics.md": _topics(),
        "problems.md": _problems(),
        "ladder.schema.json": json.dumps(ladder_schema(), ensure_ascii=False, indent=1) + "\n",
    }


def _topics() -> str:
    lines = ["# Topics", "", "Every kind of event, from the code that defines it.", ""]
    for topic, event in sorted(TOPICS.current.items()):
        fields = ", ".join(f"`{field.alias or name}`" for name, field in event.model_fields.items())
        lines += [f"## {topic}", "", cleandoc(event.__doc__ or ""), "", fields, ""]
    return "\n".join(lines)


def _problems() -> str:
    lines = ["# Problems", "", "Every `type` that a refusal may carry, with its title.", ""]
    found = {type_of(error): title_of(error) for base in (DomainError, Problem) for error in _below(base)}
    lines += [f"- `{kind}`: {title}" for kind, title in sorted(found.items())]
    return "\n".join(lines) + "\n"


def _below(base: type[Exception]) -> set[type[Exception]]:
    direct = set(base.__subclasses__())
    return direct.union(*(_below(item) for item in direct))


def main(folder: Path) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
