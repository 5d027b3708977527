"""Security: the schemes of a contract, and the requirements of its operations."""

import unicodedata
from dataclasses import dataclass

from specfirst.codegen.naming import snake, unique
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract, Node, Operation, Security


@dataclass(frozen=True)
class Scheme:
    """The code for a security scheme: where a request has the credentials, and who checks them."""

    name: str
    method: str
    kind: str
    location: str
    parameter: str
    realm: str
    description: str

    @property
    def title(self) -> str:
        """The first line of its docstring."""
        where = f"{self.location} `{self.parameter}`"
        return f"Return the caller with these credentials (`{self.name}`, {where})."

    @property
    def details(self) -> str:
        """The rest of its docstring: what the credentials are, and the description."""
        return "\n\n".join(filter(None, [_CREDENTIALS.get(self.kind, _OTHERS), self.description]))


_CREDENTIALS = {
    "apiKey": "`credentials`: the key.",
    "bearer": "`credentials`: the token, which follows `Bearer`.",
    "basic": "`credentials`: user and password in base64, as sent; `basic_credentials` in "
    "`runtime.security` decodes them.",
}
_OTHERS = "`credentials`: what follows the name of the HTTP authentication scheme, as sent."


# Names in the function that binds operations to handlers. A scheme is a local variable there.
_TAKEN = set(
    "handlers security models binary boolean integer json_text many number pairs text"
    " date datetime discriminator matches one_of text_bounds excludes from_path percent_decoded"
    " list dict str bytes".split()
)


def schemes(contract: Contract) -> list[Scheme]:
    """Return the security schemes that are used.

    Raises `UnsupportedContract` for one that no handler can check.
    """
    requirements = [*(contract.document.get("security") or ())]
    requirements += [each for operation in contract.operations for each in operation.security]
    used = {name for requirement in requirements for name in requirement}
    if undeclared := used - contract.security_schemes.keys():
        raise UnsupportedContract(
            f"/components/securitySchemes: lacks {', '.join(sorted(undeclared))}; "
            "declare what is used"
        )
    found: list[Scheme] = []
    for name, scheme in contract.security_schemes.items():
        if name in used:
            found.append(
                _scheme(
                    scheme,
                    unique(snake(name), {*_TAKEN, *(each.method for each in found)}, "_scheme"),
                    realm=_realm(contract),
                )
            )
    return found


def alternatives(operation: Operation) -> Security | None:
    """Return the alternatives of an operation, each a set of schemes with scopes.

    They are empty if it says itself that it is open, and None if no scheme is named for it.
    """
    if operation.raw.get("security") == []:
        return ()
    return operation.security if any(operation.security) else None


def principal(security: Security) -> str:
    """Return the type of the caller: a tuple where several schemes must hold, None without any."""
    hints = {_hint(len(requirement)) for requirement in security}
    return " | ".join(sorted(hints, key=lambda hint: (hint == "None", hint)))


def _hint(count: int) -> str:
    return (
        ("None", "Principal")[count] if count < 2 else f"tuple[{', '.join(['Principal'] * count)}]"
    )


def sentence(security: Security) -> str:
    """Return a sentence about the credentials that an operation needs; empty if none."""
    texts = [
        " and ".join(
            f"{name} ({', '.join(scopes)})" if scopes else name
            for name, scopes in requirement.items()
        )
        for requirement in sorted(security, key=lambda requirement: not requirement)
    ]
    return f"Security: {', or '.join(text or 'no credentials' for text in texts)}." if texts else ""


def _realm(contract: Contract) -> str:
    """Return the title of the contract in ASCII, as headers need it."""
    title = str((contract.document.get("info") or {}).get("title") or "")
    text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return " ".join(text.split()) or "API"


def _scheme(scheme: Node, method: str, *, realm: str) -> Scheme:
    name, raw = scheme.key, scheme.raw
    text = " ".join(scheme.description.split())
    match raw.get("type"):
        case "apiKey":
            return Scheme(name, method, "apiKey", raw["in"], raw["name"], "", text)
        case "http":
            kind = str(raw["scheme"]).lower()
        case "oauth2" | "openIdConnect":
            kind = "bearer"
        case other:
            instead = "cannot be checked by a handler; use http, apiKey, oauth2 or openIdConnect"
            raise UnsupportedContract(f"{scheme.place}/type: {other} {instead}")
    realm = realm if kind in ("basic", "bearer") else ""
    return Scheme(name, method, kind, "header", "Authorization", realm, text)
