"""The generated pages and schemas say what the code says."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import reference  # noqa: E402


def test_every_generated_file_is_current() -> None:
    assert reference.stale() == []


def test_every_setting_of_the_sample_site_is_described() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    config = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    tables = [
        one for value in config.values() for one in (value if isinstance(value, list) else [value])
    ]
    for name in {name for table in tables for name in table}:
        assert f"| `{name}` |" in page


def test_every_setting_has_a_meaning() -> None:
    rows = re.findall(r"^\| `.*$", reference.settings(), re.MULTILINE)
    assert rows
    assert [row for row in rows if row.endswith("|  |")] == []
