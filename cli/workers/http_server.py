"""The HTTP server, with a shutdown that open streams and slow readers cannot hold up."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_GRACE_SECONDS: Final = 1.0


class Server(uvicorn.Server):
    """A uvicorn server that calls `end_streams` before it shuts down.

    The framework's own shutdown event comes only after the last connection is closed, which an open stream never is.
    """

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._end_streams()
        asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._abort_slow_readers)
        await super().shutdown(sockets)

    def _abort_slow_readers(self) -> None:
        """Cut connections whose reader takes nothing: closing them in order would wait for the reader."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, HttpToolsProtocol) and connection.flow.write_paused:
                connection.transport.abort()
