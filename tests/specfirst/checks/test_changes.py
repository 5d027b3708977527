"""Which changes of a contract break clients, and which version and changelog they need."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from specfirst.checks.breaking import breaks
from specfirst.checks.changes import Project, check
from specfirst.contract import json_pointer, reading
from specfirst.contract.json_pointer import REMOVE, edited
from specfirst.contract.model import Contract
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = reading.load(ROOT / "openapi" / "openapi.yaml")
CONTRACT.pop("security")  # the cases begin without
for operation in Contract(CONTRACT).operations:
    operation.raw.pop("security", None)  # type: ignore[attr-defined]

ARTICLE, CREATE, UPDATE = (
    f"/components/schemas/Article{suffix}" for suffix in ("", "Create", "Update")
)
PROBLEM, LIMIT = "/components/schemas/Problem", "/components/parameters/Limit"
ARTICLES, ONE = "/paths/~1articles", "/paths/~1articles~1{article_id}"
JSON = "content/application~1json"
FORM = "content/application~1x-www-form-urlencoded"
PET = "/components/schemas/Pet"

KEY: dict[str, Any] = {"key": []}
SCHEMES = {
    "key": {"type": "http", "scheme": "bearer"},
    "other": {"type": "http", "scheme": "basic"},
}
# What our contract does not have: choices, and recursive schemas.
PETS = {
    PET: {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "null"}]},
    "/components/schemas/Cat": {"type": "object", "properties": {"lives": {"type": "integer"}}},
    "/components/schemas/Dog": {
        "type": "object",
        "properties": {"barks": {"type": "boolean"}},
        "required": ["barks"],
    },
    "/components/schemas/Tree": {
        "type": "object",
        "required": ["leaf"],
        "properties": {
            "leaf": {"type": "string"},
            "branches": {"items": {"$ref": "#/components/schemas/Tree"}},
        },
    },
}
ANIMAL: dict[str, Any] = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"},
    },
}
OUTPUT_PET = PETS | {f"{ARTICLE}/properties/pet": {"$ref": "#/components/schemas/Pet"}}
INPUT_PET = PETS | {f"{CREATE}/properties/pet": {"$ref": "#/components/schemas/Pet"}}
LABELS = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 9}}


@dataclass(frozen=True)
class Change:
    """Edits of the contract by JSON Pointer, and the `places` where they break.

    `given` is in the released contract, too.
    """

    name: str
    edits: dict[str, Any]
    places: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def contracts(self) -> tuple[Contract, Contract]:
        """The released contract, and the changed one."""
        released = edited(CONTRACT, self.given)
        return Contract(released), Contract(edited(released, self.edits))


def without(pointer: str, *names: str) -> list[str]:
    """Return a list of the contract without some of its values."""
    return [each for each in json_pointer.find(CONTRACT, pointer) if each not in names]


def parameter(name: str, **keywords: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}, **keywords}


BREAKING = [
    # --- Operations and their names ---
    Change("path removed", {"/paths/~1livez": REMOVE}, "/paths/~1livez"),
    Change("operation removed", {f"{ONE}/delete": REMOVE}, f"{ONE}/delete"),
    Change(
        "operation renamed",
        {f"{ARTICLES}/get/operationId": "find_articles"},
        f"{ARTICLES}/get/operationId",
    ),
    Change(
        "operation moved to another tag",
        {f"{ARTICLES}/get/tags": ["texts"]},
        f"{ARTICLES}/get/tags/0",
    ),
    Change("server removed", {"/servers/0/url": "/v2"}, "/servers"),
    Change(
        "schema renamed",
        {
            "/components/schemas/Health": REMOVE,
            "/components/schemas/Sign": CONTRACT["components"]["schemas"]["Health"],
        }
        | {
            f"/paths/~1{path}/get/responses/200/{JSON}/schema": {
                "$ref": "#/components/schemas/Sign"
            }
            for path in ("livez", "readyz")
        },
        "/components/schemas/Health",
    ),
    # --- Security ---
    Change(
        "security added",
        {f"{ONE}/delete/security": [KEY]},
        f"{ONE}/delete/security",
        {"/components/securitySchemes": SCHEMES},
    ),
    Change(
        "security added to all",
        {"/security": [KEY]},
        "/security",
        {"/components/securitySchemes": SCHEMES},
    ),
    Change(
        "scope added",
        {"/security": [{"key": ["read", "write"]}]},
        "/security",
        {"/security": [{"key": ["read"]}]},
    ),
    Change(
        "alternative removed",
        {"/security": [KEY]},
        "/security",
        {"/security": [KEY, {"other": []}]},
    ),
    Change("anonymous access removed", {"/security": [KEY]}, "/security", {"/security": [KEY, {}]}),
    Change(
        "scheme changed",
        {"/components/securitySchemes/key/scheme": "digest"},
        "/components/securitySchemes/key",
        {"/components/securitySchemes": SCHEMES, "/security": [KEY]},
    ),
    # --- Parameters ---
    Change(
        "parameter removed",
        {f"{ARTICLES}/get/parameters/3": REMOVE},
        f"{ARTICLES}/get/parameters/3",
    ),
    Change("parameter renamed", {f"{LIMIT}/name": "size"}, LIMIT),
    Change(
        "required parameter removed",
        {f"{ARTICLES}/get/parameters/5": REMOVE},
        f"{ARTICLES}/get/parameters",
        {f"{ARTICLES}/get/parameters/-": parameter("of", required=True)},
    ),
    Change(
        "required parameter added",
        {f"{ARTICLES}/get/parameters/-": parameter("of", required=True)},
        f"{ARTICLES}/get/parameters",
    ),
    Change(
        "required parameter added to a path",
        {f"{ARTICLES}/parameters": [parameter("of", required=True)]},
        f"{ARTICLES}/get/parameters {ARTICLES}/post/parameters",
    ),
    Change(
        "parameter made required",
        {f"{LIMIT}/required": True},
        f"{ARTICLES}/get/parameters /paths/~1authors/get/parameters /paths/~1tokens/get/parameters",
    ),
    Change(
        "parameter written differently",
        {f"{ARTICLES}/get/parameters/3/style": "pipeDelimited"},
        f"{ARTICLES}/get/parameters/3/style",
    ),
    Change("maximum lowered", {f"{LIMIT}/schema/maximum": 50}, f"{LIMIT}/schema/maximum"),
    Change("default changed", {f"{LIMIT}/schema/default": 50}, f"{LIMIT}/schema/default"),
    Change("default removed", {f"{LIMIT}/schema/default": REMOVE}, f"{LIMIT}/schema/default"),
    Change(
        "value of a parameter removed",
        {
            "/components/schemas/ArticleSort/enum": without(
                "/components/schemas/ArticleSort/enum", "title"
            )
        },
        "/components/schemas/ArticleSort/enum",
    ),
    Change(
        "parameter in JSON narrowed",
        {f"{ARTICLES}/get/parameters/5/{JSON}/schema/maxLength": 9},
        f"{ARTICLES}/get/parameters/5/{JSON}/schema/maxLength",
        {
            f"{ARTICLES}/get/parameters/-": {
                "name": "of",
                "in": "query",
                "content": {"application/json": {"schema": {}}},
            }
        },
    ),
    # --- Inputs are narrowed ---
    Change(
        "maxLength lowered",
        {f"{CREATE}/properties/title/maxLength": 100},
        f"{CREATE}/properties/title/maxLength",
    ),
    Change(
        "minLength raised",
        {f"{CREATE}/properties/title/minLength": 3},
        f"{CREATE}/properties/title/minLength",
    ),
    Change(
        "minLength added",
        {f"{CREATE}/properties/summary/minLength": 1},
        f"{CREATE}/properties/summary/minLength",
    ),
    Change(
        "minimum raised",
        {f"{CREATE}/properties/author_id/minimum": 2},
        f"{CREATE}/properties/author_id/minimum",
    ),
    Change(
        "exclusive maximum added",
        {f"{CREATE}/properties/author_id/exclusiveMaximum": 9},
        f"{CREATE}/properties/author_id/exclusiveMaximum",
    ),
    Change(
        "pattern changed",
        {f"{CREATE}/properties/title/pattern": "^[a-z]*$"},
        f"{CREATE}/properties/title/pattern",
    ),
    Change(
        "pattern added",
        {f"{CREATE}/properties/kind/pattern": "^a"},
        f"{CREATE}/properties/kind/pattern",
        {f"{CREATE}/properties/kind": {"type": "string"}},
    ),
    Change(
        "enum added",
        {f"{CREATE}/properties/title/enum": ["Note G"]},
        f"{CREATE}/properties/title/enum",
    ),
    Change(
        "null refused",
        {f"{UPDATE}/properties/summary/type": "string"},
        f"{UPDATE}/properties/summary/type",
    ),
    Change(
        "type narrowed",
        {f"{CREATE}/properties/rank/type": "integer"},
        f"{CREATE}/properties/rank/type",
        {f"{CREATE}/properties/rank/type": "number"},
    ),
    Change(
        "property made required",
        {f"{CREATE}/required/-": "summary"},
        f"{CREATE}/properties/summary",
    ),
    Change(
        "required property added",
        {f"{CREATE}/properties/kind": {"type": "string"}, f"{CREATE}/required/-": "kind"},
        f"{CREATE}/properties/kind",
    ),
    Change(
        "property of an input removed",
        {f"{UPDATE}/properties/summary": REMOVE},
        f"{UPDATE}/properties/summary",
    ),
    Change(
        "property of an input made read-only",
        {f"{UPDATE}/properties/summary/readOnly": True},
        f"{UPDATE}/properties/summary",
    ),
    Change(
        "input closed",
        {f"{CREATE}/additionalProperties": False},
        f"{CREATE}/additionalProperties",
        {f"{CREATE}/additionalProperties": REMOVE},
    ),
    Change(
        "items of an input narrowed",
        {f"{CREATE}/properties/tags/items/maxLength": 9},
        f"{CREATE}/properties/tags/items/maxLength",
        {f"{CREATE}/properties/tags": {"type": "array", "items": {"type": "string"}}},
    ),
    Change(
        "fewer items in an input",
        {f"{CREATE}/properties/tags/maxItems": 3},
        f"{CREATE}/properties/tags/maxItems",
        {f"{CREATE}/properties/tags": {"type": "array", "maxItems": 9}},
    ),
    Change(
        "values of a map narrowed",
        {f"{CREATE}/properties/labels/additionalProperties/maxLength": 5},
        f"{CREATE}/properties/labels/additionalProperties/maxLength",
        {f"{CREATE}/properties/labels": LABELS},
    ),
    Change(
        "map of an input gets a schema",
        {f"{CREATE}/properties/labels": LABELS},
        f"{CREATE}/properties/labels/additionalProperties",
        {f"{CREATE}/properties/labels/type": "object"},
    ),
    Change(
        "input narrowed by allOf",
        {f"{CREATE}/allOf": [{"properties": {"title": {"maxLength": 9}}}]},
        f"{CREATE}/allOf/0/properties/title/maxLength",
    ),
    Change(
        "choice of an input removed",
        {f"{PET}/anyOf": [{"type": "null"}]},
        f"{PET}/anyOf",
        INPUT_PET,
    ),
    Change(
        "choice of an input narrowed",
        {"/components/schemas/Cat/required": ["lives"]},
        "/components/schemas/Cat/properties/lives",
        INPUT_PET,
    ),
    Change(
        "body made required",
        {f"{ARTICLES}/post/requestBody/required": True},
        f"{ARTICLES}/post/requestBody",
        {f"{ARTICLES}/post/requestBody/required": False},
    ),
    Change(
        "body added",
        {f"{ONE}/delete/requestBody": {"required": True, "content": {"text/plain": {}}}},
        f"{ONE}/delete/requestBody",
    ),
    Change(
        "media type of a body removed",
        {f"{ARTICLES}/post/requestBody/content": {"text/plain": {}}},
        f"{ARTICLES}/post/requestBody/{JSON}",
    ),
    Change(
        "second media type of a body narrowed",
        {f"{ARTICLES}/post/requestBody/content/text~1plain/schema": {"maxLength": 9}},
        f"{ARTICLES}/post/requestBody/content/text~1plain/schema/maxLength",
        {f"{ARTICLES}/post/requestBody/content/text~1plain": {}},
    ),
    Change(
        "encoding of a form changed",
        {f"{ARTICLES}/post/requestBody/{FORM}/encoding": {"tags": {"explode": False}}},
        f"{ARTICLES}/post/requestBody/{FORM}/encoding",
        {f"{ARTICLES}/post/requestBody/{FORM}": {}},
    ),
    # --- Outputs are widened ---
    Change(
        "response enum widened",
        {"/components/schemas/Health/properties/status/enum/-": "tired"},
        "/components/schemas/Health/properties/status/enum",
    ),
    Change(
        "response enum removed",
        {"/components/schemas/RequestPart/enum": REMOVE},
        "/components/schemas/RequestPart/enum",
    ),
    Change(
        "output may be null",
        {f"{ARTICLE}/properties/title/type": ["string", "null"]},
        f"{ARTICLE}/properties/title/type",
    ),
    Change(
        "type of an output widened",
        {f"{ARTICLE}/properties/author_id/type": "number"},
        f"{ARTICLE}/properties/author_id/type",
    ),
    Change(
        "type of an output changed",
        {f"{ARTICLE}/properties/id/type": "string"},
        f"{ARTICLE}/properties/id/type",
    ),
    Change(
        "output may be longer",
        {f"{ARTICLE}/properties/title/maxLength": 300},
        f"{ARTICLE}/properties/title/maxLength",
    ),
    Change(
        "output unbounded",
        {f"{ARTICLE}/properties/title/maxLength": REMOVE},
        f"{ARTICLE}/properties/title/maxLength",
    ),
    Change(
        "output may be empty",
        {f"{ARTICLE}/properties/title/minLength": 0},
        f"{ARTICLE}/properties/title/minLength",
    ),
    Change(
        "format of an output changed",
        {f"{ARTICLE}/properties/created_at/format": "date"},
        f"{ARTICLE}/properties/created_at/format",
    ),
    Change(
        "property of an output optional",
        {f"{ARTICLE}/required": without(f"{ARTICLE}/required", "summary")},
        f"{ARTICLE}/properties/summary",
    ),
    Change(
        "property of an output removed",
        {
            f"{ARTICLE}/properties/summary": REMOVE,
            f"{ARTICLE}/required": without(f"{ARTICLE}/required", "summary"),
        },
        f"{ARTICLE}/properties/summary",
    ),
    Change(
        "optional property of an output removed",
        {f"{PROBLEM}/properties/errors": REMOVE},
        f"{PROBLEM}/properties/errors",
    ),
    Change(
        "property of an output made write-only",
        {f"{ARTICLE}/properties/summary/writeOnly": True},
        f"{ARTICLE}/properties/summary",
    ),
    Change(
        "link removed",
        {f"{ONE}/get/responses/200/links/get_author": REMOVE},
        f"{ONE}/get/responses/200/links/get_author",
    ),
    Change(
        "constant changed",
        {f"{ARTICLE}/properties/kind/const": "b"},
        f"{ARTICLE}/properties/kind/const",
        {f"{ARTICLE}/properties/kind/const": "a"},
    ),
    Change(
        "choices have another discriminator",
        {f"{PET}/discriminator/propertyName": "sort"},
        f"{PET}/discriminator",
        INPUT_PET | {PET: ANIMAL},
    ),
    Change(
        "a choice has another discriminator value",
        {f"{PET}/discriminator/mapping": {"cat": "Cat", "hound": "Dog"}},
        f"{PET}/discriminator",
        INPUT_PET | {PET: ANIMAL},
    ),
    Change(
        "closed output gets a property",
        {"/components/schemas/Health/properties/since": {"type": "string"}},
        "/components/schemas/Health/properties/since",
        {"/components/schemas/Health/additionalProperties": False},
    ),
    Change(
        "choice of an output added",
        {f"{PET}/anyOf/-": {"$ref": "#/components/schemas/Dog"}},
        f"{PET}/anyOf",
        OUTPUT_PET,
    ),
    Change(
        "choice of an output widened",
        {"/components/schemas/Cat/properties/lives/type": "number"},
        "/components/schemas/Cat/properties/lives/type",
        OUTPUT_PET,
    ),
    Change(
        "recursive output widened",
        {"/components/schemas/Tree/properties/leaf/type": ["string", "null"]},
        "/components/schemas/Tree/properties/leaf/type",
        PETS | {f"{ARTICLE}/properties/tree": {"$ref": "#/components/schemas/Tree"}},
    ),
    # --- Responses ---
    Change(
        "status of success changed",
        {
            f"{ARTICLES}/post/responses/201": REMOVE,
            f"{ARTICLES}/post/responses/200": {"description": "Stored."},
        },
        f"{ARTICLES}/post/responses/201 {ARTICLES}/post/responses/200",
    ),
    Change(
        "status of success added",
        {f"{ARTICLES}/post/responses/202": {"description": "Later."}},
        f"{ARTICLES}/post/responses/202",
    ),
    Change("error removed", {f"{ONE}/get/responses/404": REMOVE}, f"{ONE}/get/responses/404"),
    Change(
        "required response header removed",
        {f"{ARTICLES}/post/responses/201/headers/Location": REMOVE},
        f"{ARTICLES}/post/responses/201/headers/Location",
    ),
    Change(
        "header of a shared response removed",
        {"/components/responses/ServiceUnavailable/headers/Retry-After": REMOVE},
        "/components/responses/ServiceUnavailable/headers/Retry-After",
    ),
    Change(
        "response header made optional",
        {"/components/headers/AuthorLocation/required": False},
        "/components/headers/AuthorLocation/required",
    ),
    Change(
        "response header widened",
        {"/components/headers/RetryAfter/schema/maximum": 9999},
        "/components/headers/RetryAfter/schema/maximum",
    ),
    Change(
        "media type of a response changed",
        {f"{ONE}/get/responses/200/content": {"text/plain": {}}},
        f"{ONE}/get/responses/200/{JSON}",
    ),
]

SAFE = [
    Change(
        "operation added", {"/paths/~1tags": {"get": {"operationId": "list_tags", "responses": {}}}}
    ),
    Change("optional parameter added", {f"{ARTICLES}/get/parameters/-": parameter("of")}),
    Change(
        "parameter shared",
        {
            f"{ARTICLES}/get/parameters/2": {"$ref": "#/components/parameters/Sort"},
            "/components/parameters/Sort": CONTRACT["paths"]["/articles"]["get"]["parameters"][2],
        },
    ),
    Change(
        "parameter no longer required",
        {f"{ARTICLES}/get/parameters/4/required": False},
        given={f"{ARTICLES}/get/parameters/-": parameter("of", required=True)},
    ),
    Change("value of a parameter added", {"/components/schemas/ArticleSort/enum/-": "summary"}),
    Change("bound of a parameter relaxed", {f"{LIMIT}/schema/maximum": 200}),
    Change(
        "optional property of an input added",
        {f"{CREATE}/properties/kind": {"type": "string", "maxLength": 9}},
    ),
    Change(
        "input relaxed",
        {
            f"{CREATE}/properties/title/maxLength": 300,
            f"{CREATE}/properties/title/minLength": REMOVE,
        },
    ),
    Change("null accepted", {f"{UPDATE}/properties/title/type": ["string", "null"]}),
    Change("pattern of an input removed", {f"{CREATE}/properties/title/pattern": REMOVE}),
    Change(
        "property of an input optional",
        {f"{CREATE}/required": without(f"{CREATE}/required", "content")},
    ),
    Change(
        "choice of an input added",
        {f"{PET}/anyOf/-": {"$ref": "#/components/schemas/Dog"}},
        given=INPUT_PET,
    ),
    Change(
        "choice of an input gets another value",
        {f"{PET}/discriminator/mapping/pup": "Dog"},
        given=INPUT_PET | {PET: ANIMAL},
    ),
    Change(
        "integer of an input becomes a number", {f"{CREATE}/properties/author_id/type": "number"}
    ),
    Change(
        "map of an input opened",
        {f"{CREATE}/properties/labels/additionalProperties": True},
        given={f"{CREATE}/properties/labels": LABELS},
    ),
    Change(
        "input becomes a choice",
        {
            f"{CREATE}/properties/title": {
                "oneOf": [
                    CONTRACT["components"]["schemas"]["ArticleCreate"]["properties"]["title"],
                    {"type": "integer"},
                ]
            }
        },
    ),
    Change(
        "property of an output added",
        {f"{ARTICLE}/properties/kind": {"type": "string"}, f"{ARTICLE}/required/-": "kind"},
    ),
    Change("property of an output is always there", {f"{PROBLEM}/required/-": "errors"}),
    Change(
        "output bounded",
        {
            f"{PROBLEM}/properties/detail/maxLength": 500,
            f"{ARTICLE}/properties/title/maxLength": 100,
        },
    ),
    Change("response enum narrowed", {"/components/schemas/RequestPart/enum": ["body", "query"]}),
    Change("output never null", {f"{ARTICLE}/properties/summary/type": "string"}),
    Change(
        "choice of an output removed",
        {f"{PET}/anyOf": [{"$ref": "#/components/schemas/Cat"}]},
        given=OUTPUT_PET,
    ),
    Change(
        "error added",
        {f"{ARTICLES}/get/responses/451": {"$ref": "#/components/responses/ServiceUnavailable"}},
    ),
    Change(
        "response header added",
        {f"{ONE}/get/responses/200/headers/X-New": {"schema": {"type": "string"}}},
    ),
    Change(
        "security alternative added",
        {"/security": [KEY, {"other": []}]},
        given={"/security": [KEY]},
    ),
    Change("scope removed", {"/security": [KEY]}, given={"/security": [{"key": ["read"]}]}),
    Change("operation deprecated", {f"{ONE}/get/deprecated": True}),
    Change(
        "schema taken apart",
        {
            f"{ARTICLE}/properties/author_id": {"$ref": "#/components/schemas/Id"},
            "/components/schemas/Id": CONTRACT["components"]["schemas"]["Article"]["properties"][
                "author_id"
            ],
        },
    ),
    Change(
        "schema written with allOf",
        {"/components/schemas/Health": {"allOf": [CONTRACT["components"]["schemas"]["Health"]]}},
    ),
    Change(
        "description changed",
        {f"{ARTICLE}/description": "A text.", f"{ARTICLE}/properties/id/examples": [7]},
    ),
]


@pytest.mark.parametrize("change", BREAKING, ids=lambda change: change.name)
def test_a_breaking_change_is_found_at_its_place(change: Change) -> None:
    was, now = change.contracts

    found = breaks(was, now)

    assert {each.pointer for each in found} == set(change.places.split()), found


@pytest.mark.parametrize("change", SAFE, ids=lambda change: change.name)
def test_a_safe_change_breaks_nothing(change: Change) -> None:
    was, now = change.contracts

    assert was.document != now.document
    assert breaks(was, now) == []


def test_a_break_has_old_and_new_values_and_the_reason() -> None:
    was, now = Change(
        "", {"/components/schemas/Health/properties/status/enum/-": "tired"}
    ).contracts

    assert [str(each) for each in breaks(was, now)] == [
        '/components/schemas/Health/properties/status/enum: was "ok", is "ok", "tired": '
        "clients may get values that the released contract rules out"
    ]


# --- Version and changelog ---

LONGER = {f"{CREATE}/properties/title/maxLength": 300}
SHORTER = {f"{CREATE}/properties/title/maxLength": 100}
DESCRIPTION = {f"{ARTICLE}/description": "A text."}
EXAMPLE = {f"{ARTICLE}/properties/id/examples": [7]}
LISTED = """\
## Unreleased

### Breaking
- Titles are shorter.

## 0.1.0 - 2026-11-22

### Added
- All of it.
"""
UNLISTED = """\
## Unreleased

### Changed
- Titles.

## 0.1.0 - 2026-11-22

### Breaking
- Long ago.
"""
EMPTY = "## Unreleased\n\n### Breaking\n\n### Changed\n- Titles.\n"


@dataclass(frozen=True)
class Step:
    """From one version to the next."""

    was: str
    now: str
    edits: dict[str, Any]
    changelog: str = LISTED
    fault: str = ""


STEPS = {
    "breaking change with a new minor": Step("0.1.3", "0.2.0", SHORTER),
    "breaking change with the first major": Step("0.1.3", "1.0.0", SHORTER),
    "breaking change with a new major": Step("1.4.2", "2.0.0", SHORTER),
    "other change with a patch": Step("1.4.2", "1.4.3", LONGER, UNLISTED),
    "other change with a minor": Step("0.1.0", "0.2.0", LONGER, UNLISTED),
    "only the version": Step("0.1.9", "0.1.10", {}, UNLISTED),
    "nothing": Step("0.1.0", "0.1.0", {}, UNLISTED),
    "breaking change with the same version": Step(
        "0.1.0", "0.1.0", SHORTER, fault="/info/version: is 0.1.0, has to be 0.2.0"
    ),
    "breaking change with a patch": Step(
        "0.1.0", "0.1.1", SHORTER, fault="/info/version: is 0.1.1, has to be 0.2.0"
    ),
    "breaking change of 1.x with a minor": Step(
        "1.4.2", "1.5.0", SHORTER, fault="/info/version: is 1.5.0, has to be 2.0.0"
    ),
    "breaking change that is not in the changelog": Step(
        "0.1.0", "0.2.0", SHORTER, UNLISTED, "CHANGELOG.md: list what breaks"
    ),
    "breaking change with an empty list": Step(
        "0.1.0", "0.2.0", SHORTER, EMPTY, "CHANGELOG.md: list what breaks"
    ),
    "breaking change of 1.x that is not in the changelog": Step(
        "1.0.0", "2.0.0", SHORTER, UNLISTED, "CHANGELOG.md: list what breaks"
    ),
    "other change with the same version": Step(
        "1.4.2", "1.4.2", LONGER, fault="/info/version: is 1.4.2, has to be 1.4.3"
    ),
    "description with the same version": Step(
        "0.1.0", "0.1.0", DESCRIPTION, fault="/info/version: is 0.1.0, has to be 0.1.1"
    ),
    "example with the same version": Step(
        "0.1.0", "0.1.0", EXAMPLE, fault="/info/version: is 0.1.0, has to be 0.1.1"
    ),
    "version that goes back": Step(
        "0.10.0", "0.9.0", {}, fault="/info/version: went back from 0.10.0 to 0.9.0"
    ),
    "version that is none": Step(
        "0.1.0", "0.2", {}, fault="/info/version: is '0.2'; write three numbers"
    ),
    "changelog without its heading": Step(
        "0.1.0", "0.1.0", {}, "# Changelog\n", "CHANGELOG.md: has no `## Unreleased`"
    ),
}


def project_in(folder: Path, *, contracts: Path | None = None) -> Project:
    """Return the project whose files have their usual names in a folder.

    Its contracts may be in another folder.
    """
    contracts = contracts or folder
    return Project(
        contract_file=contracts / "openapi.yaml",
        released_file=contracts / "released.yaml",
        changelog_file=folder / "CHANGELOG.md",
        pyproject_file=folder / "pyproject.toml",
    )


def project(
    folder: Path, *, was: str | None, now: str, edits: dict[str, Any], changelog: str
) -> Project:
    """Write a project whose contract is ours with some edits.

    If `was` is None, nothing is released.
    """
    written = project_in(folder)
    if was:
        written.released_file.write_text(json.dumps(edited(CONTRACT, {"/info/version": was})))
    written.contract_file.write_text(json.dumps(edited(CONTRACT, {"/info/version": now, **edits})))
    written.pyproject_file.write_text(f'[project]\nversion = "{now}"\n')
    written.changelog_file.write_text(changelog)
    return written


@pytest.mark.parametrize("name", STEPS)
def test_version_and_changelog_reflect_what_changed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step = STEPS[name]

    code = check(
        project(tmp_path, was=step.was, now=step.now, edits=step.edits, changelog=step.changelog)
    )

    output = capsys.readouterr()
    assert (code, bool(output.err)) == ((1, True) if step.fault else (0, False))
    assert step.fault in output.err


def test_a_break_in_the_changelog_is_listed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(project(tmp_path, was="0.1.0", now="0.2.0", edits=SHORTER, changelog=LISTED))

    assert (
        f"openapi.yaml: breaking: {CREATE}/properties/title/maxLength: was 200, is 100"
        in capsys.readouterr().out
    )


def test_without_a_release_anything_may_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(project(tmp_path, was=None, now="0.1.0", edits=SHORTER, changelog=UNLISTED)) == 0

    assert capsys.readouterr().out.startswith("no release yet")


def test_version_of_the_project_is_that_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = project(tmp_path, was=None, now="0.1.0", edits={}, changelog=LISTED)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')

    assert check(other) == 1
    assert (
        "pyproject.toml: /project/version is 0.2.0, but /info/version in the contract 0.1.0"
        in capsys.readouterr().err
    )


def test_a_contract_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = project(tmp_path, was="0.1.0", now="0.1.0", edits={}, changelog=LISTED)
    broken.released_file.write_text("openapi: [")

    assert check(broken) == 1
    assert capsys.readouterr().err.startswith("released.yaml: cannot be read")


def test_this_project_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(project_in(ROOT, contracts=ROOT / "openapi")) == 0, capsys.readouterr().err
