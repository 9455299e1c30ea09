"""Settings from the environment; `docs/reference/settings.md` is generated from this file."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[1]


class Settings(BaseSettings):
    """Environment variables `TIAOCHU_…`."""

    model_config = SettingsConfigDict(env_prefix="TIAOCHU_")

    database_url: Annotated[
        str | None,
        Field(
            description="a PostgreSQL 15 or newer, as a libpq URL; the embedded one when left out",
            json_schema_extra={"unit": "URL"},
        ),
    ] = None
    owner_database_url: Annotated[
        str | None,
        Field(
            description="the same database for the role that may create tables there; "
            "`TIAOCHU_DATABASE_URL` when left out",
            json_schema_extra={"unit": "URL"},
        ),
    ] = None
    var: Annotated[
        Path,
        AfterValidator(Path.absolute),
        Field(
            description="the folder of the embedded server's data and of the local keys",
            json_schema_extra={"unit": "path"},
        ),
    ] = PROJECT / "var"
    pool_size: Annotated[
        int,
        Field(
            ge=2,
            le=100,
            description="connections of each API process for queries; four more serve the log",
            json_schema_extra={"unit": "connections"},
        ),
    ] = 10
    metrics_folder: Annotated[
        str | None,
        Field(
            description="where the processes share their metrics; the supervisor sets it for its children",
            json_schema_extra={"unit": "path"},
        ),
    ] = None

    @property
    def keys(self) -> Path:
        """Where the local keys are."""
        return self.var / "keys"
