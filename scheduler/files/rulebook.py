"""The guard's rules and crisis lines as they ship with the package."""

from functools import cache
from importlib.resources import files

from scheduler.guard.crisis import CrisisLine, lines_from
from scheduler.guard.rules import Rules, rules_from


@cache
def read_rules() -> Rules:
    """The shipped rules, read once."""
    folder = files("scheduler.guard")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith("rules"))
    texts = [folder.joinpath(name).read_text("utf-8") for name in names if name.endswith(".toml")]
    return rules_from(*texts)


@cache
def read_crisis_lines() -> tuple[CrisisLine, ...]:
    """The shipped crisis lines, read once."""
    return lines_from(files("scheduler.guard").joinpath("crisis.toml").read_text("utf-8"))
