"""Looks under load, while the process that answers is killed: whatever was shown was recorded."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from os import fspath, kill
from signal import SIGKILL
from typing import Final
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.support import databases
from tests.support.forked import ForkedProcesses
from tests.support.postgres import STREET, home_of_run
from tests.support.served import Served
from tests.support.world import SUN, filing

pytestmark = [pytest.mark.database, pytest.mark.soak]
READERS: Final = 12
KILLS: Final = 6


@pytest.fixture
def processes() -> Iterator[ForkedProcesses]:
    with ForkedProcesses() as found:
        yield found


def test_whatever_was_shown_is_recorded_although_the_server_is_killed(
    processes: ForkedProcesses, postgres: None
) -> None:
    url, home = databases.create("looks_under_kills", STREET), home_of_run()
    processes.start("api", "api", url=url, home=fspath(home))
    address, shown, over = processes.address("api"), list[str](), threading.Event()
    with httpx.Client(base_url=address, timeout=15) as client:
        served = Served(address, client, None, url, home)
        case = served.post(SUN, "/v1/disputes", filing()).json()["id"]
        authorization = f"Bearer {served.token(SUN)}"

    def look() -> None:
        with httpx.Client(base_url=address, timeout=15, trust_env=False) as client:
            while not over.is_set():
                purpose = str(uuid4())
                with suppress(httpx.TransportError):
                    reply = client.get(
                        f"/v1/disputes/{case}", headers={"Authorization": authorization, "Purpose": purpose}
                    )
                    if reply.status_code == 200:
                        shown.append(purpose)

    readers = [threading.Thread(target=look) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for _ in range(KILLS):
        time.sleep(1.0)
        kill(processes.pid("api"), SIGKILL)
    time.sleep(1.0)
    over.set()
    for reader in readers:
        reader.join()
    assert len(processes.deaths("api")) == KILLS
    with psycopg.connect(url) as connection:
        recorded = {row[0] for row in connection.execute("SELECT purpose FROM reads").fetchall()}
    assert len(shown) > 200
    assert [purpose for purpose in shown if purpose not in recorded] == []
