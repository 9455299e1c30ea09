"""`simulate`: recorded cases under another ladder."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.http.services import Services
from application.i18n import render
from application.ladder_validation import read_ladder
from application.simulation.request import CandidateFlawed, CandidateRequest, CaseSelection
from application.simulation.result import SimulationResult
from application.simulation.runner import Report
from application.simulation.runner import SimulationProgress as Done
from application.structured_text.document import Document
from cli.bootstrap import with_services
from cli.commands.simulate_candidates import wanted
from cli.commands.simulate_table import show
from cli.database import database
from cli.language import LANGUAGE, say, told
from cli.settings import Settings
from domain.errors import LadderFlawed
from domain.vocabulary import Key, UnitId

_LINE_SECONDS: Final = 2.0
"""Between two lines of progress where there is no terminal."""
_UNIT: Final[TypeAdapter[str]] = TypeAdapter(UnitId)
_KEY: Final[TypeAdapter[str]] = TypeAdapter(Key)


def _unit(text: str) -> str:
    return _name(text, _UNIT)


def _procedure(text: str) -> str:
    return _name(text, _KEY)


def _name(text: str, kind: TypeAdapter[str]) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(told("the name or the unit is not written as it should be")) from error


def _ladder(text: str) -> Document:
    """Read a ladder's document from a file in YAML or JSON."""
    try:
        return read_ladder(Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(say("no ladder can be read from {file}", file=text)) from error
    except LadderFlawed as error:
        raise typer.BadParameter(render(error.flaws[0].detail, LANGUAGE)) from error


_Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help=told("A change to the version in force, path=value; several values by commas.")
    ),
]
_Procedure = Annotated[str, typer.Option(parser=_procedure, help=told("The procedure whose cases are run."))]
_Ladder = Annotated[
    Document | None,
    typer.Option(parser=_ladder, metavar="FILE", help=told("A whole ladder to try, from a file.")),
]
_Version = Annotated[int | None, typer.Option(min=1, help=told("A published version to try."))]
_Base = Annotated[
    int | None,
    typer.Option(min=1, help=told("A published version to compare with; what was recorded when left out.")),
]
_Unit = Annotated[
    str | None, typer.Option(parser=_unit, help=told("A unit with all below it; all units when left out."))
]
_From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=told("The first day of filing."))
]
_To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=told("The last day of filing."))
]
_Out = Annotated[Path | None, typer.Option(help=told("Where to write the whole answer as JSON."))]
_Json = Annotated[bool, typer.Option("--json", help=told("Write JSON."))]


def simulate(
    procedure: _Procedure,
    change: _Changes = None,
    ladder: _Ladder = None,
    version: _Version = None,
    base: _Base = None,
    unit: _Unit = None,
    since: _From = None,
    until: _To = None,
    out: _Out = None,
    *,
    json: _Json = False,
) -> None:
    """Run recorded cases under another ladder and compare; nothing is recorded."""
    tried = [*(wanted(change) if change else []), *_others(ladder, version)]
    if not tried:
        raise typer.BadParameter(told("say what to try: --set, --ladder or --version"))
    first, last = _day(since), _day(until)
    if first and last and last < first:
        raise typer.BadParameter(told("the period ends before it begins"))
    answers = _answered(CaseSelection(procedure, unit, first, last), tried, base)
    if out:
        out.write_bytes(_as_one(answers))
    if json:
        sys.stdout.buffer.write(_as_one(answers) + b"\n")
        return
    views = [SimulationResult.model_validate_json(answer) for answer in answers]
    show(list(zip((item.label for item in tried), views, strict=True)))


def _others(ladder: Document | None, version: int | None) -> Iterator[CandidateRequest]:
    if ladder is not None:
        yield CandidateRequest(ladder=ladder, label=told("the ladder of the file"))
    if version is not None:
        yield CandidateRequest(version=version, label=f"v{version}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _as_one(answers: list[bytes]) -> bytes:
    """The answer as it is, or several of them in the order in which the ladders were told."""
    return answers[0] if len(answers) == 1 else b'{"simulations":[' + b",".join(answers) + b"]}"


def _answered(scope: CaseSelection, tried: list[CandidateRequest], base: int | None) -> list[bytes]:
    settings = Settings()

    async def work(services: Services) -> list[bytes]:
        question = await services.simulations.request(scope, tried, base)
        with _progress() as tell:
            return await services.simulations.results(question, tell)

    with database(settings) as found:
        found.must_be_ready()
        try:
            return with_services(settings, found.url, work)
        except CandidateFlawed as error:
            for flaw in error.flaws:
                print(f"{flaw.field}: {render(flaw.detail, LANGUAGE)}", file=sys.stderr)
            raise typer.Exit(2) from None


@contextmanager
def _progress() -> Iterator[Report]:
    """Yield what shows progress on standard error: a bar on a terminal, now and then a line elsewhere."""
    console, began = Console(stderr=True), time.monotonic()
    if not console.is_terminal:
        yield _Lines(began)
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as shown:
        task = shown.add_task(told("running the cases"), total=1.0)

        def tell(done: Done) -> None:
            shown.update(task, completed=done.share, description=_pace(done, began))

        yield tell


class _Lines:
    """Says from time to time how far it is, and at the end how fast it was."""

    def __init__(self, began: float) -> None:
        self._began = self._said = began

    def __call__(self, done: Done) -> None:
        """Report how far it is."""
        now = time.monotonic()
        if done.share >= 1 or now - self._said >= _LINE_SECONDS:
            self._said = now
            share = say("{share} % done", share=int(100 * done.share))
            print(f"{share}, {_pace(done, self._began)}", file=sys.stderr, flush=True)


def _pace(done: Done, began: float) -> str:
    seconds = max(time.monotonic() - began, 0.001)
    return say("{pace} events per second", pace=round(done.events / seconds))
