"""Handing values to a child and back: pickles, each after its length. Only who started the child reaches its pipes."""

import pickle
from typing import IO, Final

_LENGTH: Final = 8


def send(pipe: IO[bytes], what: object) -> None:
    """Hand over a value."""
    content = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(content).to_bytes(_LENGTH))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> object:
    """Wait for a value; None where there are no more."""
    length = int.from_bytes(pipe.read(_LENGTH))
    return pickle.loads(pipe.read(length)) if length else None  # noqa: S301 - the other end is our own
