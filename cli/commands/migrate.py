"""`tiaochu migrate`."""

import json as jsons

from cli.bootstrap import put_initial_data, with_services
from cli.commands.options import Json
from cli.database import database
from cli.language import translate
from cli.settings import Settings


def migrate(*, json: Json = False) -> None:
    """Migrate the database; publish the default procedure and calendars where missing.

    Exit 1: a migration is missing or was changed after it was applied.
    """
    settings = Settings()
    with database(settings) as opened:
        applied = opened.migrate()
        years = with_services(settings, opened.url, put_initial_data)
    if json:
        print(jsons.dumps({"applied": applied, "calendar_years": [years[0], years[-1]]}))
        return
    for name in applied:
        print(translate("applied {name}", name=name))
    print(translate("The database is up to date; calendars are published until {year}.", year=years[-1]))
