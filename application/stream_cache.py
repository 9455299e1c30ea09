"""Streams folded to states, kept by a process and brought up to date from the log at every use.

A stream that was folded before costs only the question whether it has grown. A stream of reference data costs nothing
while the log says that no reference data changed since. A state is never stale: every use rests on a reading of the log.
"""

from collections.abc import Callable, Iterable, Sequence
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


def _one_by_one(_: Iterable[Explained]) -> bool:
    """Every event can be folded onto what was folded before."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class StreamKind(Generic[_KeyT, _StateT]):
    """A kind of stream: which key names which stream, and how its events fold into a state.

    `evolve` is of one event; where `is_whole` says that some events change what those before them mean, `replay` folds
    the stream from its beginning instead. `capacity` is how many states a process keeps. `reference` says whether the log's reference position covers the
    kind (`application.ports.Loaded`): it covers all but disputes and registers.
    """

    name: str
    stream: Callable[[_KeyT], UUID]
    evolve: Callable[[_StateT | None, Explained], _StateT | None]
    events: tuple[type[Event], ...]
    capacity: int = 20_000
    reference: bool = True
    replay: Callable[[Iterable[Explained]], _StateT | None] | None = None
    is_whole: Callable[[Iterable[Explained]], bool] = _one_by_one

    def ref(self, key: _KeyT) -> "StreamRef":
        """Return a reference to the stream of a key."""
        return self, key  # type: ignore[return-value]  # of one kind or another; a cast here costs 20 calls a command


AnyStreamKind = StreamKind[object, object]
StreamRef = tuple[AnyStreamKind, object]
"""A stream, by its kind and key: cheaper to make, to compare and to look up than the stream's UUID."""


def stream_id(ref: StreamRef) -> UUID:
    """Return the id in the log of the stream that a reference names."""
    kind, key = ref
    return kind.stream(key)


def fold(kind: AnyStreamKind, state: object | None, facts: Sequence[Explained]) -> object | None:
    """Fold facts onto a state, or a whole stream where the kind folds such facts together."""
    if kind.replay is not None and kind.is_whole(facts):
        return kind.replay(facts)
    for fact in facts:
        state = kind.evolve(state, fact)
    return state


def by_event(
    evolve: Callable[[_StateT | None, _EventT], _StateT | None],
) -> Callable[[_StateT | None, Explained], _StateT | None]:
    """Make a fold of events out of one that looks at the bare fact alone."""
    return lambda state, explained: evolve(state, cast("_EventT", explained.event))


class _Entry(NamedTuple):
    """A folded stream: its version and its state.

    `verified_at` is the reference position at which the log was last asked for it; only reference data keeps it current.
    """

    version: int = 0
    state: object | None = None
    verified_at: int = NEVER_VERIFIED


_UNREAD: Final = _Entry()


class StreamCache:
    """The folded streams that one process keeps; the least recently used of a kind go first."""

    def __init__(self) -> None:
        self._entries: dict[AnyStreamKind, LRUCache[object, _Entry]] = {}

    def entry(self, ref: StreamRef) -> _Entry:
        """Return what is kept of a stream; version 0 where nothing is."""
        kind, key = ref
        kept = self._entries.get(kind)
        if kept is None:
            return _UNREAD
        try:
            return kept[key]
        except KeyError:
            return _UNREAD

    def keep(self, ref: StreamRef, entry: _Entry) -> None:
        """Keep a folded stream."""
        kind, key = ref
        kept = self._entries.get(kind)
        if kept is None:
            kept = self._entries[kind] = LRUCache(kind.capacity)
        kept[key] = entry

    def keep_decided(self, ref: StreamRef, version: int, state: object) -> None:
        """Keep the state to which a decision led, once it is recorded, so that nobody folds its facts again."""
        if self.entry(ref).version < version:
            self.keep(ref, _Entry(version, state))


class StreamStates:
    """The states of streams for one use, as the log had them when it was read.

    `outcome` is that of the command for which the log was read, where it was carried out before. `reference_position`
    is the log's, from the first reading; a use that begins with a reading of its own hands that reading's in.
    """

    def __init__(self, cache: StreamCache, reference_position: int | None = None) -> None:
        self._cache = cache
        self._entries: dict[StreamRef, _Entry] = {}
        self._read: set[StreamRef] = set()
        self.outcome: StoredOutcome | None = None
        self.reference_position = reference_position

    def get(self, kind: StreamKind[_KeyT, _StateT], key: _KeyT) -> _StateT | None:
        """Return the state of a key's stream; None where nothing is recorded there."""
        return cast("_StateT | None", self._entry(kind.ref(key)).state)

    def all(self, kind: StreamKind[_KeyT, _StateT], keys: Iterable[_KeyT]) -> dict[_KeyT, _StateT]:
        """Return the states of those keys that have one."""
        return {key: state for key in keys if (state := self.get(kind, key)) is not None}

    def version(self, ref: StreamRef) -> int:
        """Return the version up to which a stream is folded; 0 where nothing is recorded there."""
        return self._entry(ref).version

    def versions(self) -> dict[UUID, int]:
        """Return the version of every stream that was read, by its id in the log.

        Where two kinds fold one stream and one is behind, the decision rests on the lower version.
        """
        versions: dict[UUID, int] = {}
        for ref in self._read:
            stream, version = stream_id(ref), self._entries[ref].version
            versions[stream] = min(version, versions.get(stream, version))
        return versions

    async def read(
        self, log: EventLog, needed: Callable[[], Iterable[StreamRef]], command_id: UUID | None = None
    ) -> None:
        """Read the log until every needed stream is up to date; raises Unavailable.

        `needed` is asked again after a reading that brought something new, because what is needed may follow from
        it. What the process keeps already predicts it, so one reading is enough unless something changed.
        """
        refs = tuple(needed())
        while unread := self._unread(refs):
            after: dict[UUID, int] = {}
            for ref in unread:  # two kinds may fold one stream, each up to a version of its own
                version, stream = self._entries[ref].version, stream_id(ref)
                after[stream] = min(version, after.get(stream, version))
            if self._take(unread, await log.load(after, command_id)):
                refs = tuple(needed())

    def _unread(self, refs: Iterable[StreamRef]) -> list[StreamRef]:
        """Return what has to be read.

        Before the first reading, what is kept of reference data is taken for current; the reference position that the
        reading brings then shows whether it is. So at least something is read.
        """
        unread, oldest = [], self.reference_position or 0
        for ref in refs:
            verified_at = self._entry(ref).verified_at
            if ref not in self._read and (verified_at < oldest or not ref[0].reference):
                unread.append(ref)
        return unread or ([] if self._read or self.reference_position is not None else list(refs))

    def _take(self, refs: Iterable[StreamRef], loaded: Loaded) -> bool:
        """Fold what was read onto what was kept, and keep that; say whether anything was new."""
        position = NEVER_VERIFIED if loaded.references is None else loaded.references
        news = False
        for ref in refs:
            entry, events = self._entries[ref], loaded.streams.get(stream_id(ref), ())
            if events and events[0].version <= entry.version:
                events = [item for item in events if item.version > entry.version]
            if events and entry.version and ref[0].is_whole(events):
                self._entries[ref] = _UNREAD  # read once more, from the beginning
                news = True
                continue
            if events:
                news = True
                entry = _Entry(events[-1].version, fold(ref[0], entry.state, events), position)
            elif ref[0].reference and entry.verified_at != position:
                entry = _Entry(entry.version, entry.state, position)
            if entry is not self._entries[ref]:
                self._entries[ref] = entry
                self._cache.keep(ref, entry)
            self._read.add(ref)
        if self.reference_position is None:
            self.reference_position = loaded.references
        self.outcome = self.outcome or loaded.done
        return news

    def _entry(self, ref: StreamRef) -> _Entry:
        entry = self._entries.get(ref)
        if entry is None:
            entry = self._entries[ref] = self._cache.entry(ref)
        return entry


async def read_states(log: EventLog, cache: StreamCache, needed: Iterable[StreamRef]) -> StreamStates:
    """Return the states of streams as the log has them now; raises Unavailable."""
    states, refs = StreamStates(cache), tuple(needed)
    await states.read(log, lambda: refs)
    return states
