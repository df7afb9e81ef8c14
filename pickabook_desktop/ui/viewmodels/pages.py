"""What pages are called, and which requests make the same page."""

from collections.abc import Iterable

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.viewmodels.create import NAME_FIELD, CreateModel


def title_of(request: GenerationRequest, model: CreateModel) -> str:
    """What a page is called in the queue and the history."""
    template = model.templates.get(request.template_id)
    style = model.styles.get(request.style_id)
    page = template.title if template else request.prompt or tr("Page")
    name = request.fields.get(NAME_FIELD, "").strip()
    return " · ".join(part for part in (page, name, style.title if style else "") if part)


def caption_of(title: str, picture: KeptPicture) -> str:
    """A line on a picture for tool tips and screen readers."""
    size = picture.size
    return tr("{title} · {width} × {height} px", title=title, width=size.width, height=size.height)


def looks_of(request: GenerationRequest) -> GenerationRequest:
    """What a preview depends on: all but the number of pictures, the photo's place, and what pages
    are filed by.
    """
    from pickabook_desktop.jobs.preview import PREVIEW_EDGE

    photo = request.photo
    if photo.sha256:
        photo = type(photo)(path="", sha256=photo.sha256, face_index=photo.face_index)
    size = request.size.fitted(PREVIEW_EDGE)
    return request.with_changes(photo=photo, count=1, size=size, book="", consent="")


def variations_of(picture: KeptPicture, pictures: Iterable[KeptPicture]) -> tuple[KeptPicture, ...]:
    """Those of ``pictures``, oldest first, that differ from ``picture`` in seed or palette only."""
    wanted = _page_of(picture.request)
    found = [
        other for other in pictures if other.id != picture.id and _page_of(other.request) == wanted
    ]
    return tuple(sorted((*found, picture), key=lambda other: (other.created, other.id)))


def _page_of(request: GenerationRequest) -> GenerationRequest:
    return looks_of(request.with_changes(seed=0, palette_id=""))
