"""What a token looks like, and the keys of tokens."""

import base64
import os
import re
from binascii import crc32

import pytest

from app.tokens import InvalidKey, Key, Keys, is_well_formed, new_key, new_token, with_checksum
from specfirst.contract.reading import load
from tests.conftest import ROOT

TOKEN = re.compile(r"blog_pat_[0-9A-Za-z]{43}")
SECRET = bytes(range(32))
SOME = with_checksum("blog_pat_" + "Ada" * 12 + "A")


def test_a_new_token_has_the_form_of_the_contract_and_220_random_bits() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(TOKEN.fullmatch(token) and is_well_formed(token) for token in tokens)
    assert 62**37 >= 2**220
    for place in range(9, 46):  # each random character takes all values
        assert len({token[place] for token in tokens}) == 62


def test_the_checksum_is_the_crc_32_of_what_stands_before_it() -> None:
    start = "blog_pat_" + "0" * 37
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    token = with_checksum(start)

    number = 0
    for character in token[46:]:
        number = number * 62 + digits.index(character)
    assert token.startswith(start)
    assert number == crc32(start.encode())


def test_a_token_with_one_wrong_character_or_two_exchanged_is_not_well_formed() -> None:
    token = new_token()
    wrong = [
        token[:place] + ("x" if token[place] != "x" else "y") + token[place + 1 :]
        for place in range(len(token))
    ]
    wrong += [
        token[:place] + token[place + 1] + token[place] + token[place + 2 :]
        for place in range(len(token) - 1)
        if token[place] != token[place + 1]
    ]

    assert [each for each in wrong if is_well_formed(each)] == []


NOT_TOKENS = {
    "nothing": "",
    "the prefix": "blog_pat_",
    "a character more": f"{SOME}0",
    "a character less": SOME[:-1],
    "a space before it": f" {SOME}",
    "a line feed after it": f"{SOME}\n",
    "upper case": SOME.upper(),
    "another prefix": SOME.replace("blog_pat_", "blog_pax_"),
    "too short": with_checksum("blog_pat_" + "0" * 36),
    "other letters": with_checksum("blog_pat_" + "é" * 37),
    "NUL": with_checksum("blog_pat_" + "\0" * 37),
    "other digits": "blog_pat_" + "٣" * 43,
    "a megabyte": "x" * 2**20,
}


@pytest.mark.parametrize("text", NOT_TOKENS.values(), ids=NOT_TOKENS)
def test_other_text_is_not_well_formed(text: str) -> None:
    assert not is_well_formed(text)


def test_the_example_of_the_contract_is_well_formed() -> None:
    schemas = load(ROOT / "openapi" / "openapi.yaml")["components"]["schemas"]

    [example] = schemas["NewToken"]["properties"]["token"]["examples"]

    assert is_well_formed(example)


@pytest.mark.parametrize(
    "text",
    [
        SECRET.hex(),
        SECRET.hex().upper(),
        base64.urlsafe_b64encode(SECRET).decode(),
        base64.urlsafe_b64encode(SECRET).decode().rstrip("="),
        f"  {SECRET.hex()} ",
    ],
)
def test_a_key_is_written_in_hexadecimal_or_base64url(text: str) -> None:
    assert Keys.parse(text).all == (Key(SECRET),)


def test_a_longer_key_is_taken_whole() -> None:
    secret = os.urandom(65)

    assert Keys.parse(secret.hex()).first.secret == secret


def test_of_two_keys_the_first_is_for_new_tokens() -> None:
    new, old = os.urandom(32), os.urandom(32)
    token = new_token()

    keys = Keys.parse(f"{new.hex()}, {old.hex()}")

    assert keys.first == Key(new)
    assert keys.digests(token) == [Key(new).digest(token), Key(old).digest(token)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "hexadecimal or base64url"),
        (",", "hexadecimal or base64url"),
        (f"{SECRET.hex()},", "hexadecimal or base64url"),
        ("0" * 62, "a key has 31 bytes and needs 32"),
        (base64.urlsafe_b64encode(SECRET[1:]).decode(), "a key has 31 bytes and needs 32"),
        ("secret", "a key has 4 bytes and needs 32"),
        ("x" * 41, "hexadecimal or base64url"),  # no length of base64
        (f"{SECRET.hex()[:-1]}ü", "hexadecimal or base64url"),
        (f"{SECRET.hex()} {SECRET.hex()}", "hexadecimal or base64url"),
        (",".join([SECRET.hex()] * 3), "one key, or two"),
    ],
)
def test_another_key_is_refused_without_being_quoted(text: str, reason: str) -> None:
    with pytest.raises(InvalidKey, match=reason) as refused:
        Keys.parse(text)

    assert not text or text not in str(refused.value)


def test_a_new_key_can_be_used() -> None:
    assert len(Keys.parse(new_key()).first.secret) == 32
    assert new_key() != new_key()


def test_the_id_of_a_key_tells_keys_apart_and_no_text_shows_the_secret() -> None:
    key = Key(SECRET)

    assert re.fullmatch("[0-9a-f]{8}", key.id)
    assert key.id != Key(SECRET[::-1]).id
    assert str(SECRET) not in repr(key)
    assert "secret" not in repr(key)


def test_the_digest_needs_the_key() -> None:
    token = new_token()

    assert Key(SECRET).digest(token) != Key(SECRET[::-1]).digest(token)
    assert len(Key(SECRET).digest(token)) == 32
