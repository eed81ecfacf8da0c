"""Where the calendars, the sample article and the sample config of this version stand."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped() -> Path:
    """The folder with the shipped `calendars`, `posts` and `config.toml`.

    In the wheel it is inside the package; in a checkout it is the repository itself.
    """
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent
