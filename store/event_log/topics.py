"""The registry of topics: the event class of each topic, and the upcasters from older versions."""

from collections.abc import Iterable, Mapping
from typing import Final

from application.deciders import EVENTS
from domain.events.envelope import Event
from store.event_log.upcast import UPCASTERS, Payload, Upcaster


class UnknownTopicError(LookupError):
    """The log holds a topic that this version of the program does not know."""


class Topics:
    """The topics of a program: every event class by its topic, and the upcasters between versions."""

    def __init__(
        self, events: Iterable[type[Event]], upcasters: Mapping[str, tuple[str, Upcaster]] | None = None
    ) -> None:
        """Register the newest classes; `upcasters` maps an old topic to the topic it becomes, and how."""
        self._classes: dict[str, type[Event]] = {}
        for event in events:
            if event.TOPIC in self._classes:
                raise ValueError(f"two events claim the topic {event.TOPIC}")
            self._classes[event.TOPIC] = event
        self._upcasters = dict(upcasters or {})

    @property
    def current(self) -> Mapping[str, type[Event]]:
        """The newest topics with their classes."""
        return self._classes

    @property
    def released(self) -> frozenset[str]:
        """Every topic that can be read: the newest and all older ones."""
        return frozenset(self._classes) | frozenset(self._upcasters)

    def newest(self, topic: str) -> str:
        """Return the newest version of a topic; an unknown topic is returned unchanged."""
        while topic in self._upcasters:
            topic, _ = self._upcasters[topic]
        return topic

    def event(self, topic: str, payload: Payload) -> Event:
        """Build the event, upcast to its newest version and validated; raises UnknownTopicError, ValueError."""
        while topic in self._upcasters:
            topic, upcast = self._upcasters[topic]
            payload = upcast(payload)
        try:
            event = self._classes[topic]
        except KeyError:
            raise UnknownTopicError(f"unknown topic {topic}") from None
        return event.model_validate(payload)


TOPICS: Final = Topics(EVENTS, UPCASTERS)
