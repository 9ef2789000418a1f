"""How hall and department prove themselves to each other over HTTP: passwords, tokens and certificates, all named by file."""

from __future__ import annotations

import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting

OPTIONS = frozenset({"user", "password_file", "token_file", "token_header", "ca_file", "certificate_file", "key_file"})
TLS_FILES = ("ca_file", "certificate_file", "key_file")
TOGETHER = (("user", "password_file"), ("certificate_file", "key_file"))
TOKEN = re.compile(r"[!-~]+", re.ASCII)

DISTRUST = {  # X509_V_ERR_* of OpenSSL, x509_vfy.h
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself and not in ca_file",
    19: "comes from an authority that is not in ca_file",
    20: "comes from an authority that is not in ca_file",
    21: "comes from an authority that is not in ca_file",
    23: "was revoked",
    62: "is for another name",
    64: "is for another address",
}


def proof(setting: Setting) -> dict[str, str]:
    """The header by which the department knows the hall. Files are read at each use: a changed secret needs no restart."""
    options = setting.options
    if "user" in options:
        pair = f"{options['user']}:{setting.password()}"
        return {"Authorization": "Basic " + b64encode(pair.encode()).decode("ascii")}
    if "token_file" not in options:
        return {}
    token = setting.secret("token_file")
    if not TOKEN.fullmatch(token):
        raise DepartmentFailure("refused", f"the token_file {options['token_file']} must hold one token and nothing else")
    if "token_header" in options:
        return {options["token_header"]: token}
    return {"Authorization": f"Bearer {token}"}


def tls(setting: Setting) -> ssl.SSLContext:
    """With a ca_file only what it holds is trusted, without one what the system trusts; nothing at all where there is
    no TLS to be spoken. Raises DepartmentFailure."""
    options = setting.options
    if not setting.address.startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name in TLS_FILES:
        if name in options and not Path(options[name]).is_file():
            raise DepartmentFailure("down", f"there is no {name} {options[name]}")
    try:
        context = ssl.create_default_context(cafile=options.get("ca_file"))
        if "certificate_file" in options:
            # An empty password, or OpenSSL would ask for one at the console.
            context.load_cert_chain(options["certificate_file"], options["key_file"], password="")
    except OSError as error:
        named = ", ".join(name for name in TLS_FILES if name in options)
        raise DepartmentFailure("down", f"{named} cannot be read as PEM, or the key is not the certificate's") from error
    return context


def broken_off(error: BaseException, setting: Setting) -> DepartmentFailure:
    """What a connection means that did not come about, or ended."""
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return DepartmentFailure("untrusted", f"its certificate {DISTRUST.get(cause.verify_code, 'cannot be verified')}")
            case ssl.SSLError() if "ALERT" in (cause.reason or ""):
                return DepartmentFailure("refused", f"it ends TLS: does it want {_certificate(setting)}?")
            case ssl.SSLEOFError() | ConnectionResetError() if setting.address.startswith("https:"):
                return DepartmentFailure("down", f"it breaks the connection off: does it want {_certificate(setting)}?")
            case ssl.SSLError():
                return DepartmentFailure("down", "it does not speak TLS at this address")
            case socket.gaierror():
                return DepartmentFailure("down", "its name is not known here")
            case ConnectionResetError():
                return DepartmentFailure("down", "it breaks the connection off")
        cause = cause.__cause__ or cause.__context__
    return DepartmentFailure("down", "nobody listens there")


def _certificate(setting: Setting) -> str:
    return "another certificate of the hall" if "certificate_file" in setting.options else "a certificate of the hall"


def wrong_credentials(setting: Setting) -> Iterator[str]:
    """What does not go together, one sentence each."""
    given = setting.options
    for pair in TOGETHER:
        if (pair[0] in given) != (pair[1] in given):
            yield f"{pair[0]} and {pair[1]} go together"
    if "token_header" in given and "token_file" not in given:
        yield "token_header says where the token of a token_file goes"
    if "token_header" in given and not re.fullmatch(r"[A-Za-z0-9-]+", given["token_header"], re.ASCII):
        yield f"token_header {given['token_header']!r} is no name of a header"
    if "user" in given and "token_file" in given:
        yield "a user with a password or a token_file, not both"
    if not setting.address.startswith("https:"):
        yield from (f"{name} is for an address with https" for name in TLS_FILES if name in given)
