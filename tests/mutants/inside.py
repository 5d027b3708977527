"""Mutants of what only the inside of the service, the generator and their tools can get wrong.

What a client can see at one request is not here: those mutants are derived from the contract. Each
is tied to the names of functions, calls and variables (see `specfirst.conformance.mutants.edits`).
"""

from specfirst.conformance.mutants.edits import (
    Edit,
    SourceMutant,
    begins,
    call_as,
    calling,
    calling_and,
    condition,
    constant,
    keyword,
    returns,
    value_of,
    without_call,
    without_handler,
)


def _mutant(name: str, breaks: str, target: str, edit: Edit, *tests: str) -> SourceMutant:
    return SourceMutant(name=name, breaks=breaks, target=target, edit=edit, tests=tests)


DB = ("tests/database/test_db.py",)
RACES = ("tests/contract/test_races.py",)
CURSORS = (
    "tests/database/test_pagination.py",
    "tests/contract/test_cursors.py",
    "tests/contract/test_paging.py",
)
OUTAGE = ("tests/reliability/test_outages.py",)

GENERATED_SECURITY = (
    "tests/specfirst/codegen/test_security.py",
    "tests/specfirst/codegen/test_catalogue.py",
)

ACCESS = ("tests/handlers/test_access.py",)
TOKENS = ("tests/handlers/test_tokens.py",)

INSIDE = [
    # Access
    _mutant(
        "token-revoked-and-accepted",
        "A token that was revoked still opens everything.",
        "app.security:_fault",
        begins("row = {**row, 'revoked_at': None}"),
        *ACCESS,
    ),
    _mutant(
        "token-expired-and-accepted",
        "A token that has expired still opens everything.",
        "app.security:_fault",
        begins("row = {**row, 'milliseconds_left': None}"),
        *ACCESS,
    ),
    _mutant(
        "token-known-for-ever",
        "What a process knows of a token never changes, so a revocation elsewhere never holds.",
        "app.security:TokenSecurity.bearer_token",
        condition("_clock", "known is not None"),
        *ACCESS,
    ),
    _mutant(
        "token-revoked-later",
        "A revocation holds after seconds in the process that revokes.",
        "app.security:TokenSecurity.forget",
        returns("None"),
        *TOKENS,
    ),
    _mutant(
        "token-of-the-old-key-refused",
        "Exchanging the key makes all tokens invalid at once.",
        "app.tokens:Keys.digests",
        returns("[self.first.digest(token)]"),
        *ACCESS,
    ),
    _mutant(
        "token-grants-all",
        "A token makes others that may do more, or live longer, than itself.",
        "app.database.services.tokens:_excess",
        returns("None"),
        *TOKENS,
    ),
    _mutant(
        "token-in-the-log",
        "The log has a token that somebody put into a path.",
        "app.middleware:_path",
        condition("_TOKEN_START", "False"),
        "tests/test_logs.py",
    ),
    _mutant(
        "ownership-of-a-deletion-ignored",
        "A token of one author deletes the articles of others.",
        "app.database.services.articles:ArticleService.delete_article",
        value_of("_DELETE_OWN", "_DELETE"),
        *ACCESS,
    ),
    _mutant(
        "ownership-before-existence",
        "Who may not write an article learns whether it exists.",
        "app.database.services.articles:_refusal",
        returns("NotTheOwner(owner or 0)"),
        *ACCESS,
    ),
    # Slots and connections
    _mutant(
        "slots-unfair",
        "A connection goes to the last waiter.",
        "app.database.pool:Pool._release_slot",
        calling("popleft", "pop"),
        *DB,
    ),
    _mutant(
        "slot-lost-with-the-waiter",
        "Who is cancelled at the moment of being served takes a connection away for ever.",
        "app.database.pool:Pool._wait_for_slot",
        without_call("_release_slot"),
        *DB,
    ),
    _mutant(
        "slot-lost-with-the-database",
        "Each failure to connect is a connection less for ever.",
        "app.database.pool:Pool.acquire",
        without_call("_release_slot"),
        *DB,
    ),
    _mutant(
        "slot-lost-on-cancellation",
        "A cancellation while a connection opens is a connection less for ever.",
        "app.database.pool:Pool.acquire",
        value_of("BaseException", "Exception"),
        *DB,
    ),
    _mutant(
        "slot-lost-with-a-connection",
        "Each connection that breaks is one less for ever.",
        "app.database.pool:Pool.release",
        begins(
            "if pooled.driver_connection is None or pooled.driver_connection.is_closed():\n    "
            "return pooled.close()"
        ),
        *DB,
    ),
    _mutant(
        "connection-acquired-broken",
        "A connection that broke is handed to the next waiter.",
        "app.database.pool:Pool.release",
        condition("_is_usable", "connection is not None and self._waiters"),
        *DB,
    ),
    _mutant(
        "connection-acquired-closed",
        "A connection that the database has closed is acquired again.",
        "app.database.pool:Pool._is_usable",
        call_as("is_closed", "False"),
        *DB,
    ),
    _mutant(
        "connection-ageless",
        "A connection is never replaced, however old it is.",
        "app.database.pool:Pool._is_usable",
        value_of("_max_age", "float('inf')"),
        *DB,
    ),
    _mutant(
        "connection-left-in-a-transaction",
        "What is written on a connection that was left in a transaction is lost.",
        "app.database.pool:Pool.release",
        without_call("terminate"),
        *DB,
    ),
    _mutant(
        "waiting-without-end",
        "A request waits for a connection for ever.",
        "app.database.pool:Pool._wait_for_slot",
        value_of("_wait", "1e6"),
        *DB,
    ),
    _mutant(
        "timeout-of-the-pool-as-a-bug",
        "Waiting for a connection in vain is a 500.",
        "app.database.pool:_time_out",
        call_as("TimeoutError", "RuntimeError()"),
        *DB,
        *OUTAGE,
    ),
    _mutant(
        "suspects-forgotten",
        "After a machine is lost, each connection to it costs a timeout.",
        "app.database.pool:Pool.mark_all_suspect",
        returns("None"),
        *DB,
        "tests/reliability/test_failovers.py",
    ),
    # Units of work
    _mutant(
        "slot-kept-at-the-beginning",
        "A transaction that cannot begin keeps its connection for ever.",
        "app.database.db:UnitOfWorkContext.__aenter__",
        without_call("release"),
        *DB,
    ),
    _mutant(
        "begun-when-nobody-waits",
        "What is written behind a BEGIN for which nobody waited is lost.",
        "app.database.db:UnitOfWorkContext.__aenter__",
        without_call("terminate"),
        *DB,
    ),
    _mutant(
        "commit-after-the-answer",
        "What was written cannot be read at once.",
        "app.database.db:_SessionContext._commit",
        begins(
            "import asyncio\n"
            "session = self._session\n"
            "async def later():\n"
            "    await asyncio.sleep(0.05)\n"
            "    await session.commit()\n"
            "asyncio.ensure_future(later())\n"
            "await asyncio.sleep(0)\n"
            "return None"
        ),
        "tests/contract/test_deletes.py",
        *DB,
    ),
    _mutant(
        "rollback-missing",
        "A transaction that fails is committed.",
        "app.database.db:_TransactionContext._rollback",
        calling("rollback", "commit"),
        *DB,
    ),
    _mutant(
        "rollback-of-a-session-missing",
        "A session whose block fails is committed.",
        "app.database.db:_SessionContext._rollback",
        begins("await self._session.commit()"),
        *DB,
        "tests/contract/test_deletes.py",
    ),
    _mutant(
        "transaction-swallowed",
        "What a transaction writes is not stored.",
        "app.database.db:_TransactionContext._commit",
        calling("commit", "rollback"),
        *DB,
    ),
    _mutant(
        "not-atomic",
        "The first statement of a transaction stays where the second fails.",
        "app.database.db:_TransactionContext._begin",
        without_call("start"),
        *DB,
    ),
    _mutant(
        "savepoint-released",
        "What a savepoint should undo stays.",
        "app.database.db:UnitOfWork.savepoint",
        calling("rollback", "commit"),
        *DB,
    ),
    _mutant(
        "second-statement-outside",
        "A second statement runs outside of a transaction.",
        "app.database.db:UnitOfWork._check_unused",
        returns("None"),
        *DB,
    ),
    _mutant(
        "statement-for-ever",
        "A table that is locked keeps requests for ever.",
        "app.database.db:Database.__init__",
        constant("command_timeout", "server_settings_timeout"),
        *DB,
    ),
    _mutant(
        "error-of-others-as-503",
        "An error of the service itself is a 503.",
        "app.database.db:_StatementContext._is_failure",
        returns("isinstance(error, failures.ANY)"),
        "tests/database/test_failures.py",
        *DB,
    ),
    _mutant(
        "outdated-schema-untold",
        "A database without tables is reported as down, not as lacking its migration.",
        "app.database.db:Database._is_outdated",
        returns("False"),
        *DB,
        *OUTAGE,
    ),
    _mutant(
        "later-migration-unready",
        "The service is not ready when the database is ahead.",
        "app.database.db:Database.has_migrations",
        returns("self._needed_revision is None or revision == self._needed_revision"),
        *DB,
        *OUTAGE,
    ),
    _mutant(
        "log-quotes-the-driver",
        "The log quotes what people wrote, in the words of the driver.",
        "app.database.failures:reason",
        returns("str(driver_error(error))"),
        "tests/database/test_failures.py",
        "tests/test_logs.py",
    ),
    _mutant(
        "bug-as-503",
        "A mistake in a statement is a 503.",
        "app.database.failures:_UNAVAILABLE",
        constant("08", "42"),
        "tests/database/test_failures.py",
        *DB,
    ),
    _mutant(
        "rejected-value-as-a-bug",
        "A value that the database rejects is reported as a bug.",
        "app.database.failures:is_rejected_value",
        returns("False"),
        "tests/database/test_failures.py",
        *DB,
    ),
    _mutant(
        "standby-kept",
        "A connection to a server that takes no writes any more is used again.",
        "app.database.failures:invalidates_connection",
        returns("False"),
        "tests/database/test_failures.py",
        *DB,
        "tests/reliability/test_failovers.py",
    ),
    # Statements and pages
    _mutant(
        "value-not-converted",
        "Values are not converted to what the driver takes.",
        "app.database.statements:Statement.arguments",
        value_of("_to_driver", "{}"),
        "tests/database/test_statements.py",
    ),
    _mutant(
        "result-not-converted",
        "Values are not converted from what the driver gives.",
        "app.database.statements:Statement.row",
        returns("record"),
        "tests/database/test_statements.py",
    ),
    _mutant(
        "cursor-of-a-value-that-the-database-rejects",
        "A cursor with a value that the database rejects is no invalid cursor.",
        "app.database.pagination:fetch_page",
        without_handler("REJECTED_VALUE"),
        *CURSORS,
    ),
    _mutant(
        "cursor-of-another-list",
        "A cursor of one list is taken for another one.",
        "app.database.pagination:_order",
        value_of("__tablename__", "'list'"),
        *CURSORS,
    ),
    _mutant(
        "cursor-of-another-filter",
        "A cursor is taken with another filter.",
        "app.database.pagination:_CursorCodec.__init__",
        value_of("filters", "None"),
        *CURSORS,
    ),
    _mutant(
        "cursor-unchecked",
        "A damaged cursor is followed.",
        "app.database.pagination:_CursorCodec.open",
        condition("_encoded", "False"),
        *CURSORS,
    ),
    _mutant(
        "cursor-without-an-offset",
        "A cursor with a time without an offset is followed.",
        "app.database.sort_keys:_TimestampKey.parse",
        condition("tzinfo", "False"),
        *CURSORS,
    ),
    _mutant(
        "cursor-with-a-boolean",
        "A cursor with true in place of a number is followed.",
        "app.database.sort_keys:_IntegerKey.parse",
        condition("type", "False"),
        *CURSORS,
    ),
    _mutant(
        "ties-skipped",
        "Rows that are equal to the last one of a page are skipped.",
        "app.database.pagination:_is_after",
        value_of("keys", "[keys[0]]"),
        *CURSORS,
    ),
    _mutant(
        "nulls-lost",
        "Rows without a value to sort by are on no page behind the first.",
        "app.database.pagination:page_statement",
        value_of("nullable", "False"),
        *CURSORS,
    ),
    # What is written to more, or less, than was asked
    _mutant(
        "change-of-all",
        "A patch changes every author behind the one it names, too.",
        "app.database.services.authors:_update",
        call_as("where", "update(Author).where(Author.id >= bindparam('author_id'))"),
        "tests/handlers",
        "tests/database/services",
        "tests/contract/test_merge_patch.py",
    ),
    _mutant(
        "deletion-of-more",
        "Deleting an article deletes the later ones, too.",
        "app.database.services.articles:_DELETE",
        call_as("where", "delete(Article).where(Article.id >= bindparam('article_id'))"),
        "tests/handlers",
        "tests/contract/test_deletes.py",
    ),
    _mutant(
        "change-without-a-time",
        "`updated_at` does not move with a change.",
        "app.database.services.articles:_update",
        call_as("next_updated_at", "Article.updated_at"),
        "tests/handlers",
        "tests/contract/test_merge_patch.py",
    ),
    _mutant(
        "time-without-a-change",
        "An empty patch moves `updated_at`.",
        "app.database.services.authors:AuthorService.update_author",
        condition("changes", "False"),
        "tests/handlers",
        "tests/contract/test_merge_patch.py",
    ),
    _mutant(
        "filter-on-the-first-page-only",
        "Further pages forget the filter.",
        "app.database.pagination:page_statement",
        value_of("filters", "(() if after != 'nothing' else filters)"),
        *CURSORS,
    ),
    _mutant(
        "request-id-constant",
        "Every request has the same id.",
        "app.middleware:RequestMiddleware._begin",
        call_as("next", "'6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11'"),
        "tests/test_middleware.py",
        "tests/test_logs.py",
    ),
    # Races between clients
    _mutant(
        "author-not-locked-by-cascade",
        "A new article may keep an author from going with `cascade`.",
        "app.database.services.authors:AuthorService.delete_author",
        keyword("with_for_update", None),
        *RACES,
        "tests/database/services",
    ),
    _mutant(
        "author-not-locked-by-a-move",
        "Moving an article to an author who is going fails.",
        "app.database.services.articles:_LOCK_AUTHOR",
        call_as("with_for_update", "select(Author.id).where(Author.id == bindparam('author_id'))"),
        *RACES,
        "tests/database/services",
    ),
    _mutant(
        "cascade-in-two-transactions",
        "A `cascade` that fails half-way has deleted the articles.",
        "app.database.services.authors:AuthorService.delete_author",
        calling_and("execute", "await session.commit()"),
        "tests/database/services",
        "tests/contract/test_deletes.py",
        *RACES,
    ),
    _mutant(
        "update-lost",
        "Of two patches at once one is lost.",
        "app.database.services.articles:ArticleService.update_article",
        begins(
            "import asyncio\n"
            "known = await ArticleService.get_article(db, article_id=article_id)\n"
            "await asyncio.sleep(0.02)\n"
            "if changes:\n"
            "    changes = {name: known[name] for name in ('title', 'summary', 'content')} | "
            "dict(changes)"
        ),
        *RACES,
        "tests/database/services",
    ),
    _mutant(
        "clock-followed-back",
        "`updated_at` goes back with the clock.",
        "app.database.models:next_updated_at",
        call_as("greatest", "now"),
        "tests/contract/test_merge_patch.py",
        "tests/database/services",
    ),
    _mutant(
        "id-given-again",
        "The id of a deleted author is given again.",
        "app.database.services.authors:AuthorService.delete_author",
        calling_and(
            "delete",
            "from sqlalchemy import text\n"
            "await session.flush()\n"
            "again = \"SELECT setval('authors_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM "
            'authors), false)"\n'
            "await session.execute(text(again))",
        ),
        "tests/contract/test_deletes.py",
        "tests/contract/test_state_machine.py",
    ),
    # Migrations
    _mutant(
        "column-too-short",
        "The database holds titles of 199 characters.",
        "migrations/versions/2026-11-22_authors_and_articles.py:upgrade",
        constant(200, 199),
        "tests/database/test_agreement.py",
        "tests/migrations",
    ),
    _mutant(
        "column-in-bytes",
        "The database counts the bytes of a content.",
        "migrations/versions/2026-11-22_authors_and_articles.py:upgrade",
        constant("char_length(content) >= 1", "octet_length(content) BETWEEN 1 AND 100000"),
        "tests/database/test_agreement.py",
        "tests/migrations",
    ),
    _mutant(
        "text-in-the-locale-of-the-server",
        "Text is ordered by the locale of the server.",
        "migrations/versions/2026-11-22_authors_and_articles.py:upgrade",
        keyword("collation", None),
        "tests/migrations",
        "tests/database/test_agreement.py",
    ),
    _mutant(
        "downgrade-forgets-a-table",
        "A downgrade leaves a table behind.",
        "migrations/versions/2026-11-22_authors_and_articles.py:downgrade",
        without_call("drop_table"),
        "tests/migrations",
    ),
    _mutant(
        "migration-fails-silently",
        "`migrate` that fails says that all is well.",
        "app.__main__:_migrate",
        call_as("upgrade", "None"),
        "tests/database/test_migrate.py",
        "tests/test_start.py",
    ),
    # Operators' tools
    _mutant(
        "seed-compares-nothing",
        "`seed` does not notice that a text was changed.",
        "app.seed:_compare",
        returns("None"),
        "tests/test_seed.py",
    ),
    _mutant(
        "seed-takes-any-status",
        "`seed` takes a failure for a success.",
        "app.seed:_Api.call",
        condition("status", "False"),
        "tests/test_seed.py",
    ),
    _mutant(
        "starts-incomplete",
        "The service starts though an error has no problem.",
        "app.problems:check",
        returns("None"),
        "tests/test_problems.py",
    ),
    _mutant(
        "lock-shared",
        "Two services run on one data folder.",
        "app.database.embedded.server:EmbeddedPostgres._lock",
        returns("descriptor"),
        "tests/database/test_embedded.py",
    ),
    _mutant(
        "ready-while-read-only",
        "The service says that it is ready while the database takes no writes.",
        "app.database.services.health:_check",
        constant("is_read_only", "version_none"),
        *OUTAGE,
        "tests/reliability/test_failovers.py",
    ),
    # Logs and middleware
    _mutant(
        "dropped-lines-untold",
        "Lines that the log does not take are not counted.",
        "app.writer:LineWriter.put",
        condition("LIMIT", "True"),
        "tests/test_writer.py",
    ),
    _mutant(
        "line-without-its-request",
        "A line does not say to which request it belongs.",
        "app.logs:Log.write",
        value_of("request_context", "type('Nothing', (), {'get': staticmethod(dict)})"),
        "tests/test_logs.py",
    ),
    _mutant(
        "line-takes-no-time",
        "The line of a request does not say how long it took.",
        "app.middleware:RequestMiddleware.__call__",
        keyword("ms", "0.01"),
        "tests/test_middleware.py",
    ),
    _mutant(
        "internals-told",
        "A 500 tells what failed inside.",
        "app.problems:internal_error",
        constant("The service has failed. Please report the request_id.", "ValueError: secret"),
        "tests/test_middleware.py",
        "tests/test_problems.py",
        "tests/test_logs.py",
    ),
    _mutant(
        "rest-of-a-body-unread",
        "A client that sends too much finds its connection broken, not an answer.",
        "app.server:HttpProtocol._close",
        condition("_in_body", "self._ended"),
        "tests/test_server.py",
        "tests/test_framing.py",
    ),
    _mutant(
        "host-unchecked",
        "A request with an invalid Host is served.",
        "app.server:_check_host",
        returns("None"),
        "tests/test_server.py",
    ),
    _mutant(
        "coding-unchecked",
        "A body in a transfer coding other than chunked is read as it is.",
        "app.server:_check_coding",
        returns("None"),
        "tests/test_framing.py",
        "tests/test_server.py",
    ),
    _mutant(
        "head-unlimited",
        "A head of any size is read.",
        "app.server:_check_size",
        condition("HEAD_BYTES", "False"),
        "tests/test_server.py",
    ),
    # Pages and mock
    _mutant(
        "contract-served-as-text",
        "`/openapi.yaml` has no media type of its own.",
        "app.docs:install",
        constant("application/yaml", "text/plain"),
        "tests/test_docs.py",
    ),
    _mutant(
        "explanations-missing",
        "What a problem means is not told.",
        "app.docs:install",
        constant("/problems/{slug}", "/problems/of/{slug}"),
        "tests/test_docs.py",
        "tests/test_problems.py",
    ),
    _mutant(
        "slash-encoded-separates",
        "An encoded slash leads to a page.",
        "app.docs:_Page.matches",
        call_as("route_path", "scope['path']"),
        "tests/test_docs.py",
    ),
    _mutant(
        "mock-of-problems",
        "The mock answers with a problem unless told otherwise.",
        "app.mock:_operation",
        calling("min", "max"),
        "tests/test_mock.py",
    ),
    _mutant(
        "mock-about-another-request",
        "A problem of the mock has the path and the id of the example.",
        "app.mock:_about",
        condition("is_problem", "False"),
        "tests/test_mock.py",
    ),
    # The generator
    _mutant(
        "generator-forgets-headers",
        "The generator forgets the headers of responses.",
        "specfirst.codegen.bodies_and_responses:BodiesAndResponses._headers",
        value_of("headers", "{}"),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "generator-forgets-falsy-defaults",
        "The generator forgets defaults that are false, 0 or empty.",
        "specfirst.codegen.parameters:_parameter",
        calling_and("get", "default = default or None"),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "generator-forgets-inline-bounds",
        "The generator forgets the bounds of schemas that are written inline.",
        "specfirst.codegen.canonical:_Pool._reference",
        begins(
            "schema = {\n"
            "    keyword: value for keyword, value in schema.items()\n"
            "    if not keyword.startswith(('min', 'max'))\n"
            "}"
        ),
        "tests/specfirst/codegen/test_validation.py",
    ),
    _mutant(
        "generator-forgets-min-items",
        "The generator forgets how few items a list may have.",
        "specfirst.codegen.schemas:_BOUNDS",
        constant("minItems", "minItem"),
        "tests/specfirst/codegen/test_validation.py",
    ),
    _mutant(
        "generator-opens-secured-operations",
        "The security of the document does not hold for operations that say nothing.",
        "specfirst.contract.model:Operation._is_secured",
        returns("'security' in self.raw"),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "generator-secures-open-operations",
        "An operation that is open under a secured document asks for credentials.",
        "specfirst.contract.model:Operation.security_pointer",
        returns(
            "json_pointer.join(self.pointer, 'security') if self.raw.get('security') else "
            "'/security'"
        ),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "generator-serves-wrong-credentials",
        "Wrong credentials count as none where security is optional.",
        "openapi/specfirst/codegen/templates/runtime/security.py:Access._authenticated",
        condition("_is_optional", "self._is_optional"),
        *GENERATED_SECURITY,
    ),
    _mutant(
        "generator-serves-without-scopes",
        "A caller has every scope.",
        "openapi/specfirst/codegen/templates/runtime/security.py:_lacking",
        returns("{}"),
        *GENERATED_SECURITY,
    ),
    _mutant(
        "generator-serves-one-of-two-callers",
        "Of several schemes that must hold, one is enough.",
        "openapi/specfirst/codegen/templates/runtime/security.py:_hold",
        calling("all", "any"),
        *GENERATED_SECURITY,
    ),
    _mutant(
        "generator-passes-any-credentials-on",
        "The application gets credentials that cannot be any.",
        "openapi/specfirst/codegen/templates/runtime/security.py:Scheme.credentials",
        condition("isascii", "True"),
        *GENERATED_SECURITY,
    ),
    _mutant(
        "generator-hooks-open-operations",
        "Health checks have a budget.",
        "generated.runtime.routing:Operation.add_hooks",
        value_of("is_exempt", "False"),
        "tests/specfirst/codegen/test_security.py",
    ),
    _mutant(
        "generator-shows-write-only-properties",
        "What is write-only is in responses, too.",
        "specfirst.codegen.read_write:split_read_write",
        constant("writeOnly", "writeNever"),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "generator-takes-any-of-all",
        "Of several schemas in `allOf` the widest bound counts.",
        "specfirst.contract.all_of:_BOTH",
        value_of("max", "min"),
        "tests/specfirst/codegen/test_validation.py",
    ),
    _mutant(
        "generator-with-loose-json",
        "Generated services take a property that is repeated.",
        "openapi/specfirst/codegen/templates/runtime/json.py:_object",
        condition("len", "False"),
        "tests/specfirst/codegen/test_catalogue.py",
    ),
    _mutant(
        "pointer-unescaped",
        "Slashes and tildes in a pointer are not escaped.",
        "openapi/specfirst/codegen/templates/runtime/rejections.py:escaped",
        returns("part"),
        "tests/specfirst/codegen/test_generate.py",
    ),
]
