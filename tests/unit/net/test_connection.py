"""What the settings say of a service's connection, and how nonsense is refused."""

from pathlib import Path

import httpx
import httpx2
import pytest

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.net.connection import Connection


def _of(**values: str) -> Connection:
    settings = {key.replace("__", "."): value for key, value in values.items()}
    return Connection.of(lambda key: settings.get(key, ""), "gemini")


def test_a_service_has_its_own_and_else_what_holds_for_all() -> None:
    assert _of(net__timeout="90", gemini__timeout="20").total_seconds == 20
    assert _of(net__timeout="90").total_seconds == 90
    assert _of().total_seconds == 180
    assert _of(net__proxy="http://proxy.test:3128").proxy == "http://proxy.test:3128"


def test_no_part_may_take_longer_than_the_whole() -> None:
    short = _of(gemini__timeout="5")
    assert max(short.connect_seconds, short.read_seconds) <= 5


@pytest.mark.parametrize("text", ["soon", "0", "-1", "1e9", "nan"])
def test_a_time_out_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="time-out"):
        _of(gemini__timeout=text)


@pytest.mark.parametrize("text", ["proxy.test", "ftp://proxy.test", "http://", "http://a:b"])
def test_a_proxy_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="not an address"):
        _of(net__proxy=text)


def test_a_password_does_not_belong_into_the_settings_nor_into_the_message() -> None:
    with pytest.raises(InputError) as caught:
        _of(net__proxy="http://anna:geheim@proxy.test:3128")
    assert "geheim" not in str(caught.value)


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    with pytest.raises(InputError, match=r"ca\.pem"):
        _of(net__ca_file=str(file)).ssl_context()
    file.write_text("no certificate", encoding="utf-8")
    with pytest.raises(InputError, match=r"ca\.pem"):
        _of(net__ca_file=str(file)).ssl_context()


@pytest.mark.parametrize("proxy", ["system", "none", "http://127.0.0.1:9"])
def test_both_clients_take_the_arguments(proxy: str) -> None:
    arguments = _of(net__proxy=proxy).httpx_arguments()
    with httpx.Client(**arguments) as client:
        assert client.timeout.connect == 10
    with httpx2.Client(**arguments) as client:
        assert client.timeout.read == 90
