"""The public page of the procedures, over HTTP and signed out (S0 权责公开)."""

import re
from html.parser import HTMLParser

import pytest

from application.initial_data import shipped_ladder, shipped_ladders
from console.pages.procedures import sentences
from console.pages.procedures.version_changes import version_changes
from console.pages.procedures.view import procedures_page
from console.pages.procedures.wording import Wording
from console.templates import render_page
from domain.events.envelope import Actor
from domain.procedures.ladder import Ladder
from domain.vocabulary import Role
from projections.procedures.schemas import VersionItem
from tests.support.served import Served
from tests.support.world import ADMIN, NOW, verdict

HAN = re.compile(r"[\u4e00-\u9fff]")
SECOND = Actor(sub="second", role=Role.ADMIN)


class Reader(HTMLParser):
    """Reads a page as strictly as a test needs: every element is closed, texts are gathered."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def put_in_force(served: Served, changes: dict[str, object]) -> None:
    body = shipped_ladder("three-tier").model_dump(mode="json") | changes
    version = served.put(ADMIN, "/v1/procedures/three-tier", body).json()["version"]
    done = served.post(SECOND, f"/v1/procedures/three-tier/versions/{version}/approval", verdict())
    assert done.status_code == 200, done.text
    query = f"min_position={done.json()['position']}"
    assert served.client.get(f"/v1/procedures?{query}").status_code == 200


def test_the_page_shows_what_is_in_force_what_was_and_what_changed(own_town: Served) -> None:
    first = own_town.client.get("/procedures", headers={"Accept-Language": "en"})
    assert (first.status_code, first.headers["content-language"]) == (200, "en")
    assert "default-src 'self'" in first.headers["content-security-policy"]
    assert "Version 1, in force since" in first.text
    tiers = shipped_ladder("three-tier").model_dump(mode="json")["tiers"]
    tiers[1] |= {"failed_sessions": 4, "on_expiry": {"accept": "mark", "mediate": "escalate"}}
    put_in_force(own_town, {"tiers": tiers})
    own_town.put(ADMIN, "/v1/procedures/three-tier", shipped_ladder("three-tier").model_dump(mode="json"))
    later = own_town.client.get("/procedures", headers={"Accept-Language": "en"}).text
    assert re.search(r"Version 2, in force since \d{4}-\d\d-\d\d\.", later)
    assert re.search(r"Version 1, in force from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\.", later)
    assert "Version 3" not in later  # what is only proposed is not for everybody
    assert "<li>community · failed sessions: 5 → 4</li>" in later
    assert "community · when time is over: only marked → " in later
    assert "A case goes to the next tier after 4 failed sessions." in later
    chinese = own_town.client.get("/procedures")
    assert chinese.headers["content-language"] == "zh-CN"
    for sentence in (
        "调解 4 次不成，提级到上一层级。",
        "社区 · 调解不成次数：由“5”改为“4”",
        "自受理起 1 个月内调解完毕。",
    ):
        assert sentence in chinese.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_sound_and_needs_nothing_from_elsewhere(own_town: Served, language: str) -> None:
    reader = Reader(own_town.client.get("/procedures", headers={"Accept-Language": language}).text)
    tags = {tag for tag, _ in reader.seen}
    assert "script" not in tags
    assert ("meta", {"name": "viewport", "content": "width=device-width"}) in reader.seen
    assert all("style" not in about for _, about in reader.seen)
    links = {about.get("href") for tag, about in reader.seen if tag in {"a", "link"}}
    assert links == {"/style.css", "/", "/v1/procedures", "/schemas/ladder.json"}
    for link in links:
        assert own_town.client.get(str(link)).status_code == 200


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_lands_at_the_root_finds_it(own_town: Served, language: str) -> None:
    assert '<a href="/procedures">' in own_town.client.get("/", headers={"Accept-Language": language}).text


def versions(*called: str) -> list[VersionItem]:
    return [
        VersionItem(
            id=item,
            version=1,
            state="published",
            in_force=True,
            published_at=NOW,
            ladder=shipped_ladder(item),
        )
        for item in called
    ]


def test_every_ladder_that_ships_reads_well_in_both_languages() -> None:
    found = versions(*(ladder.id for ladder in shipped_ladders()))
    chinese, english = (render_page(procedures_page(found, language)) for language in ("zh", "en"))
    Reader(english)
    said = "".join(Reader(chinese).text)
    foreign = set(re.findall(r"[a-z_]{3,}", said)) - {"chema"}
    assert foreign == set()
    assert "_" not in "".join(Reader(english).text)
    for sentence in (
        "区块治理员、区块协理员、区块监督员",
        "不按调解不成的次数提级。",
        "至少须有 3 个席位到场，否则不予记录。",
        "调解期满未成的，调解终止，可另循其他途径。",
        "结案后 7 日、30 日内回访当事人。",
        "邻里、简易纠纷的起始层级：院落",
        "涉及 10 人以上即提出越级提级。",
    ):
        assert sentence in said


@pytest.mark.parametrize("earlier", shipped_ladders(), ids=lambda item: item.id)
@pytest.mark.parametrize("later", shipped_ladders(), ids=lambda item: item.id)
def test_every_change_reads_well_in_both_languages(earlier: Ladder, later: Ladder) -> None:
    before = earlier.model_copy(update={"id": later.id})
    said = list(version_changes(Wording("zh", later), before))
    assert bool(said) == (before != later)
    titles = {
        item.en
        for item in (
            earlier.title,
            later.title,
            *(
                seat
                for ladder in (earlier, later)
                for seat in (*ladder.seats.values(), *(tier.title for tier in ladder.tiers if tier.title))
            ),
        )
    }
    assert [item for item in said if re.search(r"[a-z_]{3,}", re.sub("|".join(titles), "", item))] == []
    english = list(version_changes(Wording("en", later), before))
    assert [item for item in english if "_" in item or ("in Chinese" not in item and HAN.search(item))] == []


def test_the_number_of_seats_that_must_be_taken_is_the_quorum() -> None:
    (found,) = versions("three-tier")
    tiers = tuple(
        tier.model_copy(update={"panel": ("legal_adviser", "community_police"), "quorum": 1})
        for tier in found.ladder.tiers
    )
    wording = Wording("en", found.ladder.model_copy(update={"tiers": tiers}))
    assert "At least 1 of these seats should be taken." in sentences.tier(wording, tiers[0])
    without = tiers[0].model_copy(update={"quorum": None, "missing_seats": "refuse"})
    expected = "At least 2 of these seats must be taken, or the session is not recorded."
    assert expected in sentences.tier(wording, without)


def test_what_people_wrote_is_escaped() -> None:
    (found,) = versions("block-triage")
    title = found.ladder.title.model_copy(update={"en": "<script>alert('x')</script>"})
    seats = dict.fromkeys(found.ladder.seats, title)
    spoilt = found.model_copy(
        update={"ladder": found.ladder.model_copy(update={"title": title, "seats": seats})}
    )
    shown = render_page(procedures_page([spoilt], "en"))
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 5
