"""Settings from the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[1]


class Settings(BaseSettings):
    """Environment variables `TIAOCHU_…`."""

    model_config = SettingsConfigDict(env_prefix="TIAOCHU_")

    database_url: Annotated[
        str | None, Field(description="a PostgreSQL of one's own; else the embedded one")
    ] = None
    owner_database_url: Annotated[
        str | None, Field(description="who may create tables there; the same as database_url when left out")
    ] = None
    var: Annotated[
        Path,
        AfterValidator(Path.absolute),
        Field(description="the embedded server's data and the local keys"),
    ] = PROJECT / "var"
    pool_size: Annotated[int, Field(ge=2, le=100, description="connections of one API process")] = 10
    metrics_folder: str | None = None
    """Set by the supervisor for its children."""

    @property
    def keys(self) -> Path:
        """Where the local keys are."""
        return self.var / "keys"
