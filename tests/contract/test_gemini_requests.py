"""What leaves the machine for Gemini: what was shown and no more, in the form Google documents."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from services.gemini import EDGES, GeminiServer, request_of, sent_pictures, sent_prompt
from services.gemini_rig import Rig, wanted

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import InputError, NotConfiguredError
from pickabook_desktop.domain.geometry import Size, size_for
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.net.cancel import CancelToken

FACE_MODELS = Path(__file__).parents[2] / "resources" / "face_models"
MODELS = ("gemini-nano-banana-2.1", "gemini-3-pro-image", "gemini-3.1-flash-image")


def capabilities(rig: Rig, model: str) -> Capabilities:
    return rig.engine.capabilities.chosen({"model": model})


def test_the_key_goes_into_its_header_and_nowhere_else(server: GeminiServer, rig: Rig):
    rig.run()
    (exchange,) = server.exchanges
    assert exchange.target == "/v1beta/models/gemini-nano-banana-2.1:generateContent"
    assert exchange.headers.pop("x-goog-api-key") == server.key
    assert server.key not in f"{exchange.target}{exchange.headers}"
    assert server.key.encode() not in exchange.body


def test_the_key_is_in_no_log_and_no_error(
    server: GeminiServer,
    rig: Rig,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    from services.gemini import failed

    with caplog.at_level(1):
        rig.run()
        server.say(failed(500, "INTERNAL", f"Something about {server.key}"))
        error = rig.error()
    told = f"{error}{error!r}{caplog.text}{capfd.readouterr()}{rig.engine.line(CancelToken())!r}"
    assert server.key not in told


def test_no_seed_is_offered_and_none_is_sent(server: GeminiServer, rig: Rig):
    assert not rig.engine.capabilities.uses_seed
    rig.run(wanted(seed=4711))
    assert b"seed" not in server.exchanges[0].body
    assert b"4711" not in server.exchanges[0].body


@pytest.mark.parametrize("model", MODELS)
def test_every_shape_and_size_that_a_model_offers_is_accepted(
    server: GeminiServer, rig: Rig, model: str
):
    """The server knows by itself what the models draw."""
    can = capabilities(rig, model)
    asked: list[tuple[str, str]] = []
    for place, aspect in enumerate(can.aspects):
        name = can.sizes[place % len(can.sizes)]
        asked.append((str(aspect), name))
        size = size_for(EDGES[name], aspect.value)
        picture = rig.run(wanted(size=size, options={"model": model}))[-1]
        assert max(picture.size.width, picture.size.height) == EDGES[name]
        assert aspect.distance(picture.size.aspect) < 0.02
    sent = [
        request_of(exchange)["generationConfig"]["imageConfig"] for exchange in server.exchanges
    ]
    assert [(each["aspectRatio"], each["imageSize"]) for each in sent] == asked


def test_the_price_before_is_that_of_the_chosen_model_and_size(rig: Rig):
    token = CancelToken()
    outgoing = rig.engine.outgoing(
        wanted(size=Size(4096, 4096), options={"model": "gemini-3-pro-image"}), token
    )
    assert (outgoing.price.amount, outgoing.price.currency) == (0.24, "USD")
    assert outgoing.price.read_on
    assert rig.engine.outgoing(wanted(), token).price.amount == 0.0336
    assert rig.engine.capabilities.batch_price == 0.5


def test_a_shape_that_the_model_cannot_draw_names_those_near_it(server: GeminiServer, rig: Rig):
    error = rig.error(wanted(size=Size(2100, 2970)))
    assert isinstance(error, InputError)
    assert "2:3" in error.next_step
    assert "3:4" in error.next_step
    assert server.exchanges == []


def test_a_shape_within_three_percent_is_drawn_as_its_neighbour(server: GeminiServer, rig: Rig):
    rig.run(wanted(size=Size(1024, 1040)))
    config = request_of(server.exchanges[0])["generationConfig"]["imageConfig"]
    assert config["aspectRatio"] == "1:1"


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "gemini-3-pro-image-preview"])
def test_models_that_no_longer_exist_are_refused_before_sending(
    server: GeminiServer, rig: Rig, model: str
):
    error = rig.error(wanted(options={"model": model}))
    assert isinstance(error, InputError)
    assert "gemini-nano-banana-2.1" in error.next_step
    assert server.exchanges == []
    offered = next(option for option in rig.engine.capabilities.options if option.id == "model")
    assert model not in offered.choices


def test_what_was_shown_is_what_is_sent(server: GeminiServer, rig: Rig):
    request = wanted(prompt="a red scarf", count=2)
    outgoing = rig.engine.outgoing(request, CancelToken())
    assert outgoing.recipient.startswith("Google (Gemini API)")
    assert server.exchanges == []
    rig.run(request.with_changes(consent="Mum", seed=9))
    for exchange in server.wire.wait_for(2):
        assert sent_prompt(exchange) == outgoing.prompt
        assert sent_pictures(exchange) == [image.data for image in outgoing.images]
    assert [role for role, _source, _longest in rig.references.made] == ["face", "scene"]


def test_another_gateway_is_another_recipient(rig: Rig):
    through = rig.engine.capabilities.recipient
    assert "127.0.0.1" in through
    rig.settings["gemini.base_url"] = ""
    assert rig.engine.capabilities.recipient == "Google (Gemini API)"
    assert rig.engine.outgoing(wanted(), CancelToken()).recipient == "Google (Gemini API)"


def test_the_childs_name_is_not_sent(server: GeminiServer, rig: Rig):
    rig.run(
        wanted(
            fields={"name": "Mia Rosalind", "companion": "mia's puppy"},
            prompt="MIA waves; Rosalind's scarf is red",
            book="Mia flies",
            options={"scene": "off"},
        )
    )
    body = server.exchanges[0].body.lower()
    assert b"mia" not in body
    assert b"rosalind" not in body
    assert b"the child's scarf is red" in body
    assert b"the child's puppy" in body


def test_whole_photo_further_photos_and_no_scene(server: GeminiServer, rig: Rig):
    further = (PhotoRef(path="b.jpg", sha256="cd"), PhotoRef(path="c.jpg", sha256="ef"))
    rig.run(wanted(further_photos=further, options={"reference": "whole", "scene": "off"}))
    assert [role for role, _source, _longest in rig.references.made] == ["photo"] * 3
    assert [getattr(source, "path", "") for _role, source, _longest in rig.references.made] == [
        "portrait.jpg",
        "b.jpg",
        "c.jpg",
    ]
    assert len(sent_pictures(server.exchanges[0])) == 3
    assert "Image 3: a photograph with the child." in sent_prompt(server.exchanges[0])
    assert "All photographs show the same child." in sent_prompt(server.exchanges[0])


def test_more_photos_than_offered_are_refused(server: GeminiServer, rig: Rig):
    offered = rig.engine.capabilities.further_photos
    photos = tuple(PhotoRef(path=f"{number}.jpg") for number in range(offered + 1))
    rig.run(wanted(further_photos=photos[:offered]))
    assert isinstance(rig.error(wanted(further_photos=photos)), InputError)
    assert len(server.exchanges) == 1


def test_words_alone_are_enough_and_nothing_is_not(server: GeminiServer, rig: Rig):
    rig.run(wanted(template_id="", style_id="", prompt="a whale in a teacup"))
    assert "a whale in a teacup." in sent_prompt(server.exchanges[0])
    assert len(sent_pictures(server.exchanges[0])) == 1
    assert isinstance(rig.error(wanted(template_id="", prompt=" ")), InputError)


@pytest.mark.parametrize(
    "changes", [{"template_id": "gone"}, {"style_id": "gone"}, {"palette_id": "gone"}]
)
def test_unknown_choices_are_said(server: GeminiServer, rig: Rig, changes: dict[str, str]):
    error = rig.error(wanted(**changes))
    assert isinstance(error, InputError)
    assert "gone" in error.message
    assert server.exchanges == []


def test_the_environment_changes_nothing(
    server: GeminiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    leaks = {
        "GOOGLE_API_KEY": "AIzaSyFromTheEnvironment_0123456789abcde",
        "GEMINI_API_KEY": "AIzaSyFromTheEnvironment_9876543210abcde",
        "GOOGLE_GENAI_USE_VERTEXAI": "true",
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_CLOUD_PROJECT": "somebody-elses",
        "GOOGLE_CLOUD_LOCATION": "us-central1",
        "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9",
        "GOOGLE_GENAI_API_VERSION": "v9",
        "GOOGLE_GENAI_CLIENT_MODE": "replay",
        "GOOGLE_GENAI_REPLAYS_DIRECTORY": str(tmp_path),
        "GOOGLE_GENAI_HTTP_CLIENT": "httpx",
        "SSL_CERT_FILE": str(tmp_path / "none.pem"),
    }
    for name, value in leaks.items():
        monkeypatch.setenv(name, value)
    rig = Rig(server, tmp_path)
    assert len(rig.run()) == 1
    (exchange,) = server.exchanges
    assert exchange.headers["x-goog-api-key"] == server.key


def test_without_a_key_nothing_is_sent(server: GeminiServer, tmp_path: Path):
    from doubles import MemorySecrets

    rig = Rig(server, tmp_path, secrets=MemorySecrets())
    assert "key" in rig.engine.unavailable()
    assert isinstance(rig.error(), NotConfiguredError)
    assert server.exchanges == []


@pytest.mark.parametrize("key", ["", "two words", "späßchen", "line\nbreak"])
def test_a_key_that_cannot_be_one_is_said_and_not_shown(
    server: GeminiServer, tmp_path: Path, key: str
):
    from doubles import MemorySecrets

    error = Rig(server, tmp_path, secrets=MemorySecrets({"gemini": key})).error()
    assert isinstance(error, NotConfiguredError)
    assert error.remedies == ("keys",)
    assert not key or key not in str(error)
    assert server.exchanges == []


def test_the_list_of_models_is_read_page_by_page_and_kept(server: GeminiServer, tmp_path: Path):
    del server.models["gemini-3-pro-image"]
    said = Rig(server, tmp_path).engine.check(CancelToken())
    assert "Nano Banana 2.1" in said
    assert "Gemini 3 Pro Image" not in said
    assert len(server.exchanges) == 2
    assert all("key" not in exchange.query for exchange in server.exchanges)
    later = Rig(server, tmp_path).engine.capabilities
    gone = next(model for model in later.models if model.id == "gemini-3-pro-image")
    assert gone.state == "retired"
    assert "20" in gone.note
    assert later.models[0].id == "gemini-nano-banana-2.1"
    server.models["gemini-3-pro-image"] = server.models["gemini-nano-banana-2.1"]
    Rig(server, tmp_path).engine.check(CancelToken())
    again = {model.id: model.state for model in Rig(server, tmp_path).engine.capabilities.models}
    assert again["gemini-3-pro-image"] == "available"


def test_a_gateway_that_lists_other_models_retires_none(server: GeminiServer, rig: Rig):
    server.models.clear()
    assert "no model that is known" in rig.engine.check(CancelToken())
    assert rig.engine.capabilities.models[0].state == "recommended"


def test_a_wrong_key_is_found_out_by_checking(server: GeminiServer, rig: Rig):
    server.key = "AIzaSyAnotherKeyThanTheOneSent_987654321"
    with pytest.raises(NotConfiguredError) as caught:
        rig.engine.check(CancelToken())
    assert caught.value.remedies[0] == "keys"
    assert rig.calls == []


def test_no_place_no_camera_and_no_name_of_a_file_leave(server: GeminiServer, tmp_path: Path):
    """With the program's own references and a photo that knows where it was taken."""
    from skimage import data

    from pickabook_desktop.imaging.references import ReferenceMaker
    from pickabook_desktop.imaging.seen import SeenPhotos

    photo = tmp_path / "Mia in Lyme Regis.jpg"
    exif = Image.Exif()
    exif[0x010F] = "CameraMakerOfTheTest"
    exif[0x0110] = "SerialNumber4711"
    exif[0x8825] = {1: "N", 2: (50.0, 43.0, 12.0), 3: "W", 4: (2.0, 56.0, 7.0)}
    Image.fromarray(data.astronaut()).save(photo, exif=exif, comment=b"LymeRegisComment")
    assert b"CameraMakerOfTheTest" in photo.read_bytes()
    (tmp_path / "back.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">'
        '<rect width="300" height="300" fill="#4a78b0"/></svg>'
    )
    (tmp_path / "front.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300"/>'
    )
    rig = Rig(
        server,
        tmp_path / "cache",
        references=ReferenceMaker(SeenPhotos(FACE_MODELS), lambda _id: tmp_path),
    )
    for reference in ("face", "whole"):
        rig.run(wanted(photo=PhotoRef(path=str(photo)), options={"reference": reference}))
    for exchange in server.exchanges:
        pictures = sent_pictures(exchange)
        assert len(pictures) == 2
        for picture in pictures:
            for secret in (b"CameraMaker", b"SerialNumber", b"LymeRegis", b"Exif", b"GPS"):
                assert secret not in picture
            assert not Image.open(io.BytesIO(picture)).getexif()
        assert "lyme" not in json.dumps(exchange.headers).lower() + exchange.target.lower()
        assert b"Lyme" not in exchange.body
