"""Ask a web server: with this machine's proxies and certificates, and again after a failure that may pass."""

import http.client
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

# Seconds: of silence before a try is given up, and of waiting before the second and the third try.
TIMEOUT = 30.0
WAITS = (1.0, 3.0)
# What a server says when the same question may be answered a moment later.
PASSING_STATUS = (408, 429, 500, 502, 503, 504)
# Where a company's own certificates are named for pip, which asks the same servers.
CERTIFICATE_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE")

FAILURES = (OSError, http.client.HTTPException)

Answer = TypeVar("Answer")


def open_url(url: str, headers: dict[str, str], timeout: float) -> http.client.HTTPResponse:
    """The server's answer. Raises one of FAILURES; for an HTTP status that is no success, HTTPError."""
    request = urllib.request.Request(url, headers=headers)
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(
            request, timeout=timeout, context=_certificates()
        )
    except urllib.error.HTTPError as error:
        error.close()
        raise
    return response


def retry(ask: Callable[[], Answer], waits: Sequence[float]) -> Answer:
    """What `ask` returns, asked again after each of `waits` seconds as long as its failure may pass."""
    for wait in waits:
        try:
            return ask()
        except FAILURES as error:
            if not _may_pass(error):
                raise
        time.sleep(wait)
    return ask()


def reason(error: Exception) -> str:
    """Why `error`, one of FAILURES, happened, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code} {error.msg}"
    cause = getattr(error, "reason", error)
    return str(cause) or type(cause).__name__


def _may_pass(error: Exception) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PASSING_STATUS
    cause = getattr(error, "reason", error)
    if isinstance(cause, ConnectionRefusedError):
        return False
    return isinstance(cause, TimeoutError | ConnectionError | http.client.HTTPException)


def _certificates() -> ssl.SSLContext:
    """The machine's certificates (SSL_CERT_FILE included), and those that were set for pip."""
    context = ssl.create_default_context()
    for variable in CERTIFICATE_VARIABLES:
        path = os.environ.get(variable)
        if path and Path(path).is_file():
            context.load_verify_locations(path)
    return context
