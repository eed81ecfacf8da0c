"""The small language that rule files write their patterns in.

A space stands for spaces or a hyphen, `~` for the same or nothing; `<3>` for a gap of up to three
words, `(?:<3>)?` for up to three more words behind a space, `<~60>` for up to sixty characters of
one clause, none of them a "not"; `{name}` for any of the words listed under that name. The rest is
a regular expression; letters match in either case and only whole words match.
"""

from collections.abc import Iterable, Mapping
from functools import cache

import regex

from scheduler.errors import ContentError, Problem

TIMEOUT = 1.0
"""Seconds that one search may take before the guard gives up and blocks."""

_SPACE = r"""(?:["']?[\s\-]+["']?)"""
_MORE = r"""(?:(?!(?:not|never|nor|cannot|\w+n't)\b)[\w'%&]+[\s,\-"']+){0,N}?"""
_GAP = rf"""[\s,\-"']+{_MORE}"""
_STRETCH = r"(?:(?!\b(?:not|never|cannot)\b|n't\b)[^.!?;\n]){0,N}?"
_EDGE = r"(?<!\w(?=\w))"
_NAME = regex.compile(r"\{([a-z_]+)\}")
_TOKEN = regex.compile(
    r"(?P<as_is>\\.|\[\^?(?:\\.|[^\]\\])+\])"
    r"|\(\?:<(?P<more>\d)>\)\?|<~(?P<stretch>\d+)>|<(?P<gap>\d)>|[ ~]"
)
_DEEP = 6


def expand(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with its named words put in; an unknown name is a ContentError."""
    for _ in range(_DEEP):
        names = sorted(set(_NAME.findall(pattern)))
        if not names:
            return pattern
        for name in names:
            if name not in words:
                what = f"no words are listed under {{{name}}}"
                raise ContentError([Problem(file="guard rules", what=what)])
            pattern = pattern.replace(f"{{{name}}}", f"(?:{words[name]})")
    raise ContentError([Problem(file="guard rules", what="word lists name each other in a circle")])


def either(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


def source(pattern: str) -> str:
    """The pattern as a regular expression; an empty one never matches."""
    return f"{_EDGE}(?:{_TOKEN.sub(_meaning, pattern)}){_EDGE}" if pattern else "(?!)"


def _meaning(token: regex.Match[str]) -> str:
    if token["as_is"]:
        return token[0]
    if token["more"]:
        return _MORE.replace("N", token["more"])
    if token["stretch"]:
        return _STRETCH.replace("N", token["stretch"])
    if token["gap"]:
        return _GAP.replace("N", token["gap"])
    return _SPACE if token[0] == " " else r"[\s\-]?"


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    """The expanded pattern, ready to search; made on first use, for few posts need them all."""
    return regex.compile(source(pattern), regex.IGNORECASE)


def found(pattern: str, text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether the pattern stands anywhere in that part of the text."""
    stop = len(text) if end is None else end
    return compiled(pattern).search(text, start, stop, timeout=TIMEOUT) is not None
