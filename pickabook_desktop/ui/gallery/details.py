"""The panel on the right of the library: what is known and thought of the chosen pictures."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.copies import CopyLine, CopyLines
from pickabook_desktop.ui.gallery.facts import FactList, PromptText, breakable
from pickabook_desktop.ui.gallery.note_field import NoteField
from pickabook_desktop.ui.gallery.stack_strip import Preview, StackStrip
from pickabook_desktop.ui.gallery.stars import FlagButtons, LabelDots, Stars
from pickabook_desktop.ui.gallery.tag_field import TagField
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.picture_facts import Fact
from pickabook_desktop.ui.viewmodels.shared_marks import SharedMarks
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed
from pickabook_desktop.ui.widgets.labels import heading, wrapped

NARROWEST = 264
WIDTH = 304


class Marking(QWidget):
    """Stars, flag, colour label, tags and note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stars = Stars()
        self.flags = FlagButtons()
        self.labels = LabelDots()
        self.tags = TagField()
        self.note = NoteField()
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((first, (self.stars, self.flags)), (second, (self.labels,))):
            row.setSpacing(Space.SMALL)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
        self._note_heading = heading(tr("Note"), self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        column.addLayout(first)
        column.addLayout(second)
        column.addSpacing(Space.TINY)
        column.addWidget(heading(tr("Tags"), self.tags.line))
        column.addWidget(self.tags)
        column.addSpacing(Space.TINY)
        column.addWidget(self._note_heading)
        column.addWidget(self.note)

    def show_marks(self, marks: SharedMarks) -> None:
        """Show what all of the chosen pictures have, and what only some."""
        self.stars.set_rating(marks.rating)
        self.flags.set_flag(marks.flag)
        self.labels.set_label(marks.label)
        self.tags.set_tags(marks.tags)

    def show_note_of(self, card: Card | None) -> None:
        """A note belongs to one picture; None hides it."""
        if card is None:
            self.note.show_note("", "")
        else:
            self.note.show_note(card.id, card.note)
        for part in (self.note, self._note_heading):
            part.setVisible(card is not None)


class DetailsPanel(QFrame):
    """Shows what its controller tells it; ``marking`` says what a person changes."""

    variation_chosen = Signal(object)
    """The :class:`Card` of a variation."""
    link_wanted = Signal(object)
    """The :class:`StoredPicture` whose link is to be copied."""
    opened = Signal()
    """The picture wants to be seen large."""

    def __init__(self, feed: ThumbnailFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setMinimumWidth(NARROWEST)
        self.setAccessibleName(tr("Details"))
        self.preview = Preview(feed)
        self.title = QLabel()
        self.title.setProperty("type", "strong")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.subtitle = wrapped("", "quiet")
        self.marking = Marking()
        self.stack = StackStrip(feed)
        self.prompt = PromptText()
        self.measures = FactList()
        self.drawn_with = FactList()
        self.on_disk = FactList()
        self.copies = CopyLines()
        self._sections: dict[QWidget, QLabel] = {}
        self._cards: Sequence[Card] = ()
        self._empty = wrapped(tr("Choose a page to see what is known of it."), "quiet")
        self._lay_out()
        self.preview.opened.connect(self.opened)
        self.stack.chosen.connect(self.variation_chosen)
        self.copies.link_wanted.connect(self.link_wanted)
        self.show_nothing()

    def name_keys(self, actions: Mapping[str, QAction]) -> None:
        """Tell the keys of the actions in the tool tips."""
        self.marking.labels.name_keys(actions)

    def show_nothing(self) -> None:
        """No picture is chosen."""
        self.marking.show_note_of(None)
        self._empty.show()
        self._area.hide()

    def clear(self) -> None:
        """Let go of all words that were shown."""
        for facts in (self.measures, self.drawn_with, self.on_disk):
            facts.clear()
        for label in (self.title, self.subtitle):
            label.clear()
        self.prompt.show_prompt("")
        self.copies.show_copies(())
        self.stack.show_stack((), "")
        self.preview.show_cards(())
        self.marking.show_marks(SharedMarks())

    def show_card(self, card: Card, title: str, subtitle: str) -> None:
        """Show what is known of one picture at once; the rest follows with :meth:`show_facts`.
        What was shown of the one before stays until then, but for what would be wrong.
        """
        if len(self._cards) > 1:
            self._show(self.drawn_with, False)
        self._begin((card,), title, subtitle)
        self.marking.show_note_of(card)
        self._show(self.prompt, bool(card.prompt))
        self.prompt.show_prompt(card.prompt)
        if all(other.id != card.id for other in self.stack.cards):
            self._show(self.stack, False)
        self.copies.setEnabled(False)

    def show_facts(
        self,
        card: Card,
        stack: Sequence[Card],
        drawn_with: Sequence[Fact],
        on_disk: Sequence[Fact],
        copies: Sequence[CopyLine],
    ) -> None:
        """Show the rest of ``card``."""
        self.stack.show_stack(stack, card.id)
        self._show(self.stack, len(stack) > 1)
        self.drawn_with.show_facts(drawn_with)
        self._show(self.drawn_with, bool(drawn_with))
        self.on_disk.show_facts(on_disk)
        self._show(self.on_disk, bool(on_disk))
        self.copies.setEnabled(True)
        self.copies.show_copies(copies)
        self._show(self.copies, bool(copies))

    def show_measures(self, facts: Sequence[Fact]) -> None:
        """Show the numbers that there are."""
        self.measures.show_facts(facts)
        self._show(self.measures, bool(facts))

    def show_several(
        self, cards: Sequence[Card], title: str, subtitle: str, common: Sequence[Fact]
    ) -> None:
        """Show what several pictures have in common; ``cards`` are some of them."""
        self._begin(cards, title, subtitle)
        self.marking.show_note_of(None)
        self.drawn_with.show_facts(common)
        self._show(self.drawn_with, bool(common))
        for part in (self.prompt, self.stack, self.measures, self.on_disk, self.copies):
            self._show(part, False)

    def commit(self) -> None:
        """Tell what is typed and was not told yet."""
        self.marking.tags.commit()
        self.marking.note.commit()

    def _begin(self, cards: Sequence[Card], title: str, subtitle: str) -> None:
        self._cards = cards
        self._empty.hide()
        self._area.show()
        self.preview.show_cards(cards)
        self.title.setText(breakable(title))
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def _show(self, part: QWidget, shown: bool) -> None:
        part.setVisible(shown)
        self._sections[part].setVisible(shown)

    def _lay_out(self) -> None:
        self._content = QWidget()
        self._content.setProperty("kind", "scrolled")
        column = QVBoxLayout(self._content)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.LARGE)
        column.setSpacing(Space.TINY)
        for part in (self.preview, self.title, self.subtitle, self.marking):
            column.addWidget(part)
        sections: tuple[tuple[QWidget, str], ...] = (
            (self.stack, tr("Variations")),
            (self.prompt, tr("Prompt")),
            (self.drawn_with, tr("Drawn with")),
            (self.measures, tr("Measured")),
            (self.copies, tr("Copies")),
            (self.on_disk, tr("File")),
        )
        for part, title in sections:
            self._sections[part] = heading(title)
            self._sections[part].setContentsMargins(0, Space.MEDIUM, 0, 0)
            column.addWidget(self._sections[part])
            column.addWidget(part)
        column.addStretch(1)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._content)
        self._empty.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        whole.addWidget(area, 1)
        whole.addStretch(0)
