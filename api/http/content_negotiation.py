"""Content negotiation: which of two media types an Accept header prefers."""


def prefers(accept: str | None, media_type: str, *, to: str) -> bool:
    """Say whether an Accept header names a media type, with a quality that is not below that of the other."""
    qualities = dict(map(_quality_of, (accept or "").lower().split(",")))
    return qualities.get(media_type, 0.0) > 0.0 and qualities[media_type] >= qualities.get(to, 0.0)


def _quality_of(part: str) -> tuple[str, float]:
    name, *parameters = (item.strip() for item in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            return name, _number(parameter.removeprefix("q="))
    return name, 1.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
