"""What people read: the same words in each table."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest

from scheduler.actions.plan import Plan
from scheduler.cli.tables import show_coming, show_draft, show_drafts, show_plan
from scheduler.ledger.models import Draft
from scheduler.nouns import DraftState, Post

DAY = date(2027, 10, 10)
POST = Post(
    title="",
    text="Talk to someone you trust.",
    html="",
    link="https://clinic.example/ketamine",
    tags=(),
    language="en",
    day_name="World Mental Health Day",
    first=DAY,
    last=DAY,
    due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
)
DRAFT = Draft(
    marker="c2geewvuxg",
    day="world-mental-health-day",
    first=DAY,
    channel="blog",
    state=DraftState.CHANGES_ASKED,
    post=POST.frozen(),
    source=POST.text,
    author="ann",
    local_time="2027-10-10 09:00",
    zone="America/Denver",
)


@pytest.mark.parametrize("show", [show_drafts, show_coming, lambda found: show_plan(found, Plan())])
def test_piped_a_table_is_one_line_a_draft_with_its_state_in_words(
    show: Callable[[Sequence[Draft]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    show([DRAFT])
    row = capsys.readouterr().out.splitlines()[0].split("\t")
    assert {"c2geewvuxg", "World Mental Health Day", "blog", "changes asked"} <= set(row)


def test_one_draft_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_draft(DRAFT)
    said = capsys.readouterr().out
    assert "changes asked, written by ann." in said
    assert said.endswith("Talk to someone you trust.\n")
