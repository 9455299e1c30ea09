"""`tiaochu …`. Exit 0: done; 1: refused or found wrong; 2: misused."""

import sys
from typing import Final

import psycopg
import typer

from application.ports import Unavailable
from cli.commands import export as exporting
from cli.commands import import_ as importing
from cli.commands import migrate as maintaining
from cli.commands import procedures
from cli.commands import projections_rebuild as rebuilding
from cli.commands import replay as inspecting
from cli.commands import serve as serving
from cli.commands import simulate as simulating
from cli.database import NotMigratedError
from cli.language import translate
from domain.errors import DomainError
from identity.keys import KeyFileError
from store.embedded import EmbeddedServerError
from store.postgres.connections import UnsafeDatabaseError
from store.postgres.migrator import MigrationError

app: Final = typer.Typer(
    help=translate("Mediation that escalates, with its reasons and its whole history."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve", help=translate("Serve the HTTP interface and look after its processes."))(serving.serve)
app.command(
    "worker",
    help=translate("Follow the log for the read models and fire time limits, without the HTTP interface."),
)(serving.worker)
app.command("demo", help=translate("Serve a demonstration street on the embedded PostgreSQL."))(serving.demo)
app.command("token", help=translate("Issue a bearer token; it is printed alone on the last line."))(
    maintaining.token
)
app.command("migrate", help=translate("Bring the database to this version of the program."))(
    maintaining.migrate
)
app.command(
    "import", help=translate("Import units, platforms, mediators, ladders and the ledger from tables.")
)(importing.import_tables)
app.command(
    "replay", help=translate("Show a case and its history: now, at a version, or as known at a time.")
)(inspecting.replay)
app.command("simulate", help=translate("Run recorded cases under another ladder, and compare."))(
    simulating.simulate
)
app.command("doctor", help=translate("Check the machine, the database and the keys."))(inspecting.doctor)
inspecting.projections.command(
    "rebuild",
    help=translate("Fill a read model anew beside the one that serves, compare, and put it in its place."),
)(rebuilding.rebuild_model)
app.add_typer(exporting.export, name="export", help=translate("Write what is recorded as files."))
app.add_typer(
    procedures.procedures, name="procedures", help=translate("Check, list, show and compare procedures.")
)
app.add_typer(inspecting.projections, name="projections", help=translate("Look after the read models."))

_FORESEEN: Final = (EmbeddedServerError, KeyFileError, MigrationError, UnsafeDatabaseError)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except DomainError as error:
        _end(translate(error.detail.template, **dict(error.detail.arguments)))
    except NotMigratedError:
        _end(translate("The database is not at this version of the program; run: tiaochu migrate"))
    except Unavailable:
        _end(translate("The database does not answer in time."))
    except _FORESEEN as error:
        _end(str(error))
    except OSError as error:
        _end(str(error))
    except psycopg.Error:
        _end(translate("The database cannot be reached; look at TIAOCHU_DATABASE_URL."))


def _end(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(1)
