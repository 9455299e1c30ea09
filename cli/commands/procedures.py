"""`tiaochu procedures`: `check`, `schema`, `list`, `show`, `diff`."""

import json as jsons
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
import yaml
from rich.console import Console
from rich.table import Table

from api.http.services import Services
from application.i18n import render
from application.initial_data import shipped_ladders
from application.ladder_schema import ladder_schema
from application.ladder_validation import checked_ladder, read_ladder, unreadable
from application.structured_text.document import Unreadable
from cli.bootstrap import with_services
from cli.commands.options import Json
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from domain.errors import LadderFlawed, UnknownProcedureVersion
from domain.messages import message
from domain.procedures.differences import differences
from domain.procedures.ladder import Ladder
from domain.vocabulary import day_of
from projections.procedures.schemas import VersionItem
from projections.registry import DirectoryProjection
from projections.runtime.runner import catch_up_once

procedures = typer.Typer(no_args_is_help=True)
LARGEST_BYTES: Final = 1_000_000
"""Of a ladder's document, as over HTTP."""
_T = TypeVar("_T")
Name = Annotated[str, typer.Argument(metavar="ID", help=translate("Which procedure."))]


@procedures.command(
    "check", help=translate("Tell everything that is wrong with a ladder; exit 1 where anything is.")
)
def check(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help=translate("A ladder in JSON or YAML.")
        ),
    ],
    *,
    json: Json = False,
) -> None:
    """Check a ladder's document without a database.

    Exit 1: something is wrong with the ladder.
    """
    try:
        ladder = checked_ladder(read_ladder(_text(file)))
    except LadderFlawed as error:
        _show_flaws(file, error, json=json)
        raise typer.Exit(1) from None
    shown = {"ok": True, "id": ladder.id, "errors": []}
    print(jsons.dumps(shown) if json else translate("{file}: nothing is wrong.", file=file.name))


@procedures.command("schema", help=translate("Write the JSON Schema of a ladder."))
def schema(*, json: Json = False) -> None:  # noqa: ARG001 - it is JSON in any case
    """Print the schema."""
    print(jsons.dumps(ladder_schema(), ensure_ascii=False, indent=1))


@procedures.command("list", help=translate("List what is in force, what is proposed, and what ships."))
def list_all(*, json: Json = False) -> None:
    """List every version, and the ladders that ship and were never proposed.

    Exit 1: the read models have not caught up yet.
    """
    found = _versions()
    unproposed = [item for item in shipped_ladders() if item.id not in {version.id for version in found}]
    if json:
        versions = [_summary(item) for item in found]
        shipped = [item.id for item in shipped_ladders()]
        print(jsons.dumps({"versions": versions, "shipped": shipped}, ensure_ascii=False))
        return
    table = Table(
        translate("procedure"), translate("version"), translate("state"), translate("day"), translate("title")
    )
    for item in found:
        moment = item.published_at or item.decided_at or item.proposed_at
        day = day_of(moment).isoformat() if moment else ""
        table.add_row(item.id, str(item.version), _state(item), day, _title(item.ladder))
    for ladder in unproposed:
        table.add_row(ladder.id, "", translate("ships, not proposed"), "", _title(ladder))
    Console().print(table)


@procedures.command(
    "show", help=translate("Show a version of a procedure as YAML; one that only ships, too.")
)
def show(
    procedure: Name,
    version: Annotated[
        int | None, typer.Option(min=1, help=translate("Which version; the one in force when left out."))
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Show a version.

    Exit 1: there is no such procedure or version, or the read models have not caught up yet.
    """
    found = _versions(procedure)
    ships = next((ladder for ladder in shipped_ladders() if ladder.id == procedure), None)
    if not found and ships and version is None:
        print(jsons.dumps({"ladder": _document(ships)}, ensure_ascii=False) if json else _yaml(ships))
        return
    chosen = _chosen(found, procedure, version)
    if json:
        print(jsons.dumps({**_summary(chosen), "ladder": _document(chosen.ladder)}, ensure_ascii=False))
        return
    print(
        "#",
        translate("{procedure}, version {version}:", procedure=procedure, version=chosen.version),
        _state(chosen),
    )
    print(_yaml(chosen.ladder))


@procedures.command(
    "diff", help=translate("Tell field by field what one version says otherwise than another.")
)
def diff(
    procedure: Name,
    later: Annotated[
        int | None,
        typer.Option("--to", min=1, help=translate("Which version; the one in force when left out.")),
    ] = None,
    earlier: Annotated[
        int | None,
        typer.Option("--from", min=1, help=translate("Compared with which; the one before when left out.")),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Compare two versions.

    Exit 1: there is no such procedure or version, or the read models have not caught up yet.
    """
    found = _versions(procedure)
    last = _chosen(found, procedure, later)
    before = [item.version for item in found if item.state == "published" and item.version < last.version]
    first = _chosen(found, procedure, earlier or max(before, default=last.version))
    changes = differences(first.ladder, last.ladder)
    if json:
        shown_changes = [
            {"path": change.path, "before": change.before, "after": change.after} for change in changes
        ]
        shown = {"id": procedure, "from_version": first.version, "to_version": last.version}
        print(jsons.dumps({**shown, "changes": shown_changes}, ensure_ascii=False))
        return
    for change in changes:
        values = [jsons.dumps(value, ensure_ascii=False) for value in (change.before, change.after)]
        print(f"{change.path}: {' → '.join(values)}")
    if not changes:
        print(translate("They say the same."))


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise unreadable(Unreadable(message("a ladder may have at most {limit} bytes", limit=LARGEST_BYTES)))
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise unreadable(Unreadable(message("the file is not UTF-8"))) from None


def _show_flaws(file: Path, error: LadderFlawed, *, json: bool) -> None:
    if json:
        errors = [
            {"field": flaw.field, "line": flaw.line, "detail": render(flaw.detail, LANGUAGE)}
            for flaw in error.flaws
        ]
        print(jsons.dumps({"ok": False, "errors": errors}, ensure_ascii=False))
        return
    table = Table(translate("line"), translate("field"), translate("what is wrong"))
    for flaw in error.flaws:
        table.add_row(str(flaw.line or ""), flaw.field, render(flaw.detail, LANGUAGE))
    Console(stderr=True).print(table)
    print(f"{file.name}: {render(error.detail, LANGUAGE)}", file=sys.stderr)


def _versions(procedure: str | None = None) -> list[VersionItem]:
    """The versions of a procedure, or of all, as the log has them now."""
    return _query(lambda services: services.procedure_queries.versions(procedure))


def _query(query: Callable[[Services], Coroutine[None, None, _T]]) -> _T:
    settings = Settings()
    with database(settings) as opened:
        opened.must_be_ready()

        async def work(services: Services) -> _T:
            await catch_up_once(opened.url, (DirectoryProjection(),))
            if not await services.procedure_queries.reaches(await services.procedure_queries.end()):
                print(translate("The read models have not caught up yet; try again."), file=sys.stderr)
                raise typer.Exit(1)
            return await query(services)

        return with_services(settings, opened.url, work)


def _chosen(found: list[VersionItem], procedure: str, version: int | None) -> VersionItem:
    """The version requested, or the one in force, or else the newest; raises UnknownProcedureVersion."""
    if not found:
        raise UnknownProcedureVersion(message("there is no procedure {procedure}", procedure=procedure))
    if version is None:
        return next((item for item in found if item.in_force), found[0])
    for item in found:
        if item.version == version:
            return item
    raise UnknownProcedureVersion(
        message("the procedure {procedure} has no version {version}", procedure=procedure, version=version)
    )


def _state(item: VersionItem) -> str:
    match item.state:
        case "proposed":
            return translate("proposed")
        case "rejected":
            return translate("rejected")
        case "published":
            return translate("in force") if item.in_force else translate("published before")


def _summary(item: VersionItem) -> dict[str, object]:
    return {**item.model_dump(mode="json", exclude={"ladder"}), "title": item.ladder.title.model_dump()}


def _title(ladder: Ladder) -> str:
    return ladder.title.zh if LANGUAGE == "zh" else ladder.title.en


def _document(ladder: Ladder) -> dict[str, object]:
    return ladder.model_dump(mode="json", exclude_defaults=True)


def _yaml(ladder: Ladder) -> str:
    return str(yaml.safe_dump(_document(ladder), allow_unicode=True, sort_keys=False)).rstrip()
