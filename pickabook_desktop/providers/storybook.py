"""The Storybook engine: pages drawn on this machine, without network or generative model."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from pickabook_desktop import __version__
from pickabook_desktop.domain.capabilities import Capabilities, OptionSpec, Price, Terms
from pickabook_desktop.domain.errors import InputError, NotConfiguredError
from pickabook_desktop.domain.events import Drawn, EngineEvent, Preview, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import (
    Cancellation,
    Engine,
    EngineServices,
    PageOrder,
    PaintedPage,
    painted,
)
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.template import Style, Template

if TYPE_CHECKING:
    from pickabook_desktop.providers.matching import Match

DEFAULT_STYLE = "storybook"
MEDIA_TYPES = ("image/png", "image/jpeg")
PREVIEW_EDGE = 768
# A page up to this size is finished about as soon as its preview would be.
PREVIEW_FROM_MEGAPIXELS = 6.0
PREVIEW_SHARE = 0.2


def create(services: EngineServices) -> Engine:
    """The engine, for the entry point."""
    return StorybookEngine(services)


class StorybookEngine:
    """Puts a stylised head into a drawn scene.

    The seed places the textures of paper and pigment. It picks the palette where neither the
    person nor the prompt chose one, and the template where there is neither template nor prompt.
    It does not change pose, scene or likeness.
    """

    def __init__(self, services: EngineServices) -> None:
        self._services = services

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            id="storybook",
            title=tr("Storybook"),
            version=__version__,
            summary=tr(
                "Draws the page on this computer in under a second. Free, without an account;"
                " the photo stays here. Another seed gives another grain of the paper and, where"
                " you chose none, another palette."
            ),
            terms=Terms(
                summary=tr("The drawings are under the Apache licence 2.0; your pages are yours."),
                commercial_use="yes",
                url="https://www.apache.org/licenses/LICENSE-2.0",
            ),
            price=Price(amount=0.0),
            prompt_help=tr(
                "Words choose the template, the colours and the style where you have not; names"
                " title the page. Words without effect are named after drawing."
            ),
            max_megapixels=36.0,
            max_count=8,
            seconds=0.5,
            live_preview=True,
            options=(
                OptionSpec(
                    id="media_type",
                    title=tr("File format"),
                    kind="choice",
                    default=MEDIA_TYPES[0],
                    choices=MEDIA_TYPES,
                    help=tr("PNG keeps every pixel; JPEG makes smaller files."),
                ),
            ),
        )

    def unavailable(self) -> str:
        if not self._services.templates:
            return tr("No templates are installed. Install the program again.")
        if not self._services.styles:
            return tr("No styles are installed. Install the program again.")
        return ""

    def check(self, cancellation: Cancellation) -> str:
        reason = self.unavailable()
        if reason:
            raise NotConfiguredError(tr("Storybook cannot draw now."), reason)
        return tr("Ready; it needs no network.")

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        """Nothing ever leaves."""
        return Outgoing()

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """Draw the pictures one after another, each with its own seed."""
        cancellation.raise_if_cancelled()
        match = self._matched(request)
        template, style = self._template(match), self._style(match)
        for index in range(request.count):
            seed = (request.seed + index) % SEED_LIMIT
            order = self._order(request, template, style, match, seed)
            start = 0.0
            if order.size.megapixels > PREVIEW_FROM_MEGAPIXELS:
                yield _progress(request, index, start, tr("Drawing a preview"))
                yield Preview(data=self._preview(order, cancellation), index=index)
                start = PREVIEW_SHARE
            for event in self._services.painter.paint(order, cancellation):
                if isinstance(event, PaintedPage):
                    yield Drawn(index=index, picture=_picture(event, order, match))
                else:
                    part = start + (1 - start) * event.fraction
                    yield _progress(request, index, part, event.title)

    def _matched(self, request: GenerationRequest) -> "Match":
        from pickabook_desktop.providers.matching import match_prompt

        match = match_prompt(
            request.prompt,
            self._services.templates,
            self._services.styles,
            template_id=request.template_id,
            style_id=request.style_id,
            palette_id=request.palette_id,
        )
        if match.template_id:
            return match
        if not request.prompt.strip():
            names = sorted(self._services.templates)
            return msgspec.structs.replace(match, template_id=names[request.seed % len(names)])
        worlds = sorted({template.world for template in self._services.templates.values()})
        raise InputError(
            tr("No template fits “{prompt}”.", prompt=request.prompt.strip()),
            tr("Choose a template, or name one of these worlds: {names}.", names=", ".join(worlds)),
        )

    def _template(self, match: "Match") -> Template:
        template = self._services.templates.get(match.template_id)
        if template is None:
            raise InputError(
                tr("There is no template called “{name}”.", name=match.template_id),
                tr("“pickabook templates” lists what there is."),
            )
        if match.palette_id and template.palette(match.palette_id) is None:
            names = ", ".join(palette.id for palette in template.palettes) or tr("none")
            raise InputError(
                tr(
                    "“{title}” has no palette “{name}”.",
                    title=template.title,
                    name=match.palette_id,
                ),
                tr("Its palettes: {names}.", names=names),
            )
        return template

    def _style(self, match: "Match") -> Style:
        styles = self._services.styles
        if not match.style_id:
            return styles.get(DEFAULT_STYLE) or styles[min(styles)]
        style = styles.get(match.style_id)
        if style is None:
            raise InputError(
                tr("There is no style called “{name}”.", name=match.style_id),
                tr("Choose one of: {names}.", names=", ".join(sorted(styles))),
            )
        return style

    def _order(
        self,
        request: GenerationRequest,
        template: Template,
        style: Style,
        match: "Match",
        seed: int,
    ) -> PageOrder:
        palettes = [palette.id for palette in template.palettes] or [""]
        media_type = request.options.get("media_type") or MEDIA_TYPES[0]
        if media_type not in MEDIA_TYPES:
            raise InputError(
                tr("Pages cannot be written as “{name}”.", name=media_type),
                tr("Choose one of: {names}.", names=", ".join(MEDIA_TYPES)),
            )
        return PageOrder(
            photo=request.photo,
            template=template,
            style=style,
            size=request.size,
            seed=seed,
            # Its own seed alone decides, so that each picture can be drawn again by itself.
            palette_id=match.palette_id or palettes[seed % len(palettes)],
            media_type=media_type,
            options=request.options,
        )

    def _preview(self, order: PageOrder, cancellation: Cancellation) -> bytes:
        small = msgspec.structs.replace(
            order, size=order.size.fitted(PREVIEW_EDGE), media_type="image/jpeg"
        )
        return painted(self._services.painter.paint(small, cancellation)).data


def _progress(request: GenerationRequest, index: int, part: float, stage: str) -> Progress:
    return Progress(fraction=(index + part) / request.count, stage=stage, index=index)


def _picture(page: PaintedPage, order: PageOrder, match: "Match") -> DrawnPicture:
    return DrawnPicture(
        data=page.data,
        media_type=page.media_type,
        size=page.size,
        seed=order.seed,
        template_id=order.template.id,
        style_id=order.style.id,
        palette_id=order.palette_id,
        used_words=match.used,
        unused_words=match.unused,
        timings=page.timings,
        thumbnail=page.thumbnail,
        cost=0.0,
    )
