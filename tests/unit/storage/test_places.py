"""Folders of this system, and the resources that come with the program."""

from pathlib import Path

from pickabook_desktop.storage.places import Places, find_resources, writable


def test_the_systems_folders_lie_in_the_home_folder(home: Path):
    places = Places.of_system()
    for folder in (places.data, places.config, places.cache, places.library, places.log_file):
        assert folder.is_relative_to(home)


def test_everything_may_lie_under_one_folder(tmp_path: Path):
    places = Places.under(tmp_path)
    assert places.library.is_relative_to(tmp_path)
    assert places.settings_file.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_the_persons_own_templates_come_last(tmp_path: Path):
    places = Places.under(tmp_path)
    assert places.template_folders[0] == find_resources() / "templates"
    assert places.template_folders[-1].is_relative_to(tmp_path)


def test_a_folder_to_be_made_is_writable_where_its_parent_is(tmp_path: Path):
    assert writable(tmp_path / "not" / "there" / "yet")
    (tmp_path / "file").touch()
    assert not writable(tmp_path / "file")
