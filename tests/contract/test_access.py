"""Every operation does what its `security` says, for every kind of caller."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from app.tokens import Keys
from specfirst.conformance.access import Case, Owner, check
from specfirst.conformance.interactions import Service
from specfirst.contract.model import Operation
from tests.conftest import EMPTY, run_sql
from tests.contract.api import create
from tests.contract.factories import article, author
from tests.contract.files import told
from tests.contract.live import LIVE
from tests.problems import CONTRACT
from tests.tokens import ADMIN, bearer, insertion, token

OTHER_KEY = Keys.parse("0" * 64)

REFUSED = {
    "garbage": "garbage",
    "bad checksum": f"{token('somebody')[:-1]}-",
    "unknown": token("nobody"),
    "expired": token("expired"),
    "revoked": token("revoked"),
    "made with another key": token("of another key"),
}


class Blog:
    """What the contract does not say: which tokens are refused, and what belongs to whom."""

    refused = tuple(REFUSED)

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def case(self, service: Service, operation: Operation) -> Case:
        """Store two authors, and what the operation is about for the first one."""
        mine, other = (create(self._client, "/authors", author())["id"] for _ in range(2))
        owner = Owner(id=mine, another=other)
        request = service.request(operation)
        match operation.id:
            case "create_author":
                return Case(request=request, owner=Owner(id=None, another=other))
            case "create_article" | "create_token":
                body = request.body | {"author_id": mine}
                body |= {"scopes": []} if operation.id == "create_token" else {}
                return Case(request=replace(request, body=body), owner=owner)
            case "get_author" | "update_author" | "delete_author":
                request = replace(request, path={"author_id": mine})
            case "get_article" | "update_article" | "delete_article":
                created = create(self._client, "/articles", article(author_id=mine))
                request = replace(request, path={"article_id": created["id"]})
                request = (
                    request.having("body", ("author_id",), mine) if request.media_type else request
                )
            case "get_token" | "revoke_token":
                body = {"name": "A token", "scopes": [], "author_id": mine}
                created = create(self._client, "/tokens", body)
                hidden = replace(owner, refusal=404)
                return Case(
                    request=replace(request, path={"token_id": created["id"]}), owner=hidden
                )
            case _:
                return Case(request=request)
        return Case(request=request, owner=None if operation.method == "get" else owner)

    def credentials(self, scheme: str, *, scopes: Collection[str], owner: Any) -> Mapping[str, str]:
        """Create a token."""
        body = {"name": "A caller", "scopes": sorted(scopes), "author_id": owner}
        body = {name: value for name, value in body.items() if value is not None}
        return bearer(create(self._client, "/tokens", body)["token"])

    def refused_credentials(self, scheme: str, kind: str) -> Mapping[str, str]:
        """Return the headers with a token that is refused."""
        return bearer(REFUSED[kind])


@pytest.fixture(scope="module")
def blog(service: str, postgres: EmbeddedPostgres) -> Iterator[tuple[Service, Blog]]:
    """The running service, in whose database the refused tokens are."""
    stored = [
        EMPTY,
        insertion(
            REFUSED["expired"],
            expires_at="now() - interval '1 s'",
            created_at="now() - interval '1 h'",
        ),
        insertion(REFUSED["revoked"], revoked_at="now()"),
        insertion(REFUSED["made with another key"], keys=OTHER_KEY),
    ]
    asyncio.run(run_sql(postgres.url, "; ".join(stored)))
    with httpx.Client(base_url=service, timeout=30, verify=False, headers=ADMIN) as admin:
        with httpx.Client(base_url=service, timeout=30, verify=False) as client:
            # Each case names what it has stored.
            live = dict.fromkeys(LIVE, lambda _: 0)
            yield Service(CONTRACT, client, live=live, log_in=lambda _: ADMIN), Blog(admin)


@pytest.mark.parametrize("operation", CONTRACT.by_id)
def test_operation_serves_the_callers_that_its_security_names(
    operation: str, blog: tuple[Service, Blog]
) -> None:
    found = [told(each) for each in check(*blog, CONTRACT.by_id[operation])]

    if found:
        pytest.fail("\n".join(found), pytrace=False)
