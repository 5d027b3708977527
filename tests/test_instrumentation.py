"""Tools that measure and trace: their labels are paths of the contract, not of requests."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from app import mock
from app.settings import Settings
from generated.runtime.parameters import Parameter
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from tests.conftest import ROOT
from tests.tokens import ADMIN, ADMIN_TOKEN

REQUESTS = [
    ("GET", "/articles/41", "/articles/{article_id}", 200),
    ("GET", "/%61rticles/4%31", "/articles/{article_id}", 200),
    ("HEAD", "/articles/41", "/articles/{article_id}", 200),
    ("DELETE", "/articles/41", "/articles/{article_id}", 204),
    ("OPTIONS", "/articles/41", "/articles/{article_id}", 204),
    ("PUT", "/articles/41", "/articles/{article_id}", 405),
    ("GET", "/articles/x", "/articles/{article_id}", 404),
    ("GET", "/articles/a%2Fb", "/articles/{article_id}", 404),
    ("GET", "/articles?limit=0", "/articles", 422),
    ("GET", "/docs", "/docs", 200),
    ("GET", "/problems/not-found", "/problems/{slug}", 200),
    ("GET", "/reports/1", "/reports/{report}", 200),
    ("GET", "/articles%2F41", None, 404),
    ("GET", "/nowhere", None, 404),
]


@pytest.fixture
def app() -> FastAPI:
    """An application without a database, with another route, and an operation that fails."""
    app = mock.create_app(Settings())

    @app.get("/reports/{report}")
    async def report(report: str) -> str:
        return report

    async def fail(*, how: str) -> ApiResponse:
        raise ZeroDivisionError(how)

    how = Parameter("how", location="path", type=str)
    app.router.routes += ContractRoutes(
        [Operation("GET", "/fails/{how}", fail, parameters=[how])], max_body_bytes=0
    )
    return app


@pytest.fixture
def registry(app: FastAPI) -> CollectorRegistry:
    """What prometheus-fastapi-instrumentator has counted."""
    registry = CollectorRegistry()
    Instrumentator(registry=registry, should_group_status_codes=False).instrument(app).expose(app)
    return registry


@pytest.fixture
def spans(app: FastAPI) -> Iterator[InMemorySpanExporter]:
    """What opentelemetry-instrumentation-fastapi has traced."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, exclude_spans=["send", "receive"]
    )
    yield exporter
    FastAPIInstrumentor.uninstrument_app(app)


async def send(app: FastAPI, method: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        return await client.request(method, path, headers=ADMIN)


@pytest.mark.parametrize(("method", "path", "route", "status"), REQUESTS)
async def test_prometheus_counts_by_the_path_of_the_contract(
    app: FastAPI,
    registry: CollectorRegistry,
    method: str,
    path: str,
    route: str | None,
    status: int,
) -> None:
    answer = await send(app, method, path)

    assert answer.status_code == status
    labels = {"method": method, "handler": route or "none", "status": str(status)}
    assert registry.get_sample_value("http_requests_total", labels) == 1
    assert f'handler="{route or "none"}"' in (await send(app, "GET", "/metrics")).text


@pytest.mark.parametrize(("method", "path", "route", "status"), REQUESTS)
async def test_opentelemetry_names_spans_by_the_path_of_the_contract(
    app: FastAPI,
    spans: InMemorySpanExporter,
    method: str,
    path: str,
    route: str | None,
    status: int,
) -> None:
    await send(app, method, path)

    [span] = spans.get_finished_spans()
    assert ADMIN_TOKEN not in span.to_json()
    assert span.name == (f"{method} {route}" if route else method)
    assert (attribute(span, "http.route"), attribute(span, "http.status_code")) == (route, status)


def attribute(span: ReadableSpan, name: str) -> object:
    assert span.attributes is not None
    return span.attributes.get(name)


async def test_failure_is_counted_and_traced_by_its_path(
    app: FastAPI, registry: CollectorRegistry, spans: InMemorySpanExporter
) -> None:
    answer = await send(app, "GET", "/fails/loudly")

    assert answer.status_code == 500
    labels = {"method": "GET", "handler": "/fails/{how}", "status": "500"}
    assert registry.get_sample_value("http_requests_total", labels) == 1
    [span] = spans.get_finished_spans()
    assert (span.name, attribute(span, "http.status_code")) == ("GET /fails/{how}", 500)


def test_both_work_together_on_an_application_that_is_started(
    app: FastAPI, registry: CollectorRegistry, spans: InMemorySpanExporter
) -> None:
    with TestClient(app) as client:
        for article in range(1, 4):
            assert client.get(f"/articles/{article}").json()["id"] == article

    labels = {"method": "GET", "handler": "/articles/{article_id}", "status": "200"}
    assert registry.get_sample_value("http_requests_total", labels) == 3
    assert [span.name for span in spans.get_finished_spans()] == ["GET /articles/{article_id}"] * 3


def test_started_application_is_not_instrumented_and_goes_on(app: FastAPI) -> None:
    with TestClient(app) as client:
        with pytest.raises(RuntimeError, match="after an application has started"):
            Instrumentator(registry=CollectorRegistry()).instrument(app)

        assert client.get("/articles/7").json()["id"] == 7


ALL_APPLICATIONS = """
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
FastAPIInstrumentor().instrument()
from app.mock import create_app
from app.settings import Settings
from fastapi.telemetry._asgi import _legacy_otel
assert _legacy_otel(create_app(Settings()).build_middleware_stack())
"""


def test_opentelemetry_instruments_all_applications_when_it_is_loaded_first() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", ALL_APPLICATIONS], cwd=ROOT, capture_output=True, text=True
    )

    assert loaded.returncode == 0, loaded.stderr
