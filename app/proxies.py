"""Reads the headers of a reverse proxy: client address, scheme, path prefix, request id and trace.

Only proxies in `BLOG_TRUSTED_PROXIES` are trusted, because anybody can send these headers. Invalid
values are ignored.
"""

import re
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Self, TypeAlias
from urllib.parse import unquote

Scope: TypeAlias = MutableMapping[str, Any]
Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# unreserved characters (RFC 3986, section 2.3)
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")
_MAX_PREFIX_LENGTH = 200
# RFC 9562, section 4
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TRACEPARENT = (
    re.compile(  # W3C Trace Context, section 3.2.2; a later version may append more after a dash
        r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-[!-~]*)?"
    )
)
_ALL_ADDRESSES: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_FIELDS = frozenset(
    (
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-prefix",
        b"x-request-id",
        b"traceparent",
    )
)


def is_prefix(path: str) -> bool:
    """Return whether a path can be a prefix: no trailing slash, dot segments or encoding."""
    return len(path) <= _MAX_PREFIX_LENGTH and _PREFIX.fullmatch(path) is not None


def networks(text: str) -> tuple[Network, ...]:
    """Parse a comma-separated list of addresses and networks, or `*`. Raises `ValueError`."""
    if text.strip() == "*":
        return _ALL_ADDRESSES
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


@dataclass(frozen=True)
class Proxies:
    """The trusted proxies, and the path prefix to use unless one of them sends another."""

    trusted: tuple[Network, ...] = ()
    root_path: str = ""

    @classmethod
    def of(cls, trusted: str, root_path: str) -> Self:
        """Create them from the settings. Raises `ValueError`."""
        return cls(networks(trusted), root_path)

    def reader(self, peer: tuple[str, int] | None) -> Callable[[Scope], None] | None:
        """Return a function that updates the scope of a peer's requests, or None if not needed.

        A peer without an address, on a unix socket, is trusted only if all addresses are.
        """
        address = _address(peer[0].partition("%")[0]) if peer else None
        if self._trusts(address) if address else self.trusted == _ALL_ADDRESSES:
            return self._read
        return self._apply_prefix if self.root_path else None

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self.trusted)

    def _read(self, scope: Scope) -> None:
        """Update a scope from the headers of a trusted proxy."""
        fields = _fields(scope["headers"])
        if fields:
            self._read_connection(scope, fields)
            scope["state"].update(_request_ids(fields))
        prefix = _single(fields, b"x-forwarded-prefix").removesuffix("/")
        _apply_prefix(prefix if is_prefix(prefix) else self.root_path, scope)

    def _read_connection(self, scope: Scope, fields: dict[bytes, list[str]]) -> None:
        if client := self._client(",".join(fields.get(b"x-forwarded-for", []))):
            scope["client"] = (client, 0)  # the port is unknown
        scheme = _single(fields, b"x-forwarded-proto").lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme

    def _client(self, hops: str) -> str | None:
        """Return the last address that is not a trusted proxy.

        Each proxy appends the address of its own peer.

        Nothing before an invalid address can be trusted.
        """
        client = None
        for hop in reversed(hops.split(",")):
            address = _address(_host(hop.strip(" \t")))
            if address is None:
                break
            client = str(address)
            if not self._trusts(address):
                break
        return client

    def _apply_prefix(self, scope: Scope) -> None:
        _apply_prefix(self.root_path, scope)


NO_PROXIES = Proxies()
"""No trusted proxies and no prefix."""


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in _FIELDS:
            found.setdefault(name, []).append(value.decode("latin-1").strip(" \t"))
    return found


def _single(fields: dict[bytes, list[str]], name: bytes) -> str:
    """Return the value of a field, or "" if it is missing or sent more than once."""
    values = fields.get(name, [])
    return values[0] if len(values) == 1 else ""


def _request_ids(fields: dict[bytes, list[str]]) -> dict[str, Any]:
    """Return the request id and the trace, as far as valid ones were sent."""
    found: dict[str, Any] = {}
    if _UUID.fullmatch(request_id := _single(fields, b"x-request-id")):
        found["request_id"] = request_id.lower()  # as it is in each problem (RFC 9562, section 4)
    trace = _TRACEPARENT.fullmatch(_single(fields, b"traceparent"))
    if trace and (trace[1] != "00" or trace[4] is None):
        found["trace"] = {"trace_id": trace[2], "parent_id": trace[3]}
    return found


def _host(hop: str) -> str:
    """Return the address of a hop without its port: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _address(text: str) -> Address | None:
    """Parse an address, or return None.

    An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) becomes IPv4.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return None
        return address.ipv4_mapped or address
    return address


def _apply_prefix(prefix: str, scope: Scope) -> None:
    """Put a request below a prefix, whether or not the proxy has removed it from the path."""
    scope["root_path"] = prefix
    raw: bytes = scope["raw_path"]
    if not prefix or not raw.startswith(b"/") or _is_below(prefix, raw):
        return
    scope["raw_path"] = prefix.encode() + raw
    if scope["path"]:  # empty if the server rejects the request
        scope["path"] = prefix + scope["path"]


def _is_below(prefix: str, raw: bytes) -> bool:
    """Return whether a path starts with a prefix; an encoded slash is not a separator."""
    parts = prefix.split("/")
    return [unquote(part) for part in raw.decode("latin-1").split("/")[: len(parts)]] == parts
