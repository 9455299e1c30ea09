"""What people do about records that are wrong: they take them back, move appointments, find that a case is one too many."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands.dispute import AnyDisputeCommand
from tests.stateful import asking
from tests.stateful.desk import Desk
from tests.stateful.striking import may_be_taken_back
from tests.stateful.town import BACK, CASES, DAY, WHO

SPREAD: Final = st.integers(0, 15)
"""How far back a fact lies; from the twelfth on any line of the book, and one beyond its end."""
_DECISIONS: Final = (
    *("approved", "approved", "approved", "approved", "approved by the convener"),
    *("rejected", "withdrawn", "left open"),
)


class TakingBack(Desk):
    """Asks to undo what was recorded."""

    @rule(place=CASES, back=SPREAD, two=st.tuples(WHO, WHO), ago=BACK, then=st.sampled_from(_DECISIONS))
    def a_fact_is_taken_back(
        self, place: int, back: int, two: tuple[str, str], ago: timedelta, then: str
    ) -> None:
        """Proposed by one, decided by another, who may be the same."""
        version = self._version(place, back)
        self._ask(place, asking.take_back(version), two[0], self.now)
        self._decide_on(place, version, two, self.now - ago, then)

    @rule(place=CASES, count=st.integers(2, 4), skipped=st.integers(0, 1))
    def the_last_facts_are_taken_back(self, place: int, count: int, skipped: int) -> None:
        """One after the other, the latest first."""
        for _ in range(count):
            version = self._version(place, skipped)
            self._ask(place, asking.take_back(version), "li", self.now)
            self._ask(place, asking.approve_retraction(version), "zhao", self.now)

    @rule(place=CASES, back=SPREAD, two=st.tuples(WHO, WHO), ago=BACK, then=st.sampled_from(_DECISIONS))
    def what_was_proposed_before_is_decided(
        self, place: int, back: int, two: tuple[str, str], ago: timedelta, then: str
    ) -> None:
        open_ones = self._case(place).ledger.proposals
        for subject, proposal in list(open_ones.items()):
            version = getattr(proposal, "at_version", None)
            if version is not None:
                if subject > 0:  # a correction of that session is not what is open
                    self._ask(place, asking.reject_correction(subject), two[1], self.now)
                self._decide_on(place, version, two, self.now - ago, then)
            elif then == "withdrawn":
                withdrawn = asking.withdraw_correction(subject) if subject else asking.withdraw_bypass()
                for actor in (two[0], proposal.proposed_by):
                    self._ask(place, withdrawn, actor, self.now - ago)

    @precondition(lambda self: any(item.ledger.papers for item in self.cases))
    @rule(place=CASES, back=st.integers(0, 8), ago=BACK)
    def what_was_agreed_is_taken_back(self, place: int, back: int, ago: timedelta) -> None:
        """Of a case that has an agreement, whatever became of it."""
        found = [at for at, item in enumerate(self.cases) if item.ledger.papers]
        place = found[place % len(found)]
        version = self._version(place, back)
        self._ask(place, asking.take_back(version), "sun", self.now)
        self._ask(place, asking.approve_retraction(version), "he", self.now - ago)

    @rule(
        place=CASES,
        ask=st.sampled_from([asking.call_again, asking.call_again, asking.call_off]),
        call=st.integers(1, 3),
        hours=st.integers(-60, 60),
        again=st.booleans(),
        alone=WHO,
    )
    def an_appointment_is_moved_or_called_off(
        self,
        place: int,
        ask: Callable[[int], AnyDisputeCommand],
        call: int,
        hours: int,
        alone: str,
        *,
        again: bool,
    ) -> None:
        """Called, called otherwise, and perhaps all was a mistake, which its recorder alone takes back."""
        self._ask(place, asking.call(), "sun", self.now + timedelta(hours=hours))
        calls = len(self._case(place).ledger.calls)
        self._ask(place, ask(max(1, calls - call + 1)), "sun", self._other_time(hours, call))
        if again:
            for actor in (alone, "sun"):
                self._ask(place, asking.take_back(self._version(place, 0)), actor, self.now)

    @precondition(lambda self: len(self.cases) > 1)
    @rule(
        place=CASES,
        other=st.integers(1, 4),
        ask=st.sampled_from([asking.close_in_favour, asking.close_in_favour, asking.decline_in_favour]),
        ago=BACK,
        proposed=st.booleans(),
        undone=st.booleans(),
    )
    def it_is_a_duplicate(
        self,
        place: int,
        other: int,
        ask: Callable[[UUID], AnyDisputeCommand],
        ago: timedelta,
        *,
        proposed: bool,
        undone: bool,
    ) -> None:
        """Of another case, perhaps while something is proposed; perhaps of none after all."""
        count = len(self.cases)
        original = self.cases[(place + 1 + other % (count - 1)) % count]
        if original is self._case(place):
            return
        if proposed:
            self._ask(place, asking.propose_bypass(), "sun", self.now)
            self._ask(place, asking.correct(1), "sun", self.now)
        self._ask(place, ask(original.id), "sun", self.now - ago)
        self._ask(place, asking.reopen(), "sun", self.now)
        if undone:
            version = self._version(place, 0)
            self._ask(place, asking.take_back(version), "sun", self.now)
            self._ask(place, asking.approve_retraction(version), "li", self.now)

    # --- which -----------------------------------------------------------------------------------------------

    def _decide_on(self, place: int, version: int, two: tuple[str, str], at: datetime, then: str) -> None:
        proposer, second = two
        convener = self._convener(place)
        decided = {
            "approved": (asking.approve_retraction, second, False),
            "approved by the convener": (asking.approve_retraction, convener, True),
            "rejected": (asking.reject_retraction, second, False),
            "withdrawn": (asking.withdraw_retraction, proposer, False),
        }
        if then in decided:
            ask, actor, convening = decided[then]
            self._ask(place, ask(version), actor, at, convening=convening)

    def _version(self, place: int, back: int) -> int:
        """One of the facts that people take back, the latest first; or any at all."""
        ledger = self._case(place).ledger
        last = ledger.version
        possible = [
            version
            for version in range(last, 0, -1)
            if version not in ledger.retracted and may_be_taken_back(ledger.book, version)
        ]
        if back < 12 and possible:
            return possible[back % len(possible)]
        return max(1, last + 13 - back)

    def _other_time(self, hours: int, call: int) -> datetime:
        """A time at which no session was called yet."""
        return self.now + timedelta(hours=hours, minutes=call) + len(self.cases) * DAY
