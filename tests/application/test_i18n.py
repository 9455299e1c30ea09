"""Nobody is spoken to in a language that they did not ask for."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from application.i18n import MEANT, Language, catalogue, preferred, render, text
from domain.errors import RestedOn
from domain.messages import Message, message
from domain.procedures.pending_explanations import acceptance_due, terms_missing
from domain.procedures.tier import Titles
from tests.support.fields import fields, requests
from tests.support.sentences import faults, places, put_together, sentences, words

HAN = re.compile(r"[\u4e00-\u9fff]")


# --- the catalogue ---------------------------------------------------------------------------------------------


def test_every_sentence_is_there_in_chinese_and_none_is_stale() -> None:
    assert faults(catalogue(), sentences(), words(), fields()) == []


def test_what_is_said_to_be_chinese_is() -> None:
    foreign = {item.id for item in catalogue() if item.id and not HAN.search(str(item.string))}
    assert foreign <= {"Python"}


def test_no_sentence_is_put_together_where_no_catalogue_can_follow() -> None:
    assert put_together() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_says_what_fills_its_places(language: Language) -> None:
    silent = []
    for sentence in sentences():
        arguments = {name: f"<{name}>" for name in places(sentence)}
        said = render(Message(sentence, arguments), language)
        if places(said) or not all(value in said for value in arguments.values()):
            silent.append((sentence, said))
    assert silent == []


# --- the words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "english", "chinese"),
    [
        (
            message("the {tier} has not accepted the case yet", tier="street"),
            "the street has not accepted the case yet",
            "街道尚未受理此案",
        ),
        (
            message("the case was closed as {outcome}", outcome="declined"),
            "the case was closed as declined",
            "此案已结案（不予受理）",
        ),
        (
            message("the role {role} may not do this", role="convener"),
            "the role convener may not do this",
            "角色“牵头人”无权办理",
        ),
        (
            message(
                "{remaining} more failed sessions at the {tier} move the case to the next tier",
                remaining=2,
                tier="community",
            ),
            "2 more failed sessions at the community move the case to the next tier",
            "在社区再有 2 次调解不成，案件即提级到上一层级",
        ),
        (
            acceptance_due("street", date(2026, 3, 5), "escalate"),
            "the street has until 2026-03-05 to accept the case; after that it goes to the next tier",
            "街道最迟应于2026-03-05受理；逾期转上一级",
        ),
        (
            acceptance_due("street", date(2026, 3, 5), "terminate"),
            "the street has until 2026-03-05 to accept the case; after that it is closed",
            "街道最迟应于2026-03-05受理；逾期结案",
        ),
        (
            terms_missing(2, date(2026, 3, 5)),
            "terms of the agreement still to be performed before the case is closed: 2, the last by 2026-03-05",
            "调解协议尚有2项未履行，最后一项最迟应于2026-03-05履行；全部履行后结案",
        ),
    ],
)
def test_words_are_translated_inside_a_sentence(sentence: Message, english: str, chinese: str) -> None:
    assert render(sentence, "en") == english
    assert render(sentence, "zh") == chinese


def test_every_word_is_chinese_inside_a_sentence() -> None:
    said = {
        word: render(message("the {tier} has not accepted the case yet", tier=word), "zh") for word in words()
    }
    assert [word for word, text in said.items() if word in text or not text.endswith("尚未受理此案")] == []
    assert len(said) > 100


def test_a_word_of_several_lists_means_what_its_list_means() -> None:
    for listed, chinese in {
        "confirmed, refused": "予以确认（confirmed）、不予确认（refused）",
        "claims, identity, title": "债权债务（claims）、身份关系（identity）、物权归属（title）",
        "performed, refused": "已履行（performed）、拒绝调解（refused）",
    }.items():
        assert render(message("must be one of: {words}", words=listed), "zh") == f"应为下列之一：{chinese}"
    lists = {", ".join(map(str, part["enum"])) for part in requests() if isinstance(part.get("enum"), list)}
    assert set(MEANT) <= lists


def test_what_rests_on_a_record_is_named_in_words() -> None:
    detail = RestedOn(6, "dispute.term_performed.v1").detail
    assert render(detail, "en") == "event 6 (term performed) rests on it; take that one back first"
    assert render(detail, "zh") == "第 6 号记录（条款履行）以它为依据；请先撤销后者"


def test_what_a_ladder_gives_a_title_is_called_by_it() -> None:
    titles = {
        "tier": {"park": Titles(zh="园区", en="Park")},
        "seats": {"elder": Titles(zh="乡贤", en="elder of the village")},
    }
    waiting = message("the {tier} has not accepted the case yet", tier="park")
    assert render(waiting, "zh", titles) == "园区尚未受理此案"
    assert render(waiting, "en", titles) == "the Park has not accepted the case yet"
    assert render(message("{seats}", seats="elder, legal_adviser"), "zh", titles) == "乡贤、法律顾问"
    assert render(message("{seats}", seats="elder, x"), "en", titles) == "elder of the village, x"
    assert render(message("{name}", name="park"), "zh", titles) == "park"
    assert (
        render(message("the {tier} has not accepted the case yet", tier="street"), "zh", titles)
        == "街道尚未受理此案"
    )


def test_what_the_catalogue_lacks_stays_as_it_is() -> None:
    """A ladder of somebody's own may have tiers that no catalogue knows."""
    assert (
        render(message("the {tier} has not accepted the case yet", tier="province"), "zh")
        == "province尚未受理此案"
    )
    assert render(message("nobody translated {this}", this="sentence"), "zh") == "nobody translated sentence"
    assert text("nobody translated this", "zh") == "nobody translated this"


def test_no_sentence_says_before_a_day_that_still_counts() -> None:
    assert not [item.id for item in catalogue() if re.search(r"应于\s*\{day\}\s*前", str(item.string))]


def test_two_and_more_who_lift_a_case_are_called_alike() -> None:
    for grounds in ("because of danger", "because it is complex"):
        two = text(f"two officials lifted the case past the {{tier}} {grounds}", "zh")
        more = text(f"{{count}} officials lifted the case past the {{tier}} {grounds}", "zh")
        assert two.replace("两名", "{count}名") == more


# --- the language asked for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("fr", "zh"),
        ("*", "zh"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US", "en"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0.3,zh;q=0.7", "zh"),
        ("zh;q=0.3, EN;q=0.7", "en"),
        ("zh ; q=0.3 , en ; q=0.7", "en"),
        ("zh;q=0", "zh"),
        ("zh;q=0,en;q=0.1", "en"),
        ("en;q=0", "zh"),
        ("zh;q=nonsense,en;q=0.1", "en"),
        (";;;,,,q=", "zh"),
        ("en;", "en"),
        ("\x00\ufffd,=;=", "zh"),
        ("q=1;en", "zh"),
    ],
)
def test_the_language_asked_for_is_found(header: str | None, language: str) -> None:
    assert preferred(header) == language


# --- the checker itself ----------------------------------------------------------------------------------------


def test_sentences_are_found_at_all() -> None:
    found = {sentence: where.rpartition(":")[0] for sentence, where in sentences().items()}
    assert len(found) > 150
    assert found["there is no such case"] in {
        "access/decision.py",
        "application/case_reader.py",
        "application/command_handler.py",
        "domain/aggregates/dispute/decide/__init__.py",
    }
    assert found["The case is closed"] == "domain/errors/refusals.py"
    assert found["Say who you are"] == "api/http/problems.py"
    assert found["a term of office lasts at most three years"] == "domain/commands/platform.py"
    assert found["durability"] == "cli/commands/doctor.py"


def test_words_are_found_at_all() -> None:
    assert {"compound", "community", "street", "escalated", "withdrawn", "no_show", "convener"} <= words()


SOURCE = '''
class Refused(errors.DomainError):
    """A refusal.

    More about it.
    """

class Deeper(Refused):
    """A deeper one."""

class Unrelated(Exception):
    """Nobody reads this."""

def speak(x):
    message("a sentence")
    raise Refused(messages.message("one of {two} " "parts", two=2))
    translate("a" if x else "b", count=1)
    Finding(name, ok=True)
    translate("not {" f"{x}" "}")
    message("added " + x)
    raise ValueError("said by a validator")
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for room in ("domain/commands", "store"):
        (tmp_path / room).mkdir(parents=True)
        (tmp_path / room / "made_up.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def test_sentences_are_found_however_they_are_said(house: Path) -> None:
    where = "domain/commands/made_up.py"
    assert sentences(house) == {
        "A refusal": f"{where}:2",
        "A deeper one": f"{where}:8",
        "a sentence": f"{where}:15",
        "one of {two} parts": f"{where}:16",
        "a": f"{where}:17",
        "b": f"{where}:17",
        "said by a validator": f"{where}:21",
    }


def test_what_is_no_validator_may_raise_what_nobody_reads(house: Path) -> None:
    (house / "domain/commands/made_up.py").unlink()
    assert "a sentence" in sentences(house)
    assert "said by a validator" not in sentences(house)


def test_sentences_that_are_put_together_are_found(house: Path) -> None:
    (house / "store/made_up.py").unlink()
    assert put_together(house) == ["domain/commands/made_up.py:19", "domain/commands/made_up.py:20"]


def test_a_sentence_that_the_catalogue_lacks_is_noticed() -> None:
    made_up = {"a sentence nobody translated": "made_up.py:7"}
    assert faults(catalogue(), sentences() | made_up, words(), fields()) == [
        "made_up.py:7: no Chinese for 'a sentence nobody translated'"
    ]


def test_a_stale_sentence_and_a_missing_word_are_noticed() -> None:
    wanted = sentences()
    del wanted["there is no such case"]
    assert faults(catalogue(), wanted, words() | {"attic"}, fields()) == [
        "a word: no Chinese for 'attic'",
        "nobody says 'there is no such case' any more",
    ]


@pytest.mark.parametrize(
    ("chinese", "fault"),
    [
        ("", "no Chinese for"),
        ("{day} 之前", "other places in the Chinese of"),
        ("之前", "other places in the Chinese of"),
        ("{until} {day} 之前", "other places in the Chinese of"),
    ],
)
def test_a_wrong_translation_is_noticed(chinese: str, fault: str) -> None:
    book = Catalog(locale="zh_CN")
    book.add("before {until}", chinese)
    assert faults(book, {"before {until}": "made_up.py:7"}, set()) == [
        f"made_up.py:7: {fault} 'before {{until}}'"
    ]


def test_a_guess_and_an_empty_word_are_noticed() -> None:
    book = Catalog(locale="zh_CN")
    book.add("a sentence", "一句话", flags=["fuzzy"])
    book.add("attic", "", context="word")
    assert faults(book, {"a sentence": "made_up.py:7"}, {"attic"}) == [
        "made_up.py:7: only a guess at the Chinese of 'a sentence'",
        "a word: no Chinese for 'attic'",
    ]


def test_what_people_named_themselves_is_not_translated() -> None:
    assert render(message("there is no unit {unit}", unit="street"), "zh").endswith("street")
