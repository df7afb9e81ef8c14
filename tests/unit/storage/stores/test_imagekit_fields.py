"""What is known of a picture goes into the fields that the account has."""

from pathlib import Path

from services import imagekit as fake
from services.imagekit import KEY, FakeImageKit
from services.wire import Answer
from unit.storage.stores.imagekit_desk import Keys, order

from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores.imagekit import ImageKitStore, create

FACTS = {"template": "moon-walk", "seed": "7", "style": "comic", "book": "Bedtime"}


def test_facts_go_into_the_fields_that_the_account_has(store: ImageKitStore, service: FakeImageKit):
    service.fields = {
        "template": {"type": "Text"},
        "seed": {"type": "Number"},
        "style": {"type": "SingleSelect", "selectOptions": ["pencil"]},
        "price": {"type": "Number"},
    }
    store.upload(order(facts=FACTS), CancelToken())
    [kept] = service.files.values()
    assert kept.metadata == {"template": "moon-walk", "seed": 7}


def test_the_fields_are_asked_for_once(store: ImageKitStore, service: FakeImageKit):
    for data in (b"one", b"two"):
        store.upload(order(data, facts=FACTS), CancelToken())
    paths = [each.path for each in service.server.exchanges]
    assert paths.count("/v1/customMetadataFields") == 1


def test_another_account_has_fields_of_its_own(settings: dict[str, str], service: FakeImageKit):
    keys = Keys(KEY)
    services = StoreServices(
        setting=lambda name: settings.get(name, ""), secrets=keys, data_dir=Path("unused")
    )
    store = create(services)
    store.upload(order(name="1.png", facts=FACTS), CancelToken())
    service.key = keys.key = "private_of_another_account_0123456789"
    service.fields = {"template": {"type": "Text"}}
    store.upload(order(name="2.png", facts=FACTS), CancelToken())
    assert [kept.metadata for kept in service.files.values()] == [{}, {"template": "moon-walk"}]


def test_fields_that_have_changed_are_read_again(store: ImageKitStore, service: FakeImageKit):
    service.fields = {"template": {"type": "Text"}, "style": {"type": "Text"}}
    store.upload(order(name="1.png", facts=FACTS), CancelToken())
    del service.fields["style"]
    store.upload(order(name="2.png", facts=FACTS), CancelToken())
    store.upload(order(name="3.png", facts=FACTS), CancelToken())
    first, *others = [kept.metadata for kept in service.files.values()]
    assert first == {"template": "moon-walk", "style": "comic"}
    assert others == [{"template": "moon-walk"}] * 2
    paths = [each.path for each in service.server.exchanges]
    assert paths.count("/v1/customMetadataFields") == 2


def test_facts_that_are_refused_cost_no_picture(store: ImageKitStore, service: FakeImageKit):
    service.fields = {"template": {"type": "Text"}}
    refusal = {"message": "Invalid custom metadata: template may not be set here."}
    fields = [{"id": "f", "name": "template", "label": "t", "schema": {"type": "Text"}}]
    service.server.say(Answer.of_json(fields), Answer.of_json(refusal, 400))
    store.upload(order(facts=FACTS), CancelToken())
    [kept] = service.files.values()
    assert kept.metadata == {}
    assert len(service.uploads) == 2


def test_fields_that_cannot_be_asked_for_cost_no_picture(
    store: ImageKitStore, service: FakeImageKit
):
    service.server.say(fake.throttled(1000))
    store.upload(order(facts=FACTS), CancelToken())
    assert len(service.files) == 1
