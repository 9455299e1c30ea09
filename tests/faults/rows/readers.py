"""Cases as unusual as commands accept: every reader has to show each of them, in every format (rule 26)."""

import time
from typing import Final

import httpx

from tests.faults.stage import Means, Played, on_stage
from tests.support.served import Served
from tests.support.unusual_lives import Reading, read_unusual_cases

_CASES: Final = 10_000
_TURN: Final = 100
"""Cases that are read together: as many as one list, ledger or count then holds."""
_ANSWER_SECONDS: Final = 60.0


def unusual_cases(means: Means) -> Played:
    """Bring ten thousand cases into being over HTTP, each drawn, and have every reader read them."""
    with on_stage(means, "unusual", feed=False) as stage:
        address, began = stage.processes.address(stage.apis[0]), time.monotonic()

        def tell(read: Reading) -> None:
            means.tell(f"  {read.cases} cases, {len(read.complaints)} complaints")

        with httpx.Client(base_url=address, timeout=_ANSWER_SECONDS, trust_env=False) as client:
            served = Served(address, client, None, stage.url, means.ground.home)
            read = read_unusual_cases(served, means.times(_CASES), _TURN, means.seed, tell)
        seconds = time.monotonic() - began
        beyond = {
            "commands_accepted": read.accepted,
            "commands_refused": read.refused,
            "cases_a_second": round(read.cases / seconds, 1),
        }
        return Played(read.cases, beyond, read.complaints, [], [])
