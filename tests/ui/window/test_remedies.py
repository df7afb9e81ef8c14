"""Every remedy that the error tree knows has words, and leads somewhere."""

from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication

from pickabook_desktop.domain.errors import (
    ConsentError,
    NotConfiguredError,
    PhotoError,
    PickaBookError,
    Remedy,
    SpendingLimitError,
    TemplateError,
    UnreachableError,
)
from pickabook_desktop.ui.viewmodels.remedies import remedies_for, remedy_words


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (ConsentError, "consent"),
        (SpendingLimitError, "raise_limit"),
        (UnreachableError, "retry"),
        (PhotoError, "other_photo"),
        (NotConfiguredError, "settings"),
        (TemplateError, "other_template"),
        (PickaBookError, "retry"),
    ],
)
def test_an_error_that_names_no_remedy_has_the_one_of_its_kind(kind, first):
    assert remedies_for(kind("It happened."))[0] == first


def test_an_error_that_names_remedies_has_those_in_its_order_each_once():
    error = PickaBookError("It happened.", remedies=("keys", "retry", "keys"))
    assert remedies_for(error) == ("keys", "retry")


@pytest.mark.parametrize(
    "remedy", [r for r in get_args(Remedy) if r not in ("other_photo", "save_copy")]
)
def test_every_remedy_leads_somewhere(window, remedy, qtbot):
    assert remedy_words(remedy)
    before = (window.focusWidget(), window.page_column.options.expanded, window.session.jobs)
    window.viewer.show_error(PickaBookError("It happened.", remedies=(remedy,)))
    window.viewer.error_panel.button.click()
    assert not window.viewer.error_shown
    shown = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    after = (window.focusWidget(), window.page_column.options.expanded, window.session.jobs)
    assert shown is not None or after != before
    if shown is not None:
        shown.close()
