"""What this project adds to the report of the contract tests: handlers, and lines of the log."""

from tests import service_logs


def pytest_contract_places(operation: str, pointer: str) -> str:
    """Return the line of the contract and that of the handler."""
    # imports the application: half a second that is seldom needed
    from tests.contract.files import where

    return where(operation, pointer)


def pytest_contract_logs(request_id: str) -> list[str]:
    """Return what the services of the tests have logged of a request."""
    return list(service_logs.of_requests([request_id]))
