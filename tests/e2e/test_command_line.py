"""``pickabook`` as scripts see it: exit codes, one JSON object, nothing torn."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.conftest import Answer
from PIL import Image

Run = Callable[..., Answer]


def test_pictures_are_drawn_kept_and_told_in_one_json_object(
    pickabook: Run, photo: Path, tmp_path: Path
):
    answer = pickabook(
        *("generate", photo, "--engine", "fake", "--count", 2, "--seed", 41),
        *("--prompt", "a fox", "--name", "Ada", "--size", "96x64", "--json"),
        *("--set", "fake.shade=dark", "--library", tmp_path / "shelf"),
    )
    assert answer.code == 0, answer.err
    pictures = answer.json["pictures"]
    assert [picture["seed"] for picture in pictures] == [41, 42]
    for picture in pictures:
        assert (picture["width"], picture["height"]) == (96, 64)
        assert Path(picture["path"]).is_relative_to(tmp_path / "shelf")
        with Image.open(picture["path"]) as image:
            assert image.size == (96, 64)
        assert picture["request"]["fields"] == {"name": "Ada"}
        assert picture["request"]["options"] == {"shade": "dark"}
        assert len(picture["request"]["photo"]["sha256"]) == 64
    assert "Colouring" in answer.err
    assert "cost" not in answer.err
    assert "cost" not in answer.json

    listed = pickabook("library", "list", "--library", tmp_path / "shelf", "--json").json
    assert listed["pictures"] == pictures[::-1]
    shown = pickabook("library", "show", pictures[0]["id"], "--library", tmp_path / "shelf")
    assert "a fox" in shown.out
    verified = pickabook("library", "verify", "--library", tmp_path / "shelf", "--json")
    assert (verified.code, verified.json["sound"]) == (0, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP"), ("a.tif", "TIFF")],
)
def test_a_file_is_written_in_the_format_of_its_name(
    pickabook: Run, photo: Path, tmp_path: Path, name: str, kind: str
):
    target = tmp_path / name
    target.write_bytes(b"an older file")
    answer = pickabook("generate", photo, "--engine", "fake", "--out", target, "--size", "64x80")
    assert (answer.code, answer.out) == (0, f"{target}\n")
    with Image.open(target) as image:
        assert (image.format, image.size) == (kind, (64, 80))
    beside = {file.name for file in tmp_path.iterdir()}
    assert beside == {"home", "plugins", "photo.png", name}


def test_several_files_are_numbered(pickabook: Run, photo: Path, tmp_path: Path):
    target = tmp_path / "page.png"
    answer = pickabook("generate", photo, "--engine", "fake", "--out", target, "--count", 2)
    files = [tmp_path / "page-1.png", tmp_path / "page-2.png"]
    assert answer.out.splitlines() == [str(file) for file in files]
    assert all(file.is_file() for file in files)
    assert not target.exists()


def test_a_copy_in_the_way_is_told_before_anything_is_drawn(
    pickabook: Run, photo: Path, tmp_path: Path
):
    before = photo.read_bytes()
    (tmp_path / "page-2.png").mkdir()
    shelf = tmp_path / "shelf"
    (shelf / "pictures").mkdir(parents=True)
    for out, count in ((photo, 1), (tmp_path / "page.png", 2), (shelf / "pictures" / "a.png", 1)):
        words = ("--count", count, "--out", out, "--library", shelf, "--json")
        answer = pickabook("generate", photo, "--engine", "fake", *words)
        assert (answer.code, answer.json["error"]["kind"]) == (2, "input")
    assert photo.read_bytes() == before
    assert not (tmp_path / "page-1.png").exists()
    assert not (shelf / "library.db").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_file_name_may_be_no_unicode(pickabook: Run, photo: Path):
    strange = photo.with_name("f\udce4.png")
    photo.rename(strange)
    target = photo.with_name("g\udce4.png")
    answer = pickabook("generate", strange, "--engine", "fake", "--out", target, "--json")
    assert answer.code == 0, answer.err
    assert len(answer.json["pictures"][0]["request"]["photo"]["sha256"]) == 64
    assert target.is_file()
    assert pickabook("library", "list", "--json").json["pictures"] == answer.json["pictures"]
    assert pickabook("check-photo", strange, "--json").json["sha256"]


WRONG = {
    "no command": ((), 2, "input"),
    "unknown option": (("generate", "PHOTO", "--colour"), 2, "input"),
    "no photo": (("generate",), 2, "input"),
    "missing photo": (("check-photo", "nowhere.jpg"), 2, "photo"),
    "unknown engine": (("generate", "PHOTO", "--engine", "none"), 2, "input"),
    "unknown template": (("generate", "PHOTO", "--template", "none"), 2, "input"),
    "unknown style": (("generate", "PHOTO", "--style", "none"), 2, "input"),
    "bad size": (("generate", "PHOTO", "--engine", "fake", "--size", "big"), 2, "input"),
    "too large": (("generate", "PHOTO", "--engine", "fake", "--size", "9000x9000"), 2, "input"),
    "bad aspect": (("generate", "PHOTO", "--engine", "fake", "--aspect", "wide"), 2, "input"),
    "two shapes": (
        ("generate", "PHOTO", "--engine", "fake", "--size", "64x64", "--aspect", "3:4"),
        2,
        "input",
    ),
    "bad seed": (("generate", "PHOTO", "--engine", "fake", "--seed", "-1"), 2, "input"),
    "none wanted": (("generate", "PHOTO", "--engine", "fake", "--count", "0"), 2, "input"),
    "too many": (("generate", "PHOTO", "--engine", "fake", "--count", "99"), 2, "input"),
    "no setting": (("generate", "PHOTO", "--engine", "fake", "--set", "shade"), 2, "input"),
    "unknown option of the engine": (
        ("generate", "PHOTO", "--engine", "fake", "--set", "fake.light=1"),
        2,
        "input",
    ),
    "secret": (("generate", "PHOTO", "--engine", "fake", "--set", "fake.api_key=x"), 2, "input"),
    "missing folder": (
        ("generate", "PHOTO", "--engine", "fake", "--out", "no/such/page.png"),
        2,
        "input",
    ),
    "no format": (("generate", "PHOTO", "--engine", "fake", "--out", "page.gif"), 2, "input"),
    "unknown picture": (("library", "show", "NONE"), 2, "input"),
    "refused": (("generate", "PHOTO", "--engine", "fake", "--prompt", "refuse"), 3, "refused"),
    "failed": (("generate", "PHOTO", "--engine", "fake", "--prompt", "fail at 0"), 3, "engine"),
    "nothing drawn": (
        ("generate", "PHOTO", "--engine", "fake", "--prompt", "nothing"),
        3,
        "engine",
    ),
    "fault": (("generate", "PHOTO", "--engine", "fake", "--prompt", "boom"), 3, "unexpected"),
    "engine not installed": (("generate", "PHOTO", "--engine", "broken"), 4, "not_configured"),
    "no store": (
        ("generate", "PHOTO", "--engine", "fake", "--upload", "imagekit"),
        4,
        "not_configured",
    ),
}


@pytest.mark.parametrize(("words", "code", "kind"), WRONG.values(), ids=WRONG)
def test_what_goes_wrong_has_an_exit_code_and_a_way_on(
    pickabook: Run, photo: Path, words: tuple[str, ...], code: int, kind: str
):
    filled = [str(photo) if word == "PHOTO" else word for word in words]
    answer = pickabook(*filled, "--json")
    assert answer.code == code, answer.err
    error = answer.json["error"]
    assert error["kind"] == kind
    assert error["message"]
    assert error["next_step"]
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", ["unknown option", "refused", "no store"])
def test_people_are_told_on_standard_error(pickabook: Run, photo: Path, name: str):
    words, code, _ = WRONG[name]
    answer = pickabook(*(str(photo) if word == "PHOTO" else word for word in words))
    assert (answer.code, answer.out) == (code, "")
    assert len(answer.err.splitlines()[-1]) > 40


def test_an_upload_without_a_store_draws_nothing(pickabook: Run, photo: Path):
    pickabook("generate", photo, "--engine", "fake", "--upload", "imagekit")
    assert pickabook("library", "list", "--json").json == {"pictures": []}


def test_what_was_finished_before_a_failure_is_kept_and_told(pickabook: Run, photo: Path):
    answer = pickabook(
        *("generate", photo, "--engine", "fake", "--prompt", "fail at 2", "--count", 3, "--json")
    )
    assert answer.code == 3
    assert answer.json["error"]["retryable"]
    kept = answer.json["pictures"]
    assert len(kept) == 2
    assert pickabook("library", "list", "--json").json["pictures"] == kept[::-1]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is no signal to one process there")
def test_an_interrupted_run_ends_as_cancelled_with_nothing_torn(
    pickabook: Run, command: list[str], environment: dict[str, str], photo: Path
):
    words = ["generate", str(photo), "--engine", "fake", "--prompt", "wait at 1", "--count", "3"]
    process = subprocess.Popen(
        [*command, *words, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "Waiting" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    answer = json.loads(out)
    assert answer["error"]["kind"] == "cancelled"
    assert len(answer["pictures"]) == 1
    report = pickabook("library", "verify", "--json").json
    assert (report["pictures"], report["sound"], report["orphans"]) == (1, True, [])


def test_an_engine_that_wants_to_end_the_program_has_failed(pickabook: Run, photo: Path):
    answer = pickabook("generate", photo, "--engine", "fake", "--prompt", "leave at 0", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "unexpected")


def test_a_copy_that_fails_after_drawing_is_told_with_what_was_kept(
    pickabook: Run, photo: Path, tmp_path: Path
):
    copies = tmp_path / "copies"
    copies.mkdir()
    words = ("generate", photo, "--engine", "fake", "--count", 2, "--upload", "fake")
    answer = pickabook(*words, "--out", copies / "page.png", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "unexpected")
    assert answer.json["files"] == [str(copies / f"page-{n}.png") for n in (1, 2)]
    (address,) = answer.json["uploads"]
    assert address.startswith("https://fake.test/")
    kept = answer.json["pictures"]
    assert pickabook("library", "list", "--json").json["pictures"] == kept[::-1]
    told = pickabook(*words)
    assert told.code == 3
    assert len(told.out.splitlines()) == 3
    assert "unexpected" in told.err
    log = (tmp_path / "home" / ".cache" / "pickabook" / "pickabook.log").read_text()
    assert "a fault in the library of the service" in log


def test_a_page_goes_to_the_trash_and_back_and_for_good(pickabook: Run, photo: Path):
    (picture,) = pickabook("generate", photo, "--engine", "fake", "--json").json["pictures"]

    def listed(*words: str) -> list[str]:
        pictures = pickabook("library", "list", *words, "--json").json["pictures"]
        return [picture["id"] for picture in pictures]

    assert pickabook("library", "delete", picture["id"], "--json").json == {
        "deleted": [picture["id"]]
    }
    assert (listed(), listed("--trash")) == ([], [picture["id"]])
    assert pickabook("library", "restore", picture["id"]).code == 0
    assert (listed(), listed("--trash")) == ([picture["id"]], [])
    assert pickabook("library", "purge", "--json").json == {"purged": 0}
    pickabook("library", "delete", picture["id"])
    assert pickabook("library", "purge", "--json").json == {"purged": 1}
    assert (listed(), listed("--trash")) == ([], [])
    assert not Path(picture["path"]).exists()
    assert pickabook("library", "delete", picture["id"], "--json").code == 2


def test_pages_come_back_after_the_list_was_lost(pickabook: Run, photo: Path, tmp_path: Path):
    shelf = ("--library", tmp_path / "shelf")
    words = ("generate", photo, "--engine", "fake", "--prompt", "a fox", "--name", "Ada")
    drawn = pickabook(*words, "--count", 2, "--size", "96x64", *shelf, "--json").json["pictures"]
    for file in (tmp_path / "shelf").glob("*.db*"):
        file.unlink()
    damaged = Path(drawn[0]["path"]).with_name("01ARZ3NDEKTSV4RRFFQ69G5FAV.png")
    damaged.write_bytes(Path(drawn[0]["path"]).read_bytes()[:-40])
    strange = damaged.with_name("Z1ARZ3NDEKTSV4RRFFQ69G5FAV.png")
    strange.write_bytes(Path(drawn[0]["path"]).read_bytes())
    report = pickabook("library", "verify", *shelf)
    assert report.out.count("Belongs to no picture") == 4
    assert "library verify --repair" in report.out

    answer = pickabook("library", "adopt", *shelf, "--json")
    assert answer.code == 0, answer.err
    assert [Path(path).name for path in answer.json["orphans"]] == [damaged.name, strange.name]
    back = pickabook("library", "list", *shelf, "--json").json["pictures"]
    told = ("id", "path", "created", "sha256", "width", "height", "engine", "engine_version")
    for before, after in zip(drawn, back[::-1], strict=True):
        for key in (*told, "template", "style", "prompt", "seed", "bytes", "media_type"):
            assert before[key] == after[key], key
    assert pickabook("library", "adopt", *shelf, "--json").json["adopted"] == []
    assert damaged.exists()


def test_engines_that_cannot_load_are_listed_with_the_reason(pickabook: Run):
    engines = {e["id"]: e for e in pickabook("engines", "--json").json["engines"]}
    assert engines["storybook"]["unavailable"] == ""
    assert engines["fake"]["capabilities"]["version"] == "7"
    assert "no_such_package" in engines["broken"]["unavailable"]
    assert "broken" in pickabook("engines").out


def test_templates_and_styles_are_listed(pickabook: Run):
    templates = pickabook("templates", "--json").json
    assert templates["skipped"] == []
    assert {"moon-walk", "bear-hood"} <= {template["id"] for template in templates["templates"]}
    assert all(t["aspects"] and t["title"] for t in templates["templates"])
    styles = pickabook("styles", "--json").json
    assert {style["id"] for style in styles["styles"]} >= {"storybook", "watercolour", "pencil"}


def test_the_doctor_finds_everything_in_place(pickabook: Run):
    answer = pickabook("doctor", "--json")
    assert answer.code == 0, answer.out
    assert answer.json["healthy"]
    assert answer.json["packages"]["numpy"]
    assert {finding["level"] for finding in answer.json["findings"]} <= {"good", "warn"}


def test_the_doctor_tells_of_a_damaged_library(pickabook: Run, home: Path):
    library = home / ".local" / "share" / "pickabook" / "library"
    library.mkdir(parents=True)
    (library / "library.db").write_bytes(b"not a database at all" * 200)
    answer = pickabook("doctor", "--json")
    assert answer.code == 4
    (finding,) = [f for f in answer.json["findings"] if f["level"] == "stop"]
    assert "damaged" in finding["detail"]
    assert finding["next_step"]


def test_secrets_never_reach_the_log(
    pickabook: Run, photo: Path, home: Path, environment: dict[str, str]
):
    environment["GEMINI_API_KEY"] = "AIza" + "k" * 35
    prompt = "boom"
    pickabook("generate", photo, "--engine", "fake", "--prompt", prompt)
    log = (home / ".cache" / "pickabook" / "pickabook.log").read_text()
    assert "a fault in the program" in log
    assert environment["GEMINI_API_KEY"] not in log
    assert str(home) not in log
