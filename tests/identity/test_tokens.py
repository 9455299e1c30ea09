"""Tokens are checked in every respect, keys are kept well, and what is not allowed is denied."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access.decision import Action, may, must
from domain.errors import Forbidden
from domain.events.envelope import Actor
from domain.vocabulary import Role
from identity.keys import KeyFileError, local_keys
from identity.tokens import BadTokenError, Verifier, issue
from tests.support.world import SUN

KEY = Ed25519PrivateKey.generate()
NOW = datetime.now(UTC)
CLAIMS = {
    "sub": "sun",
    "role": "mediator",
    "unit": "dongguang.c01",
    "iss": "tiaochu",
    "aud": "tiaochu-api",
    "nbf": NOW,
    "exp": NOW + timedelta(hours=1),
}


def signed(
    claims: dict[str, object], key: Ed25519PrivateKey = KEY, typ: str = "at+jwt", **headers: str
) -> str:
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": typ} | headers)


def test_a_good_token_says_who_its_bearer_is() -> None:
    assert Verifier(KEY).actor(issue(KEY, SUN, NOW)) == SUN
    assert Verifier(KEY).actor(signed(CLAIMS)) == SUN


@pytest.mark.parametrize(
    "change",
    [
        {"exp": NOW - timedelta(minutes=1)},
        {"nbf": NOW + timedelta(days=1)},
        {"iss": "somebody"},
        {"aud": "another-api"},
        {"role": "king"},
        {"sub": "s u n"},
        {"unit": "No Unit"},
        {"exp": None},
        {"nbf": None},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"role": None},
    ],
    ids=",".join,
)
def test_a_token_with_one_claim_wrong_or_missing_is_refused(change: dict[str, object]) -> None:
    claims = {name: value for name, value in (CLAIMS | change).items() if value is not None}
    with pytest.raises(BadTokenError):
        Verifier(KEY).actor(signed(claims))


def test_another_key_another_type_and_no_signature_are_refused() -> None:
    other = Ed25519PrivateKey.generate()
    header_tricks = signed(CLAIMS, other, jku="https://example.invalid/keys", kid="x")
    unsigned = jwt.encode(CLAIMS, None, algorithm="none", headers={"typ": "at+jwt"})
    shared = jwt.encode(CLAIMS, "s" * 32, algorithm="HS256", headers={"typ": "at+jwt"})
    for token in (
        signed(CLAIMS, other),
        header_tricks,
        unsigned,
        shared,
        signed(CLAIMS, typ="JWT"),
        "",
        "a.b.c",
    ):
        with pytest.raises(BadTokenError):
            Verifier(KEY).actor(token)


def test_a_token_is_not_issued_for_somebody_who_cannot_be() -> None:
    with pytest.raises(ValueError, match="sub"):
        issue(KEY, Actor(sub="s u n", role=Role.MEDIATOR), NOW)


def test_keys_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, again = local_keys(tmp_path / "keys"), local_keys(tmp_path / "keys")
    assert first.requests == again.requests
    assert Verifier(again.tokens).actor(issue(first.tokens, SUN, NOW)) == SUN
    for file in (tmp_path / "keys").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    (tmp_path / "keys/requests.key").chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        local_keys(tmp_path / "keys")


LOOKS = {"read_reference", "read_figures", "read_ledger", "read_procedures", "read_proposals"}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.MEDIATOR, {"file", "act", "decide", "read_case", "list_cases", "see_people", *LOOKS}),
        (Role.CLERK, {"file", "act", "read_case", "list_cases", "see_people", *LOOKS}),
        (
            Role.CONVENER,
            {
                "file",
                "act",
                "decide",
                "read_case",
                "list_cases",
                "see_people",
                "read_reads",
                "simulate",
                *LOOKS,
            },
        ),
        (
            Role.AUDITOR,
            {"read_case", "list_cases", "read_feed", "read_reads", "see_people", "simulate", *LOOKS},
        ),
        (Role.ANALYST, {"read_feed", "simulate", *LOOKS}),
        (
            Role.ADMIN,
            {
                "read_reference",
                "read_procedures",
                "read_proposals",
                "describe_reference",
                "decide_procedures",
                "import",
                "migrate",
                "simulate",
            },
        ),
        (Role.SYSTEM, {action.value for action in Action}),
    ],
)
def test_a_role_may_do_what_it_may_and_nothing_else(role: Role, allowed: set[str]) -> None:
    assert {action.value for action in Action if may(Actor(sub="x", role=role), action)} == allowed


def test_whoever_does_not_sign_in_sees_what_is_in_force_and_nothing_else() -> None:
    assert {action.value for action in Action if may(None, action)} == {"read_procedures"}
    must(None, Action.READ_PROCEDURES)
    with pytest.raises(Forbidden, match="sign in"):
        must(None, Action.READ_PROPOSALS)
