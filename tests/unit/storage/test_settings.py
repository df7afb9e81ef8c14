"""Settings last, survive other versions and damage, and are no place for secrets."""

import errno
import json
import threading
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.storage.settings import Settings, parse_overrides


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_what_is_set_is_there_in_the_next_run(file: Path):
    Settings(file).update({"storybook.paper": "off", "library.dir": "/books"})
    again = Settings(file)
    assert again.text("storybook.paper") == "off"
    assert again.text("library.dir") == "/books"
    assert again.text("window.width", "1280") == "1280"
    assert again.starting_with("storybook.") == {"paper": "off"}


def test_looking_makes_no_file(file: Path):
    assert Settings(file).text("storybook.paper") == ""
    assert not file.parent.exists()


def test_settings_of_this_run_win_and_are_not_kept(file: Path):
    Settings(file).set("storybook.paper", "off")
    overridden = Settings(file, {"storybook.paper": "on"})
    assert overridden.text("storybook.paper") == "on"
    assert overridden.starting_with("storybook.") == {"paper": "on"}
    overridden.set("library.dir", "/books")
    assert Settings(file).text("storybook.paper") == "off"


def test_an_empty_value_takes_the_setting_away(file: Path):
    settings = Settings(file)
    settings.set("storybook.paper", "off")
    settings.set("storybook.paper", "")
    assert json.loads(file.read_text()) == {}


def test_two_programs_do_not_undo_each_other(file: Path):
    window, other = Settings(file), Settings(file)
    window.set("window.width", "1400")
    other.set("storybook.paper", "off")
    assert json.loads(file.read_text()) == {"window.width": "1400", "storybook.paper": "off"}


def test_nothing_is_lost_where_several_set_at_once(file: Path):
    def work(name: str) -> None:
        for number in range(20):
            Settings(file).set(f"{name}.n{number}", "1")

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "other", "third")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(file.read_text())) == 60


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_settings_that_cannot_be_read_are_not_written_over(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    settings = Settings(file)
    settings.set("storybook.paper", "off")
    before = file.read_bytes()

    def unreadable(self: Path) -> bytes:
        raise OSError(number, "it cannot be read now")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", unreadable)
        with pytest.raises(StorageError, match="cannot be read now") as caught:
            settings.set("library.dir", "/books")
        assert "cannot be read now" in Settings(file).problem
    assert caught.value.next_step
    assert file.read_bytes() == before
    assert settings.text("storybook.paper") == "off"


def test_what_another_version_wrote_is_kept(file: Path):
    file.parent.mkdir()
    file.write_text('{"future.thing": {"deep": [1]}, "future.on": true}')
    settings = Settings(file)
    settings.set("library.dir", "/books")
    assert json.loads(file.read_text())["future.thing"] == {"deep": [1]}
    assert settings.switched_on("future.on", default=False)


@pytest.mark.parametrize("broken", [b'{"library.dir": "/bo', b"[1, 2]", b"\xff\xfe\x00", b""])
def test_a_broken_file_is_set_aside_with_a_message(file: Path, broken: bytes):
    file.parent.mkdir()
    file.write_bytes(broken)
    settings = Settings(file)
    aside = file.with_name("settings.json.broken")
    assert str(aside) in settings.problem
    assert aside.read_bytes() == broken
    settings.set("library.dir", "/books")
    assert Settings(file).text("library.dir") == "/books"
    assert Settings(file).problem == ""


@pytest.mark.parametrize("value", ["on", "yes", "true", "1", "ON"])
def test_switches_may_be_written_in_several_ways(file: Path, value: str):
    assert Settings(file, {"export.metadata": value}).switched_on("export.metadata", default=False)


def test_a_switch_that_is_off_is_off_and_an_unset_one_has_its_default(file: Path):
    settings = Settings(file, {"export.metadata": "off"})
    assert not settings.switched_on("export.metadata", default=True)
    assert settings.switched_on("storybook.paper", default=True)


@pytest.mark.parametrize("key", ["gemini.api_key", "imagekit.private_key", "proxy.password"])
def test_secrets_are_refused(file: Path, key: str):
    with pytest.raises(InputError, match="secret"):
        Settings(file).set(key, "x")
    with pytest.raises(InputError, match="secret"):
        Settings(file, {key: "x"})
    assert not file.exists()


@pytest.mark.parametrize("pair", ["paper", "paper=off", "=off", "storybook.=off", ".paper=off"])
def test_words_that_set_nothing_are_refused(pair: str):
    with pytest.raises(InputError):
        parse_overrides([pair])


def test_a_value_may_hold_anything():
    assert parse_overrides(["a.b=c=d e", "x.y="]) == {"a.b": "c=d e", "x.y": ""}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "config").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        Settings(tmp_path / "config" / "settings.json").set("library.dir", "/books")
    assert caught.value.next_step


def test_what_is_held_is_used_at_once_and_written_with_the_next_update(tmp_path):
    file = tmp_path / "settings.json"
    settings = Settings(file)
    settings.update({"page.one": "old", "page.gone": "old"})
    settings.hold({"page.one": "new", "page.gone": ""})
    assert settings.text("page.one") == "new"
    assert settings.text("page.gone", "default") == "default"
    assert settings.starting_with("page.") == {"one": "new", "gone": ""}
    assert Settings(file).text("page.one") == "old"
    settings.update({})
    assert Settings(file).starting_with("page.") == {"one": "new"}
    settings.update({"page.one": "newer"})
    assert settings.text("page.one") == "newer"


def test_no_secret_is_held(tmp_path):
    with pytest.raises(InputError):
        Settings(tmp_path / "settings.json").hold({"engine.api_key": "secret"})
