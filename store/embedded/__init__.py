"""An embedded PostgreSQL server, used where no database URL is set."""

from store.embedded.binaries import find_binaries
from store.embedded.place import EmbeddedServerError
from store.embedded.server import EmbeddedServer, RunningServer, attach

__all__ = ["EmbeddedServer", "EmbeddedServerError", "RunningServer", "attach", "find_binaries"]
