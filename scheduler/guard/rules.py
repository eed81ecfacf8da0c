"""Rules as data: what the rule files may say, and the whole of them ready for use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduler.errors import ContentError, Problem
from scheduler.guard.patterns import either, expand
from scheduler.guard.scope import Scope
from scheduler.nouns import Severity, Tone

T = TypeVar("T")

Where = Literal["everywhere", "open", "closed"]
"""`open` audiences may be told of a medicine with fair balance, `closed` ones may not at all."""

Check = Literal["signals", "approval", "crisis", "line", "promotion"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SignalData(_Data):
    """Something a text may say; `unless` are wordings around it that mean something else.

    Of `hint`, and of `hint_too` where given, at least one must stand in the text in small letters,
    else the patterns are not tried: they only save time.
    """

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    patterns: tuple[str, ...]
    hint: tuple[str, ...] = ()
    hint_too: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_sentence: tuple[str, ...] = ()
    asserted: bool = True
    links: bool = False
    names: bool = False


class RuleData(_Data):
    """A rule: the signals it fires on, what lifts it, and where it holds."""

    id: str = Field(pattern=r"^[A-Z]+-[A-Z]+$")
    severity: Severity
    why: str
    suggestion: str
    on: tuple[str, ...]
    check: Check = "signals"
    lacks: tuple[str, ...] = ()
    short_lacks: tuple[str, ...] = ()
    excused_near: tuple[str, ...] = ()
    excused_by: tuple[str, ...] = ()
    where: Where = "everywhere"
    severity_in: dict[str, Severity] = {}
    tones: tuple[Tone, ...] = ()
    kinds: tuple[Literal["organic", "ad", "reply"], ...] = ()
    any_language: bool = False
    once: bool = False
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


class Audiences(_Data):
    """Countries by what may be said there; `strictest` stands for an audience that is not set."""

    open: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    strictest: tuple[str, ...] = ()
    eu: tuple[str, ...] = ()


class Number(_Data):
    """A crisis or emergency number as texts write it; a `bare` one needs no "call" before it."""

    countries: tuple[str, ...]
    kind: Literal["crisis", "emergency", "retired"]
    bare: bool = False
    pattern: str


class NumberContext(_Data):
    """What stands around a number that is meant to be called."""

    before: str = ""
    not_after: str = ""
    crisis_near: str = ""
    typed: str = ""
    harmless: tuple[str, ...] = ()
    retired_told: str = ""


class _File(_Data):
    version: str = ""
    language: str = ""
    tag_words: tuple[str, ...] = ()
    words: dict[str, str] = {}
    scope: dict[str, tuple[str, ...]] = {}
    signal: tuple[SignalData, ...] = ()
    rule: tuple[RuleData, ...] = ()
    audiences: Audiences = Audiences()
    labels: dict[str, str] = {}
    number: tuple[Number, ...] = ()
    number_context: NumberContext = NumberContext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal with its patterns expanded; an empty pattern never matches."""

    id: str
    pattern: str
    hints: tuple[tuple[str, ...], ...]
    subject: str
    unless: str
    unless_sentence: str
    asserted: bool
    links: bool
    names: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of one language; equal texts give equal rules."""

    version: str
    language: str
    tag_words: frozenset[str]
    words: Mapping[str, str]
    scope: Scope
    signals: Mapping[str, Signal]
    rules: tuple[RuleData, ...]
    audiences: Audiences
    labels: Mapping[str, str]
    numbers: tuple[Number, ...]
    number_context: NumberContext

    def word(self, name: str) -> str:
        """The pattern listed under a name; empty, which never matches, where none is."""
        return expand(f"{{{name}}}", self.words) if name in self.words else ""

    def rule(self, rule_id: str) -> RuleData | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def rules_from(*toml_texts: str) -> Rules:
    """The rules of several files as one; later words and audiences replace earlier ones.

    ContentError where a file is no TOML, says something unknown, or two rules share an id.
    """
    files = [_file(text) for text in toml_texts]
    words = {name: text for file in files for name, text in file.words.items()}
    signals = [signal for file in files for signal in file.signal]
    rules = tuple(rule for file in files for rule in file.rule)
    _unique([*(signal.id for signal in signals), *(rule.id for rule in rules)])
    ready = {signal.id: _signal(signal, words) for signal in signals}
    _known({name for rule in rules for name in _named(rule)} - set(ready) - {"crisis-line"})
    scope = {name: list(texts) for file in files for name, texts in file.scope.items()}
    return Rules(
        version=next((file.version for file in files if file.version), ""),
        language=next((file.language for file in files if file.language), ""),
        tag_words=frozenset(word for file in files for word in file.tag_words),
        words=MappingProxyType(words),
        scope=Scope(**{name: expand(either(texts), words) for name, texts in scope.items()}),
        signals=MappingProxyType(ready),
        rules=rules,
        audiences=_last([file.audiences for file in files], Audiences()),
        labels=MappingProxyType({k: v for file in files for k, v in file.labels.items()}),
        numbers=tuple(number for file in files for number in file.number),
        number_context=_last([file.number_context for file in files], NumberContext()),
    )


def _last(values: list[T], empty: T) -> T:
    return next((value for value in reversed(values) if value != empty), empty)


def _file(text: str) -> _File:
    try:
        table: dict[str, Any] = tomllib.loads(text)
        return _File.model_validate(table)
    except tomllib.TOMLDecodeError as error:
        raise ContentError([Problem(file="guard rules", what=f"not TOML: {error}")]) from error
    except ValidationError as error:
        problems = [
            Problem(file="guard rules", what=f"{'.'.join(map(str, e['loc']))}: {e['msg']}")
            for e in error.errors()
        ]
        raise ContentError(problems) from error


def _signal(data: SignalData, words: Mapping[str, str]) -> Signal:
    return Signal(
        id=data.id,
        pattern=expand(either(data.patterns), words),
        hints=tuple(filter(None, (data.hint, data.hint_too))),
        subject=expand(either(f"{{{name}}}" for name in data.subject), words),
        unless=expand(either(data.unless), words),
        unless_sentence=expand(either(data.unless_sentence), words),
        asserted=data.asserted,
        links=data.links,
        names=data.names,
    )


def _named(rule: RuleData) -> tuple[str, ...]:
    return (*rule.on, *rule.lacks, *rule.short_lacks, *rule.excused_near, *rule.excused_by)


def _unique(ids: list[str]) -> None:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        problems = [
            Problem(file="guard rules", what=f"{name} stands there twice") for name in twice
        ]
        raise ContentError(problems)


def _known(missing: set[str]) -> None:
    if missing:
        names = ", ".join(sorted(missing))
        raise ContentError([Problem(file="guard rules", what=f"no signal is called {names}")])
