"""What every error of the service has to be, whatever the request was."""

from pathlib import Path
from typing import Any

import httpx

from app.problems import CODES, KINDS
from generated.runtime.error_texts import CODES as OF_THE_GENERATOR
from specfirst.contract.model import Contract
from specfirst.contract.reading import load
from specfirst.contract.schema_validator import SchemaValidator
from tests.specfirst.codegen.vocabulary import foreign_words

DOCUMENT = load(Path(__file__).resolve().parents[1] / "openapi" / "openapi.yaml")
CONTRACT = Contract(DOCUMENT)

_SCHEMAS = SchemaValidator(CONTRACT)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem in a response with this status, checked as the contract describes it."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert not list(_SCHEMAS.errors("/components/schemas/Problem", content))
    assert content["status"] == status
    assert content["request_id"] == answer.headers["X-Request-ID"]
    kind = KINDS[content["type"].removeprefix("/problems/")]
    assert (content["type"], content["title"], status) == (kind.type, kind.title, kind.status)
    assert content.get("errors") != [], "without places there is no list of them"
    for error in content.get("errors", []):
        assert error["code"] in CODES
        assert error["code"] not in OF_THE_GENERATOR or not foreign_words(error["detail"]), error
    return content
