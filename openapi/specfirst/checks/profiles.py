"""The profiles of the lint rules: which rules belong to which, and why each is there.

`essential` is for every contract. `house` adds the conventions of this project. A project chooses
its profile in a TOML file, where it can also switch off single rules, Spectral's included, which
belong to every profile:

    profile = "house"

    [off]
    verbs = "the operationIds are those of an older API, which clients know"
    "owasp:api8:2023-define-error-responses-500" = "a 500 is a defect, not a documented response"
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from specfirst.checks import rules
from specfirst.checks.rules import Finding, Rule
from specfirst.contract.model import Contract

ESSENTIAL: Mapping[Rule, str] = {
    rules.bounds: "one request without a limit can exhaust memory, and columns have limits anyway",
    rules.closed: "an optional property that a client misspells is lost without an error",
    rules.nul: "PostgreSQL cannot store U+0000, so the first client that sends it causes an error",
    rules.statuses: "clients must know every error that the generated code can answer with",
    rules.no_catch_all: (
        "if every status is documented by its range, no test can find an undocumented one"
    ),
}

HOUSE: Mapping[Rule, str] = {
    rules.operation_ids: (
        "an operationId is a function name in the service and in generated clients"
    ),
    rules.verbs: "a function name should say what the request does",
    rules.tags: "a tag is a module in the service and in generated clients",
    rules.paths: "clients guess paths from other paths",
    rules.collections: "an operation on one resource and one on many should look different",
    rules.names: "one spelling for all names, the one that Python and PostgreSQL use",
    rules.headers: "clients need X-Request-ID to report an error and Location to find a creation",
    rules.problems: "one error format means one error handler in a client",
    rules.open_writes: "an operation that anybody may call to write is hardly ever meant",
    rules.preconditions: "of two clients that change the same thing, one would undo the other",
    rules.idempotency: (
        "a client whose response was lost must be able to send its request again without creating "
        "something twice; a stored response must have no secret"
    ),
    rules.enum_names: "generated clients use them as identifiers",
    rules.descriptions: "the documentation pages show them",
    rules.examples: "the documentation pages and the mock show them, and the tests send them",
    rules.prefilled: (
        "documentation pages prefill examples: a DELETE should not be one click away, nor a used "
        "key or a stale tag be sent"
    ),
    rules.deprecations: "clients need to know how long they have",
}

PROFILES: Mapping[str, Mapping[Rule, str]] = {
    "essential": ESSENTIAL,
    "house": {**ESSENTIAL, **HOUSE},
}


class InvalidProfile(Exception):
    """The configuration file cannot be used; the message says why."""


@dataclass(frozen=True)
class Profile:
    """The rules that a contract has to pass."""

    name: str = "essential"
    off: Mapping[str, object] = field(default_factory=dict)
    """The rules that are switched off, by name, and why."""

    def __post_init__(self) -> None:
        """Raise `InvalidProfile` for a name that does not exist and for a rule without a reason."""
        if self.name not in PROFILES:
            raise InvalidProfile(
                f"profile: there is no {self.name!r}; choose one of {', '.join(PROFILES)}"
            )
        names = [rule.__name__ for rule in PROFILES[self.name]]
        for name, reason in self.off.items():
            if name not in names and name not in self.spectral_off:
                raise InvalidProfile(
                    f"off.{name}: the profile {self.name} has no such rule; it has "
                    f"{', '.join(names)}"
                )
            if not isinstance(reason, str) or not reason.strip():
                raise InvalidProfile(f"off.{name}: give the reason as text")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are on."""
        return tuple(rule for rule in PROFILES[self.name] if rule.__name__ not in self.off)

    @property
    def spectral_off(self) -> frozenset[str]:
        """The rules of Spectral that are switched off. Only their names have hyphens."""
        return frozenset(name for name in self.off if "-" in name)

    def findings(self, contract: Contract) -> Iterator[tuple[Rule, Finding]]:
        """Yield what each rule finds, once, however many operations share the place."""
        for rule in self.rules:
            yield from ((rule, finding) for finding in dict.fromkeys(rule(contract)))


def read(path: Path) -> Profile:
    """Return the profile that a TOML file chooses. Raises `InvalidProfile`."""
    try:
        chosen: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidProfile(f"cannot be read: {error}") from None
    if unknown := chosen.keys() - {"profile", "off"}:
        raise InvalidProfile(f"{', '.join(sorted(unknown))}: unknown; there are profile and off")
    name, off = chosen.get("profile", "essential"), chosen.get("off", {})
    if not isinstance(name, str) or not isinstance(off, dict):
        raise InvalidProfile("profile has to be a text, and off a table")
    return Profile(name, off)
