"""Mutants that are derived from the contract and change nothing that a client of this service could meet, and why."""

_CONSTANT = "the answer is the same before and after each write"
_ONE_ERROR = "at most one place of such a request can be wrong"

EQUIVALENT = {
    "get_liveness: answered from before the last write": _CONSTANT,
    "get_readiness: answered from before the last write": _CONSTANT,
    "delete_author: response 422 /body/errors items cut": _ONE_ERROR,
    "delete_author: response 422 /body/errors/0/limits/types items cut": "it has one type: `cascade` is a boolean",
}
