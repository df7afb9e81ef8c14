"""Keys in a real Secret Service: unlocked, locked, absent and silent."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e.secret_service import WHY_NOT, Session

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

KEY = "AIzaSyNobodysKey0123456789"
OTHER = "AIzaSyAnotherKey9876543210"

FIND = """
import sys
from pickabook_desktop.jobs.keys import Keys
sys.exit(Keys().get("gemini") != sys.stdin.read())
"""

WAIT_FOR_NOBODY = """
from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.jobs.keys import Keys
keys = Keys(deadline=0.2)
for ask in (keys.keyring, lambda: keys.get("gemini"), lambda: keys.remove("gemini")):
    try:
        print(ask())
    except NotConfiguredError as error:
        print(error)
print(keys.set("gemini", "AIzaSyNobodysKey0123456789").where)
print([state.where for state in keys.refresh(["imagekit"])])
"""

CLOSE_MEANWHILE = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.threads import Lanes
app = QCoreApplication(sys.argv)
studio, lanes, events = assemble(), Lanes(), []
lanes.submit("keys", studio.refresh_keys_job(), events.append)

def close_once_asked():
    if studio.keys._asked:
        print(lanes.shutdown(), [type(event).__name__ for event in events])
        app.quit()

timer = QTimer(interval=5, timeout=close_once_asked)
timer.start()
app.exec()
"""


@dataclass
class Person:
    """Somebody who signs in and out and uses the command line meanwhile."""

    home: Path
    environment: dict[str, str]

    def signed_in(self, *, unlocked: bool) -> Session:
        return Session(self.home, self.environment, unlocked=unlocked)

    def keys(
        self, environment: dict[str, str], *words: str, key: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pickabook_desktop.cli", "keys", *words, "--json"]
        return run(command, environment, key)

    def place(self, environment: dict[str, str], name: str = "imagekit") -> str:
        states = json.loads(self.keys(environment, "list").stdout)["keys"]
        return next(state["where"] for state in states if state["name"] == name)


def run(
    command: list[str], environment: dict[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def has(environment: dict[str, str], key: str) -> bool:
    return run([sys.executable, "-c", FIND], environment, key).returncode == 0


@pytest.fixture
def person(tmp_path: Path, environment: dict[str, str]) -> Person:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    return Person(home, environment)


def test_a_key_outlives_the_process_and_the_session(person: Person):
    with person.signed_in(unlocked=True) as session:
        assert person.place(session.environment, "gemini") == "missing"
        done = person.keys(session.environment, "set", "gemini", key=f"{OTHER}\n")
        assert json.loads(done.stdout)["keys"][0]["where"] == "keyring", done.stderr
        assert has(session.environment, OTHER)
        person.keys(session.environment, "set", "gemini", key=KEY)
        assert has(session.environment, KEY)
    with person.signed_in(unlocked=True) as session:
        assert person.place(session.environment, "gemini") == "keyring"
        assert has(session.environment, KEY)
        assert person.keys(session.environment, "remove", "gemini").returncode == 0
        assert person.keys(session.environment, "remove", "gemini").returncode == 0
        assert person.place(session.environment, "gemini") == "missing"
    assert not [file for file in files(person.home) if KEY.encode() in file.read_bytes()]


def files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("used_before", [True, False])
def test_a_locked_keyring_is_told_and_the_program_ends(person: Person, used_before: bool):
    if used_before:
        with person.signed_in(unlocked=True) as session:
            person.keys(session.environment, "set", "gemini", key=KEY)
    with person.signed_in(unlocked=False) as session:
        assert person.place(session.environment, "gemini") == "locked"
        done = person.keys(session.environment, "set", "gemini", key=OTHER)
        assert done.returncode == 4
        error = json.loads(done.stdout)["error"]
        assert "locked" in error["message"]
        assert "GEMINI_API_KEY" in error["next_step"]
        assert person.keys(session.environment, "remove", "gemini").returncode == 4
        with_key = {**session.environment, "GEMINI_API_KEY": OTHER}
        assert has(with_key, OTHER)
        assert person.place(with_key, "gemini") == "environment"


def test_without_any_bus_it_is_said_at_once_how_to_get_a_keyring(person: Person):
    environment = {k: v for k, v in person.environment.items() if k != "PYTHON_KEYRING_BACKEND"}
    assert "DBUS_SESSION_BUS_ADDRESS" not in environment
    assert person.place(environment, "gemini") == "unavailable"
    done = person.keys(environment, "set", "gemini", key=KEY)
    assert done.returncode == 4
    error = json.loads(done.stdout)["error"]
    assert "no keyring" in error["message"]
    assert "GNOME Keyring" in error["next_step"]
    assert "GEMINI_API_KEY" in error["next_step"]


def test_a_service_that_never_answers_holds_up_nobody(person: Person):
    with person.signed_in(unlocked=True) as session:
        service = session.service()
        os.kill(service, signal.SIGSTOP)
        done = run([sys.executable, "-c", WAIT_FOR_NOBODY], session.environment)
        os.kill(service, signal.SIGCONT)
    assert done.returncode == 0, done.stderr
    *told, kept, others = done.stdout.splitlines()
    assert len([line for line in told if "does not answer" in line]) >= 2
    assert kept == "memory"
    assert others == "['unknown']"
    assert KEY not in done.stdout + done.stderr


def test_the_window_can_be_closed_while_a_service_does_not_answer(person: Person):
    with person.signed_in(unlocked=True) as session:
        os.kill(session.service(), signal.SIGSTOP)
        done = run([sys.executable, "-c", CLOSE_MEANWHILE], session.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "True ['Cancelled']"


def test_a_service_that_goes_away_is_told(person: Person):
    code = (
        "import os, signal, sys\n"
        "from pickabook_desktop.storage.vault import Vault\n"
        "vault = Vault(); vault.write('gemini', 'AIzaSyNobodysKey0123456789')\n"
        "os.kill(int(sys.argv[1]), signal.SIGKILL)\n"
        "from pickabook_desktop.jobs.keys import Keys\n"
        "print(Keys(vault).states(['gemini'])[0].where, Keys(vault).refresh(['gemini'])[0].where)\n"
    )
    with person.signed_in(unlocked=True) as session:
        service = session.service()
        done = run([sys.executable, "-c", code, str(service)], session.environment)
    assert done.returncode == 0, done.stderr
    # The bus starts another, which is locked.
    assert done.stdout.split() == ["unknown", "locked"]


def test_the_doctor_names_the_keyring_and_no_key(person: Person):
    with person.signed_in(unlocked=True) as session:
        person.keys(session.environment, "set", "imagekit", key="private_0123456789")
        command = [sys.executable, "-m", "pickabook_desktop.cli", "doctor", "--json"]
        done = run(command, session.environment)
    findings = {found["name"]: found["detail"] for found in json.loads(done.stdout)["findings"]}
    assert findings["Keyring"] == "Secret Service"
    assert findings["Key for ImageKit"] == "in the system's keyring"
    assert "private_0123456789" not in done.stdout + done.stderr
