"""Why a command was not carried out: six kinds, and what descends from them. Every class is exported from here."""

from domain.errors.agreements import *  # noqa: F403
from domain.errors.documents import *  # noqa: F403
from domain.errors.kinds import *  # noqa: F403
from domain.errors.parties import *  # noqa: F403
from domain.errors.refusals import *  # noqa: F403
from domain.errors.requests import *  # noqa: F403
from domain.errors.retractions import *  # noqa: F403
