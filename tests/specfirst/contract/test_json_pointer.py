"""JSON Pointers lead where RFC 6901 says."""

import pytest

from specfirst.contract import json_pointer

# RFC 6901, section 5.
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_pointer_finds_what_the_rfc_says(pointer: str, value: object) -> None:
    assert json_pointer.find(DOCUMENT, pointer) == value
    assert json_pointer.build(json_pointer.parse(pointer)) == pointer


@pytest.mark.parametrize("pointer", ["/bar", "/foo/2", "/foo/-", "/foo/00", "/foo/-1", "/foo/bar", "/foo/0/0", "/a/b"])
def test_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        json_pointer.find(DOCUMENT, pointer)


def test_text_that_is_not_a_pointer_is_refused() -> None:
    with pytest.raises(ValueError, match="'foo' is not a JSON Pointer"):
        json_pointer.parse("foo")


def test_escaped_tokens_are_read_as_they_were() -> None:
    tokens = ("~1", "~0", "~01", "a/b", "", "é")

    assert json_pointer.parse(json_pointer.build(tokens)) == tokens


def test_join_escapes_tokens_and_takes_numbers() -> None:
    assert json_pointer.join("/paths", "/authors/{id}", "get", 0) == "/paths/~1authors~1{id}/get/0"


def test_fragment_is_percent_decoded() -> None:
    assert json_pointer.from_fragment("#/c%25d/~0") == "/c%d/~0"


def test_reference_to_another_document_is_no_fragment() -> None:
    with pytest.raises(ValueError, match="outside of the document"):
        json_pointer.from_fragment("other.yaml#/a")
