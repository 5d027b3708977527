"""What a proxy in front of the service tells of a request, and under which prefix the service is reached.

Only the proxies of `BLOG_TRUSTED_PROXIES` are believed: anybody can write these header fields. What cannot be read is
ignored, as if it had not been sent.
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

_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")  # unreserved characters (RFC 3986, section 2.3)
_MAX_PREFIX_LENGTH = 200
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # RFC 9562, section 4
_TRACEPARENT = re.compile(  # W3C Trace Context, section 3.2.2; a later version may have more behind a dash
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-[!-~]*)?"
)
_ALL_ADDRESSES: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_FIELDS = frozenset((b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-prefix", b"x-request-id", b"traceparent"))


def is_prefix(path: str) -> bool:
    """Tell whether this is a path to put in front of others: no trailing slash, no dot segments, nothing to encode."""
    return len(path) <= _MAX_PREFIX_LENGTH and _PREFIX.fullmatch(path) is not None


def networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks of a list with commas, `*` for all. Raises `ValueError`."""
    if text.strip() == "*":
        return _ALL_ADDRESSES
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


@dataclass(frozen=True)
class Proxies:
    """The proxies that are trusted, and the prefix where none of them tells another one."""

    trusted: tuple[Network, ...] = ()
    root_path: str = ""

    @classmethod
    def of(cls, trusted: str, root_path: str) -> Self:
        """Return them as the settings have them. Raises `ValueError`."""
        return cls(networks(trusted), root_path)

    def reader(self, peer: tuple[str, int] | None) -> Callable[[Scope], None] | None:
        """Return what completes the scope of each request from a peer; None where there is nothing to do.

        A peer without an address, on a unix socket, is trusted where everybody is.
        """
        address = _address(peer[0].partition("%")[0]) if peer else None
        if self._trusts(address) if address else self.trusted == _ALL_ADDRESSES:
            return self._read
        return self._apply_prefix if self.root_path else None

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self.trusted)

    def _read(self, scope: Scope) -> None:
        """Complete a scope from what a trusted proxy has sent."""
        fields = _fields(scope["headers"])
        if fields:
            self._read_connection(scope, fields)
            scope["state"].update(_request_ids(fields))
        prefix = _single(fields, b"x-forwarded-prefix").removesuffix("/")
        _apply_prefix(prefix if is_prefix(prefix) else self.root_path, scope)

    def _read_connection(self, scope: Scope, fields: dict[bytes, list[str]]) -> None:
        if client := self._client(",".join(fields.get(b"x-forwarded-for", []))):
            scope["client"] = (client, 0)  # the port is not told
        scheme = _single(fields, b"x-forwarded-proto").lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme

    def _client(self, hops: str) -> str | None:
        """Return the last address that no trusted proxy has: each proxy adds the one from which it was asked.

        What stands before something that is no address is nobody's word.
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
"""Nobody is trusted, and there is no prefix."""


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in _FIELDS:
            found.setdefault(name, []).append(value.decode("latin-1").strip(" \t"))
    return found


def _single(fields: dict[bytes, list[str]], name: bytes) -> str:
    """Return the value of a field, an empty text where there is none; of several, nobody knows which to believe."""
    values = fields.get(name, [])
    return values[0] if len(values) == 1 else ""


def _request_ids(fields: dict[bytes, list[str]]) -> dict[str, Any]:
    """Return the id of the request and the trace to which it belongs, as far as they are told."""
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
    """Return an address; an IPv4 address as such, also where it comes in IPv6 (`::ffff:192.0.2.1`)."""
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
    """Let a request be one below a prefix, whether or not the proxy has removed it from the path."""
    scope["root_path"] = prefix
    raw: bytes = scope["raw_path"]
    if not prefix or not raw.startswith(b"/") or _is_below(prefix, raw):
        return
    scope["raw_path"] = prefix.encode() + raw
    if scope["path"]:  # empty where the server refuses the request
        scope["path"] = prefix + scope["path"]


def _is_below(prefix: str, raw: bytes) -> bool:
    """Tell whether a path begins with the parts of a prefix; an encoded slash separates none."""
    parts = prefix.split("/")
    return [unquote(part) for part in raw.decode("latin-1").split("/")[: len(parts)]] == parts
