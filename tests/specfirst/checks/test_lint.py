"""`make contract`: each linter, and each of our rules, finds a single change of the contract."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from specfirst.checks import lint, profiles, rules
from specfirst.checks.node import NodeTools
from specfirst.checks.profiles import ESSENTIAL, HOUSE, InvalidProfile, Profile
from specfirst.contract.json_pointer import REMOVE, edited
from specfirst.contract.model import Contract
from specfirst.contract.reading import read
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PATH = ROOT / "openapi" / "openapi.yaml"
CONFIG = ROOT / "openapi" / "lint.toml"
CONTRACT = read(PATH)
TOOLS = NodeTools(ROOT / "tests" / "node_modules")

needs_node = pytest.mark.skipif(bool(TOOLS.missing()), reason=TOOLS.missing() or "there")

LIVEZ = "/paths/~1livez/get"
LIST_AUTHORS = "/paths/~1authors/get"
CREATE_AUTHOR = "/paths/~1authors/post"
DELETE_AUTHOR = "/paths/~1authors~1{author_id}/delete"
UPDATE_AUTHOR = "/paths/~1authors~1{author_id}/patch"
GET_AUTHOR = "/paths/~1authors~1{author_id}/get"
SORT = "/components/schemas/AuthorSort"
AUTHOR_CREATE = "/components/schemas/AuthorCreate"
FIRST_NAME = f"{AUTHOR_CREATE}/properties/first_name"
RESPONSES = "/components/responses"
NOT_FOUND = f"{RESPONSES}/AuthorNotFound"
LIMIT = "/components/parameters/Limit"
IF_MATCH, IF_NONE_MATCH = (f"/components/parameters/{name}" for name in ("IfMatch", "IfNoneMatch"))
IDEMPOTENCY_KEY = "/components/parameters/IdempotencyKey"
AUTHORS_LINK = "/components/headers/AuthorsLink"
DELETED_ID = f"{DELETE_AUTHOR}/parameters/0"

# Rule, changed place, the new value there, and where the rule has to point.
CHANGES: list[tuple[rules.Rule, str, object, str]] = [
    (
        rules.operation_ids,
        f"{LIST_AUTHORS}/operationId",
        "listAuthors",
        f"{LIST_AUTHORS}/operationId",
    ),
    (rules.operation_ids, f"{LIST_AUTHORS}/operationId", "list", f"{LIST_AUTHORS}/operationId"),
    (rules.operation_ids, f"{LIST_AUTHORS}/operationId", REMOVE, LIST_AUTHORS),
    (rules.verbs, f"{LIST_AUTHORS}/operationId", "fetch_authors", f"{LIST_AUTHORS}/operationId"),
    (rules.verbs, f"{CREATE_AUTHOR}/operationId", "update_author", f"{CREATE_AUTHOR}/operationId"),
    (rules.tags, f"{LIST_AUTHORS}/tags", ["authors", "health"], f"{LIST_AUTHORS}/tags"),
    (rules.tags, f"{LIST_AUTHORS}/tags", [], f"{LIST_AUTHORS}/tags"),
    (rules.tags, f"{LIST_AUTHORS}/tags", ["people"], f"{LIST_AUTHORS}/tags"),
    (rules.paths, "/paths/~1authors~1", {}, "/paths/~1authors~1"),
    (rules.paths, "/paths/~1author~1{author_id}", {}, "/paths/~1author~1{author_id}"),
    (rules.paths, "/paths/~1articleTags", {}, "/paths/~1articleTags"),
    (
        rules.collections,
        f"{GET_AUTHOR}/operationId",
        "list_author",
        "/paths/~1authors~1{author_id}",
    ),
    (rules.names, f"{LIMIT}/name", "pageSize", f"{LIMIT}/name"),
    (rules.names, f"{AUTHOR_CREATE}/properties/penName", {}, f"{AUTHOR_CREATE}/properties/penName"),
    (rules.bounds, f"{FIRST_NAME}/maxLength", REMOVE, FIRST_NAME),
    (rules.bounds, f"{LIMIT}/schema/minimum", REMOVE, f"{LIMIT}/schema"),
    (
        rules.bounds,
        f"{LIST_AUTHORS}/parameters/1/schema/maxLength",
        REMOVE,
        f"{LIST_AUTHORS}/parameters/1/schema",
    ),
    (
        rules.bounds,
        "/components/parameters/AuthorId/schema/maximum",
        REMOVE,
        "/components/parameters/AuthorId/schema",
    ),
    (
        rules.bounds,
        f"{AUTHOR_CREATE}/properties/tags",
        {"type": "array"},
        f"{AUTHOR_CREATE}/properties/tags",
    ),
    (rules.bounds, f"{AUTHOR_CREATE}/properties/any", {}, f"{AUTHOR_CREATE}/properties/any"),
    (
        rules.bounds,
        f"{AUTHOR_CREATE}/properties/tags",
        {"type": "array", "maxItems": 9, "items": {"type": "string", "format": "uri"}},
        f"{AUTHOR_CREATE}/properties/tags/items",
    ),
    (rules.closed, f"{AUTHOR_CREATE}/additionalProperties", REMOVE, AUTHOR_CREATE),
    (
        rules.closed,
        f"{AUTHOR_CREATE}/additionalProperties",
        True,
        f"{AUTHOR_CREATE}/additionalProperties",
    ),
    (rules.nul, f"{FIRST_NAME}/pattern", REMOVE, FIRST_NAME),
    (rules.nul, f"{FIRST_NAME}/pattern", "^[A-Z]", f"{FIRST_NAME}/pattern"),
    (
        rules.nul,
        f"{LIST_AUTHORS}/parameters/1/name",
        "text",
        f"{LIST_AUTHORS}/parameters/1/schema",
    ),
    (rules.statuses, f"{GET_AUTHOR}/responses/404", REMOVE, f"{GET_AUTHOR}/responses"),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/413", REMOVE, f"{CREATE_AUTHOR}/responses"),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/415", REMOVE, f"{CREATE_AUTHOR}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/responses/400", REMOVE, f"{LIST_AUTHORS}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/responses/422", REMOVE, f"{LIST_AUTHORS}/responses"),
    (rules.statuses, f"{LIST_AUTHORS}/responses/401", REMOVE, f"{LIST_AUTHORS}/responses"),
    (
        rules.statuses,
        f"{LIST_AUTHORS}/security",
        [{"token": ["read"]}],
        f"{LIST_AUTHORS}/responses",
    ),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/403", REMOVE, f"{CREATE_AUTHOR}/responses"),
    (rules.open_writes, f"{CREATE_AUTHOR}/security", [], f"{CREATE_AUTHOR}/security"),
    (
        rules.open_writes,
        f"{CREATE_AUTHOR}/security",
        [{}, {"bearer_token": []}],
        f"{CREATE_AUTHOR}/security",
    ),
    (
        rules.open_writes,
        f"{DELETE_AUTHOR}/security",
        [{"bearer_token": []}, {}],
        f"{DELETE_AUTHOR}/security",
    ),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/default", {}, f"{GET_AUTHOR}/responses/default"),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/4XX", {}, f"{GET_AUTHOR}/responses/4XX"),
    (rules.no_catch_all, f"{GET_AUTHOR}/responses/500", {}, f"{GET_AUTHOR}/responses/500"),
    (rules.headers, f"{NOT_FOUND}/headers/X-Request-ID", REMOVE, f"{NOT_FOUND}/headers"),
    (
        rules.headers,
        f"{RESPONSES}/ServiceUnavailable/headers/Retry-After",
        REMOVE,
        f"{RESPONSES}/ServiceUnavailable/headers",
    ),
    (
        rules.headers,
        f"{RESPONSES}/UnsupportedPatchMediaType/headers/Accept-Patch",
        REMOVE,
        f"{RESPONSES}/UnsupportedPatchMediaType/headers",
    ),
    (
        rules.headers,
        f"{CREATE_AUTHOR}/responses/201/headers/Location",
        {"schema": {"type": "string"}},
        f"{CREATE_AUTHOR}/responses/201/headers/Location",
    ),
    (
        rules.headers,
        f"{GET_AUTHOR}/responses/401",
        {"$ref": f"#{NOT_FOUND}"},
        f"{NOT_FOUND}/headers",
    ),
    (rules.problems, f"{NOT_FOUND}/content", {"application/json": {}}, f"{NOT_FOUND}/content"),
    (rules.problems, f"{NOT_FOUND}/content", REMOVE, NOT_FOUND),
    (
        rules.problems,
        f"{NOT_FOUND}/content/application~1problem+json/schema",
        {"$ref": "#/components/schemas/Health"},
        f"{NOT_FOUND}/content",
    ),
    (rules.descriptions, f"{LIMIT}/description", REMOVE, LIMIT),
    (
        rules.descriptions,
        f"{CREATE_AUTHOR}/requestBody/description",
        " ",
        f"{CREATE_AUTHOR}/requestBody",
    ),
    (rules.descriptions, f"{AUTHORS_LINK}/description", REMOVE, AUTHORS_LINK),
    (
        rules.descriptions,
        "/components/schemas/Health/properties/status/description",
        REMOVE,
        "/components/schemas/Health/properties/status",
    ),
    (rules.examples, f"{LIMIT}/example", REMOVE, LIMIT),
    (rules.examples, f"{AUTHORS_LINK}/example", REMOVE, AUTHORS_LINK),
    (
        rules.examples,
        f"{CREATE_AUTHOR}/requestBody/content/application~1json/example",
        REMOVE,
        f"{CREATE_AUTHOR}/requestBody/content/application~1json",
    ),
    (
        rules.examples,
        f"{NOT_FOUND}/content/application~1problem+json/example",
        REMOVE,
        f"{NOT_FOUND}/content/application~1problem+json",
    ),
    (rules.examples, f"{FIRST_NAME}/examples", [], FIRST_NAME),
    (rules.prefilled, f"{DELETED_ID}/example", 1, f"{DELETED_ID}/example"),
    (rules.prefilled, f"{DELETED_ID}/examples", {"ada": {"value": 1}}, DELETED_ID),
    (rules.prefilled, f"{DELETED_ID}/schema/default", 1, DELETED_ID),
    (rules.prefilled, f"{DELETED_ID}/schema/examples", [1], DELETED_ID),
    (
        rules.prefilled,
        DELETED_ID,
        {"$ref": "#/components/parameters/AuthorId"},
        "/components/parameters/AuthorId/example",
    ),
    (
        rules.prefilled,
        f"{DELETE_AUTHOR}/parameters/1/example",
        True,
        f"{DELETE_AUTHOR}/parameters/1/example",
    ),
    (
        rules.examples,
        f"{DELETE_AUTHOR}/parameters/1/example",
        REMOVE,
        f"{DELETE_AUTHOR}/parameters/1",
    ),
    (
        rules.preconditions,
        f"{DELETE_AUTHOR}/parameters/2",
        {"$ref": "#/components/parameters/Limit"},
        f"{DELETE_AUTHOR}/parameters",
    ),
    (rules.preconditions, f"{IF_MATCH}/required", False, f"{DELETE_AUTHOR}/parameters"),
    (rules.preconditions, f"{IF_MATCH}/in", "query", f"{UPDATE_AUTHOR}/parameters"),
    (
        rules.preconditions,
        f"{GET_AUTHOR}/responses/200/headers/ETag",
        REMOVE,
        f"{GET_AUTHOR}/responses/200/headers",
    ),
    (
        rules.preconditions,
        f"{GET_AUTHOR}/responses/200/headers/ETag",
        {"schema": {"type": "string"}},
        f"{GET_AUTHOR}/responses/200/headers",
    ),
    (rules.preconditions, f"{GET_AUTHOR}/responses/304", REMOVE, f"{GET_AUTHOR}/parameters"),
    (
        rules.preconditions,
        "/paths/~1tokens~1{token_id}/patch",
        {"responses": {}},
        "/paths/~1tokens~1{token_id}/delete/parameters",
    ),
    (rules.prefilled, f"{IF_MATCH}/example", '"1"', f"{IF_MATCH}/example"),
    (rules.prefilled, f"{IF_NONE_MATCH}/schema/examples", ["1"], IF_NONE_MATCH),
    (rules.statuses, f"{DELETE_AUTHOR}/responses/412", REMOVE, f"{DELETE_AUTHOR}/responses"),
    (rules.statuses, f"{DELETE_AUTHOR}/responses/428", REMOVE, f"{DELETE_AUTHOR}/responses"),
    (
        rules.headers,
        f"{RESPONSES}/NotModified/headers/ETag",
        REMOVE,
        f"{RESPONSES}/NotModified/headers",
    ),
    (rules.prefilled, f"{IDEMPOTENCY_KEY}/example", "a1", f"{IDEMPOTENCY_KEY}/example"),
    (rules.prefilled, f"{IDEMPOTENCY_KEY}/schema/default", "a1", IDEMPOTENCY_KEY),
    (rules.idempotency, f"{CREATE_AUTHOR}/parameters", REMOVE, CREATE_AUTHOR),
    (rules.idempotency, f"{IDEMPOTENCY_KEY}/name", "Key", f"{CREATE_AUTHOR}/parameters"),
    (rules.idempotency, f"{IDEMPOTENCY_KEY}/in", "query", f"{CREATE_AUTHOR}/parameters"),
    (rules.idempotency, f"{IDEMPOTENCY_KEY}/required", True, f"{IDEMPOTENCY_KEY}/required"),
    (
        rules.idempotency,
        "/paths/~1tokens/post/responses/201/headers/Cache-Control",
        REMOVE,
        "/paths/~1tokens/post",
    ),
    (
        rules.idempotency,
        "/components/headers/NoStore/schema/enum",
        ["no-store", "private"],
        "/paths/~1tokens/post",
    ),
    (
        rules.idempotency,
        "/paths/~1tokens/post/parameters",
        [{"$ref": f"#{IDEMPOTENCY_KEY}"}],
        IDEMPOTENCY_KEY,
    ),
    (rules.statuses, f"{CREATE_AUTHOR}/responses/409", REMOVE, f"{CREATE_AUTHOR}/responses"),
    (rules.enum_names, f"{SORT}/enum", ["created_at"], f"{SORT}/x-enum-varnames"),
    (rules.enum_names, f"{SORT}/x-enum-varnames", ["same"] * 6, f"{SORT}/x-enum-varnames"),
    (rules.deprecations, f"{GET_AUTHOR}/deprecated", True, GET_AUTHOR),
    (rules.deprecations, f"{GET_AUTHOR}/x-deprecated-since", "2026-01-05", GET_AUTHOR),
    (rules.deprecations, f"{GET_AUTHOR}/x-sunset", "soon", f"{GET_AUTHOR}/x-sunset"),
]


def changed(place: str, value: object) -> Contract:
    """Return the contract with another value at one place, or without that place."""
    return Contract(edited(CONTRACT.document, {place: value}))


def written(contract: Contract, folder: Path) -> Path:
    path = folder / "changed.yaml"
    path.write_text(json.dumps(contract.document), encoding="utf-8")  # JSON is YAML
    return path


@pytest.mark.self_test_of("test_the_contract_passes")
@pytest.mark.parametrize(("rule", "place", "value", "found"), CHANGES)
def test_a_rule_points_at_one_change(
    rule: rules.Rule, place: str, value: object, found: str
) -> None:
    contract = changed(place, value)

    assert found in {pointer for pointer, _, _ in rule(contract)}
    assert list(rule(CONTRACT)) == []


def test_each_rule_has_been_seen_to_fail() -> None:
    assert {rule for rule, *_ in CHANGES} == {*ESSENTIAL, *HOUSE}


@pytest.mark.parametrize(
    ("security", "missing"),
    [
        ([], []),
        ([{}], []),
        ([{}, {"token": []}], ["401"]),
        ([{"token": ["read"]}], ["401", "403"]),
        ([{}, {"token": [], "key": ["read"]}], ["401", "403"]),
    ],
)
def test_scopes_need_a_403_and_credentials_a_401(
    security: list[object], missing: list[str]
) -> None:
    contract = Contract(edited(CONTRACT.document, {f"{LIVEZ}/security": security}))

    found = [each for each in rules.statuses(contract) if each.pointer == f"{LIVEZ}/responses"]

    assert [fix for _, _, fix in found] == [f"document the {status}" for status in missing]


def test_an_open_operation_needs_no_401_and_403() -> None:
    secured = changed("/paths/~1livez/get/security", REMOVE)

    found = [
        (pointer, problem.partition(",")[0]) for pointer, problem, _ in rules.statuses(secured)
    ]

    assert found == [("/paths/~1livez/get/responses", "no 401")]
    assert list(rules.statuses(CONTRACT)) == []


def test_without_any_security_each_operation_that_writes_is_named() -> None:
    edits: dict[str, object] = {
        pointer: REMOVE
        for operation in CONTRACT.operations
        for pointer in ("/security", operation.inner("security"))
    }

    found = list(rules.open_writes(Contract(edited(CONTRACT.document, edits))))

    assert [each.problem for each in found] == [
        f"{operation.id} writes for anybody"
        for operation in CONTRACT.operations
        if operation.method != "get"
    ]
    assert len(found) == 8


@pytest.mark.parametrize(
    ("keyword", "value", "found"),
    [
        ("if", {"required": ["email"]}, []),
        ("contains", {"minimum": 1}, []),
        ("properties/gone", False, []),
        ("properties/any", True, [f"{AUTHOR_CREATE}/properties/any"]),
        ("allOf", [{"required": ["email"]}], [f"{AUTHOR_CREATE}/allOf/0"]),
    ],
)
def test_a_condition_needs_no_bounds(keyword: str, value: object, found: list[str]) -> None:
    contract = changed(f"{AUTHOR_CREATE}/{keyword}", value)

    assert [pointer for pointer, _, _ in dict.fromkeys(rules.bounds(contract))] == found


# --- Profiles ---


def configured(folder: Path, text: str) -> Path:
    path = folder / "lint.toml"
    path.write_text(text, encoding="utf-8")
    return path


def names_and_bounds() -> Contract:
    """Return the contract with violations of `verbs` (house) and `bounds` (essential)."""
    edits = {f"{LIST_AUTHORS}/operationId": "fetch_authors", f"{FIRST_NAME}/maxLength": REMOVE}
    return Contract(edited(CONTRACT.document, edits))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('profile = "essential"', {rules.bounds}),
        ("", {rules.bounds}),
        ('profile = "house"', {rules.bounds, rules.verbs}),
        ('profile = "house"\n[off]\nbounds = "limits are checked elsewhere"', {rules.verbs}),
    ],
)
def test_a_profile_chooses_the_rules(text: str, found: set[rules.Rule], tmp_path: Path) -> None:
    profile = profiles.read(configured(tmp_path, text))

    assert {rule for rule, _ in profile.findings(names_and_bounds())} == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '[off]\nbound = "too strict"',
            "off.bound: the profile essential has no such rule; it has bounds,",
        ),
        (
            'profile = "essential"\n[off]\nverbs = "old"',
            "off.verbs: the profile essential has no such rule",
        ),
        ('profile = "house"\n[off]\nverbs = " "', "off.verbs: give the reason"),
        ('profile = "house"\n[off]\nverbs = true', "off.verbs: give the reason"),
        (
            '[off]\n"owasp:api1:2023-no-numeric-ids" = ""',
            "off.owasp:api1:2023-no-numeric-ids: give",
        ),
        ('profile = "strict"', "profile: there is no 'strict'; choose one of essential, house"),
        ('off = "verbs"', "profile has to be a text, and off a table"),
        ('rules = "house"', "rules: unknown; there are profile and off"),
        ("profile", "cannot be read: "),
    ],
)
def test_an_invalid_profile_is_an_error(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidProfile, match=f"^{re.escape(reason)}"):
        profiles.read(configured(tmp_path, text))


def test_the_command_takes_the_profile(tmp_path: Path) -> None:
    contract = written(
        Contract(edited(CONTRACT.document, {f"{LIST_AUTHORS}/operationId": "fetch_authors"})),
        tmp_path,
    )

    essential = run_lint(
        contract, configured(tmp_path, 'profile = "essential"'), PATH=str(tmp_path), CI=""
    )
    house = run_lint(contract, configured(tmp_path, 'profile = "house"'), PATH=str(tmp_path), CI="")
    unknown = run_lint(
        contract, configured(tmp_path, '[off]\nverb = "old"'), PATH=str(tmp_path), CI=""
    )

    assert (essential.returncode, essential.stderr) == (0, "")
    assert (house.returncode, "start it with list_ or get_ [verbs]" in house.stderr) == (1, True)
    assert (
        unknown.returncode,
        "lint.toml: off.verb: the profile essential has no such rule" in unknown.stderr,
    ) == (
        1,
        True,
    )


def test_every_rule_has_a_reason() -> None:
    assert not ESSENTIAL.keys() & HOUSE.keys()
    assert [rule.__name__ for rule, reason in {**ESSENTIAL, **HOUSE}.items() if not reason] == []
    assert Profile("house").rules == (*ESSENTIAL, *HOUSE)


# --- The other linters, and the command ---


@pytest.mark.self_test_of("test_the_contract_passes")
def test_openapi_spec_validator_points_at_a_missing_property(tmp_path: Path) -> None:
    contract = changed("/info/version", REMOVE)

    found = lint.spec_validator(written(contract, tmp_path))

    assert found == ['/info: "version" is a required property [openapi-spec-validator]']


@needs_node
@pytest.mark.self_test_of("test_the_contract_passes")
def test_redocly_points_at_an_unused_component(tmp_path: Path) -> None:
    contract = changed("/components/schemas/Unused", {"type": "string"})

    found = lint.redocly(TOOLS, written(contract, tmp_path))

    assert [each.partition(":")[0] for each in found] == ["/components/schemas/Unused"]
    assert "[Redocly no-unused-components]" in found[0]


@needs_node
@pytest.mark.self_test_of("test_the_contract_passes")
def test_spectral_points_at_an_invalid_example(tmp_path: Path) -> None:
    place = f"{CREATE_AUTHOR}/requestBody/content/application~1json/example"
    contract = changed(f"{place}/first_name", "")

    found = lint.spectral(profiles.read(CONFIG), TOOLS, written(contract, tmp_path))

    assert [each.partition(":")[0] for each in found] == [f"{place}/first_name"]
    assert "[Spectral oas3-valid-media-example]" in found[0]


@needs_node
@pytest.mark.self_test_of("test_the_contract_passes")
def test_the_owasp_ruleset_points_at_an_open_write(tmp_path: Path) -> None:
    contract = changed(f"{CREATE_AUTHOR}/security", [])

    found = lint.spectral(profiles.read(CONFIG), TOOLS, written(contract, tmp_path))

    assert [each.partition(":")[0] for each in found] == [f"{CREATE_AUTHOR}/security"]
    assert "[Spectral owasp:api2:2023-write-restricted]" in found[0]


@needs_node
@pytest.mark.self_test_of("test_the_contract_passes")
def test_an_owasp_rule_is_switched_off_only_if_it_finds_something() -> None:
    off = profiles.read(CONFIG).off
    needless = "owasp:api2:2023-no-http-basic"
    profile = Profile("house", {**off, needless: "old", "owasp:no-such-rule": "old"})

    assert lint.spectral(profile, TOOLS, PATH) == [
        f"off.{name}: this rule finds nothing here; remove the line"
        for name in (needless, "owasp:no-such-rule")
    ]


def run_lint(
    path: Path = PATH, config: Path = CONFIG, **environment: str
) -> subprocess.CompletedProcess[str]:
    options = [f"--config={config}", f"--node-modules={TOOLS.modules}"]
    command = [sys.executable, "-m", "specfirst.checks.lint", str(path), *options]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@needs_node
def test_the_contract_passes() -> None:
    done = run_lint()

    assert (done.returncode, done.stderr) == (0, "")
    assert "openapi.yaml passes 4 linters" in done.stdout


@pytest.mark.self_test_of("test_the_contract_passes")
def test_a_finding_has_place_fix_and_rule(tmp_path: Path) -> None:
    contract = changed("/components/parameters/Limit/schema/maximum", REMOVE)

    done = run_lint(written(contract, tmp_path), PATH=str(tmp_path), CI="")

    assert done.returncode == 1
    assert (
        "/components/parameters/Limit/schema: an input of type integer without bound; "
        "add maximum [bounds]"
    ) in done.stderr


def test_what_is_not_a_document_fails(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("swagger: '2.0'")

    done = run_lint(tmp_path / "other.yaml")

    assert (done.returncode, "/swagger: this is Swagger 2.0" in done.stderr) == (1, True)


def test_without_node_two_linters_are_reported_as_skipped(tmp_path: Path) -> None:
    done = run_lint(PATH=str(tmp_path), CI="")

    assert done.returncode == 0
    assert "Redocly and Spectral skipped: no Node" in done.stdout
    assert "openapi.yaml passes 2 linters" in done.stdout


def test_without_node_lint_fails_in_ci(tmp_path: Path) -> None:
    done = run_lint(PATH=str(tmp_path), CI="true")

    assert done.returncode == 1
    assert "Redocly and Spectral cannot run: no Node" in done.stderr


def test_the_lock_of_the_node_tools_names_no_address() -> None:
    lock = (ROOT / "tests" / "package-lock.json").read_text(encoding="utf-8")

    assert ('"resolved"' in lock, "://" in lock) == (False, False), (
        "make lock writes it without addresses"
    )


def test_the_node_tools_are_pinned() -> None:
    package = json.loads((ROOT / "tests" / "package.json").read_text(encoding="utf-8"))

    assert [
        name for name, version in package["devDependencies"].items() if not version[0].isdecimal()
    ] == []
