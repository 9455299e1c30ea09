"""The stories, played over HTTP to their end."""

from pathlib import Path

import pytest

from cli.demo.stories import FOLDER, steps_of
from tests.support.served import Served
from tests.support.stories import Player, StoryError

_HERE = Path(__file__).parent
_STORIES = sorted([*_HERE.glob("*.yaml"), *FOLDER.glob("*.yaml")], key=lambda path: path.name)


@pytest.mark.parametrize("path", _STORIES, ids=lambda path: path.stem)
def test_story_plays(path: Path, served: Served) -> None:
    steps = steps_of(path)
    player = Player(served.client, served.token)
    player.play(iter(steps))
    assert player.count == len(steps) >= 2


def test_a_story_that_does_not_hold_is_noticed(served: Served) -> None:
    steps = steps_of(FOLDER / "e4-refusal.yaml")
    wrong = [
        {**step, "expect": {"outcome": "withdrawn"}} if step.get("get") == "" else step for step in steps
    ]
    with pytest.raises(StoryError, match="outcome: refused, expected withdrawn"):
        Player(served.client, served.token).play(iter(wrong))
