"""The photo panel: drops, pastes, faces, advice, name."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from ui.create_data import PHOTO, TOO_SMALL, face, new_model, report

from pickabook_desktop.domain.photo import CoachNote
from pickabook_desktop.ui.create.columns import PhotoColumn
from pickabook_desktop.ui.create.photo_panel import PhotoPanel
from pickabook_desktop.ui.create.photo_preview import Hover


@pytest.fixture
def panel(qtbot: QtBot) -> PhotoPanel:
    panel = PhotoPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 700)
    panel.show()
    return panel


def picture(width: int = 400, height: int = 300) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    return image


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def web_address() -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/girl.png")])
    return mime


def web_picture() -> QMimeData:
    """What a browser hands over when a picture itself is dragged."""
    mime = web_address()
    mime.setImageData(picture())
    return mime


def said(widget: QWidget) -> str:
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join(label.text() for label in labels)


def test_a_dropped_photo_is_handed_on(panel: PhotoPanel, qtbot: QtBot, tmp_path: Path) -> None:
    photo = tmp_path / "Mia am Meer #1.JPG"
    with qtbot.waitSignal(panel.photo_dropped) as dropped:
        panel.take(files(photo))
    assert dropped.args == [photo]
    assert panel.preview.hover is Hover.NOTHING


def test_the_zone_answers_while_something_is_held_over_it(
    panel: PhotoPanel, tmp_path: Path
) -> None:
    panel.hold_over(files(tmp_path / "photo.heic"))
    assert panel.preview.hover is Hover.WELCOME
    panel.end_hold()
    assert panel.preview.hover is Hover.NOTHING
    panel.hold_over(files(tmp_path / "letter.pdf"))
    assert panel.preview.hover is Hover.REFUSED


def test_what_is_no_photo_is_named_before_it_is_dropped(panel: PhotoPanel, tmp_path: Path) -> None:
    assert "letter.pdf" in panel.hold_over(files(tmp_path / "letter.pdf")).refusal
    mime = QMimeData()
    mime.setText("hello")
    assert "text" in panel.hold_over(mime).refusal


@pytest.mark.parametrize(
    "address",
    [
        "file://server/share/x.jpg",
        "file:////server/share/x.jpg",
        "file:///%5C%5Cserver/share/x.jpg",
    ],
)
def test_a_file_in_the_network_is_declined_kindly(panel: PhotoPanel, address: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl(address)])
    assert "x.jpg” is on another computer." in panel.hold_over(mime).refusal
    assert not panel.take(mime)


@pytest.mark.parametrize("address", ["file://localhost/a/x.jpg", "file:///a/x.jpg"])
def test_a_file_on_this_machine_is_known_by_its_address(panel: PhotoPanel, address: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl(address)])
    assert panel.hold_over(mime).path == Path("/a/x.jpg")


def test_a_disk_that_does_not_answer_stops_no_drag(
    panel: PhotoPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(path: object, **_: object) -> None:
        pytest.fail(f"the system was asked for {path}")

    with monkeypatch.context() as patch:
        patch.setattr("os.stat", ask)
        patch.setattr("pathlib.Path.stat", ask)
        patch.setattr("pathlib.Path.is_dir", ask)
        folder_and_photo = files(Path("/mnt/gone/album"), Path("/mnt/gone/x.jpg"))
        assert panel.hold_over(folder_and_photo).path == Path("/mnt/gone/x.jpg")
        assert panel.hold_over(files(Path("/mnt/gone/album"))).usable


def test_a_wrong_drop_is_explained_and_changes_nothing(
    panel: PhotoPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.assertNotEmitted(panel.photo_dropped):
        panel.take(files(tmp_path / "letter.pdf"))
    assert "letter.pdf" in said(panel.coach)


def test_of_several_files_the_first_photo_is_taken(
    panel: PhotoPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    several = files(tmp_path / "notes.txt", tmp_path / "one.png", tmp_path / "two.png")
    with qtbot.waitSignal(panel.photo_dropped) as dropped:
        panel.take(several)
    assert dropped.args == [tmp_path / "one.png"]


def test_a_picture_dragged_from_a_browser_is_taken(panel: PhotoPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.image_pasted) as pasted:
        panel.take(web_picture())
    assert pasted.args is not None
    assert pasted.args[0].size() == picture().size()


def test_an_address_on_the_web_is_never_fetched_but_pasting_is_offered(
    panel: PhotoPanel, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(panel.image_pasted), qtbot.assertNotEmitted(panel.photo_dropped):
        panel.take(web_address())
    assert "paste it here" in said(panel.coach)


def test_control_v_pastes_a_picture_or_a_file(
    panel: PhotoPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.preview.setFocus()
    QGuiApplication.clipboard().setImage(picture(30, 40))
    with qtbot.waitSignal(panel.image_pasted) as pasted:
        qtbot.keyClick(panel.preview, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted.args is not None
    assert pasted.args[0].height() == 40
    QGuiApplication.clipboard().setMimeData(files(tmp_path / "copied.webp"))
    with qtbot.waitSignal(panel.photo_dropped) as dropped:
        qtbot.keyClick(panel.preview, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dropped.args == [tmp_path / "copied.webp"]


def test_an_empty_clipboard_is_no_photo(panel: PhotoPanel) -> None:
    QGuiApplication.clipboard().clear()
    assert not panel.can_paste()
    assert not panel.paste()


def test_pasting_nothing_is_explained(panel: PhotoPanel) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    assert not panel.paste()
    assert "This is text." in said(panel.coach)


def test_one_good_face_gets_one_kind_word(panel: PhotoPanel) -> None:
    panel.show_report(report(face(100)), picture(), None)
    assert "Good" in said(panel.coach)
    assert len(panel.coach.lines()) == 1
    assert not panel.faces.isVisible()


def test_advice_says_in_words_how_grave_it_is_and_starts_with_the_gravest(
    panel: PhotoPanel,
) -> None:
    dark = CoachNote(level="warn", code="too_dark", message="The photo is dark.")
    fine = CoachNote(level="good", code="good", message="Sharp.")
    panel.show_report(report(face(100, TOO_SMALL), notes=(fine, dark)), picture(), None)
    lines = [line.accessibleName() for line in panel.coach.lines()]
    assert lines == [f"Cannot be used: {TOO_SMALL.message} {TOO_SMALL.next_step}"]
    panel.show_report(report(face(100), notes=(fine, dark)), picture(), None)
    lines = [line.accessibleName() for line in panel.coach.lines()]
    assert lines == ["Could be better: The photo is dark."]


def test_advice_is_shown_whole_in_a_narrow_column(panel: PhotoPanel, qtbot: QtBot) -> None:
    panel.show_report(report(face(100, TOO_SMALL)), picture(), None)
    qtbot.waitExposed(panel)
    QApplication.processEvents()
    labels = [label for label in panel.coach.findChildren(QLabel) if label.wordWrap()]
    assert labels
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width())


def test_the_face_can_be_chosen_by_chip_by_click_and_by_key(
    panel: PhotoPanel, qtbot: QtBot
) -> None:
    panel.show_report(report(face(100), face(500, size=150)), picture(800, 600), None)
    QApplication.processEvents()
    chips = panel.faces.chips()
    assert [chip.isChecked() for chip in chips] == [False, True]
    with qtbot.waitSignal(panel.face_chosen) as chosen:
        qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [0]
    middle = panel.preview.face_rect(0).center().toPoint()
    with qtbot.waitSignal(panel.face_chosen) as chosen:
        qtbot.mouseClick(panel.preview, Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args == [0]
    with qtbot.waitSignal(panel.face_chosen) as chosen:
        qtbot.keyClick(panel.preview, Qt.Key.Key_Right)
    assert chosen.args == [0]


def test_the_frame_lies_on_the_face_at_any_preview_size(panel: PhotoPanel) -> None:
    panel.show_report(report(face(400)), picture(400, 300), None)
    QApplication.processEvents()
    rect = panel.preview.face_rect(0)
    scale = panel.preview.width() / 800
    assert rect.width() == pytest.approx(100 * scale, abs=1)
    assert rect.x() == pytest.approx(400 * scale, abs=1)


def test_a_failure_names_the_file_and_invites_another(panel: PhotoPanel) -> None:
    panel.show_failure("holiday.jpg", "The file is cut short.", "Copy it from the camera again.")
    assert "holiday.jpg" in said(panel)
    assert "Copy it from the camera again." in said(panel.coach)
    assert panel.preview.accessibleName() == "Photo: none yet"


def test_while_a_photo_is_looked_at_the_panel_says_so(panel: PhotoPanel) -> None:
    panel.show_analysing("holiday.jpg")
    assert "Looking for faces…" in said(panel)
    assert "holiday.jpg" in said(panel)


def test_tab_goes_from_the_photo_to_the_name(panel: PhotoPanel, qtbot: QtBot) -> None:
    panel.show_report(report(face(100), face(500)), picture(), None)
    panel.activateWindow()
    panel.preview.setFocus()
    order: list[QWidget | None] = []
    for _ in range(20):
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
        order.append(panel.focusWidget())
        if order[-1] is panel.name_edit:
            break
    buttons = [w.text() for w in order if isinstance(w, QPushButton)]
    assert buttons[:2] == ["Open…", "Paste"]
    assert "Face 1" in buttons
    assert order[-1] is panel.name_edit


def test_a_name_from_right_to_left_runs_from_right_to_left(panel: PhotoPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.name_edit, "Mia")
    assert panel.name_edit.layoutDirection() == Qt.LayoutDirection.LeftToRight
    panel.set_name("מאיה")
    assert panel.name_edit.layoutDirection() == Qt.LayoutDirection.RightToLeft


def test_the_column_keeps_panel_and_choices_together(qtbot: QtBot) -> None:
    model = new_model()
    column = PhotoColumn(model)
    qtbot.addWidget(column)
    column.show()
    column.panel.take(files(PHOTO))
    assert model.photo_path == PHOTO
    column.set_preview(PHOTO, picture())
    model.accept_report(PHOTO, report(face(100), face(500, size=150)))
    qtbot.mouseClick(column.panel.faces.chips()[0], Qt.MouseButton.LeftButton)
    assert model.face_index == 0
    qtbot.keyClicks(column.panel.name_edit, "Mia")
    assert model.fields["name"] == "Mia"
    model.remove_photo()
    assert column.panel.preview.accessibleName() == "Photo: none yet"
