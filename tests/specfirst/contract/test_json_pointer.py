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


@pytest.mark.parametrize(
    "pointer", ["/bar", "/foo/2", "/foo/-", "/foo/00", "/foo/-1", "/foo/bar", "/foo/0/0", "/a/b"]
)
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


@pytest.mark.parametrize(
    ("pointer", "value", "edited"),
    [
        ("/a/0", 3, {"a": [3, 2], "b/c": {}}),
        ("/a/-", 3, {"a": [1, 2, 3], "b/c": {}}),
        ("/a/2", 3, {"a": [1, 2, 3], "b/c": {}}),
        ("/b~1c/-", 3, {"a": [1, 2], "b/c": {"-": 3}}),
        ("/d/e", None, {"a": [1, 2], "b/c": {}, "d": {"e": None}}),
        ("/a/0", json_pointer.REMOVE, {"a": [2], "b/c": {}}),
        ("/b~1c", json_pointer.REMOVE, {"a": [1, 2]}),
    ],
)
def test_edit_changes_a_copy(pointer: str, value: object, edited: object) -> None:
    document = {"a": [1, 2], "b/c": {}}

    assert json_pointer.edited(document, {pointer: value}) == edited
    assert document == {"a": [1, 2], "b/c": {}}


@pytest.mark.parametrize("pointer", ["/a/2", "/b", "/c/d"])
def test_what_is_not_there_cannot_be_removed(pointer: str) -> None:
    with pytest.raises(LookupError):
        json_pointer.edited({"a": [1, 2]}, {pointer: json_pointer.REMOVE})
