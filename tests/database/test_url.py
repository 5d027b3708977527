"""URLs as people have them: accepted in full, or rejected in a line that hides passwords."""

import re
import ssl
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.database import url as url_module
from app.database.url import InvalidURL, connect_arguments
from tests.servers import Certificates, needed

PLAIN = {"host": ["h"], "database": "db", "user": "u", "password": "p"}

TAKEN: dict[str, dict[str, Any]] = {
    # schemes
    "postgresql://u:p@h/db": {},
    "postgres://u:p@h/db": {},
    "postgresql+asyncpg://u:p@h/db": {},
    # user, password, database
    "postgresql://u:p%40%2F%3F%23%3A%25@h/db": {"password": "p@/?#:%"},
    "postgresql://u:p:w#!$&'()*+,;=@h/db": {"password": "p:w#!$&'()*+,;="},
    "postgresql://u:%C3%A9é@h/db": {"password": "éé"},
    "postgresql://u%40tenant:p@h/d%2Fb": {"user": "u@tenant", "database": "d/b"},
    "postgresql://h/db?user=u&password=p+%26": {"password": "p+&"},
    "postgresql://h?dbname=db&user=u&password=p": {},
    "postgresql://h?database=db&user=u&password=p": {},
    "postgresql://x:y@h/z?user=u&password=p&dbname=db": {},
    # hosts and ports
    "postgresql://u:p@h:5433/db": {"port": [5433]},
    "postgresql://u:p@h:/db": {},
    "postgresql://u:p@my_db.:1/db": {"host": ["my_db."], "port": [1]},
    "postgresql://u:p@[fe80::1%25eth0]/db": {"host": ["fe80::1%eth0"]},
    "postgresql://u:p@h/db?port=5433": {"port": [5433]},
    "postgresql://u:p@[2001:db8::1]:5433/db": {"host": ["2001:db8::1"], "port": [5433]},
    "postgresql://u:p@/db?host=::1": {"host": ["::1"]},
    "postgresql://u:p@/db?hostaddr=10.0.0.1": {"host": ["10.0.0.1"]},
    "postgresql://u:p@a:1,b:2/db": {"host": ["a", "b"], "port": [1, 2]},
    "postgresql://u:p@a,b:2/db": {"host": ["a", "b"], "port": [5432, 2]},
    "postgresql://u:p@a,b/db?port=3": {"host": ["a", "b"], "port": [3, 3]},
    "postgresql://u:p@/db?host=a,b&port=1,2": {"host": ["a", "b"], "port": [1, 2]},
    "postgresql://u:p@/db?host=a:1&host=b:2": {"host": ["a", "b"], "port": [1, 2]},
    "postgresql://u:p@x:5433/db?host=h": {"port": [5433]},
    "postgresql://u:p@%2Frun%2Fpg:5433/db": {"host": ["/run/pg"], "port": [5433]},
    "postgresql://u:p@/db?host=/run/pg": {"host": ["/run/pg"]},
    "postgresql://u:p@:5433/db?host=/run/pg": {"host": ["/run/pg"], "port": [5433]},
    "postgresql://u:p@/db?host=/cloudsql/project:region:name": {
        "host": ["/cloudsql/project:region:name"]
    },
    "postgresql://u:p@h/db?target_session_attrs=read-write": {"target_session_attrs": "read-write"},
    # settings of the session
    "postgresql://u:p@h/db?application_name=a%20b&fallback_application_name=c": {
        "server_settings": {"application_name": "a b"}
    },
    "postgresql://u:p@h/db?fallback_application_name=c": {
        "server_settings": {"application_name": "c"}
    },
    "postgresql://u:p@h/db?application_name=": {},
    "postgresql://u:p@h/db?client_encoding=utf8": {},
    (
        "postgresql://u:p@h/db?options="
        "-c%20geqo%3Doff%20-cwork_mem%3D4MB%20--search-path%3Da%5C%20b%5C%5C"
    ): {"server_settings": {"geqo": "off", "work_mem": "4MB", "search_path": "a b\\"}},
    # time
    "postgresql://u:p@h/db?connect_timeout=3": {"timeout": 3.0},
    "postgresql://u:p@a,b/db?connect_timeout=3": {"host": ["a", "b"], "timeout": 6.0},
    "postgresql://u:p@h/db?connect_timeout=0": {"timeout": None},
    "postgresql://u:p@h/db?connect_timeout=-1": {"timeout": None},
    # what SQLAlchemy's users write
    "postgresql://u:p@h/db?timeout=2.5": {"timeout": 2.5},
    "postgresql://u:p@h/db?command_timeout=30": {"command_timeout": 30.0},
    "postgresql://u:p@h/db?statement_cache_size=0": {"statement_cache_size": 0},
    "postgresql://u:p@h/db?prepared_statement_cache_size=0": {"statement_cache_size": 0},
    "postgresql://u:p@h/db?prepared_statement_cache_size=500": {},
    # TLS
    "postgresql://u:p@h/db?sslmode=prefer&sslmode=require": {
        "dsn": "postgresql://?sslmode=require"
    },
    "postgresql://u:p@h/db?ssl=require": {"dsn": "postgresql://?sslmode=require"},
    "postgresql://u:p@h/db?ssl=true": {"dsn": "postgresql://?sslmode=require"},
    "postgresql://u:p@h/db?ssl=false": {"dsn": "postgresql://?sslmode=disable"},
    "postgresql://u:p@h/db?ssl_min_protocol_version=TLSv1.3": {
        "dsn": "postgresql://?ssl_min_protocol_version=TLSv1.3"
    },
    # without an effect here
    "postgresql://u:p@h/db?keepalives=1&keepalives_idle=9&tcp_user_timeout=5": {},
    "postgresql://u:p@h/db?sslcompression=0&max_protocol_version=latest": {},
    "postgresql://u:p@h/db?channel_binding=prefer&gssencmode=disable": {},
    "postgresql://u:p@h/db?load_balance_hosts=disable&sslsni=1": {},
    "postgresql://u:p@h/db?": {},
    "postgresql://u:p@h/db?&krbsrvname=pg&gsslib=gssapi&": {"krbsrvname": "pg", "gsslib": "gssapi"},
}

RESERVED = (
    "contains a reserved character that must be encoded: "
    "in a user name, a password, a name or a value write @ as %40, / as %2F, ? as %3F and # as %23"
)
PERCENT = "contains a % that is not followed by two hexadecimal digits; write % itself as %25"
PORT = "a port must be a number from 1 to 65535; in a password write / as %2F and @ as %40"
NO_HOST = "has no host; for a unix socket write ?host=/folder/of/the/socket"
HOST = "a host is empty, or is not a name, an address or a path"
OPTIONS = "options can only be server settings: -c name=value or --name=value"

REFUSED = {
    "": "must start with postgresql://, postgres:// or postgresql+asyncpg://",
    "postgresql": "must start with postgresql://, postgres:// or postgresql+asyncpg://",
    "postgresql:/h/db": "must start with postgresql://, postgres:// or postgresql+asyncpg://",
    "postgresql+psycopg://h/db": (
        "must start with postgresql://, postgres:// or postgresql+asyncpg://"
    ),
    "host=h dbname=db password=geheim": (
        "must start with postgresql://, postgres:// or postgresql+asyncpg://"
    ),
    "postgresql://u:geheim@h/db\n": (
        "contains a space, a line break or a control character; write a space as %20"
    ),
    "postgresql://u:ge heim@h/db": (
        "contains a space, a line break or a control character; write a space as %20"
    ),
    "postgresql://u:ge@heim@h/db": RESERVED,
    "postgresql://u:ge/heim@h/db": RESERVED,
    "postgresql://u:ge@he/im@h/db": RESERVED,
    "postgresql://u:ge?heim=geheim@h/db": RESERVED,
    "postgresql://u:p@h/db#fragment": RESERVED,
    "postgresql://u:p@h/db/": RESERVED,
    "postgresql://u:ge%ZZheim@h/db": PERCENT,
    "postgresql://u:geheim%@h/db": PERCENT,
    "postgresql://u:geheim%FF@h/db": "contains percent-encoded bytes that are not UTF-8",
    "postgresql://u:geheim%00@h/db": "contains %00, which PostgreSQL does not allow",
    "postgresql://u:12:34@h:notaport/db": PORT,
    "postgresql://u:geheim/db": PORT,
    "postgresql://h:0/db": PORT,
    "postgresql://h:65536/db": PORT,
    "postgresql://h:%D9%A1/db": PORT,
    "postgresql://h/db?port=geheim": PORT,
    "postgresql://a,b,c/db?port=1,2": (
        "port must be one for all hosts or one for each, and be given in one place only"
    ),
    "postgresql://a:1,b:2/db?port=3": (
        "port must be one for all hosts or one for each, and be given in one place only"
    ),
    "postgresql:///db": NO_HOST,
    "postgresql://u:geheim@/db": NO_HOST,
    "postgresql://u:geheim@:5432/db": NO_HOST,
    "postgresql://a,,b/db": HOST,
    "postgresql://a..b/db": HOST,
    "postgresql://[::1/db": HOST,
    "postgresql://[geheim]/db": HOST,
    "postgresql://a:b:c/db": HOST,
    f"postgresql://{'a' * 64}/db": HOST,
    "postgresql://u:p@h/db?hostaddr=::1": (
        "hostaddr and host cannot be combined: write the address as the host"
    ),
    "postgresql://h": "has no database name; write it after the host, as in //host/name",
    "postgresql://h/": "has no database name; write it after the host, as in //host/name",
    "postgresql://h/db?geheim": "parameters must be written as ?name=value&name=value",
    "postgresql://h/db?%1B[2J=1": "parameters must be written as ?name=value&name=value",
    "postgresql://h/db?jit=off": (
        "unknown parameter jit; server settings go into options, as in ?options=-c%20jit%3Dvalue"
    ),
    "postgresql://h/db?password=ge&heim=1": (
        "an unknown parameter follows the password; in a password write & as %26"
    ),
    "postgresql://h/db?sslmode=geheim": (
        "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full"
    ),
    "postgresql://h/db?target_session_attrs=master": (
        "target_session_attrs must be one of any, read-write, read-only, primary, standby, "
        "prefer-standby"
    ),
    "postgresql://h/db?sslnegotiation=direct": (
        "sslnegotiation=direct needs sslmode=require, verify-ca or verify-full"
    ),
    "postgresql://h/db?sslrootcert=system&sslmode=require": (
        "sslrootcert=system needs sslmode=verify-full"
    ),
    "postgresql://h/db?ssl_max_protocol_version=SSLv3": (
        "ssl_max_protocol_version must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"
    ),
    "postgresql://h/db?client_encoding=LATIN1": "client_encoding can only be UTF8",
    "postgresql://h/db?options=-c%20client_encoding%3DLATIN1": "client_encoding can only be UTF8",
    "postgresql://h/db?options=-B%20100": OPTIONS,
    "postgresql://h/db?options=-c": OPTIONS,
    "postgresql://h/db?options=-c%20user%3Dgeheim": OPTIONS,
    "postgresql://h/db?options=geheim": OPTIONS,
    "postgresql://h/db?connect_timeout=2s": "connect_timeout must be a whole number of seconds",
    "postgresql://h/db?command_timeout=0": (
        "command_timeout must be a number of seconds greater than 0"
    ),
    "postgresql://h/db?timeout=inf": "timeout must be a number of seconds greater than 0",
    "postgresql://h/db?statement_cache_size=-1": (
        "statement_cache_size must be a whole number, 0 or more"
    ),
    "postgresql://h/db?channel_binding=require": (
        "channel_binding can only be disable or prefer: asyncpg does not bind the login to TLS; "
        "use sslmode=verify-full"
    ),
    "postgresql://h/db?service=geheim": (
        "service is not supported: put the settings of the service file into the URL"
    ),
    "postgresql://h/db?passfile=/nowhere/geheim": (
        "passfile cannot be used: No such file or directory"
    ),
}

# https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
LIBPQ = """
host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout
client_encoding options application_name fallback_application_name keepalives keepalives_idle
keepalives_interval keepalives_count tcp_user_timeout replication gssencmode sslmode requiressl
sslnegotiation sslcompression sslcert sslkey sslkeylogfile sslpassword sslcertmode sslrootcert
sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version ssl_max_protocol_version
min_protocol_version max_protocol_version krbsrvname gsslib gssdelegation scram_client_key
scram_server_key service servicefile target_session_attrs load_balance_hosts oauth_issuer
oauth_client_id oauth_client_secret oauth_scope
""".split()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """URLs mean the same wherever the tests run."""
    for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("url", "different"), TAKEN.items(), ids=TAKEN)
def test_url_is_taken_with_what_it_means(url: str, different: dict[str, Any]) -> None:
    assert connect_arguments(url) == PLAIN | different


@pytest.mark.parametrize(("url", "message"), REFUSED.items(), ids=map(ascii, REFUSED))
def test_url_that_cannot_be_used_is_refused_in_one_line(url: str, message: str) -> None:
    with pytest.raises(InvalidURL) as refused:
        connect_arguments(url)

    assert str(refused.value) == message


def refusal(url: str) -> str | None:
    """Return the message with which a URL is refused, None where it is taken."""
    try:
        connect_arguments(url)
    except InvalidURL as refused:
        return str(refused)
    return None


@pytest.mark.parametrize("name", LIBPQ)
def test_each_parameter_of_libpq_is_known(name: str) -> None:
    message = refusal(f"postgresql://u@h/db?{name}=1")

    assert message is None or (name in message and "unknown" not in message)


@pytest.mark.parametrize("name", sorted(url_module._KNOWN))
def test_no_message_quotes_a_value(name: str) -> None:
    assert "geheim" not in (refusal(f"postgresql://u@h/db?{name}=geheim") or "")


def test_environment_completes_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOST": "h", "PGPORT": "5433", "PGDATABASE": "db", "PGUSER": "u"}.items():
        monkeypatch.setenv(name, value)

    assert connect_arguments("postgresql://") == {"port": [5433]}


def test_user_without_a_name_needs_one_in_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nameless)

    with pytest.raises(InvalidURL, match="has no user name"):
        connect_arguments("postgresql://h/db")
    assert connect_arguments("postgresql://u@h/db")["user"] == "u"


# Words, each of which gives something away, and between them what people forget to encode.
hostile = st.lists(
    st.sampled_from([*"@/?#:%&=+[],\\'\" \n\0äa7.", "%ZZ", "?a=", "&a=", "@h/"]),
    min_size=1,
    max_size=6,
).map(lambda between: "geheim" + "".join(f"{each}geheim" for each in between))


@given(
    hostile,
    st.sampled_from(
        ["postgresql://u:{}@h:1/db?sslmode=require", "postgresql://u@h/db?password={}"]
    ),
)
def test_encoded_password_arrives_whatever_is_in_it(password: str, url: str) -> None:
    assume("\0" not in password)

    assert connect_arguments(url.format(quote(password, safe="")))["password"] == password


@given(
    hostile,
    st.sampled_from(
        [
            "postgresql://u:{}@h:1/db",
            "postgresql://u:{}@h:notaport/db?sslmode=require",
            "postgres://u:{}@h,h2/db?unknown=1",
            "postgresql+asyncpg://{}@h/",
            "postgresql://{}:p@/db?host=",
            "postgresql://u:{}",
            "postgresql://h/db?user=u&password={}&sslmode=1",
            "postgresql://h/db?sslpassword={}&sslcert=/nowhere",
            "{}",
        ]
    ),
)
@settings(max_examples=1000)
def test_no_message_has_a_part_of_a_password(password: str, url: str) -> None:
    message = refusal(url.format(password)) or ""

    assert "geheim" not in message
    assert "\n" not in message


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def test_files_of_certificates_are_given_to_asyncpg_by_name(certificates: Certificates) -> None:
    client, key = (
        quote(str(certificates.client)),
        quote(str(certificates.key_of(certificates.client))),
    )

    arguments = connect_arguments(
        f"postgresql://u@h/db?sslrootcert={certificates.authority}&sslcert={client}&sslkey={key}"
    )

    assert arguments["dsn"] == "postgresql://?" + "&".join(
        f"{name}={quote(str(file), safe='')}"
        for name, file in {
            "sslrootcert": certificates.authority,
            "sslcert": certificates.client,
            "sslkey": certificates.key_of(certificates.client),
        }.items()
    )


@pytest.mark.parametrize("name", ["sslrootcert", "sslcrl", "sslcert", "sslkey"])
def test_file_that_is_missing_is_named_by_its_parameter(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidURL, match=f"^{name} cannot be used: No such file or directory$"):
        connect_arguments(f"postgresql://u@h/db?{name}={tmp_path}/geheim")


@pytest.mark.parametrize("name", ["sslrootcert", "sslcrl", "sslcert"])
def test_file_without_a_certificate_is_named_by_its_parameter(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no certificate")

    with pytest.raises(
        InvalidURL, match=f"^{name} cannot be used: does not fit, or OpenSSL cannot read it$"
    ):
        connect_arguments(f"postgresql://u@h/db?{name}={tmp_path}/file")


def test_key_of_another_certificate_is_refused(certificates: Certificates) -> None:
    other = certificates.key_of(certificates.server)

    with pytest.raises(InvalidURL, match="sslkey or sslpassword cannot be used"):
        connect_arguments(f"postgresql://u@h/db?sslcert={certificates.client}&sslkey={other}")


def test_certificate_without_a_key_is_refused(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(certificates.folder))

    with pytest.raises(InvalidURL, match="sslkey or sslpassword cannot be used"):
        connect_arguments(f"postgresql://u@h/db?sslcert={certificates.client}")


def test_encrypted_key_needs_its_password(certificates: Certificates, tmp_path: Path) -> None:
    key = tmp_path / "encrypted.key"
    encrypt = ["-aes256", "-passout", "pass:g&heim", "-out", str(key)]
    plain = str(certificates.key_of(certificates.client))
    subprocess.run([needed("openssl"), "pkey", "-in", plain, *encrypt], check=True)
    url = f"postgresql://u@h/db?sslcert={certificates.client}&sslkey={key}"

    assert "sslpassword=g%26heim" in connect_arguments(f"{url}&sslpassword=g%26heim")["dsn"]
    for wrong in ("", "&sslpassword=wrong"):
        with pytest.raises(InvalidURL, match="sslkey or sslpassword cannot be used"):
            connect_arguments(url + wrong)


def test_system_authorities_are_trusted_for_the_right_name_alone() -> None:
    context = connect_arguments("postgresql://u@h/db?sslrootcert=system")["ssl"]

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


async def test_asyncpg_takes_what_every_url_means() -> None:
    for url in TAKEN:
        host_that_nobody_has = {"host": ["127.0.0.1"], "port": [1], "timeout": 5}

        with pytest.raises(ConnectionRefusedError):
            await asyncpg.connect(**{**connect_arguments(url), **host_that_nobody_has})


def test_every_parameter_is_documented_in_one_group() -> None:
    names = [*url_module._LIMITED, *url_module._IGNORED, *url_module._CHOICES, *url_module._NUMBERS]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in url_module._KNOWN)
