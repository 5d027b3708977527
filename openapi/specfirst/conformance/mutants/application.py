"""The mutated application: an ASGI wrapper that changes requests and responses."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specfirst.conformance.mutants.exchange import Behaviour, Mutant, Request, Response
from specfirst.conformance.mutants.reach import Log


class Mutated:
    """An application that breaks its contract in the way of one mutant."""

    def __init__(self, app: ASGIApp, mutant: Mutant) -> None:
        self._app = app
        self._mutant = mutant
        self._behaviour: Behaviour = mutant.start()
        self.has_changed = False
        """Whether any exchange was another one than without the mutant."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not self._sees(scope):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self._app, scope, receive)
        request = await exchange.request(reads_body=self._mutant.reads_requests)
        if request is None:  # the client has gone
            return
        response = await self._behaviour(request, exchange.forward)
        self.has_changed = self.has_changed or exchange.forwarded != [(request, response)]
        await _send(response, send)

    def _sees(self, scope: Scope) -> bool:
        return self._mutant.watches_all or self._mutant.is_meant(scope["method"], _path(scope))


class Switchable:
    """An application with the mutant that a file names, so that one service serves all mutants.

    The file has the name of a mutant, or of a test behind a question mark: then there is none, and
    what is answered is noted beside the file. Each new name starts afresh. What a mutant changes
    for the first time is noted, too.
    """

    def __init__(
        self,
        app: ASGIApp,
        mutants: dict[str, Mutant],
        file: Path,
        *,
        on_switch: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._mutants = mutants
        self._file = file
        self._on_switch = on_switch
        self._name = ""
        self._mutated: Mutated | None = None
        self._log = Log(
            reach_file(file),
            dict.fromkeys(each.path for each in mutants.values() if "{" in each.path),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self._switch()
        mutated = self._mutated
        if self._name.startswith("?") and scope["type"] == "http":
            await self._app(scope, receive, self._noting(scope, self._name[1:], send))
        elif mutated is None:
            await self._app(scope, receive, send)
        else:
            had_changed = mutated.has_changed
            await mutated(scope, receive, send)
            if mutated.has_changed and not had_changed:
                changed_file(self._file).touch()

    def _switch(self) -> None:
        try:
            name = self._file.read_text("utf-8")
        except FileNotFoundError:
            name = ""
        if name != self._name:
            self._name = name
            mutant = self._mutants.get(name)
            self._mutated = Mutated(self._app, mutant) if mutant else None
            self._on_switch()

    def _noting(self, scope: Scope, test: str, send: Send) -> Send:
        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._log.add(test, scope["method"], _path(scope), message["status"])
            await send(message)

        return send_noted


def reach_file(file: Path) -> Path:
    """Return the file where services note what they respond, beside the one that names a mutant."""
    return file.with_suffix(".reach")


def changed_file(file: Path) -> Path:
    """Return the file that is there when the mutant that `file` names has changed something."""
    return file.with_suffix(".changed")


class _Exchange:
    """A request to the application, which a mutant may change, repeat or leave out."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._reads_body = False
        self.forwarded: list[tuple[Request, Response]] = []

    async def request(self, *, reads_body: bool) -> Request | None:
        """Return the request; None where the client goes before the end of a body that is read."""
        pieces, more = [], reads_body
        while more:
            message = await self._receive()
            if message["type"] != "http.request":
                return None
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        self._reads_body = reads_body
        scope = self._scope
        return Request(
            method=scope["method"],
            path=_path(scope),
            query=tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
            ),
            body=b"".join(pieces),
        )

    async def forward(self, request: Request) -> Response:
        """Give a request to the application."""
        scope = self._scope_of(request) if request.changed else self._scope
        answer = _Answer()
        receive = _body(request.body, self._receive) if self._reads_body else self._receive
        await self._app(dict(scope), receive, answer.add)
        response = answer.response()
        self.forwarded.append((request, response))
        return response

    def _scope_of(self, request: Request) -> Scope:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers
            if name.lower() not in ("content-length", "transfer-encoding")
        ]
        if request.body:
            headers.append((b"content-length", str(len(request.body)).encode()))
        path = self._scope.get("root_path", "") + request.path
        return dict(self._scope) | {
            "method": request.method,
            "path": unquote(path),
            "raw_path": quote(path, safe="/%:@!$&'()*+,;=~").encode(),
            "query_string": urlencode(request.query).encode(),
            "headers": headers,
        }


class _Answer:
    """A response of the application, while it comes."""

    def __init__(self) -> None:
        self._start: Message = {"status": 500, "headers": []}
        self._body: list[bytes] = []

    async def add(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))

    def response(self) -> Response:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in self._start["headers"]
        )
        return Response(status=self._start["status"], headers=headers, body=b"".join(self._body))


def _body(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives this body, and then whatever the client does."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again


async def _send(response: Response, send: Send) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _path(scope: Scope) -> str:
    """Return the path below the root path, as it was sent."""
    path: str = scope["raw_path"].decode("latin-1")
    return path.removeprefix(scope.get("root_path", ""))
