"""The HTTP server, which ends what would not end by itself when it is told to stop."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_PATIENCE: Final = 1.0


class Server(uvicorn.Server):
    """Serves until told to stop; then first says so to whoever would go on for ever.

    The framework hears of it only when the last connection is closed, which an open stream never is.
    """

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._stopping()
        asyncio.get_running_loop().call_later(_PATIENCE, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        """Leave those who still do not take what was sent to them: closing in good order would wait for them."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, HttpToolsProtocol) and connection.flow.write_paused:
                connection.transport.abort()
