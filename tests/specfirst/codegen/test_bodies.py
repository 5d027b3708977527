"""Which media types a body may have, and how their parameters are read."""

import pytest
import yaml

from tests.specfirst.codegen.features import REACHED, Feature, Service

CONTRACT = """
openapi: 3.1.0
info: {title: Bodies, version: '1'}
paths:
  /bodies:
    post:
      operationId: create_body
      requestBody:
        required: true
        content:
          application/json: {schema: {type: string}}
          text/plain: {schema: {type: string}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Form'}}
      responses: {'204': {description: Done.}}
components:
  schemas: {Form: {type: object, required: [é], properties: {é: {type: string}}}}
"""

BODIES = {
    "application/json": '"é"'.encode(),
    "text/plain": "é".encode(),
    "application/x-www-form-urlencoded": b"%C3%A9=%C3%A9",
    "multipart/form-data; boundary=x": (
        '--x\r\nContent-Disposition: form-data; name="é"\r\n\r\né\r\n--x--\r\n'.encode()
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service generated from the contract above."""
    feature = Feature("bodies", "", yaml.safe_load(CONTRACT), alone=True)
    return Service("of_bodies", [feature], tmp_path_factory.mktemp("bodies"))


def status(service: Service, media_type: str, parameters: str) -> int:
    headers = {b"Content-Type": f"{media_type}{parameters}".encode("latin-1")}
    return service.send("POST", "/bodies", content=BODIES[media_type], headers=headers).status


every = pytest.mark.parametrize("media_type", BODIES)


@every
@pytest.mark.parametrize(
    "parameters",
    [
        "",
        ";",
        " ; ; ",
        "; charset=utf-8",
        ";CHARSET=UTF-8",
        "; charset=utf8",
        ";charset=Utf8",
        '; charset="utf-8"',
        '; charset="UTF8"',
        "; charset=utf-8; charset=utf8",
        "; version=2",
        "; profile=https://example.com/a?b=c",
        '; profile="a;b, \\"c\\"\xe9"; charset=utf8; q=0.5',
        "\t;\todata.metadata=minimal\t",
    ],
)
def test_parameters_that_change_nothing_are_ignored(
    service: Service, media_type: str, parameters: str
) -> None:
    assert status(service, media_type, parameters) == REACHED


@every
@pytest.mark.parametrize(
    "parameters",
    [
        "; charset=latin-1",
        "; charset=utf-16",
        "; charset=utf-8-sig",
        "; charset=us-ascii",
        "; version=2; charset=latin-1",
        "; charset=utf-8; charset=latin-1",
        "; charset='utf-8'",
        '; charset=""',
    ],
)
def test_another_charset_is_a_415(service: Service, media_type: str, parameters: str) -> None:
    assert status(service, media_type, parameters) == 415


@every
@pytest.mark.parametrize(
    "parameters",
    [
        "; charset",
        "; charset=",
        "; charset = utf-8",
        '; charset="utf-8',
        "; =utf-8",
        "; a b=c",
        '; a="b"c',
        "; a=b, application/json",
        ", application/json",
        "; \xe9=\xe9",
        f"{' ' * 50_000}x",
        f"; a={'(' * 50_000}{' ' * 50_000};;x",
    ],
    ids=lambda text: text[:30],
)
def test_malformed_parameters_are_a_415(service: Service, media_type: str, parameters: str) -> None:
    assert status(service, media_type, parameters) == 415


def test_boundary_of_a_form_may_have_delimiters_without_quotes(service: Service) -> None:
    body = BODIES["multipart/form-data; boundary=x"].replace(b"--x", b"--=_Part:1/(2)?")
    headers = {"Content-Type": "multipart/form-data; boundary==_Part:1/(2)?; charset=utf8"}

    answer = service.send("POST", "/bodies", content=body, headers=headers)

    assert (answer.status, answer.body) == (REACHED, {"é": "é"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    ],
)
def test_malformed_multipart_form_is_a_400_in_plain_words(service: Service, body: bytes) -> None:
    answer = service.send(
        "POST", "/bodies", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )

    if answer.status != 422:  # read as a form without fields
        assert (answer.status, answer.codes) == (400, [" malformed"])
        assert (
            answer.response.json()["detail"] == "The body is not a multipart form as in RFC 7578."
        )


def test_multipart_form_without_boundary_is_a_400(service: Service) -> None:
    answer = service.send(
        "POST", "/bodies", content=b"--x--", headers={"Content-Type": "multipart/form-data"}
    )

    assert (answer.status, answer.codes) == (400, [" malformed"])


def test_missing_body_is_required(service: Service) -> None:
    answer = service.send("POST", "/bodies")

    assert (answer.status, answer.codes, answer.told[0]["detail"]) == (
        400,
        [" required"],
        "Required",
    )
