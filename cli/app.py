"""Every command, and the exit codes: 0 done; 1 refused or found wrong; 2 misused."""

import sys
from typing import Final

import psycopg
import typer

from application.ports import Unavailable
from cli.commands.demo import demo
from cli.commands.doctor import doctor
from cli.commands.export import export
from cli.commands.import_ import import_tables
from cli.commands.migrate import migrate
from cli.commands.procedures import procedures
from cli.commands.projections import projections
from cli.commands.replay import replay
from cli.commands.serve import serve
from cli.commands.simulate import simulate
from cli.commands.token import token
from cli.commands.worker import worker
from cli.database import NotMigratedError
from cli.language import translate
from cli.usage import run_app, title_help
from domain.errors import DomainError
from identity.keys import KeyFileError
from store.embedded import EmbeddedServerError
from store.postgres.connections import UnsafeDatabaseError
from store.postgres.migrator import MigrationError

title_help()
app: Final = typer.Typer(
    help=translate("Mediation that escalates, with its reasons and its whole history."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve", help=translate("Serve the HTTP interface and look after its processes."))(serve)
app.command(
    "worker",
    help=translate("Follow the log for the read models and fire time limits, without the HTTP interface."),
)(worker)
app.command("demo", help=translate("Serve a demonstration street on the embedded PostgreSQL."))(demo)
app.command("token", help=translate("Issue a bearer token; it is printed alone on the last line."))(token)
app.command("migrate", help=translate("Bring the database to this version of the program."))(migrate)
app.command(
    "import", help=translate("Import units, platforms, mediators, ladders and the ledger from tables.")
)(import_tables)
app.command(
    "replay", help=translate("Show a case and its history: now, at a version, or as known at a time.")
)(replay)
app.command("simulate", help=translate("Run recorded cases under another ladder, and compare."))(simulate)
app.command("doctor", help=translate("Check the machine, the database and the keys."))(doctor)
app.add_typer(export, name="export", help=translate("Write what is recorded as files."))
app.add_typer(procedures, name="procedures", help=translate("Check, list, show and compare procedures."))
app.add_typer(projections, name="projections", help=translate("Look after the read models."))

_EXPLAINED: Final = (EmbeddedServerError, KeyFileError, MigrationError, UnsafeDatabaseError, OSError)
"""Errors whose text is a sentence for the operator."""


def run() -> None:
    """Run the command line; print an expected error as one sentence and exit 1."""
    try:
        sys.exit(run_app(app))
    except DomainError as error:
        _fail(translate(error.detail.template, **dict(error.detail.arguments)))
    except NotMigratedError:
        _fail(translate("The database is not at this version of the program; run: tiaochu migrate"))
    except Unavailable:
        _fail(translate("The database does not answer in time."))
    except _EXPLAINED as error:
        _fail(str(error))
    except psycopg.Error:
        _fail(translate("The database cannot be reached; look at TIAOCHU_DATABASE_URL."))


def _fail(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(1)
