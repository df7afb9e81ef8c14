"""ImageKit's answers and silences, over a real socket: each has its own words."""

import logging
import traceback
from pathlib import Path

import pytest
from services import imagekit as fake
from services.imagekit import KEY, FakeImageKit
from services.wire import Answer
from unit.storage.stores.imagekit_desk import order, store_with

from pickabook_desktop.domain.errors import (
    InputError,
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.stored import LinkWish
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores.imagekit import ImageKitStore


def failure(store: ImageKitStore) -> PickaBookError:
    """Why an upload fails; whatever it is, the key is nowhere in it."""
    with pytest.raises(PickaBookError) as caught:
        store.upload(order(), CancelToken())
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert KEY not in repr(vars(caught.value))
    return caught.value


def test_what_is_sent(store: ImageKitStore, service: FakeImageKit):
    store.upload(order(), CancelToken())
    [sent] = service.uploads
    form = {part.name: part for part in sent.form()}
    assert form["file"].data == b"a page"
    assert (form["file"].file_name, form["file"].content_type) == ("0123abcd.png", "image/png")
    texts = {name: part.text for name, part in form.items() if name != "file"}
    assert texts["fileName"] == "0123abcd.png"
    assert texts["folder"] == "/pages/2026"
    assert texts["tags"] == "pickabook,bedtime"
    assert texts["isPrivateFile"] == "true"
    assert texts["useUniqueFileName"] == "false"
    assert texts["overwriteFile"] == "true"
    assert "customMetadata" not in texts


def test_pictures_are_public_only_where_the_person_says_so(
    service: FakeImageKit, settings: dict[str, str]
):
    settings["imagekit.private"] = "off"
    store = store_with(settings)
    stored = store.upload(order(), CancelToken())
    assert not stored.private
    assert not next(iter(service.files.values())).private
    assert store.link(stored, LinkWish()) == stored.url
    assert "public" in store.check(CancelToken())


def test_uploads_may_go_to_a_server_of_their_own(service: FakeImageKit, settings: dict[str, str]):
    with FakeImageKit() as uploads:
        settings["imagekit.upload_url"] = uploads.url
        store = store_with(settings)
        store.upload(order(), CancelToken())
        store.check(CancelToken())
        assert len(uploads.files) == 1
    assert [each.path for each in service.server.exchanges] == ["/v1/files"]


def test_the_environment_decides_nothing(
    store: ImageKitStore, service: FakeImageKit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IMAGE_KIT_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_another")
    monkeypatch.setenv("OPTIONAL_IMAGEKIT_IGNORES_THIS", "a-password-of-something-else")
    store.upload(order(), CancelToken())
    assert len(service.files) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "code", "words"),
    [
        (fake.WRONG_KEY, NotConfiguredError, "wrong_key", "does not accept the key"),
        (fake.DISABLED, NotConfiguredError, "account_disabled", "account is disabled"),
        (fake.FULL, StorageError, "storage_full", "no room left"),
        (fake.TOO_LARGE, StorageError, "too_large", "larger than"),
        (Answer.of_json({"message": "Entity"}, 413), StorageError, "too_large", "larger than"),
        (Answer.of_json({"message": "No key."}, 401), NotConfiguredError, "no_key", "the key"),
        (
            Answer.of_json({"message": "This key has no permission."}, 403),
            NotConfiguredError,
            "not_permitted",
            "may not do this",
        ),
        (Answer.of_json({"message": "Bad folder"}, 400), StorageError, "400", "Bad folder."),
        (Answer(status=302, headers={"Location": "/"}), StorageError, "unreadable", "not ImageKit"),
    ],
)
def test_a_refusal_has_words_of_its_own_and_is_final_unless_said(
    store: ImageKitStore,
    service: FakeImageKit,
    answer: Answer,
    kind: type[PickaBookError],
    code: str,
    words: str,
):
    service.server.say(answer)
    error = failure(store)
    assert type(error) is kind
    assert error.code == code
    assert words in error.message
    assert error.next_step
    assert error.remedies
    assert error.retryable == (code == "unreadable")
    assert len(service.server.exchanges) == 1


def test_a_wrong_key_is_named_as_such(settings: dict[str, str]):
    store = store_with(settings, key="private_wrong")
    with pytest.raises(NotConfiguredError) as caught:
        store.check(CancelToken())
    assert caught.value.code == "wrong_key"
    assert caught.value.remedies == ("keys",)


@pytest.mark.parametrize(
    ("key", "code"),
    [("public_abc", "public_key"), ("private_ä", "malformed_key"), ("a b", "malformed_key")],
)
def test_what_cannot_be_the_private_key_is_not_sent(
    service: FakeImageKit, settings: dict[str, str], key: str, code: str
):
    with pytest.raises(NotConfiguredError) as caught:
        store_with(settings, key).check(CancelToken())
    assert caught.value.code == code
    assert key not in str(caught.value)
    assert service.server.exchanges == []


def test_too_many_requests_say_how_long_to_wait(store: ImageKitStore, service: FakeImageKit):
    service.server.say(fake.throttled(2500))
    error = failure(store)
    assert error.retryable
    assert error.retry_after == 2.5


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_the_service_is_not_repeated_behind_the_callers_back(
    store: ImageKitStore, service: FakeImageKit, status: int
):
    service.server.say(Answer(status=status, body=b"oops", content_type="text/plain"))
    error = failure(store)
    assert error.retryable
    assert error.code == str(status)
    assert len(service.uploads) == 1


@pytest.mark.parametrize(
    "answer",
    [
        fake.PORTAL,
        Answer(body=b"{}"),
        Answer(body=b'{"fileId": ""}'),
        Answer(body=b'{"fileId": "abc"}'),
        Answer(body=b'{"fileId": '),
        Answer(body=b"[]"),
        Answer(body=b"null"),
        Answer(body=b'{"fileId": 7, "url": []}'),
    ],
)
def test_an_answer_that_is_not_imagekits_is_no_success(
    store: ImageKitStore, service: FakeImageKit, answer: Answer
):
    service.server.say(answer)
    error = failure(store)
    assert error.code == "unreadable"
    assert error.retryable


@pytest.mark.parametrize("answer", [fake.PORTAL, Answer(body=b"{}"), Answer(body=b"7")])
def test_a_page_instead_of_a_list_is_no_list(
    store: ImageKitStore, service: FakeImageKit, answer: Answer
):
    service.server.say(answer, answer)
    for act in (store.check, lambda token: store.find(order(), token)):
        with pytest.raises(StorageError, match="not ImageKit"):
            act(CancelToken())


def test_a_page_instead_of_a_farewell_has_deleted_nothing(
    store: ImageKitStore, service: FakeImageKit
):
    page = Answer(status=404, body=b"<html>no such page</html>", content_type="text/html")
    service.server.say(fake.PORTAL, page)
    for _ in range(2):
        with pytest.raises(StorageError):
            store.delete("abc", CancelToken())


def test_an_answer_that_breaks_off_may_be_tried_again(store: ImageKitStore, service: FakeImageKit):
    service.server.say(Answer(body=b'{"fileId": "abc", "url": "x"}', truncate_after=9))
    error = failure(store)
    assert isinstance(error, UnreachableError)
    assert error.retryable


def test_nobody_there_is_not_reached(settings: dict[str, str]):
    with FakeImageKit() as gone:
        settings["imagekit.base_url"] = gone.url
    error = failure(store_with(settings))
    assert isinstance(error, UnreachableError)
    assert error.retryable
    assert "cannot be reached" in error.message


@pytest.mark.parametrize(
    "answer", [Answer(hang_before=True), Answer(body=b" " * 500, drip=(1, 0.05))]
)
def test_silence_and_dripping_end_with_the_time_out(
    service: FakeImageKit, settings: dict[str, str], answer: Answer
):
    settings["imagekit.timeout"] = "0.3"
    service.server.say(answer)
    error = failure(store_with(settings))
    assert isinstance(error, UnreachableError)
    assert error.code == "timeout"
    assert service.server.exchanges[0].closed_by_client.wait(5)


def test_a_certificate_that_is_not_trusted_is_named_and_one_that_is_given_is_trusted(
    tmp_path: Path,
):
    with FakeImageKit(tls=True) as service:
        settings = {"imagekit.base_url": service.url}
        error = failure(store_with(settings))
        assert error.code == "tls"
        assert "certificate" in error.message
        assert not error.retryable
        (tmp_path / "ca.pem").write_bytes(service.server.ca_pem)
        settings["imagekit.ca_file"] = str(tmp_path / "ca.pem")
        store_with(settings).upload(order(), CancelToken())
        assert len(service.files) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("base_url", "ftp://x"),
        ("base_url", "api.imagekit.io"),
        ("base_url", "https://user:secret@host"),
        ("base_url", "http://gateway.example"),
        ("upload_url", "https://["),
        ("folder", "{name}"),
        ("max_mb", "many"),
        ("max_mb", "-1"),
        ("timeout", "soon"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_explained_before_anything_is_sent(
    service: FakeImageKit, settings: dict[str, str], key: str, value: str
):
    settings[f"imagekit.{key}"] = value
    store = store_with(settings)
    assert store.unavailable()
    assert store.info.id == "imagekit"
    with pytest.raises(InputError) as caught:
        store.upload(order(), CancelToken())
    assert "secret" not in str(caught.value)
    assert caught.value.remedies == ("settings",)
    assert service.server.exchanges == []


def test_nothing_tells_the_key(
    store: ImageKitStore, service: FakeImageKit, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        service.lost_answers = 1
        failure(store)
        stored = store.upload(order(), CancelToken())
        store.link(stored, LinkWish(expires_in=60))
        store.delete(stored.remote_id, CancelToken())
    assert caplog.records
    assert KEY not in caplog.text
    assert all(KEY not in each.target for each in service.server.exchanges)


def test_it_can_be_listed_before_anybody_has_looked_for_a_key(settings: dict[str, str]):
    assert "key" in store_with(settings, key="").unavailable()
    assert store_with(settings).unavailable() == ""
