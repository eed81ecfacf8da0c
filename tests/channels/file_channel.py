"""Opens a file channel on a folder, and sends as the ledger would."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scheduler.channels.file import File, FileSettings
from scheduler.nouns import Key, Post, Receipt, Secret
from scheduler.testing.contract import Steps


def opened(site: Path, **settings: Any) -> File:
    table = {"name": "out", "kind": "file", "folder": "public", "format": "blog"} | settings
    return File.open(
        FileSettings.model_validate(table), site, Secret, lambda: datetime(2027, 1, 1, tzinfo=UTC)
    )


def send(connector: File, post: Post, key: Key) -> Receipt:
    return connector.send(post, key, {}, Steps().save)
