"""Mutants derived from the contract that no client of this service could notice, and why."""

_CONSTANT = "the answer is the same before and after each write"
_ONE_ERROR = "at most one place of such a request can be wrong"

_UNUSED_LIMITS = [
    *("format", "exclusive_minimum", "exclusive_maximum", "multiple_of"),
    *("min_items", "max_items", "min_properties", "max_properties"),
]

EQUIVALENT = {
    **{
        f"every operation: error /body/errors/0/limits/{name} {change}": (
            "what a request may be says this nowhere yet"
        )
        for name in _UNUSED_LIMITS
        for change in ("removed", "null", "of another type", "renamed", "another")
        if (name, change) != ("format", "another")  # the words of an error are not promised
    },
    "get_liveness: answered from before the last write": _CONSTANT,
    "get_readiness: answered from before the last write": _CONSTANT,
    **{
        f"create_article: request /body/summary {change}": "null and omitted mean the same there"
        for change in ("null as absent", "absent as null")
    },
    "delete_author: response 422 /body/errors items cut": _ONE_ERROR,
    "delete_author: response 422 /body/errors/0/limits/types items cut": (
        "it has one type: `cascade` is a boolean"
    ),
    **dict.fromkeys(
        (
            "get_token: ownership before existence",
            "revoke_token: ownership before existence",
            "revoke_token: ownership ignored",
        ),
        "403 is about scopes there: a token of another author is a 404",
    ),
}
