"""The command line speaks the language of the terminal, also where it is misused; and `replay` names cases as people do."""

import json
import re

import pytest

from tests.cli.test_main import Run, running
from tests.support.served import Served
from tests.support.world import SUN, ZHAO, acceptance, filing, session

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def tiaochu(served: Served) -> Run:
    """Runs `tiaochu …` on the served database."""
    return running(served)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("nonsense",), "没有命令 nonsense"),
        (("token",), "缺少 --sub"),
        (("replay", "x", "--as-of", "y"), "--as-of 的值无效：应为日期"),
        (("replay", "x", "--wrong"), "没有选项 --wrong"),
    ],
)
def test_a_misuse_is_said_in_the_language_of_the_terminal(
    tiaochu: Run, arguments: tuple[str, ...], word: str
) -> None:
    done = tiaochu(*arguments, LC_ALL="", LANG="zh_CN.UTF-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(word)
    assert not HAN.search(tiaochu(*arguments, LC_ALL="", LANG="en_GB.UTF-8").stderr)


def test_lang_counts_where_lc_all_names_no_language(tiaochu: Run) -> None:
    for environment in ({"LC_ALL": ""}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB"}):
        shown = tiaochu("--help", **{"LANG": "zh_CN.UTF-8", **environment}).stdout
        assert "命令" in shown
        assert "选项" in shown
    assert "Options" in tiaochu("--help", LANG="zh_CN.UTF-8", LC_ALL="en_US.UTF-8").stdout
    assert tiaochu("replay", "nothing", LANG="zh_CN.UTF-8").returncode == 1


def test_replay_takes_a_number_and_a_day_and_tells_outcomes_and_reasons(served: Served, tiaochu: Run) -> None:
    case = str(served.post(SUN, "/v1/disputes", filing()).json()["id"])
    wrong = {"outcome": "adjourned", "reason": "当日改期", "occurred_at": "2026-03-09T09:00:00+08:00"}
    at = {"occurred_at": "2026-03-11T09:00:00+08:00"}
    for actor, path, body in (
        (SUN, "acceptance", acceptance()),
        (SUN, "sessions", session()),
        (SUN, "sessions/1/correction", wrong),
        (ZHAO, "sessions/1/correction/approval", {"occurred_at": "2026-03-10T09:00:00+08:00"}),
        (SUN, "mediators", {"mediators": ["li"], "reason": "absence", **at}),
        (SUN, "events/6/retraction", {"reason": "未换人", **at}),
        (ZHAO, "events/6/retraction/approval", at),
    ):
        assert served.post(actor, f"/v1/disputes/{case}/{path}", body).status_code == 200
    position = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"][-1]["position"]
    served.get(SUN, f"/v1/disputes?min_position={position}")
    number = str(served.get(SUN, f"/v1/disputes/{case}").json()["number"])
    asked = number.replace("（", "(").replace("）", ")")
    told = tiaochu("replay", asked, LC_ALL="", LANG="zh_CN.UTF-8").stdout
    assert "第1次调解：调解不成" in told
    assert "第1次调解更正为：择期再调" in told
    assert "理由：当日改期" in told
    assert "理由：因故缺席" in told
    assert [line.split()[0] for line in told.splitlines() if line.endswith("(已撤销)")] == ["6"]
    then = json.loads(tiaochu("replay", number, "--as-of", "2026-03-02", "--json").stdout)
    assert (then["case"]["id"], then["case"]["status"], len(then["events"])) == (case, "filed", 1)
