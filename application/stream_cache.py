"""Streams folded to states, kept by a process and brought up to date from the log at every use.

A stream that was folded before costs only the question whether it has grown. A stream of reference data costs nothing
while the log says that no reference data changed since. A state is never stale: every use rests on a reading of the log.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from cachetools import LRUCache

from application.ports import EventLog, Loaded, StoredOutcome
from domain.events.envelope import Event, Fact, Recorded

_KeyT = TypeVar("_KeyT")
_StateT = TypeVar("_StateT")
_EventT = TypeVar("_EventT", bound=Event)
Explained = Recorded[Event] | Fact
"""An event with the rule that caused it, recorded or about to be."""
NEVER_VERIFIED: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class StreamKind(Generic[_KeyT, _StateT]):
    """A kind of stream: which key names which stream, and how its events fold into a state.

    `capacity` is how many states a process keeps. `reference` says whether the log's reference position covers the
    kind (`application.ports.Loaded`): it covers all but disputes and registers.
    """

    name: str
    stream: Callable[[_KeyT], UUID]
    evolve: Callable[[_StateT | None, Explained], _StateT | None]
    events: tuple[type[Event], ...]
    capacity: int = 20_000
    reference: bool = True

    @property
    def erased(self) -> "AnyStreamKind":
        """The kind itself, where the types of its keys and states do not matter."""
        return cast("AnyStreamKind", self)

    def ref(self, key: _KeyT) -> "StreamRef":
        """Return a reference to the stream of a key."""
        return StreamRef(self.erased, self.stream(key))


AnyStreamKind = StreamKind[object, object]


class StreamRef(NamedTuple):
    """A stream, and of which kind it is."""

    kind: AnyStreamKind
    stream: UUID

    def fold(self, state: object | None, facts: Iterable[Explained]) -> object | None:
        """Fold facts onto a state."""
        for fact in facts:
            state = self.kind.evolve(state, fact)
        return state


def by_event(
    evolve: Callable[[_StateT | None, _EventT], _StateT | None],
) -> Callable[[_StateT | None, Explained], _StateT | None]:
    """Make a fold of events out of one that looks at the bare fact alone."""
    return lambda state, explained: evolve(state, cast("_EventT", explained.event))


class _Entry(NamedTuple):
    """A folded stream: its version, its state, and the reference position at which the log was last asked for it."""

    version: int = 0
    state: object | None = None
    verified_at: int = NEVER_VERIFIED


_UNREAD: Final = _Entry()


class StreamCache:
    """The folded streams that one process keeps; the least recently used of a kind go first."""

    def __init__(self) -> None:
        self._entries: dict[AnyStreamKind, LRUCache[UUID, _Entry]] = {}

    def entry(self, ref: StreamRef) -> _Entry:
        """Return what is kept of a stream; version 0 where nothing is."""
        kept = self._entries.get(ref.kind)
        return _UNREAD if kept is None else kept.get(ref.stream, _UNREAD)

    def keep(self, ref: StreamRef, entry: _Entry) -> None:
        """Keep a folded stream."""
        kept = self._entries.get(ref.kind)
        if kept is None:
            kept = self._entries[ref.kind] = LRUCache(ref.kind.capacity)
        kept[ref.stream] = entry


class StreamStates:
    """The states of streams for one use, as the log had them when it was read.

    `outcome` is that of the command for which was read, where it was carried out before. `reference_position` is the
    log's, from the first reading; a use that begins with another reading of its own hands that reading's in.
    """

    def __init__(self, cache: StreamCache, reference_position: int | None = None) -> None:
        self._cache = cache
        self._entries: dict[UUID, _Entry] = {}
        self._read: set[UUID] = set()
        self.outcome: StoredOutcome | None = None
        self.reference_position = reference_position

    def get(self, kind: StreamKind[_KeyT, _StateT], key: _KeyT) -> _StateT | None:
        """Return the state of a key's stream; None where nothing is recorded there."""
        return cast("_StateT | None", self._entry(kind.ref(key)).state)

    def all(self, kind: StreamKind[_KeyT, _StateT], keys: Iterable[_KeyT]) -> dict[_KeyT, _StateT]:
        """Return the states of those keys that have one."""
        return {key: state for key in keys if (state := self.get(kind, key)) is not None}

    def state(self, ref: StreamRef) -> object | None:
        """Return the state of a stream."""
        return self._entry(ref).state

    def version(self, ref: StreamRef) -> int:
        """Return the version up to which a stream is folded; 0 where nothing is recorded there."""
        return self._entry(ref).version

    def versions(self, streams: Iterable[UUID]) -> dict[UUID, int]:
        """Return the versions of streams; 0 for one that was not read."""
        return {stream: self._entries.get(stream, _UNREAD).version for stream in streams}

    async def read(
        self, log: EventLog, needed: Callable[[], Iterable[StreamRef]], command_id: UUID | None = None
    ) -> None:
        """Read the log until every needed stream is up to date; raises Unavailable.

        `needed` is asked again after each reading, because what is needed may follow from what was read. What the
        process keeps already predicts it, so one reading is enough unless something changed.
        """
        while unread := self._unread(needed()):
            after = {ref.stream: self._entry(ref).version for ref in unread}
            loaded = await log.load(after, command_id if self.outcome is None else None)
            self._take(unread, loaded)

    def _unread(self, needed: Iterable[StreamRef]) -> list[StreamRef]:
        """Return what has to be read; before anything was read, at least something."""
        refs = list(dict.fromkeys(needed))
        unread = [ref for ref in refs if not self._is_up_to_date(ref)]
        return refs if not unread and self.reference_position is None else unread

    def _is_up_to_date(self, ref: StreamRef) -> bool:
        """Say whether a stream need not be read (again). Before the first reading, what is kept is taken for current;
        the reference position that the reading brings then shows whether it is.
        """
        if ref.stream in self._read:
            return True
        verified_at = self._entry(ref).verified_at
        return (
            ref.kind.reference
            and verified_at != NEVER_VERIFIED
            and verified_at >= (self.reference_position or 0)
        )

    def _take(self, refs: Iterable[StreamRef], loaded: Loaded) -> None:
        """Fold what was read onto what was kept, and keep that."""
        position = NEVER_VERIFIED if loaded.references is None else loaded.references
        for ref in refs:
            entry = self._entry(ref)
            events = loaded.streams.get(ref.stream, ())
            version = events[-1].version if events else entry.version
            folded = _Entry(version, ref.fold(entry.state, events), position)
            self._entries[ref.stream] = folded
            self._read.add(ref.stream)
            self._cache.keep(ref, folded)
        if self.reference_position is None:
            self.reference_position = loaded.references
        self.outcome = self.outcome or loaded.done

    def _entry(self, ref: StreamRef) -> _Entry:
        entry = self._entries.get(ref.stream)
        if entry is None:
            entry = self._entries[ref.stream] = self._cache.entry(ref)
        return entry


async def read_states(log: EventLog, cache: StreamCache, needed: Iterable[StreamRef]) -> StreamStates:
    """Return the states of streams as the log has them now; raises Unavailable."""
    states, refs = StreamStates(cache), tuple(needed)
    await states.read(log, lambda: refs)
    return states


def merged(*requests: Mapping[UUID, int]) -> dict[UUID, int]:
    """Merge requests for streams, so that one reading serves them all."""
    return {stream: version for request in requests for stream, version in request.items()}
