"""Which addresses of services are taken."""

import pytest

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.net.address import checked_address


def checked(text: str) -> str:
    return checked_address(text, service="Shelf", example="https://shelf.test")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", ""),
        ("  ", ""),
        (" https://gateway.test/v1/ ", "https://gateway.test/v1"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.2", "http://127.0.0.2"),
        ("http://[::1]:9/", "http://[::1]:9"),
    ],
)
def test_https_is_taken_and_http_on_this_machine(text: str, taken: str):
    assert checked(text) == taken


@pytest.mark.parametrize(
    "text",
    [
        *("gateway.test", "ftp://gateway.test", "https://", "https://[", "https://host:99999"),
        *("https://host:0", "https://name:word@host", "https://host?key=1", "https://host#there"),
    ],
)
def test_what_is_no_address_of_a_service_is_not(text: str):
    with pytest.raises(InputError, match="Shelf") as caught:
        checked(text)
    assert "https://shelf.test" in caught.value.next_step


@pytest.mark.parametrize(
    "text", ["http://gateway.test", "http://127.0.0.1.gateway.test", "http://10.0.0.1"]
)
def test_nothing_travels_in_the_open(text: str):
    with pytest.raises(InputError, match="not encrypted"):
        checked(text)
