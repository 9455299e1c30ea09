"""`tiaochu simulate`: recorded cases under another ladder."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.http.services import Services
from application.i18n import render
from application.ladder_validation import read_ladder
from application.simulation.request import CandidateFlawed, CandidateRequest, CaseSelection
from application.simulation.result import SimulationResult
from application.simulation.runner import Report, SimulationProgress
from application.structured_text.document import Document
from cli.bootstrap import with_services
from cli.commands.options import Json, Unit, parse_name
from cli.commands.simulate_candidates import parse_candidates
from cli.commands.simulate_table import show
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from domain.errors import LadderFlawed
from domain.vocabulary import Key

_LINE_SECONDS: Final = 2.0
"""Between two lines of progress where there is no terminal."""
_KEY: Final[TypeAdapter[str]] = TypeAdapter(Key)


def _procedure(text: str) -> str:
    return parse_name(text, _KEY)


def _ladder(text: str) -> Document:
    """Read a ladder's document from a file in YAML or JSON."""
    try:
        return read_ladder(Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(translate("no ladder can be read from {file}", file=text)) from error
    except LadderFlawed as error:
        raise typer.BadParameter(render(error.flaws[0].detail, LANGUAGE)) from error


_Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help=translate("A change to the version in force, path=value; several values by commas.")
    ),
]
_Procedure = Annotated[
    str, typer.Option(parser=_procedure, help=translate("The procedure whose cases are run."))
]
_Ladder = Annotated[
    Document | None,
    typer.Option(parser=_ladder, metavar="FILE", help=translate("A whole ladder to try, from a file.")),
]
_Version = Annotated[int | None, typer.Option(min=1, help=translate("A published version to try."))]
_Base = Annotated[
    int | None,
    typer.Option(
        min=1, help=translate("A published version to compare with; what was recorded when left out.")
    ),
]
_From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=translate("The first day of filing."))
]
_To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=translate("The last day of filing."))
]
_Out = Annotated[Path | None, typer.Option(help=translate("Where to write the whole answer as JSON."))]


def simulate(
    procedure: _Procedure,
    change: _Changes = None,
    ladder: _Ladder = None,
    version: _Version = None,
    base: _Base = None,
    unit: Unit = None,
    since: _From = None,
    until: _To = None,
    out: _Out = None,
    *,
    json: Json = False,
) -> None:
    """Run recorded cases under another ladder and compare; nothing is recorded.

    Exit 1: there is no such procedure or unit, or a worker failed. A candidate that is no valid ladder exits with 2.
    """
    candidates = [*(parse_candidates(change) if change else []), *_whole_ladders(ladder, version)]
    if not candidates:
        raise typer.BadParameter(translate("say what to try: --set, --ladder or --version"))
    first, last = _day(since), _day(until)
    if first and last and last < first:
        raise typer.BadParameter(translate("the period ends before it begins"))
    answers = _simulate(CaseSelection(procedure, unit, first, last), candidates, base)
    if out:
        out.write_bytes(_joined(answers))
    if json:
        sys.stdout.buffer.write(_joined(answers) + b"\n")
        return
    views = [SimulationResult.model_validate_json(answer) for answer in answers]
    show(list(zip((item.label for item in candidates), views, strict=True)))


def _whole_ladders(ladder: Document | None, version: int | None) -> Iterator[CandidateRequest]:
    if ladder is not None:
        yield CandidateRequest(ladder=ladder, label=translate("the ladder of the file"))
    if version is not None:
        yield CandidateRequest(version=version, label=f"v{version}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _joined(answers: list[bytes]) -> bytes:
    """One answer as it is; several as a list, in the order of the candidates."""
    return answers[0] if len(answers) == 1 else b'{"simulations":[' + b",".join(answers) + b"]}"


def _simulate(scope: CaseSelection, candidates: list[CandidateRequest], base: int | None) -> list[bytes]:
    settings = Settings()

    async def work(services: Services) -> list[bytes]:
        request = await services.simulations.request(scope, candidates, base)
        with _progress() as show_progress:
            return await services.simulations.results(request, show_progress)

    with database(settings) as opened:
        opened.must_be_ready()
        try:
            return with_services(settings, opened.url, work)
        except CandidateFlawed as error:
            for flaw in error.flaws:
                print(f"{flaw.field}: {render(flaw.detail, LANGUAGE)}", file=sys.stderr)
            raise typer.Exit(2) from None


@contextmanager
def _progress() -> Iterator[Report]:
    """Yield a callback that shows progress on standard error: a bar on a terminal, a line now and then elsewhere."""
    console, began = Console(stderr=True), time.monotonic()
    if not console.is_terminal:
        yield _Lines(began)
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as shown:
        task = shown.add_task(translate("running the cases"), total=1.0)

        def show_progress(done: SimulationProgress) -> None:
            shown.update(task, completed=done.share, description=_pace(done, began))

        yield show_progress


class _Lines:
    """Prints from time to time how far the simulation is, and at the end how fast it was."""

    def __init__(self, began: float) -> None:
        self._began = self._printed = began

    def __call__(self, done: SimulationProgress) -> None:
        """Print the progress where a line is due."""
        now = time.monotonic()
        if done.share >= 1 or now - self._printed >= _LINE_SECONDS:
            self._printed = now
            share = translate("{share} % done", share=int(100 * done.share))
            print(f"{share}, {_pace(done, self._began)}", file=sys.stderr, flush=True)


def _pace(done: SimulationProgress, began: float) -> str:
    seconds = max(time.monotonic() - began, 0.001)
    return translate("{pace} events per second", pace=round(done.events / seconds))
