"""The way to Gemini: names, certificates, proxies, and settings that cannot be meant."""

import socket
from pathlib import Path

import pytest
from services.gemini import GeminiServer
from services.gemini_rig import Rig, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import InputError, UnreachableError


def test_a_refused_connection(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    rig = Rig(None, tmp_path)
    rig.settings["gemini.base_url"] = f"http://127.0.0.1:{port}"
    error = rig.error(wanted(count=2))
    assert isinstance(error, UnreachableError)
    assert error.code == "CONNECT"
    assert "127.0.0.1" in error.message
    assert all(call.amount == 0.0 for call in rig.calls)


def test_a_name_that_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unknown(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    rig = Rig(None, tmp_path)
    rig.settings["gemini.proxy"] = "none"
    error = rig.error()
    assert isinstance(error, UnreachableError)
    assert error.code == "DNS"
    assert "generativelanguage.googleapis.com" in error.message
    assert rig.calls[0].amount == 0.0


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path):
    with GeminiServer(tls=True) as server:
        rig = Rig(server, tmp_path)
        error = rig.error()
        assert server.exchanges == []
    assert isinstance(error, UnreachableError)
    assert error.code == "TLS"
    assert "settings" in error.remedies
    assert rig.calls[0].amount == 0.0


def test_an_own_certificate_is_trusted(tmp_path: Path):
    with GeminiServer(tls=True) as server:
        rig = Rig(server, tmp_path)
        file = tmp_path / "ca.pem"
        file.write_bytes(server.wire.ca_pem)
        rig.settings["gemini.ca_file"] = str(file)
        assert len(rig.run()) == 1


def test_a_proxy_is_asked_and_its_refusal_told(tmp_path: Path):
    """Through a proxy that turns every connection away."""
    from services.wire import WireServer

    with WireServer(lambda exchange: Answer(status=407)) as proxy:
        rig = Rig(None, tmp_path)
        rig.settings["gemini.proxy"] = proxy.url
        error = rig.error()
        assert [exchange.method for exchange in proxy.exchanges] == ["CONNECT"]
    assert isinstance(error, UnreachableError)
    assert error.code == "PROXY"
    assert rig.calls[0].amount == 0.0


@pytest.mark.parametrize(
    ("name", "value"), [("concurrent", "many"), ("retries", "-1"), ("base_url", "gemini")]
)
def test_settings_that_cannot_be_meant_are_said_before_anything_is_sent(
    server: GeminiServer, rig: Rig, name: str, value: str
):
    rig.settings[f"gemini.{name}"] = value
    error = rig.error()
    assert isinstance(error, InputError)
    assert error.remedies == ("settings",)
    assert server.exchanges == []


def test_a_photo_does_not_travel_in_the_clear(server: GeminiServer, rig: Rig):
    rig.settings["gemini.base_url"] = "http://gateway.example"
    error = rig.error()
    assert isinstance(error, InputError)
    assert "https" in error.next_step
