"""Nobody is spoken to in a language that they did not ask for."""

import pytest

from application.language import Language, catalogue, preferred, render
from domain.messages import Message, message
from tests.support.sentences import faults, places, sentences, words


def test_every_sentence_is_there_in_chinese_and_none_is_stale() -> None:
    assert faults(catalogue(), sentences(), words()) == []


def test_sentences_are_found_at_all() -> None:
    found = sentences()
    assert len(found) > 150
    assert found["there is no such case"] == "domain/aggregates/dispute/decide.py"
    assert found["The case is closed"] == "domain/errors.py"
    assert found["a term of office lasts at most three years"] == "domain/commands/reference.py"


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("a sentence nobody translated", "no Chinese"),
        ("the procedure has no tier {storey}", "no Chinese"),
    ],
)
def test_a_missing_sentence_is_noticed(sentence: str, fault: str) -> None:
    found = faults(catalogue(), sentences() | {sentence: "made_up.py"}, words())
    assert [each for each in found if each.startswith(f"made_up.py: {fault}")]


def test_a_stale_sentence_and_a_missing_word_are_noticed() -> None:
    wanted = sentences()
    del wanted["there is no such case"]
    assert faults(catalogue(), wanted, words() | {"attic"}) == [
        "no Chinese for the word 'attic'",
        "nobody says 'there is no such case' any more",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_can_be_filled(language: Language) -> None:
    for sentence in sentences():
        if "{year}" in sentence and "{n}" in sentence:
            continue
        said = render(Message(sentence, dict.fromkeys(places(sentence), "X")), language)
        assert not places(said)


def test_words_are_translated_inside_a_sentence() -> None:
    sentence = message("the {tier} has not accepted the case yet", tier="street")
    assert render(sentence, "en") == "the street has not accepted the case yet"
    assert render(sentence, "zh") == "街道尚未受理此案"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("fr", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US", "en"),
        ("en;q=0.3,zh;q=0.7", "zh"),
        ("zh;q=0.3, EN;q=0.7", "en"),
        ("zh;q=0,en;q=0.1", "en"),
        ("zh;q=nonsense,en;q=0.1", "en"),
        (";;;,,,q=", "zh"),
    ],
)
def test_the_language_asked_for_is_found(header: str | None, language: str) -> None:
    assert preferred(header) == language
