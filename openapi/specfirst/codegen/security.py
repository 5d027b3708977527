"""Security: who may call an operation, and how callers show who they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from specfirst.codegen.naming import snake, unique
from specfirst.contract.document import Document, escaped, operations, resolve
from specfirst.contract.errors import UnsupportedContract


@dataclass(frozen=True)
class Scheme:
    """A security scheme: where the credentials stand, and the method that checks them."""

    name: str
    method: str
    kind: str
    location: str
    parameter: str
    description: str


# What the function that binds operations to their handlers uses itself.
_TAKEN = {
    *("handlers", "security", "models", "binary", "boolean", "integer", "json_text", "many", "number", "pairs", "text"),
    *("date", "datetime", "discriminator", "matches", "one_of", "spelled", "list", "dict", "str", "bytes"),
}

Alternatives = list[Mapping[str, list[str]]]


class Security:
    """Reads the security of one document."""

    def __init__(self, document: Document) -> None:
        """Raises `UnsupportedContract` for a scheme that a request cannot show."""
        self._document = document
        self._default: Alternatives = document.get("security") or []
        declared = document["components"].get("securitySchemes") or {}
        used = {name for each in self._all() for alternative in each for name in alternative}
        self.schemes: list[Scheme] = []
        for name, raw in declared.items():
            if name in used:
                taken = {*_TAKEN, *(scheme.method for scheme in self.schemes)}
                method = unique(snake(name), taken, "_scheme")
                self.schemes.append(_scheme(name, method, resolve(document, raw)))
        if undeclared := used - {*declared}:
            raise UnsupportedContract(
                f"/components/securitySchemes: lacks {', '.join(sorted(undeclared))}; declare what is used"
            )

    def of(self, operation: Document) -> Alternatives:
        """Return the alternatives of an operation, each a set of schemes with their scopes; none where it is open."""
        alternatives: Alternatives = operation.get("security", self._default)
        if alternatives == [{}]:
            return []
        return [{name: scopes or [] for name, scopes in each.items()} for each in alternatives]

    def _all(self) -> list[Alternatives]:
        found = operations(self._document)
        return [self._default, *(operation.get("security") or [] for _, _, operation in found)]


def _scheme(name: str, method: str, raw: Document) -> Scheme:
    text = " ".join(str(raw.get("description", "")).split())
    match raw.get("type"):
        case "apiKey":
            return Scheme(name, method, "apiKey", raw["in"], raw["name"], text)
        case "http":
            return Scheme(name, method, str(raw["scheme"]).lower(), "header", "Authorization", text)
        case "oauth2" | "openIdConnect":
            return Scheme(name, method, "bearer", "header", "Authorization", text)
        case other:
            place = f"/components/securitySchemes/{escaped(name)}/type"
            raise UnsupportedContract(
                f"{place}: {other} cannot be checked by a handler; use http, apiKey, oauth2 or openIdConnect"
            )
