"""Whom the hall believes and how it proves itself: real TLS, certificates that are wrong in every way, secrets in files."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.canned import Canned
from tests.hall.demo_desk import PURPOSE
from tests.hall.forged import Signer, signer
from tests.hall.test_departments import NUMBER, REST, persons

DAY = timedelta(days=1)


@pytest.fixture
def ours(tmp_path: Path) -> Signer:
    return signer(tmp_path, "ours")


def with_options(**options: str | Path) -> Setting:
    return replace(REST, options={name: str(value) for name, value in options.items()})


def asked(answer: Canned, tls: ssl.SSLContext | None, setting: Setting) -> str:
    """ "" when it answered, or why not."""
    try:
        Canned(answer.answer, tls).look_up(setting, ("person.name",))
    except DepartmentFailure as failure:
        return f"{failure.reason}: {failure.detail}"
    return ""


def head_of(setting: Setting) -> str:
    canned = persons()
    canned.look_up(setting, ("person.name",))
    return canned.asked[0].partition(b"\r\n\r\n")[0].decode()


def test_a_department_whose_certificate_our_authority_signed_is_believed(ours: Signer) -> None:
    assert asked(persons(), ours.server(), with_options(ca_file=ours.file)) == ""


def test_a_certificate_that_cannot_be_believed_is_told_with_its_reason(ours: Signer, tmp_path: Path) -> None:
    trusting = with_options(ca_file=ours.file)
    stranger = signer(tmp_path, "stranger")
    for tls, said in (
        (ours.server(begins=-3 * DAY, ends=-2 * DAY), "has expired"),
        (ours.server(begins=2 * DAY, ends=3 * DAY), "is not valid yet"),
        (ours.server(address="127.0.0.2"), "is for another address"),
        (stranger.server(), "comes from an authority that is not in ca_file"),
    ):
        assert asked(persons(), tls, trusting) == f"untrusted: its certificate {said}"
    assert asked(persons(), ours.server(), REST) == "untrusted: its certificate comes from an authority that is not in ca_file"


def test_nothing_is_said_to_a_department_that_is_not_believed(ours: Signer, tmp_path: Path) -> None:
    canned = Canned(persons().answer, signer(tmp_path, "stranger").server())
    with pytest.raises(DepartmentFailure):
        canned.look_up(with_options(ca_file=ours.file), ("person.name",))
    assert canned.asked == []


def test_a_department_may_want_a_certificate_of_the_hall(ours: Signer) -> None:
    tls = ours.server()
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(ours.file)
    certificate, key = ours.certified("hall")
    assert asked(persons(), tls, with_options(ca_file=ours.file, certificate_file=certificate, key_file=key)) == ""
    # Whether its alert still arrives before the connection is reset is a matter of luck.
    assert asked(persons(), tls, with_options(ca_file=ours.file)).endswith(": does it want a certificate of the hall?")


def test_a_department_that_speaks_no_tls_at_an_address_of_https_is_told_so() -> None:
    plain = Canned(b"HTTP/1.1 400 Bad Request\r\n\r\n", plain_behind_https=True)
    with pytest.raises(DepartmentFailure) as caught:
        plain.look_up(REST, ("person.name",))
    assert caught.value.detail == "it does not speak TLS at this address"


def test_a_token_travels_as_bearer_or_in_a_header_of_its_own(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("t0ken-1\n", "ascii")
    assert "\r\nAuthorization: Bearer t0ken-1\r\n" in head_of(with_options(token_file=token))
    assert "\r\nX-Api-Key: t0ken-1\r\n" in head_of(with_options(token_file=token, token_header="X-Api-Key"))
    token.write_text("t0ken-2", "ascii")
    assert "\r\nX-Api-Key: t0ken-2\r\n" in head_of(with_options(token_file=token, token_header="X-Api-Key"))


@pytest.mark.parametrize("content", ["a\r\nX-Admin: yes", "", "令牌", "a b"])
def test_a_token_file_that_holds_something_else_is_never_sent(content: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(content, "utf-8")
    failed = asked(persons(), None, with_options(token_file=token))
    assert failed.startswith(f"refused: the token_file {token} must hold one token")


def test_a_missing_or_broken_file_stops_its_department_and_is_named(ours: Signer, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", "ascii")
    certificate, _ = ours.certified("hall")
    _, foreign = ours.certified("another")
    for options, said in (
        ({"token_file": tmp_path / "none"}, f"down: there is no token_file {tmp_path / 'none'}"),
        ({"user": "hall", "password_file": tmp_path / "none"}, f"down: there is no password_file {tmp_path / 'none'}"),
        ({"ca_file": tmp_path / "none"}, f"down: there is no ca_file {tmp_path / 'none'}"),
        ({"ca_file": broken}, "down: ca_file cannot be read as PEM, or the key is not the certificate's"),
        (
            {"certificate_file": certificate, "key_file": foreign},
            "down: certificate_file, key_file cannot be read as PEM, or the key is not the certificate's",
        ),
    ):
        assert asked(persons(), ours.server(), with_options(**options)) == said


def test_a_certificate_that_comes_later_is_found_without_a_restart(ours: Signer, tmp_path: Path) -> None:
    late = tmp_path / "late.pem"

    async def story() -> list[str]:
        said = []
        async with Canned(persons().answer, ours.server()).connected(with_options(ca_file=late)) as connection:
            for content in (b"no certificate", ours.file.read_bytes()):
                late.write_bytes(content)
                try:
                    said.append(str(await connection.look_up(NUMBER, ("person.name",), PURPOSE)))
                except DepartmentFailure as failure:
                    said.append(failure.reason)
        return said

    assert asyncio.run(story()) == ["down", "()"]
