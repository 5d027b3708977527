"""What every error of the service has to be, whatever the request was."""

from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from app.problems import KINDS
from document import read

CONTRACT = read(Path(__file__).resolve().parents[1] / "openapi" / "openapi.yaml")

_PROBLEM = jsonschema_rs.Draft202012Validator(
    {"$ref": "#/components/schemas/Problem", "components": CONTRACT["components"]}, validate_formats=True
)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem in an answer with this status, once it is as the contract describes problems."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    _PROBLEM.validate(content)
    assert content["status"] == status
    assert content["request_id"] == answer.headers["X-Request-ID"]
    kind = KINDS[content["type"].removeprefix("/problems/")]
    assert (content["type"], content["title"], status) == (kind.type, kind.title, kind.status)
    assert content.get("errors") != [], "without places there is no list of them"
    return content
