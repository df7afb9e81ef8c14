"""The fields for model, size, shape, number, seed and book, and the engine's own settings."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from pickabook_desktop.domain.geometry import AspectRatio
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.book_field import BookField
from pickabook_desktop.ui.create.engine_options import EngineOptions
from pickabook_desktop.ui.create.model_field import ModelField
from pickabook_desktop.ui.create.size_fields import SizeFields
from pickabook_desktop.ui.theme import Metric
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.picture_size import (
    A4,
    CUSTOM,
    print_text,
    size_problem,
    size_text,
)
from pickabook_desktop.ui.widgets.grids import field_grid
from pickabook_desktop.ui.widgets.labels import wrapped
from pickabook_desktop.ui.widgets.number_field import Stepper
from pickabook_desktop.ui.widgets.seed_field import SeedField
from pickabook_desktop.ui.widgets.segmented import SegmentedControl


class OptionsForm(QWidget):
    """Shows and changes the options of a :class:`CreateModel`."""

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.models = ModelField()
        self.sizes = SegmentedControl()
        self.sizes.setAccessibleName(tr("Size"))
        self.custom = SizeFields()
        self.measure = wrapped(kind="quiet")
        self.aspect = QComboBox()
        self.aspect.setAccessibleName(tr("Aspect ratio"))
        self.count = Stepper(tr("Pictures"))
        self.seed = SeedField()
        self.engine_options = EngineOptions()
        self.book = BookField()
        self._arrange()
        self._connect()
        self._refresh()

    def _arrange(self) -> None:
        self._grid = field_grid(self, Metric.LABEL)
        self._model_label = self._add_row(tr("Model"), self.models)
        self._grid.setAlignment(self._model_label, Qt.AlignmentFlag.AlignTop)
        self._model_label.setMinimumHeight(Metric.HIT)
        self._add_row(tr("Size"), self.sizes)
        self._grid.addWidget(self.custom, self._grid.rowCount(), 1)
        self._grid.addWidget(self.measure, self._grid.rowCount(), 1)
        self._add_row(tr("Shape"), self.aspect)
        self._add_row(tr("Pictures"), self.count)
        self._seed_label = self._add_row(tr("Seed"), self.seed)
        self._grid.addWidget(self.engine_options, self._grid.rowCount(), 0, 1, 2)
        self._add_row(tr("Book"), self.book)

    def _add_row(self, title: str, field: QWidget) -> QLabel:
        row = self._grid.rowCount()
        label = QLabel(title)
        label.setBuddy(field)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(field, row, 1)
        return label

    def _connect(self) -> None:
        model = self._model
        self.models.model_chosen.connect(model.choose_model)
        self.book.textEdited.connect(model.set_book)
        self.sizes.value_chosen.connect(model.choose_size)
        self.custom.size_edited.connect(model.set_custom_size)
        self.aspect.activated.connect(self._on_aspect_chosen)
        self.count.value_edited.connect(model.set_count)
        self.seed.seed_edited.connect(model.set_seed)
        self.seed.lock_toggled.connect(model.lock_seed)
        self.engine_options.option_edited.connect(model.set_engine_option)
        for signal in (model.options_changed, model.engine_changed, model.template_changed):
            signal.connect(self._refresh)
        for signal in (model.book_changed, model.history_changed):
            signal.connect(self._show_book)
        self._show_book()

    def _on_aspect_chosen(self, index: int) -> None:
        self._model.choose_aspect(self._model.aspects[index])

    def _refresh(self) -> None:
        model = self._model
        self.sizes.set_choices([(name, _size_title(name)) for name in model.size_names])
        self.sizes.choose(model.size_name)
        custom = model.size_name == CUSTOM
        self.custom.setVisible(custom)
        self.custom.show_size(model.size)
        self._show_measure()
        self._show_aspects(enabled=not custom)
        self.count.show_value(model.count, 1, model.max_count)
        self.seed.show_seed(model.seed, locked=model.seed_locked)
        capabilities = model.capabilities
        seeded = capabilities is None or capabilities.uses_seed
        self.seed.setVisible(seeded)
        self._seed_label.setVisible(seeded)
        self.engine_options.set_options(model.picture_options, model.engine_options)
        self.models.show_models(model.models, model.model)
        self.models.setVisible(bool(model.models))
        self._model_label.setVisible(bool(model.models))

    def _show_book(self) -> None:
        self.book.show_title(self._model.book)
        self.book.set_titles(self._model.books)

    def _show_measure(self) -> None:
        size, capabilities = self._model.size, self._model.capabilities
        problem = size_problem(size, capabilities)
        self.measure.setText(problem or f"{size_text(size, capabilities)} · {print_text(size)}")
        self.measure.setProperty("level", "stop" if problem else None)
        self.measure.style().unpolish(self.measure)
        self.measure.style().polish(self.measure)

    def _show_aspects(self, *, enabled: bool) -> None:
        aspects = self._model.aspects
        titles = [aspect_title(aspect) for aspect in aspects]
        if titles != [self.aspect.itemText(i) for i in range(self.aspect.count())]:
            self.aspect.clear()
            self.aspect.addItems(titles)
        self.aspect.setCurrentIndex(aspects.index(self._model.aspect))
        self.aspect.setEnabled(enabled)
        tip = tr("The shape of the page, width to height")
        self.aspect.setToolTip(tip if enabled else tr("A size of your own has its own shape"))


def aspect_title(aspect: AspectRatio) -> str:
    """A ratio in words and figures."""
    if aspect.width == aspect.height:
        return tr("Square {ratio}", ratio=aspect)
    if {aspect.width, aspect.height} == {210, 297}:
        return tr("A4 upright") if aspect.value < 1 else tr("A4 lying")
    if aspect.value < 1:
        return tr("Upright {ratio}", ratio=aspect)
    return tr("Lying {ratio}", ratio=aspect)


def _size_title(name: str) -> str:
    return {CUSTOM: tr("Own"), A4: tr("A4")}.get(name, name)
