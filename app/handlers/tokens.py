"""Tokens."""

from datetime import timedelta

from pydantic import MISSING

from app import audit
from app.caching import NO_STORE, PRIVATE
from app.database.db import Database
from app.database.services.tokens import TokenService
from app.handlers.links import next_page
from app.security import Principal, TokenSecurity
from app.tokens import Keys, new_token
from generated import models
from generated.routers import tokens as api
from generated.runtime.rows import from_row, from_rows


class TokensHandlers(api.TokensHandlers[Principal]):
    """The operations with the tag `tokens`."""

    def __init__(self, database: Database, *, keys: Keys, security: TokenSecurity) -> None:
        self._database = database
        self._key = keys.first
        self._security = security

    async def list_tokens(
        self, *, limit: int, cursor: str | None, sort: models.TokenSort, principal: Principal
    ) -> api.ListTokens200:
        async with self._database.statement() as db:
            page = await TokenService.list_tokens(
                db, limit=limit, cursor=cursor, sort=sort, owner=principal.author_id
            )
        body = models.TokenPage(
            items=from_rows(models.Token, page.rows), next_cursor=page.next_cursor
        )
        link = next_page("/tokens", page.next_cursor, limit=limit, sort=sort)
        return api.ListTokens200(body=body, link=link, cache_control=PRIVATE)

    async def create_token(
        self, *, body: models.TokenCreate, principal: Principal
    ) -> api.CreateToken201:
        token = new_token()
        async with self._database.transaction() as db:
            row = await TokenService.create_token(
                db,
                name=body.name,
                scopes=body.scopes,
                author_id=None if body.author_id is MISSING else body.author_id,
                lifetime=(
                    None if body.expires_in is MISSING else timedelta(seconds=body.expires_in)
                ),
                digest=self._key.digest(token),
                key_id=self._key.id,
                grantor_id=principal.token_id,
            )
        audit.token_created(row, by=principal.token_id)
        return api.CreateToken201(
            body=from_row(models.NewToken, {**row, "token": token}),
            location=f"/tokens/{row['id']}",
            cache_control=NO_STORE,
        )

    async def get_token(self, *, token_id: int, principal: Principal) -> api.GetToken200:
        async with self._database.statement() as db:
            row = await TokenService.get_token(db, token_id=token_id, owner=principal.author_id)
        return api.GetToken200(body=from_row(models.Token, row), cache_control=PRIVATE)

    async def revoke_token(self, *, token_id: int, principal: Principal) -> api.RevokeToken204:
        async with self._database.statement() as db:
            await TokenService.revoke_token(db, token_id=token_id, owner=principal.author_id)
        self._security.forget(token_id)
        audit.token_revoked(token_id, by=principal.token_id)
        return api.RevokeToken204()
