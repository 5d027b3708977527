"""Demo data: loads `seed.json` into a running service and reads it back.

The data are real writers and works in many scripts. An author with a `form` appears twice: in
Unicode normal form NFC, and either decomposed (NFD) or in no normal form (neither). Do not let an
editor normalize the file.
"""

import json
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SCOPES = ("authors:write", "articles:write")
"""What a token needs to load the demo data."""

TIMEOUT = 30.0  # seconds, for each request
_LONGEST_WAIT = 60  # seconds, after a 429

Json = dict[str, Any]


class SeedError(Exception):
    """The demo data could not be loaded, or came back changed. The message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReport:
    """How many resources were written and read back unchanged."""

    authors: int
    articles: int


def load() -> list[Json]:
    """Return the authors of `seed.json`, each with its articles."""
    text = Path(__file__).with_name("seed.json").read_text(encoding="utf-8")
    authors: list[Json] = json.loads(text)["authors"]
    return authors


def seed(base_url: str, *, token: str) -> SeedReport:
    """Write the demo data to the service at `base_url` (`http://host:port`) with a token, and read
    it back.

    Text is compared by code point. Only `base_url` is contacted, even if Location names another
    host. Running it twice adds a second set. Raises `SeedError`, and keeps what was written before
    the error.
    """
    try:
        connection = HTTPConnection(urlsplit(base_url).netloc, timeout=TIMEOUT)
        with closing(connection):
            return _seed(_Api(connection, token))
    except (OSError, HTTPException, ValueError) as error:
        raise SeedError(f"No usable answer from {base_url}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Api:
    """The service, as somebody with a token sees it."""

    connection: HTTPConnection
    token: str

    def create(self, path: str, body: Json) -> tuple[str, int]:
        """Return the path and the id of what was created."""
        location, answer = self.call("POST", path, body, expected=201)
        if not location or "id" not in answer:
            raise SeedError(f"POST {path} answered 201 without a Location or an id")
        return urlsplit(location).path, answer["id"]

    def call(
        self, method: str, path: str, body: Json | None, *, expected: int
    ) -> tuple[str | None, Json]:
        """Return the Location and the body of the answer; wait where the service asks for it."""
        payload = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        while True:
            self.connection.request(method, path, payload, headers)
            response = self.connection.getresponse()
            content = response.read()
            if response.status != 429:
                break
            time.sleep(min(int(response.headers["Retry-After"] or 1), _LONGEST_WAIT))
        if response.status != expected:
            problem = " ".join(content.decode(errors="replace").split())[:500]
            raise SeedError(
                f"{method} {path} answered {response.status}, want {expected}: {problem}"
            )
        answer = json.loads(content)
        if not isinstance(answer, dict):
            raise SeedError(f"{method} {path} answered {expected} without a JSON object")
        return response.headers["Location"], answer


def _seed(api: _Api) -> SeedReport:
    authors, written = load(), []
    for author in authors:
        names = {key: author[key] for key in ("first_name", "last_name")}
        location, author_id = api.create("/authors", names)
        written.append((location, names))
        for article in author["articles"]:
            sent = {**article, "author_id": author_id}
            written.append((api.create("/articles", sent)[0], sent))
    # Read back after all writes, to catch a write that changes an earlier one.
    for location, sent in written:
        _compare(location, sent, api.call("GET", location, None, expected=200)[1])
    return SeedReport(authors=len(authors), articles=len(written) - len(authors))


def _compare(location: str, sent: Json, answer: Json) -> None:
    for field, value in sent.items():
        # Compared and shown as ASCII escapes: different code points may look alike.
        ours, theirs = ascii(value), ascii(answer.get(field))
        if ours != theirs:
            pairs = enumerate(zip_longest(ours, theirs))
            at = max(0, next(i for i, (a, b) in pairs if a != b) - 20)
            difference = f"sent {ours[at : at + 60]}, got {theirs[at : at + 60]}"
            raise SeedError(f"GET {location} altered {field}: {difference}")
