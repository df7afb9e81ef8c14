"""Exports: what is asked, what comes of it, and what is remembered."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image, ImageCms
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot
from ui.gallery.handing_data import THREE, HandingDesk
from ui.gallery.page_data import Drawn

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import ExportWish
from pickabook_desktop.domain.review import Card
from pickabook_desktop.imaging.metadata import read
from pickabook_desktop.storage import atomic
from pickabook_desktop.ui.dialogs.export import ExportDialog
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.export_form import ExportForm
from pickabook_desktop.ui.viewmodels.export_presets import values_with


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[HandingDesk]:
    apply_theme(qapp, "light")
    desk = HandingDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def ids(desk: HandingDesk, qtbot: QtBot) -> list[str]:
    ids = desk.keep(*THREE)
    desk.begin()
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    desk.settled()
    desk.page.model.select_all()
    return ids


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def card(**changes: object) -> Card:
    plain = Card(
        n=1,
        id="01",
        created="2026-10-06T12:05:00+00:00",
        path="/page.png",
        media_type="image/png",
        size=Size(2000, 1000),
        template="moon-walk",
        child="Quentin",
    )
    return msgspec.structs.replace(plain, **changes)


def form(*cards: Card, **wish: object) -> ExportForm:
    usual = msgspec.structs.replace(ExportWish(folder="/out"), **wish)
    title = {"moon-walk": "Moon walk"}
    return ExportForm(cards or (card(),), 1, usual, values_with(lambda one: title.get(one, "")))


def opened(desk: HandingDesk, target: Path) -> ExportDialog:
    desk.studio.settings.hold({"export.dir": str(target)})
    desk.trigger("lib_export")
    return desk.dialog(ExportDialog)


def test_what_is_chosen_is_exported_with_return(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    assert dialog.export.text() == "Export 3 pages"
    assert dialog.focusWidget() is dialog.export
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    desk.said("3 pages exported.")
    names = sorted(file.name for file in target.iterdir())
    assert names == ["001 Garden.png", "002 Moon.png", "003 Garden.png"]
    assert desk.handing.work.card.isHidden()


def test_return_exports_from_any_field(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    dialog.name_part.pattern.setFocus()
    qtbot.keyClick(dialog.name_part.pattern, Qt.Key.Key_Return)
    desk.said("3 pages exported.")


def test_escape_leaves_and_writes_nothing(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not desk.lanes.busy("hand_over")
    assert list(target.iterdir()) == []


def test_the_folder_is_opened_from_the_toast(desk, ids, target, qtbot, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(seen.append(url.toLocalFile()) or 1)
    )
    opened(desk, target).export.click()
    desk.said("3 pages exported.")
    assert desk.toast.action_button.text() == "Show in folder"
    desk.toast.action_button.click()
    assert seen == [str(target)]


def test_a_preset_decides_on_everything_but_where_and_what_is_told(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    dialog.metadata.click()
    chip = next(chip for chip in dialog.presets.chips() if chip.text() == "For the web")
    chip.click()
    assert dialog.size_part.edge.value == 2048
    assert dialog.folder.line.text() == str(target)
    assert not dialog.metadata.isChecked()
    dialog.export.click()
    desk.said("exported")
    assert {file.suffix for file in target.iterdir()} == {".jpg"}
    assert read((target / "001 Garden.jpg").read_bytes(), "image/jpeg") is None


def test_the_printed_size_is_what_the_drawing_room_asked_for(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    dialog.format.button("tiff").click()
    dialog.size_part.mode.button("print").click()
    for field, value in (
        (dialog.size_part.print.across, 50.8),
        (dialog.size_part.print.down, 0.0),
        (dialog.bleed_part.bleed, 2.54),
    ):
        assert isinstance(field.box, QDoubleSpinBox)
        field.box.setValue(value)
    assert "Enlarged" in dialog.size_part.warning.text()
    dialog.export.click()
    desk.said("exported")
    with Image.open(target / "001 Garden.tif") as image:
        # 2 inches at 300 dpi, and 2.5 mm of bleed on both sides: a tenth of an inch, nearly.
        assert image.width == 600 + 2 * 30
        assert round(image.info["dpi"][0]) == 300


def test_what_could_not_be_exported_is_named_with_its_reason(desk, ids, target, qtbot):
    Path(desk.studio.library.get(ids[1]).path).unlink()
    opened(desk, target).export.click()
    report = desk.report()
    assert report.report.title == "2 pages exported"
    (bad,) = [group for group in report.report.groups if group.level == "bad"]
    assert bad.title == "One page was not exported"
    assert "could not be read" in bad.lines[0].why
    assert report.report.folder == str(target)
    report.copy.click()
    assert "One page was not exported" in QGuiApplication.clipboard().text()
    report.close()


def test_a_folder_that_is_gone_is_explained_and_can_be_chosen_again(desk, ids, target, qtbot):
    dialog = opened(desk, target / "gone")
    dialog.export.click()
    desk.said("does not exist")
    desk.toast.action_button.click()
    again = desk.dialog(ExportDialog)
    assert again.folder.line.text() == str(target / "gone")
    again.folder.line.setText(str(target))
    again.folder.line.textEdited.emit(str(target))
    again.export.click()
    desk.said("3 pages exported.")


def test_an_export_can_be_stopped_and_says_so(desk, target, qtbot):
    desk.keep(*(Drawn(prompt="x", seed=seed) for seed in range(40)))
    desk.begin()
    qtbot.waitUntil(lambda: desk.page.model.count == 40)
    desk.settled()
    desk.page.model.select_all()
    opened(desk, target).export.click()
    assert desk.handing.work.card.title.text() == "Exporting 40 pages"
    assert desk.handing.work.question == "The export is not finished. Close and stop it?"
    qtbot.waitUntil(lambda: bool(list(target.glob("*.png"))))
    desk.handing.work.card.stop.click()
    desk.said("The export was stopped.")
    written = sorted(file.name for file in target.iterdir())
    assert f"{len(written)} of 40 pages" in desk.toast.text
    desk.toast.action_button.click()
    (good,) = [group for group in desk.report().report.groups if group.level == "good"]
    assert [line.what for line in good.lines] == written
    desk.report().close()
    assert not desk.handing.work.busy
    assert not list(target.glob(".*"))


def test_what_was_chosen_last_is_there_again_but_not_the_name(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    dialog.format.button("webp").click()
    dialog.names.click()
    dialog.name_part.clash.button("skip").click()
    dialog.export.click()
    desk.said("exported")
    again = opened(desk, target)
    assert again.form.wish.format == "webp"
    assert again.form.wish.on_clash == "skip"
    assert not again.form.wish.names
    again.reject()


def test_a_preset_of_ones_own_outlives_the_dialog_and_can_go(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    dialog.format.button("webp").click()
    dialog.keep.click()
    asking = dialog.findChild(QInputDialog)
    assert asking is not None
    asking.setTextValue("For the blog")
    asking.accept()
    dialog.reject()
    again = opened(desk, target)
    assert again.form.wish.format == "original"
    chip = next(chip for chip in again.presets.chips() if chip.text() == "For the blog")
    chip.click()
    assert again.form.wish.format == "webp"
    assert again.drop.isVisible()
    again.drop.click()
    assert "For the blog" not in [chip.text() for chip in again.presets.chips()]
    again.reject()


def test_a_file_that_is_no_profile_is_refused_and_colours_stay(desk, ids, target, qtbot):
    wrong = target / "wrong.icc"
    wrong.write_bytes(b"no profile at all")
    dialog = opened(desk, target)
    dialog.profile_wanted.emit(str(wrong))
    qtbot.waitUntil(lambda: bool(dialog.said.text()))
    assert "wrong.icc" in dialog.said.text() or "profile" in dialog.said.text()
    assert dialog.form.wish.icc == "srgb"
    assert dialog.export.isEnabled()
    dialog.reject()


def test_colours_of_a_profile_stay_until_it_is_gone(desk, ids, target, qtbot):
    profile = target / "press.icc"
    profile.write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    dialog = opened(desk, target)
    dialog.profile_wanted.emit(str(profile))
    qtbot.waitUntil(lambda: dialog.form.wish.icc == str(profile))
    assert dialog.colour.currentText().startswith("sRGB")
    assert dialog.colour.currentData() == "file"
    dialog.export.click()
    desk.said("3 pages exported.")
    profile.unlink()
    again = opened(desk, target)
    qtbot.waitUntil(lambda: again.form.wish.icc == "srgb")
    assert "press.icc" in again.said.text()
    again.reject()


def test_a_zip_has_the_pages_as_they_are_without_names(desk, ids, target, qtbot):
    desk.trigger("lib_zip")
    chooser = desk.dialog(QFileDialog)
    chooser.fileSelected.emit(str(target / "pages.zip"))
    chooser.reject()
    desk.said("3 pages packed into pages.zip.")
    import zipfile

    with zipfile.ZipFile(target / "pages.zip") as archive:
        assert len(archive.namelist()) == 3
        assert all(b"Quentin" not in archive.read(name) for name in archive.namelist())


def test_the_example_follows_the_pattern_and_keeps_the_name_back():
    asked = form(card(), card(id="02", template="other"))
    asked.change(pattern="{number:02}-{title}-{child}", format="jpeg")
    assert asked.forecast.names() == ("01-Moon walk.jpg", "02-other.jpg")
    asked.change(names=True)
    assert asked.forecast.names()[0] == "01-Moon walk-Quentin.jpg"


def test_what_a_pattern_does_not_do_is_said():
    export = form(card(), pattern="{book}/{child} {number}")
    said = export.forecast.name_remarks()
    assert "/ becomes _" in said
    assert "{child} stays empty" in said
    export.change(names=True, pattern="{child} {number}")
    assert not export.forecast.name_remarks()


def test_a_pattern_that_cannot_be_read_is_explained():
    asked = form()
    asked.change(pattern="{nmber}")
    assert "There is no {nmber} in a name." in asked.forecast.problem()
    assert asked.forecast.names() == ()


@pytest.mark.parametrize(
    ("changes", "mode", "words"),
    [
        ({}, "same", "2000 × 1000 px"),
        ({"long_edge": 500}, "edge", "500 × 250 px"),
        ({"print_width": 254.0}, "print", "3000 × 1500 px, 254 × 127 mm on paper"),
        ({"bleed": 2.54}, "same", "2060 × 1060 px, cut to 169 × 85 mm"),
    ],
)
def test_the_size_is_said_before_anything_is_written(changes, mode, words):
    asked = form()
    asked.change(**changes)
    asked.choose_size_mode(mode)
    assert asked.forecast.size_words() == words


def test_inches_are_kept_as_millimetres():
    asked = form()
    asked.choose_unit("inch")
    asked.change(print_width=asked.from_unit(10))
    asked.choose_size_mode("print")
    assert asked.wish.print_width == pytest.approx(254)
    assert "10 × 5 in on paper" in asked.forecast.size_words()


def test_a_size_that_was_not_chosen_is_not_asked_for():
    asked = form()
    asked.choose_size_mode("print")
    asked.choose_size_mode("edge")
    assert (asked.wish.long_edge, asked.wish.print_width) == (2048, 0)
    asked.choose_size_mode("same")
    assert asked.wish.long_edge == 0


def test_enlarging_is_warned_of_and_shrinking_is_not():
    asked = form()
    asked.choose_size_mode("edge")
    assert asked.forecast.enlarging() == ""
    asked.change(long_edge=5000)
    assert asked.forecast.enlarging() == ""
    assert asked.forecast.size_words() == "2000 × 1000 px"
    asked.change(enlarge=True)
    assert asked.forecast.enlarging() == "Enlarged 2.5 times, which adds no detail."


def test_small_pages_are_enlarged_only_where_that_is_asked_for(desk, ids, target, qtbot):
    dialog = opened(desk, target)
    size = dialog.size_part
    assert not size.enlarge.isVisible()
    size.mode.button("edge").click()
    size.edge.box.setValue(32)
    assert not size.enlarge.isVisible()
    size.edge.box.setValue(256)
    assert size.enlarge.isVisible()
    assert size.result.text() == "64 × 48 px"
    size.enlarge.click()
    assert size.result.text() == "256 × 192 px"
    assert "Enlarged" in size.warning.text()
    size.enlarge.click()
    dialog.export.click()
    desk.said("3 pages exported.")
    with Image.open(target / "001 Garden.png") as image:
        assert image.size == (64, 48)


def test_a_full_disk_says_what_was_written(desk, ids, target, qtbot, monkeypatch):
    write = atomic._write_synced

    def full(file: Path, *given: Any) -> None:
        if file.parent == target and len(list(target.glob("*.png"))) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(file, *given)

    monkeypatch.setattr(atomic, "_write_synced", full)
    opened(desk, target).export.click()
    desk.said("2 of 3 pictures had been written.")
    assert desk.toast.action_button.text() == "Show details"
    desk.toast.action_button.click()
    (good,) = [group for group in desk.report().report.groups if group.level == "good"]
    assert [line.what for line in good.lines] == ["001 Garden.png", "002 Moon.png"]
    desk.report().close()


def test_what_is_remembered_holds_neither_folder_nor_name():
    asked = form(names=True, folder="/home/quentin")
    again = form(folder="/elsewhere")
    again.recall(asked.remembered())
    assert "/home" not in asked.remembered()
    assert (again.wish.folder, again.wish.names) == ("/elsewhere", False)
    again.recall("{broken")
    assert again.wish.folder == "/elsewhere"
