"""A day that says whether the treatment may be named is obeyed after planning and approval too."""

import pytest
from scripted import Scripted

from scheduler.nouns import DraftState, State

OPEN_HOUSE = """
[[day]]
id = "open-house"
name = "Open House"
when = "2 June"
topics = ["depression"]
drug_names = true
"""


@pytest.fixture
def naming(clinic):
    """The shipped article, on a day on which short posts may name its treatment."""
    clinic.change("config.toml", '["walking"]', '["ketamine-depression"]')
    clinic.add("calendars/own.toml", OPEN_HOUSE)
    assert clinic.plan().problems == []
    assert "etamine" in clinic.text("open-house")
    return clinic


def test_an_untouched_short_post_names_nothing_once_its_day_no_longer_lets_it(naming):
    naming.change("calendars/own.toml", "drug_names = true\n", "")
    naming.plan()
    assert naming.draft("open-house").round == 1
    assert "etamine" not in naming.text("open-house")
    assert "etamine" in naming.text("open-house", "blog")


def test_an_approved_short_post_comes_back_without_the_name(naming):
    naming.approve("open-house")
    naming.change("calendars/own.toml", "drug_names = true\n", "")
    naming.plan()
    assert naming.delivery("open-house").state == State.CANCELLED
    assert naming.draft("open-house").round == 2
    assert "etamine" not in naming.text("open-house")


def test_an_approved_article_stays_in_once_its_day_wants_no_treatment(naming):
    naming.due("open-house")
    naming.change("calendars/own.toml", "drug_names = true", "no_treatment = true")
    wp = Scripted()
    naming.deliver({"wp": wp})
    assert wp.sent == []
    assert naming.delivery("open-house", "wp").state == State.CANCELLED
    assert naming.draft("open-house", "wp").state == DraftState.LAPSED
    naming.plan()
    assert naming.draft("open-house", "wp").state == DraftState.LAPSED


def test_an_approved_article_comes_back_once_the_status_it_states_is_past_its_time(naming):
    naming.due("open-house")
    naming.change("posts/ketamine-depression/article.md", "expires = 2028-", "expires = 2026-")
    wp = Scripted()
    naming.deliver({"wp": wp})
    naming.plan()
    assert wp.sent == []
    assert naming.draft("open-house", "wp").round == 2
    assert "etamine" not in naming.text("open-house", "wp")
