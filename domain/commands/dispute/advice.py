"""Recording what groups and experts say."""

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import Key, LongText, Moment, ShortText


class Opinion(Command):
    """An opinion of a working group of the platform, or of an expert."""

    group: Key | None = None
    by: ShortText
    opinion: LongText
    occurred_at: Moment


class GiveOpinion(DisputeCommand, Opinion):
    """Record an opinion."""
