"""From a request to exactly what will be sent: prompt, reference pictures, shape and size."""

import threading
from collections import OrderedDict
from urllib.parse import urlsplit

import msgspec

from pickabook_desktop.domain.capabilities import ModelSpec, Price
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.domain.ports import Cancellation, EngineServices, PageOrder, References
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.template import Palette, Style, Template
from pickabook_desktop.providers.gemini.catalogue import Catalogue, aspect_for, size_name_of
from pickabook_desktop.providers.gemini.prompt import written

ADDRESS = "https://generativelanguage.googleapis.com"
RECIPIENT = "Google (Gemini API)"
DEFAULT_STYLE = "storybook"
REFERENCES = ("face", "whole")
MOST_FURTHER_PHOTOS = 4
# Long enough for a likeness, short enough for a slow line: about 200 KiB each.
FACE_EDGE, WHOLE_EDGE, SCENE_EDGE = 1024, 1536, 1024
REMEMBERED = 4


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture's request to the service is made of.

    It is made for the service behind ``address`` and for no other. ``aspect`` and ``size_name`` are
    the service's own words, empty where the model has no choice.
    """

    outgoing: Outgoing
    address: str = ""
    model: ModelSpec
    aspect: str
    size_name: str
    template_id: str = ""
    style_id: str = ""
    palette_id: str = ""


class Preparation:
    """Prepares requests, and remembers the last few so that what was shown is what is sent, even
    if the photo's file is another one by then.
    """

    def __init__(self, services: EngineServices, catalogue: Catalogue) -> None:
        self._services = services
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._last: OrderedDict[tuple[str, str], Prepared] = OrderedDict()

    def prepared(
        self, request: GenerationRequest, address: str, cancellation: Cancellation
    ) -> Prepared:
        """Raises InputError, TemplateError, PhotoError, NoFaceError, or CancelledError."""
        model = self._catalogue.at(address).chosen(request.options)
        # Neither who agreed nor how many there will be changes what is sent.
        same = request.with_changes(consent="", count=1, seed=0, book="").to_json()
        with self._lock:
            known = self._last.get((same, address))
        if known is not None and known.model == model:
            return known
        prepared = self._prepare(request, model, address, cancellation)
        with self._lock:
            self._last[same, address] = prepared
            while len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
        return prepared

    def _prepare(
        self,
        request: GenerationRequest,
        model: ModelSpec,
        address: str,
        cancellation: Cancellation,
    ) -> Prepared:
        template = self._template(request)
        style = self._style(request, template)
        palette = _palette(request, template)
        if template is None and not request.prompt.strip():
            raise InputError(
                tr("There is nothing to draw yet."),
                tr("Choose a template, or describe the picture in words."),
            )
        aspect = aspect_for(request.size, model)
        size_name = size_name_of(request.size, model)
        price = _price(model, size_name)
        order = _scene(request, template, style, palette)
        images = _images(request, order, model, self._services.references, cancellation)
        prompt = written(
            template=template,
            style=style,
            palette=palette if request.palette_id else None,
            fields=request.fields,
            text=request.prompt,
            roles=[image.role for image in images],
        )
        recipient = recipient_of(address)
        return Prepared(
            outgoing=Outgoing(recipient=recipient, prompt=prompt, images=images, price=price),
            address=address,
            model=model,
            aspect=str(aspect) if aspect else "",
            size_name=size_name,
            template_id=template.id if template else "",
            style_id=style.id if style else "",
            palette_id=palette.id if palette else "",
        )

    def _template(self, request: GenerationRequest) -> Template | None:
        if not request.template_id:
            return None
        template = self._services.templates.get(request.template_id)
        if template is None:
            raise InputError(
                tr("There is no template called “{name}”.", name=request.template_id),
                tr("“pickabook templates” lists what there is."),
                remedies=("other_template",),
            )
        return template

    def _style(self, request: GenerationRequest, template: Template | None) -> Style | None:
        """The chosen style; the usual one for a template; none where words alone describe all."""
        styles = self._services.styles
        if not request.style_id:
            return (
                (styles.get(DEFAULT_STYLE) or next(iter(styles.values()), None))
                if template
                else None
            )
        style = styles.get(request.style_id)
        if style is None:
            raise InputError(
                tr("There is no style called “{name}”.", name=request.style_id),
                tr("Choose one of: {names}.", names=", ".join(sorted(styles))),
            )
        return style


def recipient_of(address: str) -> str:
    """Who gets the photo. It is never translated: a consent is known by it. A gateway is named, so
    that agreeing to one is not agreeing to the other.
    """
    if address in ("", ADDRESS):
        return RECIPIENT
    try:
        host = urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return f"{RECIPIENT} through {host or address}"


def _price(model: ModelSpec, size_name: str) -> Price:
    """Raises InputError for one that nobody knows: it would pass every limit."""
    amount = model.prices.get(size_name)
    if amount is None:
        raise InputError(
            tr("The price of this picture is not known."),
            tr("Choose another model or engine."),
            remedies=("other_model", "other_engine"),
        )
    return Price(amount=amount, currency=model.currency, read_on=model.read_on)


def _scene(
    request: GenerationRequest,
    template: Template | None,
    style: Style | None,
    palette: Palette | None,
) -> PageOrder | None:
    """What the template's scene is drawn from, where it is sent along."""
    if template is None or style is None or request.options.get("scene", "on") == "off":
        return None
    return PageOrder(
        photo=request.photo,
        template=template,
        style=style,
        size=request.size,
        palette_id=palette.id if palette else "",
    )


def _palette(request: GenerationRequest, template: Template | None) -> Palette | None:
    """The chosen palette, else the template's first."""
    if template is None:
        return None
    if not request.palette_id:
        return next(iter(template.palettes), None)
    palette = template.palette(request.palette_id)
    if palette is None:
        names = ", ".join(palette.id for palette in template.palettes) or tr("none")
        raise InputError(
            tr("“{title}” has no palette “{name}”.", title=template.title, name=request.palette_id),
            tr("Its palettes: {names}.", names=names),
        )
    return palette


def _images(
    request: GenerationRequest,
    order: PageOrder | None,
    model: ModelSpec,
    references: References,
    cancellation: Cancellation,
) -> tuple[OutgoingImage, ...]:
    """The photos first, the scene last. Raises InputError for more than the model takes."""
    photos = (request.photo, *request.further_photos)
    most = min(model.reference_limit - (order is not None), 1 + MOST_FURTHER_PHOTOS)
    if len(photos) > most:
        raise InputError(
            tr("{title} takes at most {most} photos here.", title=model.title, most=most),
            tr("Send fewer further photos."),
        )
    framing = request.options.get("reference") or REFERENCES[0]
    if framing not in REFERENCES:
        raise InputError(
            tr("“{name}” is no way to send a photo.", name=framing),
            tr("Choose one of: {names}.", names=", ".join(REFERENCES)),
        )
    images: list[OutgoingImage] = []
    for photo in photos:
        cancellation.raise_if_cancelled()
        images.append(_framed(photo, framing, references))
    cancellation.raise_if_cancelled()
    if order is not None:
        images.append(references.scene(order, longest=SCENE_EDGE))
    return tuple(images)


def _framed(photo: PhotoRef, framing: str, references: References) -> OutgoingImage:
    if framing == "whole":
        return references.whole(photo, longest=WHOLE_EDGE)
    return references.face(photo, longest=FACE_EDGE)
