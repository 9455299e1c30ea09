"""What a procedure says, in the reader's words: tiers, seats, time limits, days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from application.i18n import Language, render, word
from domain.messages import Message, message
from domain.procedures.durations import Days, Months, TimeLimit, WorkingDays
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Titles
from domain.vocabulary import day_of

_ONE: Mapping[type[WorkingDays | Days | Months], Message] = {
    WorkingDays: message("1 working day"),
    Days: message("1 day"),
    Months: message("1 month"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a language, and those that a ladder brings along."""

    language: Language
    ladder: Ladder

    def say(self, sentence: Message) -> str:
        """Return a sentence."""
        return render(sentence, self.language)

    def word(self, name: str) -> str:
        """Return a word of the vocabulary; what nobody translated stays, without its strokes."""
        return word(name, self.language).replace("_", " ")

    def title(self, titles: Titles) -> str:
        """Return a title."""
        return titles.zh if self.language == "zh" else titles.en

    def tier(self, name: str) -> str:
        """Return what people call a tier."""
        found = next((item.title for item in self.ladder.tiers if item.name == name), None)
        return self.title(found) if found else self.word(name)

    def seat(self, name: str) -> str:
        """Return what people call a seat."""
        own = self.ladder.seats.get(name)
        return self.title(own) if own else self.word(name)

    def several(self, words: Iterable[str]) -> str:
        """Return words one after the other."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def limit(self, limit: TimeLimit) -> str:
        """Return a time limit in words."""
        (count,) = limit.model_dump().values()
        if count == 1:
            return self.say(_ONE[type(limit)])
        match limit:
            case WorkingDays():
                return self.say(message("{count} working days", count=count))
            case Days():
                return self.say(message("{count} days", count=count))
            case Months():
                return self.say(message("{count} months", count=count))

    def day(self, moment: datetime) -> str:
        """Return the day of a moment."""
        day = day_of(moment)
        return f"{day.year}年{day.month}月{day.day}日" if self.language == "zh" else day.isoformat()
