"""Which of two media types a request likes better."""


def prefers(accept: str | None, wanted: str, *, to: str) -> bool:
    """Say whether an Accept header asks for a media type by its name, and at least as much as for the other's name."""
    weights = dict(map(_weighed, (accept or "").lower().split(",")))
    return weights.get(wanted, 0.0) > 0.0 and weights[wanted] >= weights.get(to, 0.0)


def _weighed(part: str) -> tuple[str, float]:
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
