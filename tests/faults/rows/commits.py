"""Faults around COMMIT: the process dies after it, the connection is cut before it, during it, after it."""

import time
from typing import Final

from tests.faults.proxy import Cut, Proxy
from tests.faults.stage import Means, Played, Stage, on_stage, unlike

_CLIENTS: Final = 4
_PATIENCE: Final = 120.0


def killed_after_commit(means: Means) -> Played:
    """2: the API process dies with its replies unsent; the clients ask again and are told what was stored."""
    with on_stage(means, "fault-2", given={"die_after_commit": (1, 12)}) as stage:
        (api,) = stage.apis
        wanted = means.times(100, 4)
        load = stage.clients.load("2", goes_on=True)
        load.start(_CLIENTS)
        enough = stage.processes.wait_for_deaths((api,), wanted, _PATIENCE)
        load.stop()
        load.join()
        deaths = len(stage.processes.deaths(api))
        _without_failpoint(stage, api)
        unknown, committed = stage.clients.ask_again(load.sent)
        complaints = unlike(stage.clients.witnessed, unanswered=True)
        if not enough or not committed:
            complaints.append("no reply was lost after its commit")
        return stage.closed(deaths, {"unknown": unknown, "told_the_stored_reply": committed}, complaints)


def _without_failpoint(stage: Stage, api: str) -> None:
    stage.processes.stop(api)
    home, plants = str(stage.means.ground.home), list(stage.means.plants)
    stage.processes.start(api, "api", url=stage.url, home=home, plants=plants)


def cut_before_commit(means: Means) -> Played:
    """8: COMMIT never arrives."""
    return _cut(means, "8", ("before",))


def cut_after_commit(means: Means) -> Played:
    """9: COMMIT is carried out, or perhaps not, and its answer never arrives."""
    return _cut(means, "9", ("after", "after", "during"))


def _cut(means: Means, name: str, kinds: tuple[Cut, ...]) -> Played:
    proxies: list[Proxy] = []

    def through(url: str) -> str:
        proxies.append(Proxy(url))
        return proxies[0].__enter__().url

    try:
        with on_stage(means, f"fault-{name}", through=through) as stage:
            return _cut_often(stage, proxies[0], name, kinds)
    finally:
        for proxy in proxies:
            proxy.__exit__(None, None, None)


def _cut_often(stage: Stage, proxy: Proxy, name: str, kinds: tuple[Cut, ...]) -> Played:
    """Every other COMMIT is cut: the second attempt goes through, so that every command must be a success."""
    wanted = stage.means.times(200, 10)
    load = stage.clients.load(name, goes_on=True)
    load.start(_CLIENTS)
    give_up = time.monotonic() + _PATIENCE
    while proxy.cuts < wanted and time.monotonic() < give_up:
        proxy.cut = kinds[proxy.cuts % len(kinds)]
        time.sleep(0.005)
    load.stop()
    load.join()
    proxy.cut = None
    stage.clients.ask_again(load.sent)
    complaints = unlike(stage.clients.witnessed)
    refused = sum(item.status == 503 for item in stage.clients.witnessed)
    if refused:
        complaints.append(f"{refused} commands were turned away though their second attempt went through")
    if proxy.cuts < wanted:
        complaints.append(f"only {proxy.cuts} connections were cut")
    beyond = {"false_conflicts": stage.rejected_and_recorded(), "turned_away": refused}
    return stage.closed(proxy.cuts, beyond, complaints)
