"""A web server is asked with the certificates that this machine was told to trust."""

import ssl
import urllib.request

import pytest
from stand_ins import AUTHORITY, CERTIFICATE

from builder.http import open_url

VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")


@pytest.fixture
def trusted(monkeypatch):
    """The names of the authorities that a request trusts; none is sent."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    contexts: list[ssl.SSLContext] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, context, **__: contexts.append(context))

    def names() -> set[str]:
        open_url("https://cdn.invalid/", {}, 1.0)
        context = contexts.pop()
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname
        subjects = (
            dict(pair for part in found["subject"] for pair in part) for found in context.get_ca_certs()
        )
        return {subject.get("commonName", "") for subject in subjects}

    return names


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_companys_own_certificates_are_trusted(variable, trusted, tmp_path, monkeypatch):
    assert AUTHORITY not in trusted()
    path = tmp_path / "company.pem"
    path.write_text(CERTIFICATE, encoding="ascii")
    monkeypatch.setenv(variable, str(path))
    assert AUTHORITY in trusted()


@pytest.mark.parametrize("variable", ["PIP_CERT", "REQUESTS_CA_BUNDLE"])
def test_certificates_that_are_not_there_change_nothing(variable, trusted, tmp_path, monkeypatch):
    usual = trusted()
    monkeypatch.setenv(variable, str(tmp_path / "absent.pem"))
    assert trusted() == usual
