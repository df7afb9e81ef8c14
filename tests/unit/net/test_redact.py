"""No key, token or home folder is left in what is logged or shown."""

import base64
from pathlib import Path, PureWindowsPath
from urllib.parse import quote

import pytest

from pickabook_desktop.net.redact import Hidden, hide, names_a_secret, redact

HOME = Path("/home/ada")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key AIza" + "Sy0123456789abcdefghijklm was refused", "AIzaSy0123456789"),
        ("GET https://api.test/v1?key=topsecret&alt=json", "topsecret"),
        ("GET https://api.test/v1?alt=json&api_key=topsecret", "topsecret"),
        ("Authorization: Bearer topsecret.topsecret", "topsecret"),
        ("authorization: Basic dG9wc2VjcmV0", "dG9wc2VjcmV0"),
        ('{"token": "topsecret", "size": 3}', "topsecret"),
        ("GEMINI_API_KEY=topsecret pickabook", "topsecret"),
        ("proxy http://ada:topsecret@proxy.test:3128", "topsecret"),
        ("r8_abcdefghijklmnopqrstuvwxyz0123", "abcdefghijklmnop"),
        ("hf_abcdefghijklmnopqrstuvwxyz0123", "abcdefghijklmnop"),
        ("private_abcdefghij/klmnopqr+stuv=", "abcdefghij"),
    ],
)
def test_secrets_are_hidden(text: str, secret: str):
    assert secret in text
    assert secret not in redact(text, home=HOME)
    assert "***" in redact(text, home=HOME)


def test_a_known_secret_is_hidden_wherever_it_stands():
    assert redact("it said swordfish!", ["swordfish"], HOME) == "it said ***!"


def test_a_known_secret_is_hidden_in_every_way_that_it_travels():
    secret = "sword/fish+and=chips"  # noqa: S105 nobody's
    basic = base64.b64encode(f"{secret}:".encode()).decode()
    safe = base64.urlsafe_b64encode(secret.encode()).decode()
    text = f"{secret} {quote(secret, safe='')} {basic} {safe} {secret!r} chips"
    said = hide(text, [secret])
    for form in (secret, quote(secret, safe=""), basic.rstrip("="), safe.rstrip("=")):
        assert form not in said
    assert said.endswith(" chips")


def test_hiding_known_secrets_changes_nothing_else():
    text = "token: 3, the key of C major, in /home/ada"
    assert hide(text, ["swordfish", ""]) == text


def test_secrets_of_all_who_know_some_are_gathered_each_time_anew():
    hidden, known = Hidden(), ["swordfish"]
    hidden.add(lambda: known)
    hidden.add(lambda: ["halibut"])
    assert set(hidden.values()) == {"swordfish", "halibut"}
    known.append("mackerel")
    assert "mackerel" in hidden.values()


def test_the_home_folder_is_shortened():
    assert redact("/home/ada/photos/leo.jpg", home=HOME) == "~/photos/leo.jpg"


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("/home//ada/leo.jpg", "~/leo.jpg"),
        ("file:///home/ada/leo.jpg", "file:~/leo.jpg"),
        ("at '/home/ada'.", "at '~'."),
        ("in /home/ada.", "in ~."),
        ("/home/adam/leo.jpg", "/home/adam/leo.jpg"),
        ("/home/ada.old/leo.jpg", "/home/ada.old/leo.jpg"),
        ("/home/ada-2/leo.jpg", "/home/ada-2/leo.jpg"),
        ("/mnt/home/ada/leo.jpg", "/mnt/home/ada/leo.jpg"),
        ("/HOME/ADA/leo.jpg", "/HOME/ADA/leo.jpg"),
    ],
)
def test_the_home_folder_is_found_on_the_boundaries_of_paths(text: str, shortened: str):
    assert redact(text, home=HOME) == shortened


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        (r"C:\Users\Ada Li\leo.jpg", r"~\leo.jpg"),
        (r"c:\users\ada li\leo.jpg", r"~\leo.jpg"),
        (r"'C:\\Users\\Ada Li\\leo.jpg'", r"'~\\leo.jpg'"),
        ("file:///C:/Users/Ada Li/leo.jpg", "file:///~/leo.jpg"),
        (r"C:\Users\Ada Lind\leo.jpg", r"C:\Users\Ada Lind\leo.jpg"),
    ],
)
def test_the_home_folder_of_windows_is_found_however_it_is_written(text: str, shortened: str):
    assert redact(text, home=PureWindowsPath(r"C:\Users\Ada Li")) == shortened


@pytest.mark.parametrize(
    "text",
    [
        "Drew moon-walk at 2048x2048 in 0.4 s",
        "There is no template “keyboard”.",
        "https://api.test/v1/models?alt=json",
    ],
)
def test_other_text_stays(text: str):
    assert redact(text, home=HOME) == text


@pytest.mark.parametrize(
    "name", ["gemini.api_key", "imagekit.private_key", "a.token", "x.password"]
)
def test_names_of_secrets_are_known(name: str):
    assert names_a_secret(name)


@pytest.mark.parametrize("name", ["storybook.paper", "window.monkey", "keyboard.layout"])
def test_names_of_other_settings_are_not_taken_for_secrets(name: str):
    assert not names_a_secret(name)
