"""Kinds of channel come through one door, and are imported only when they are opened."""

import subprocess
import sys

import pytest

from scheduler.channels.file import FileSettings
from scheduler.channels.registry import connector, kinds, settings_of
from scheduler.errors import UsageError


def test_the_kinds_that_come_with_redletter() -> None:
    assert {"file", "wordpress"} <= set(kinds())
    assert connector("wordpress").kind == "wordpress"
    assert settings_of("file") is FileSettings


def test_a_misspelt_kind_is_answered_with_the_near_one() -> None:
    with pytest.raises(UsageError, match="Did you mean “wordpress”"):
        connector("wordpres")
    with pytest.raises(UsageError, match=r"Kinds: .*file"):
        connector("")


def test_planning_imports_no_client() -> None:
    """Who only plans does not pay for requests."""
    program = (
        "import sys; from scheduler.channels.registry import kinds, settings_of;"
        "kinds(); assert not [m for m in sys.modules if m.startswith('scheduler.channels.file')];"
        "settings_of('file'); settings_of('wordpress');"
        "assert not {'requests', 'urllib3', 'icalendar'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
