"""Handlers that do not fit the contract: mypy refuses them, and the application does not start."""

import importlib
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from specfirst.contract.reading import read
from tests.conftest import ROOT

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    # It imports fastapi-code-generator, which is older than Pydantic.
    from specfirst.codegen.generate import generate

pytestmark = pytest.mark.slow

DOCUMENT = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      operationId: create_note
      tags: [notes]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NoteCreate'}}}
      responses:
        '201':
          description: The note.
          headers: {Location: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
  /notes/{note_id}:
    delete:
      operationId: delete_note
      summary: Delete a note
      tags: [notes]
      parameters: [{name: note_id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: It is gone.}, '404': {description: There is none.}}
  /secrets:
    get:
      operationId: get_secret
      tags: [secrets]
      security: [{}, {Token: []}]
      responses: {'204': {description: Read.}}
    put:
      operationId: put_secret
      tags: [secrets]
      security: [{Token: [write], Key: []}]
      responses: {'204': {description: Written.}}
components:
  securitySchemes:
    Token: {type: http, scheme: bearer}
    Key: {type: apiKey, in: header, name: X-Key}
  schemas:
    NoteCreate: {type: object, required: [text], properties: {text: {type: string}}}
    Note:
      type: object
      required: [id, text]
      properties: {id: {type: integer}, text: {type: string}}
"""

RIGHT = """
from dataclasses import dataclass

from notes_api import models
from notes_api.routers import build_routes
from notes_api.routers import notes as api
from notes_api.routers import secrets as secrets_api
from notes_api.runtime.responses import ApiResponse
from notes_api.security import SecurityHandlers
from starlette.requests import Request


class Teapot(ApiResponse):
    status = 418


class NotesHandlers(api.NotesHandlers):
    has_notes = False

    async def create_note(self, *, body: models.NoteCreate) -> api.CreateNote201:
        return api.CreateNote201(body=models.Note(id=1, text=body.text), location="/notes/1")

    async def delete_note(self, *, note_id: int) -> api.DeleteNoteResponse:
        return api.DeleteNote204() if self.has_notes else api.DeleteNote404()


@dataclass(frozen=True)
class Caller:
    name: str
    scopes: frozenset[str]


KNOWN = {"secret": Caller("Ada", frozenset({"write"}))}


class Security(SecurityHandlers[Caller]):
    async def token(self, credentials: str) -> Caller | None:
        return KNOWN.get(credentials)

    async def key(self, credentials: str) -> Caller | None:
        return None


class SecretsHandlers(secrets_api.SecretsHandlers[Caller]):
    async def get_secret(self, *, principal: Caller | None) -> secrets_api.GetSecret204:
        self.reader = principal.name if principal else "nobody"
        return secrets_api.GetSecret204()

    async def put_secret(self, *, principal: tuple[Caller, Caller]) -> secrets_api.PutSecret204:
        token, key = principal
        self.writer = token.name + key.name
        return secrets_api.PutSecret204()


async def charge(request: Request, principal: Caller | tuple[Caller, Caller] | None) -> None:
    pass


routes = build_routes(
    notes=NotesHandlers(),
    secrets=SecretsHandlers(),
    security=Security(),
    max_body_bytes=1000,
    after_authentication=charge,
)
"""


@dataclass(frozen=True)
class Wrong:
    """What makes the right handlers wrong: `old` becomes `new`.

    mypy reports `message` at the line with `place`.
    """

    old: str
    new: str
    place: str
    message: str


_DELETE = "    async def delete_note(self, *, note_id: int) -> api.DeleteNoteResponse:\n"
_DELETED = "        return api.DeleteNote204() if self.has_notes else api.DeleteNote404()\n"
_GET = (
    "    async def get_secret(self, *, principal: Caller | None) -> secrets_api.GetSecret204:\n"
    '        self.reader = principal.name if principal else "nobody"\n'
)
_INCOMPATIBLE = (
    'Signature of "delete_note" incompatible with supertype '
    '"notes_api.routers.notes.NotesHandlers"  [override]'
)

WRONG = {
    "missing_method": Wrong(
        _DELETE + _DELETED,
        "",
        "notes=NotesHandlers(),",
        'Cannot instantiate abstract class "NotesHandlers" '
        'with abstract attribute "delete_note"  [abstract]',
    ),
    "wrong_parameter_type": Wrong(
        "note_id: int",
        "note_id: str",
        "async def delete_note",
        'Argument 1 of "delete_note" is incompatible '
        'with supertype "notes_api.routers.notes.NotesHandlers"; '
        'supertype defines the argument type as "int"  [override]',
    ),
    "missing_parameter": Wrong(
        _DELETE, _DELETE.replace(", *, note_id: int", ""), "async def delete_note", _INCOMPATIBLE
    ),
    "extra_parameter": Wrong(
        _DELETE,
        _DELETE.replace("note_id: int", "note_id: int, force: bool"),
        "async def delete_note",
        _INCOMPATIBLE,
    ),
    "undeclared_status": Wrong(
        "else api.DeleteNote404()",
        "else Teapot()",
        "else Teapot()",
        'Incompatible return value type (got "DeleteNote204 | Teapot", '
        'expected "DeleteNote204 | DeleteNote404")  [return-value]',
    ),
    "undeclared_response_type": Wrong(
        "-> api.DeleteNoteResponse",
        "-> api.DeleteNoteResponse | Teapot",
        "async def delete_note",
        'Return type "Coroutine[Any, Any, DeleteNote204 | DeleteNote404 | Teapot]" '
        'of "delete_note" incompatible with',
    ),
    "wrong_body": Wrong(
        "body=models.Note(id=1, text=body.text)",
        "body=body",
        "body=body",
        'Argument "body" to "CreateNote201" has incompatible type "NoteCreate"; '
        'expected "Note"  [arg-type]',
    ),
    "missing_header": Wrong(
        ', location="/notes/1"',
        "",
        "return api.CreateNote201(",
        'Missing named argument "location" for "CreateNote201"  [call-arg]',
    ),
    "sync_method": Wrong(
        "async def delete_note",
        "def delete_note",
        "def delete_note",
        'Return type "DeleteNote204 | DeleteNote404" of "delete_note" incompatible '
        'with return type "Coroutine[Any, Any, DeleteNote204 | DeleteNote404]"',
    ),
    "none_taken_for_granted": Wrong(
        'principal.name if principal else "nobody"',
        "principal.name",
        "self.reader = principal.name",
        'Item "None" of "Caller | None" has no attribute "name"  [union-attr]',
    ),
    "only_for_known_callers": Wrong(
        _GET,
        _GET.replace(" | None", "").replace(' if principal else "nobody"', ""),
        "async def get_secret",
        'Argument 1 of "get_secret" is incompatible with supertype '
        '"notes_api.routers.secrets.SecretsHandlers"; '
        'supertype defines the argument type as "Caller | None"  [override]',
    ),
    "one_caller_of_two": Wrong(
        "token, key = principal\n        self.writer = token.name + key.name",
        "self.writer = principal.name",
        "self.writer = principal.name",
        '"tuple[Caller, Caller]" has no attribute "name"  [attr-defined]',
    ),
    "hook_for_known_callers": Wrong(
        "principal: Caller | tuple[Caller, Caller] | None)",
        "principal: Caller)",
        "after_authentication=charge",
        'Argument "after_authentication" to "build_routes" has incompatible type',
    ),
    "caller_of_another_type": Wrong(
        "def token(self, credentials: str) -> Caller | None:\n"
        "        return KNOWN.get(credentials)",
        "def token(self, credentials: str) -> str | None:\n        return credentials",
        "async def token",
        'Return type "Coroutine[Any, Any, str | None]" of "token" incompatible with return type '
        '"Coroutine[Any, Any, Caller | None]"',
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated package, the right handlers and all wrong ones."""
    folder = tmp_path_factory.mktemp("strictness")
    (folder / "notes.yaml").write_text(DOCUMENT)
    generate(read(folder / "notes.yaml"), folder / "notes_api", source="notes.yaml")
    (folder / "right.py").write_text(RIGHT)
    for name, wrong in WRONG.items():
        assert RIGHT.count(wrong.old) == 1
        (folder / f"{name}.py").write_text(RIGHT.replace(wrong.old, wrong.new))
    return folder


@pytest.fixture(scope="module")
def errors(folder: Path) -> dict[str, list[str]]:
    """What mypy reports for each file.

    There is one run, because starting it is what takes long.
    """
    return checked(folder, ".")


def checked(folder: Path, path: str) -> dict[str, list[str]]:
    """Return what mypy reports for files, without notes."""
    config = [
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--cache-dir",
        str(ROOT / ".mypy_cache"),
        "--strict",
    ]
    command = [sys.executable, "-m", "mypy", *config, "--no-error-summary", "--no-pretty", path]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not run.stderr
    found: dict[str, list[str]] = {}
    for line in run.stdout.splitlines():
        name, _, error = line.partition(".py:")
        if ": note: " not in error:
            found.setdefault(name, []).append(error)
    return found


def test_handlers_that_fit_the_contract_are_accepted(errors: dict[str, list[str]]) -> None:
    assert errors.keys() == WRONG.keys()


@pytest.mark.parametrize("name", WRONG)
def test_handlers_that_do_not_fit_are_refused(
    name: str, folder: Path, errors: dict[str, list[str]]
) -> None:
    lines = (folder / f"{name}.py").read_text().splitlines()
    [place] = [number for number, line in enumerate(lines, 1) if WRONG[name].place in line]

    [error] = errors[name]

    assert error.startswith(f"{place}: error: {WRONG[name].message}")


def test_principal_without_scopes_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.py"
    file.write_text(RIGHT.replace("scopes: frozenset[str]", "roles: frozenset[str]"))

    errors = [error for found in checked(folder, str(file)).values() for error in found]

    refusal = 'Type argument "Caller" of "SecurityHandlers" must be a subtype of "HasScopes"'
    assert any(refusal in error for error in errors)


@pytest.fixture
def importable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder on sys.path."""
    monkeypatch.syspath_prepend(folder)
    yield
    for name in [
        name
        for name in sys.modules
        if name.partition(".")[0] in ("notes_api", "right", "missing_method")
    ]:
        del sys.modules[name]


@pytest.mark.usefixtures("importable")
def test_application_with_all_operations_starts() -> None:
    importlib.import_module("right")


@pytest.mark.usefixtures("importable")
def test_application_with_an_operation_left_out_does_not_start() -> None:
    with pytest.raises(
        TypeError, match=r"missing_method\.NotesHandlers lacks delete_note\. Write:"
    ):
        importlib.import_module("missing_method")


@pytest.mark.usefixtures("importable")
def test_refusal_to_start_names_each_operation_and_prints_its_signature() -> None:
    handlers = importlib.import_module("notes_api.runtime.handlers")
    router = importlib.import_module("notes_api.routers.notes")
    empty = type("Empty", (router.NotesHandlers,), {"__module__": "app"})

    with pytest.raises(handlers.IncompleteHandlers) as refusal:
        empty()

    first, _, signatures = str(refusal.value).partition("\n\n")
    assert first == "app.Empty lacks create_note, delete_note. Write:"
    assert signatures.split("\n    async def ") == [
        "    async def create_note(self, *, body: models.NoteCreate) -> CreateNoteResponse:\n"
        '        """create_note (`POST /notes`)."""\n',
        "delete_note(self, *, note_id: int) -> DeleteNoteResponse:\n"
        '        """Delete a note (`DELETE /notes/{note_id}`)."""\n',
    ]
