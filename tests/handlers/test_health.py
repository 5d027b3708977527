"""The operations with the tag `health`; for outages see tests/reliability/test_outages.py."""

import httpx
import pytest


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_healthy_service_says_ok(client: httpx.Client, path: str) -> None:
    response = client.get(path)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_with_an_unknown_parameter_returns_400(client: httpx.Client, path: str) -> None:
    assert client.get(path, params={"verbose": "1"}).status_code == 400
