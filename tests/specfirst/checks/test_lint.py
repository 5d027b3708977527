"""`make contract`: each linter, and each rule of our own, finds one changed word in the contract."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from specfirst.checks import lint, node, rules
from specfirst.contract import json_pointer
from specfirst.contract.document import Document, read
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = read(lint.CONTRACT)
GONE = object()

needs_node = pytest.mark.skipif(bool(node.missing()), reason=node.missing() or "there")

LIST_AUTHORS = "/paths/~1authors/get"
CREATE_AUTHOR = "/paths/~1authors/post"
DELETE_AUTHOR = "/paths/~1authors~1{author_id}/delete"
GET_AUTHOR = "/paths/~1authors~1{author_id}/get"
SORT = "/components/schemas/AuthorSort"
AUTHOR_CREATE = "/components/schemas/AuthorCreate"
RESPONSES = "/components/responses"
NOT_FOUND = f"{RESPONSES}/AuthorNotFound"

# Rule, changed place, the new value there, and where the rule has to point.
CHANGES: list[tuple[rules.Rule, str, object, str]] = [
    (rules.operation_ids, f"{LIST_AUTHORS}/operationId", "listAuthors", f"{LIST_AUTHORS}/operationId"),
    (rules.operation_ids, f"{LIST_AUTHORS}/operationId", "list", f"{LIST_AUTHORS}/operationId"),
    (rules.operation_ids, f"{LIST_AUTHORS}/operationId", GONE, LIST_AUTHORS),
    (rules.verbs, f"{LIST_AUTHORS}/operationId", "fetch_authors", f"{LIST_AUTHORS}/operationId"),
    (rules.verbs, f"{CREATE_AUTHOR}/operationId", "update_author", f"{CREATE_AUTHOR}/operationId"),
    (rules.tags, f"{LIST_AUTHORS}/tags", ["authors", "health"], f"{LIST_AUTHORS}/tags"),
    (rules.tags, f"{LIST_AUTHORS}/tags", [], f"{LIST_AUTHORS}/tags"),
    (rules.tags, f"{LIST_AUTHORS}/tags", ["people"], f"{LIST_AUTHORS}/tags"),
    (rules.paths, "/paths/~1authors~1", {}, "/paths/~1authors~1"),
    (rules.paths, "/paths/~1author~1{author_id}", {}, "/paths/~1author~1{author_id}"),
    (rules.paths, "/paths/~1articleTags", {}, "/paths/~1articleTags"),
    (rules.collections, f"{GET_AUTHOR}/operationId", "list_author", "/paths/~1authors~1{author_id}"),
    (rules.names, "/components/parameters/Limit/name", "pageSize", "/components/parameters/Limit/name"),
    (rules.names, f"{AUTHOR_CREATE}/properties/penName", {}, f"{AUTHOR_CREATE}/properties/penName"),
    (rules.bounds, f"{AUTHOR_CREATE}/properties/first_name/maxLength", GONE, f"{AUTHOR_CREATE}/properties/first_name"),
    (rules.bounds, "/components/parameters/Limit/schema/minimum", GONE, "/components/parameters/Limit/schema"),
    (rules.bounds, f"{LIST_AUTHORS}/parameters/1/schema/maxLength", GONE, f"{LIST_AUTHORS}/parameters/1/schema"),
    (rules.bounds, "/components/parameters/AuthorId/schema/maximum", GONE, "/components/parameters/AuthorId/schema"),
    (rules.bounds, f"{AUTHOR_CREATE}/properties/tags", {"type": "array"}, f"{AUTHOR_CREATE}/properties/tags"),
    (rules.bounds, f"{AUTHOR_CREATE}/properties/any", {}, f"{AUTHOR_CREATE}/properties/any"),
    (
        rules.bounds,
        f"{AUTHOR_CREATE}/properties/tags",
        {"type": "array", "maxItems": 9, "items": {"type": "string", "format": "uri"}},
        f"{AUTHOR_CREATE}/properties/tags/items",
    ),
    (rules.closed, f"{AUTHOR_CREATE}/additionalProperties", GONE, AUTHOR_CREATE),
    (rules.closed, f"{AUTHOR_CREATE}/additionalProperties", True, f"{AUTHOR_CREATE}/additionalProperties"),
    (rules.nul, f"{AUTHOR_CREATE}/properties/first_name/pattern", GONE, f"{AUTHOR_CREATE}/properties/first_name"),
    (
        rules.nul,
        f"{AUTHOR_CREATE}/properties/first_name/pattern",
        "^[A-Z]",
        f"{AUTHOR_CREATE}/properties/first_name/pattern",
    ),
    (rules.statuses, f"{GET_AUTHOR}/responses/404", GONE, f"{GET_AUTHOR}/responses"),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/413", GONE, f"{CREATE_AUTHOR}/responses"),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/415", GONE, f"{CREATE_AUTHOR}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/responses/400", GONE, f"{LIST_AUTHORS}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/responses/422", GONE, f"{LIST_AUTHORS}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/security", [{"token": []}], f"{LIST_AUTHORS}/responses"),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/default", {}, f"{GET_AUTHOR}/responses/default"),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/4XX", {}, f"{GET_AUTHOR}/responses/4XX"),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/500", {}, f"{GET_AUTHOR}/responses/500"),
    (rules.headers, f"{NOT_FOUND}/headers/X-Request-ID", GONE, f"{NOT_FOUND}/headers"),
    (
        rules.headers,
        f"{RESPONSES}/ServiceUnavailable/headers/Retry-After",
        GONE,
        f"{RESPONSES}/ServiceUnavailable/headers",
    ),
    (
        rules.headers,
        f"{RESPONSES}/UnsupportedPatchMediaType/headers/Accept-Patch",
        GONE,
        f"{RESPONSES}/UnsupportedPatchMediaType/headers",
    ),
    (
        rules.headers,
        f"{CREATE_AUTHOR}/responses/201/headers/Location",
        {"schema": {"type": "string"}},
        f"{CREATE_AUTHOR}/responses/201/headers/Location",
    ),
    (rules.headers, f"{GET_AUTHOR}/responses/401", {"$ref": f"#{NOT_FOUND}"}, f"{NOT_FOUND}/headers"),
    (rules.problems, f"{NOT_FOUND}/content", {"application/json": {}}, f"{NOT_FOUND}/content"),
    (rules.problems, f"{NOT_FOUND}/content", GONE, NOT_FOUND),
    (rules.descriptions, "/components/parameters/Limit/description", GONE, "/components/parameters/Limit"),
    (rules.descriptions, f"{CREATE_AUTHOR}/requestBody/description", " ", f"{CREATE_AUTHOR}/requestBody"),
    (rules.descriptions, "/components/headers/AuthorsLink/description", GONE, "/components/headers/AuthorsLink"),
    (
        rules.descriptions,
        "/components/schemas/Health/properties/status/description",
        GONE,
        "/components/schemas/Health/properties/status",
    ),
    (rules.examples, "/components/parameters/Limit/example", GONE, "/components/parameters/Limit"),
    (rules.examples, "/components/headers/AuthorsLink/example", GONE, "/components/headers/AuthorsLink"),
    (
        rules.examples,
        f"{CREATE_AUTHOR}/requestBody/content/application~1json/example",
        GONE,
        f"{CREATE_AUTHOR}/requestBody/content/application~1json",
    ),
    (
        rules.examples,
        f"{NOT_FOUND}/content/application~1problem+json/example",
        GONE,
        f"{NOT_FOUND}/content/application~1problem+json",
    ),
    (
        rules.examples,
        f"{AUTHOR_CREATE}/properties/first_name/examples",
        [],
        f"{AUTHOR_CREATE}/properties/first_name",
    ),
    (rules.prefilled, f"{DELETE_AUTHOR}/parameters/0/example", 1, f"{DELETE_AUTHOR}/parameters/0/example"),
    (rules.prefilled, f"{DELETE_AUTHOR}/parameters/0/examples", {"ada": {"value": 1}}, f"{DELETE_AUTHOR}/parameters/0"),
    (rules.prefilled, f"{DELETE_AUTHOR}/parameters/0/schema/default", 1, f"{DELETE_AUTHOR}/parameters/0"),
    (rules.prefilled, f"{DELETE_AUTHOR}/parameters/0/schema/examples", [1], f"{DELETE_AUTHOR}/parameters/0"),
    (
        rules.prefilled,
        f"{DELETE_AUTHOR}/parameters/0",
        {"$ref": "#/components/parameters/AuthorId"},
        "/components/parameters/AuthorId/example",
    ),
    (rules.prefilled, f"{DELETE_AUTHOR}/parameters/1/example", True, f"{DELETE_AUTHOR}/parameters/1/example"),
    (rules.examples, f"{DELETE_AUTHOR}/parameters/1/example", GONE, f"{DELETE_AUTHOR}/parameters/1"),
    (rules.enum_names, f"{SORT}/enum", ["created_at"], f"{SORT}/x-enum-varnames"),
    (rules.enum_names, f"{SORT}/x-enum-varnames", ["same"] * 6, f"{SORT}/x-enum-varnames"),
    (rules.deprecations, f"{GET_AUTHOR}/deprecated", True, GET_AUTHOR),
    (rules.deprecations, f"{GET_AUTHOR}/x-deprecated-since", "2026-01-05", GET_AUTHOR),
    (rules.deprecations, f"{GET_AUTHOR}/x-sunset", "soon", f"{GET_AUTHOR}/x-sunset"),
]  # fmt: skip


def changed(place: str, value: object) -> Document:
    """Return the contract with another value at one place, or without that place."""
    document = copy.deepcopy(CONTRACT)
    *way, last = json_pointer.parse(place)
    node: Any = document
    for step in way:
        node = node[int(step) if isinstance(node, list) else step]
    key: Any = int(last) if isinstance(node, list) else last
    if value is GONE:
        del node[key]
    else:
        node[key] = value
    return document


def written(document: Document, folder: Path) -> Path:
    path = folder / "changed.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return path


@pytest.mark.self_test_of("test_the_gate_is_content_with_the_contract")
@pytest.mark.parametrize(("rule", "place", "value", "found"), CHANGES)
def test_a_rule_points_at_one_changed_word(rule: rules.Rule, place: str, value: object, found: str) -> None:
    document = changed(place, value)

    assert found in {pointer for pointer, _, _ in rule(document)}
    assert list(rule(CONTRACT)) == []


def test_each_rule_is_shown_to_fail() -> None:
    assert {rule for rule, *_ in CHANGES} == set(rules.RULES)


def test_an_opened_operation_needs_no_refusal_of_callers() -> None:
    document = changed("/security", [{"token": []}])
    document["paths"]["/livez"]["get"]["security"] = []

    found = {pointer for pointer, _, _ in rules.statuses(document)}

    assert f"{LIST_AUTHORS}/responses" in found
    assert "/paths/~1livez/get/responses" not in found


@pytest.mark.self_test_of("test_the_gate_is_content_with_the_contract")
def test_openapi_spec_validator_points_at_a_member_that_is_missing(tmp_path: Path) -> None:
    document = changed("/info/version", GONE)

    found = lint.spec_validator(written(document, tmp_path))

    assert found == ['/info: "version" is a required property [openapi-spec-validator]']


@needs_node
@pytest.mark.self_test_of("test_the_gate_is_content_with_the_contract")
def test_redocly_points_at_a_component_that_nobody_uses(tmp_path: Path) -> None:
    document = changed("/components/schemas/Unused", {"type": "string"})

    found = lint.redocly(written(document, tmp_path))

    assert [each.partition(":")[0] for each in found] == ["/components/schemas/Unused"]
    assert "[Redocly no-unused-components]" in found[0]


@needs_node
@pytest.mark.self_test_of("test_the_gate_is_content_with_the_contract")
def test_spectral_points_at_an_example_that_is_not_valid(tmp_path: Path) -> None:
    place = f"{CREATE_AUTHOR}/requestBody/content/application~1json/example"
    document = changed(f"{place}/first_name", "")

    found = lint.spectral(written(document, tmp_path))

    assert [each.partition(":")[0] for each in found] == [f"{place}/first_name"]
    assert "[Spectral oas3-valid-media-example]" in found[0]


def run_gate(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "specfirst.checks.lint", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


@needs_node
def test_the_gate_is_content_with_the_contract() -> None:
    done = run_gate()

    assert (done.returncode, done.stderr) == (0, "")
    assert "4 linters are content" in done.stdout


@pytest.mark.self_test_of("test_the_gate_is_content_with_the_contract")
def test_the_gate_fails_with_place_and_remedy(tmp_path: Path) -> None:
    document = changed("/components/parameters/Limit/schema/maximum", GONE)

    done = run_gate(written(document, tmp_path), PATH=str(tmp_path), CI="")

    assert done.returncode == 1
    assert "/components/parameters/Limit/schema: an input of type integer without bound; add maximum" in done.stderr


def test_the_gate_refuses_what_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("swagger: '2.0'")

    done = run_gate(tmp_path / "other.yaml")

    assert (done.returncode, "/openapi: this is no OpenAPI 3 document" in done.stderr) == (1, True)


def test_without_node_the_gate_says_what_it_skips(tmp_path: Path) -> None:
    done = run_gate(PATH=str(tmp_path), CI="")

    assert done.returncode == 0
    assert "Redocly and Spectral skipped: no Node" in done.stdout
    assert "2 linters are content" in done.stdout


def test_without_node_the_gate_fails_in_ci(tmp_path: Path) -> None:
    done = run_gate(PATH=str(tmp_path), CI="true")

    assert done.returncode == 1
    assert "Redocly and Spectral cannot run: no Node" in done.stderr


def test_the_lock_of_the_node_tools_names_no_address() -> None:
    lock = (ROOT / "tests" / "package-lock.json").read_text(encoding="utf-8")

    assert ('"resolved"' in lock, "://" in lock) == (False, False), "make lock writes it without addresses"


def test_the_node_tools_are_pinned() -> None:
    package = json.loads((ROOT / "tests" / "package.json").read_text(encoding="utf-8"))

    assert [name for name, version in package["devDependencies"].items() if not version[0].isdecimal()] == []
