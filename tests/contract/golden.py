"""The golden files: each topic ever released, as it is stored, and the shape of its payload.

`python -m tests.contract.golden` writes the files that are missing and touches none that is there: what was released
never changes. A changed payload is a new topic version with a file of its own; an optional field that is not stored
without a value (`domain.vocabulary.Added`), or a further word of a closed list, is no change.
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


def without_additions(now: JsonValue, then: JsonValue) -> JsonValue:
    """A shape without the optional fields and the words of lists that joined later: what was stored is read as it was.

    That events without a new field are also written as they were, the golden states say.
    """
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [without_additions(item, before) for item, before in zip(now, then, strict=True)]
    if not isinstance(now, dict) or not isinstance(then, dict):
        return now
    kept = {name: without_additions(value, then.get(name)) for name, value in now.items()}
    known, fields, required = then.get("properties"), kept.get("properties"), now.get("required")
    if isinstance(known, dict) and isinstance(fields, dict):
        needed = required if isinstance(required, list) else []
        kept["properties"] = {name: fields[name] for name in fields if name in known or name in needed}
    words, before = kept.get("enum"), then.get("enum")
    if isinstance(words, list) and isinstance(before, list):
        kept["enum"] = [word for word in words if word in before]
    return kept


def main() -> None:
    """Write what is missing."""
    for topic in sorted(TOPICS.current):
        path = FOLDER / f"{topic}.json"
        if not path.exists():
            path.write_text(golden(SAMPLES[topic]), encoding="utf-8")
            print("wrote", path.name)


if __name__ == "__main__":
    main()
