"""Mutants of conditional requests: each changes what a client of a small service meets."""

import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from specfirst.conformance.mutants import mutants_of, mutated
from specfirst.contract.model import Contract

SHOWN = {"description": "It.", "headers": {"ETag": {"schema": {"type": "string"}}}}
REFUSED = {"description": "No."}


def header(name: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "info": {"title": "A shelf", "version": "1"},
        "paths": {
            "/shelf": {
                "get": {
                    "operationId": "get_shelf",
                    "parameters": [header("If-None-Match")],
                    "responses": {"200": SHOWN, "304": SHOWN},
                },
                "put": {
                    "operationId": "replace_shelf",
                    "parameters": [header("If-Match", required=True)],
                    "responses": {"200": SHOWN, "400": REFUSED, "412": REFUSED, "428": REFUSED},
                },
            }
        },
    }
)
MUTANTS = {
    name: mutant
    for name, mutant in mutants_of(CONTRACT).items()
    if mutant.kind in ("if-match", "if-none-match", "etag")
}


class Shelf:
    """A service that keeps the contract, as far as these tests look."""

    def __init__(self) -> None:
        self.version = 1
        self.app = Starlette(
            routes=[
                Route("/shelf", self.get, methods=["GET"]),
                Route("/shelf", self.put, methods=["PUT"]),
            ]
        )

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    async def get(self, request: Request) -> Response:
        headers = {"ETag": self.etag}
        if request.headers.get("If-None-Match") in ("*", self.etag):
            return Response(status_code=304, headers=headers)
        return JSONResponse(self.version, headers=headers)

    async def put(self, request: Request) -> Response:
        given = request.headers.get("If-Match")
        if given is None:
            return Response(status_code=428)
        if given != "*" and '"' not in given:
            return Response(status_code=400)
        if given != "*" and self.etag not in [each.strip() for each in given.split(",")]:
            return Response(status_code=412)
        self.version += 1
        return JSONResponse(self.version, headers={"ETag": self.etag})


async def met(mutant: str | None) -> dict[str, Any]:
    """Return what a client meets who tries all that these mutants change."""
    app: Any = Shelf().app
    if mutant is not None:
        app = mutated(app, MUTANTS[mutant])
    found: dict[str, Any] = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:

        async def ask(method: str, **headers: str) -> httpx.Response:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, "/shelf", headers=sent)

        first = (await ask("GET")).headers["ETag"]
        found["missing"] = (await ask("PUT")).status_code
        found["malformed"] = (await ask("PUT", If_Match="x")).status_code
        found["stale"] = (await ask("PUT", If_Match='"0"')).status_code
        found["weak"] = (await ask("PUT", If_Match=f"W/{first}")).status_code
        found["second of a list"] = (await ask("PUT", If_Match=f'"0", {first}')).status_code
        changed = await ask("PUT", If_Match="*")
        got = await ask("GET")
        found["ETags"] = first != changed.headers["ETag"] == got.headers["ETag"]
        found["another"] = (await ask("GET", If_None_Match='"0"')).status_code
        same = await ask("GET", If_None_Match=got.headers["ETag"])
        found["same"] = same.status_code, same.content
    return found


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_a_mutant_changes_what_a_client_meets(mutant: str) -> None:
    assert await met(mutant) != await met(None)


async def test_without_a_mutant_the_contract_is_kept() -> None:
    assert await met(None) == {
        "missing": 428,
        "malformed": 400,
        "stale": 412,
        "weak": 412,
        "second of a list": 200,
        "ETags": True,
        "another": 200,
        "same": (304, b""),
    }


def test_there_is_a_mutant_for_each_way_to_break_a_condition() -> None:
    assert json.dumps(sorted(name.partition(": ")[2] for name in MUTANTS), indent=1) == json.dumps(
        [
            "If-Match ignored",
            "If-Match not required",
            "If-None-Match ignored",
            "a 304 to any If-None-Match",
            "a 304 with a body",
            "a constant ETag",
            "a constant ETag",
            "a malformed If-Match taken for none",
            "only the first tag read",
            "the ETag of the state before",
            "weak tags match",
        ],
        indent=1,
    )
