"""Security: the schemes of a contract, and the requirements of its operations."""

from dataclasses import dataclass

from specfirst.codegen.naming import snake, unique
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract, Node, Operation, Security


@dataclass(frozen=True)
class Scheme:
    """The code for a security scheme: where a request has the credentials, and what checks them."""

    name: str
    method: str
    kind: str
    location: str
    parameter: str
    description: str


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
                )
            )
    return found


def alternatives(operation: Operation) -> Security:
    """Return the alternatives of an operation, each a set of schemes with scopes.

    They are empty if the operation needs no credentials.
    """
    return () if operation.security == ({},) else operation.security


def _scheme(scheme: Node, method: str) -> Scheme:
    name, raw = scheme.key, scheme.raw
    text = " ".join(scheme.description.split())
    match raw.get("type"):
        case "apiKey":
            return Scheme(name, method, "apiKey", raw["in"], raw["name"], text)
        case "http":
            return Scheme(name, method, str(raw["scheme"]).lower(), "header", "Authorization", text)
        case "oauth2" | "openIdConnect":
            return Scheme(name, method, "bearer", "header", "Authorization", text)
        case other:
            instead = "cannot be checked by a handler; use http, apiKey, oauth2 or openIdConnect"
            raise UnsupportedContract(f"{scheme.place}/type: {other} {instead}")
