"""The local keys, kept as files that only their owner can read; made on first use, never overwritten."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_PRIVATE: Final = 0o600


class KeyFileError(RuntimeError):
    """A key file cannot be used."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs tokens, and the secret under which requests are fingerprinted."""

    tokens: Ed25519PrivateKey
    requests: bytes


def local_keys(folder: Path) -> Keys:
    """Read the keys of a folder, making those that are missing; raises KeyFileError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = _read_or_make(folder / "tokens.pem", _new_pem)
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{folder / 'tokens.pem'} does not hold an Ed25519 key")
    return Keys(key, _read_or_make(folder / "requests.key", lambda: secrets.token_bytes(32)))


def _new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    with suppress(FileExistsError):
        _write_whole(path, make())
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} can be read by others; run: chmod 600 {path}")
    return path.read_bytes()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears complete or not at all, and only if there is none; raises FileExistsError."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
