"""The clinic, made once by `new_site` and copied for each test."""

import shutil

import pytest
from clinic import FILES, MORNING, Clinic, Clock
from django.db import connection

from scheduler.actions.new_site import new_site
from scheduler.ledger.db import open_ledger


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A clinic that nobody has planned for yet."""
    folder = tmp_path_factory.mktemp("made") / "clinic"
    site = new_site(folder, {}, MORNING)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    clinic = Clinic(site=site, clock=Clock(MORNING))
    clinic.read_again()
    connection.close()
    return clinic


@pytest.fixture(scope="session")
def made_and_planned(made, tmp_path_factory):
    clinic = copied(made, tmp_path_factory.mktemp("planned"))
    assert clinic.plan().problems == []
    connection.close()
    return clinic


@pytest.fixture(scope="session")
def made_and_planned_thrice(made_and_planned, tmp_path_factory):
    clinic = copied(made_and_planned, tmp_path_factory.mktemp("thrice"))
    for twin in ("twin-day", "third-day"):
        clinic.add_day(twin, "2 June")
    assert clinic.plan().problems == []
    connection.close()
    return clinic


@pytest.fixture
def clinic(made, tmp_path):
    """A clinic of one's own, nothing planned."""
    yield copied(made, tmp_path)
    connection.close()


@pytest.fixture
def planned(made_and_planned, tmp_path):
    """A clinic whose June is planned: three days, three channels, nine proposed drafts."""
    yield copied(made_and_planned, tmp_path)
    connection.close()


@pytest.fixture
def planned_thrice(made_and_planned_thrice, tmp_path):
    """The same, with two more days on 2 June: three posts a channel are due at once."""
    yield copied(made_and_planned_thrice, tmp_path)
    connection.close()


def copied(clinic, home):
    shutil.copytree(clinic.folder, home / "clinic")
    copy = clinic.moved_to(home / "clinic")
    open_ledger(copy.site.ledger)
    return copy
