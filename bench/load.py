"""A load generator that costs little: keep-alive connections, prepared requests, one process."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of requests showed: how many a second, the median and 99th percentile in ms, how many failed."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


async def drive(
    address: str, request: Callable[[int, int], bytes | None], connections: int, seconds: float
) -> Measured:
    """Send `request(connection, number)` over so many connections for so long, or until it is None."""
    host, port = str(urlsplit(address).hostname), urlsplit(address).port
    latencies: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def one(connection: int) -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(host, port)
        number = 0
        while (started := time.perf_counter()) < end:
            content = request(connection, number)
            if content is None:
                break
            writer.write(content)
            status = await _status(reader)
            failed += not 200 <= status < 300
            latencies.append(time.perf_counter() - started)
            number += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(connection) for connection in range(connections)))
    latencies.sort()
    return Measured(
        per_second=len(latencies) / (time.perf_counter() - began),
        p50_ms=1000 * latencies[len(latencies) // 2],
        p99_ms=1000 * latencies[int(len(latencies) * 0.99)],
        failed=failed,
    )


def post(path: str, body: bytes, token: str, key: str) -> bytes:
    """Return the bytes of a command."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"If-Match: *\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
