"""The golden files: each topic ever released, as it is stored, and the shape of its payload.

`python -m tests.contract.golden` writes the files that are missing and touches none that is there: what was released
never changes. A changed payload is a new topic version with a file of its own. Where a payload gains an optional field
(`domain.vocabulary.Added`), an event without it is stored as before: the state of its file stays, the shape is extended.
"""

import json
from pathlib import Path

from pydantic import JsonValue

from domain.events.envelope import Event
from store.event_log.codec import MAPPER
from store.event_log.topics import TOPICS
from tests.support.samples import EVENTS, recorded

FOLDER = Path(__file__).parents[1] / "golden"
SAMPLES = {event.TOPIC: event for event in EVENTS}


def golden(event: Event) -> str:
    """A golden file's text: the stored state, and the payload's shape."""
    state = json.loads(MAPPER.to_stored_event(recorded(event)).state)
    return json.dumps({"state": state, "shape": shape(type(event))}, ensure_ascii=False, indent=1) + "\n"


def shape(event: type[Event]) -> JsonValue:
    """What a payload may hold: its schema without titles and descriptions."""
    return _without_texts(event.model_json_schema())


def _without_texts(schema: JsonValue) -> JsonValue:
    if isinstance(schema, list):
        return [_without_texts(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for name, value in sorted(schema.items()):
        if name in {"title", "description"} and isinstance(value, str):
            continue
        kept[name] = _without_texts(value)
    return kept


def resolved(schema: JsonValue) -> JsonValue:
    """A shape with its definitions in the places that refer to them: what a definition is called says nothing."""
    definitions = schema.get("$defs", {}) if isinstance(schema, dict) else {}

    def resolve(part: JsonValue) -> JsonValue:
        if isinstance(part, list):
            return [resolve(item) for item in part]
        if not isinstance(part, dict):
            return part
        if isinstance(reference := part.get("$ref"), str):
            return resolve(definitions[reference.removeprefix("#/$defs/")])
        return {name: resolve(value) for name, value in part.items() if name != "$defs"}

    return resolve(schema)


def main() -> None:
    """Write what is missing."""
    for topic in sorted(TOPICS.current):
        path = FOLDER / f"{topic}.json"
        if not path.exists():
            path.write_text(golden(SAMPLES[topic]), encoding="utf-8")
            print("wrote", path.name)


if __name__ == "__main__":
    main()
