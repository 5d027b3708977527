"""Behaviour mutants: ways in which a service can break its contract, derived from the document.

A mutant changes requests before the application sees them, or responses after it. Tests of an
application are worth what they notice: run them on `mutated(app, mutant)` for each mutant of its
contract, and see which stay green.
"""

from specfirst.conformance.mutants.access import of_access
from specfirst.conformance.mutants.application import Mutated as mutated
from specfirst.conformance.mutants.application import Switchable
from specfirst.conformance.mutants.behaviours import of_behaviours
from specfirst.conformance.mutants.conditional import of_conditional
from specfirst.conformance.mutants.exchange import Mutant
from specfirst.conformance.mutants.idempotency import of_idempotency
from specfirst.conformance.mutants.paths import of_paths
from specfirst.conformance.mutants.requests import of_requests
from specfirst.conformance.mutants.responses import of_responses
from specfirst.contract.model import Contract

__all__ = ["CONTROL", "Mutant", "Switchable", "mutants_of", "mutated"]

CONTROL = "CONTRACT_MUTANT"
"""The environment variable with the file that names the mutant of all services of a test session.
"""


def mutants_of(contract: Contract) -> dict[str, Mutant]:
    """Return the mutants of a contract by their names, in the order of its operations."""
    found = [
        *of_responses(contract),
        *of_requests(contract),
        *of_behaviours(contract),
        *of_conditional(contract),
        *of_idempotency(contract),
        *of_paths(contract),
        *of_access(contract),
    ]
    return {each.name: each for each in found}
