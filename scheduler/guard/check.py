"""Judge a text: every rule that it breaks, where, why, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from scheduler.guard import numbers
from scheduler.guard.approval import false_approvals
from scheduler.guard.audience import severity_for
from scheduler.guard.crisis import CrisisLine
from scheduler.guard.page import Hit, Page, page_of
from scheduler.guard.promotion import exploited
from scheduler.guard.rules import RuleData, Rules
from scheduler.nouns import Finding, Form, Post, Severity, Tone

Kind = Literal["organic", "ad", "reply"]
Verdict = Literal["pass", "warn", "block"]

LONGEST = 60_000
"""Code points that the guard reads; a longer text is blocked unread."""

OUT_OF_TIME = "GUARD-TIME"
"""The rule of the finding that says: this was not read, so it must not be published."""

_BLOGS = frozenset({"blog", "wordpress", "ghost", "file-blog"})
_SHORT_CHANNELS = frozenset({"x", "bluesky"})
_PER_RULE = 20
_NEAR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the guard must know beside the text.

    `jurisdictions` are the audience's places ("US-CO", "UK", "*" for the whole world); none means
    the strictest set. `names` are the site's own products and services, `lines` its crisis
    lines: they count beside the numbers that the rules know. `crisis_required` says that the day
    wants a crisis line in every post.
    """

    jurisdictions: tuple[str, ...] = ()
    kind: Kind = "organic"
    day: str = ""
    tone: Tone | None = None
    names: tuple[str, ...] = ()
    lines: tuple[CrisisLine, ...] = ()
    crisis_required: bool = False
    language: str = "en"


def channel_of(kind: str, form: Form | None = None) -> str:
    """The rule book's name for a kind of channel; kinds it does not know get no leniency."""
    return "blog" if kind in _BLOGS or form is Form.BLOG else kind


def check(text: str, channel: str, context: Context, rules: Rules) -> tuple[Finding, ...]:
    """Every finding, in order of place; a search past its time is a finding that blocks."""
    if len(text) > LONGEST:
        return (_unread("The text is longer than the guard reads.", "Shorten the text."),)
    try:
        findings = _judged(text, channel_of(channel), context, rules)
    except TimeoutError:
        return (_unread("The guard ran out of time on this text.", "Simplify the text."),)
    return tuple(sorted(set(findings), key=lambda f: (f.start, f.end, f.rule)))


def verdict(findings: tuple[Finding, ...]) -> Verdict:
    """`block` if anything blocks, else `warn` if anything was found, else `pass`."""
    if blocking(findings):
        return "block"
    return "warn" if findings else "pass"


def blocking(findings: Iterable[Finding]) -> list[str]:
    """The rules that stand in the way of publishing, each once, by name."""
    return sorted({one.rule for one in findings if one.severity is Severity.BLOCK})


def check_post(
    post: Post, channel_kind: str, context: Context, rules: Rules
) -> tuple[Finding, ...]:
    """The findings on a post: places are in its text; title and tags are read with it.

    What stands in the title or the tags alone has no place in the text: 0, 0, and says so.
    """
    around = [part for part in (post.title, _tags(post)) if part and part not in post.text]
    whole = "\n\n".join([post.text, *around])
    findings = check(whole, channel_kind, replace(context, language=post.language), rules)
    placed = (_placed(finding, len(post.text)) for finding in findings)
    unique = {(f.rule, f.start, f.end): f for f in placed}
    return tuple(sorted(unique.values(), key=lambda f: (f.start, f.end, f.rule)))


def _tags(post: Post) -> str:
    return " ".join(f"#{tag.lstrip('#')}" for tag in post.tags if tag not in post.text)


def _placed(finding: Finding, length: int) -> Finding:
    if finding.end <= length:
        return finding
    return replace(finding, start=0, end=0, why=f"In the title or the tags: {finding.why}")


def _judged(text: str, channel: str, context: Context, rules: Rules) -> list[Finding]:
    page = page_of(text, context.jurisdictions, rules, names=context.names, lines=context.lines)
    read = context.language.split("-")[0].lower() == rules.language
    findings = [] if read else [_not_checked(context.language, rules)]
    for rule in rules.rules:
        severity = severity_for(rule, page.audience, rules.audiences)
        if severity is None or not (read or rule.any_language):
            continue
        if not _for(rule, context):
            continue
        hits = _broken(page, rule, channel, context)
        findings += [_finding(page, rule, severity, hit) for hit in hits]
    if context.crisis_required and not numbers.covered(page):
        findings.append(_no_line())
    return findings


def _for(rule: RuleData, context: Context) -> bool:
    """Whether a rule is for such a day and such a way of publishing; not said means for all."""
    return (not rule.tones or context.tone in rule.tones) and (
        not rule.kinds or context.kind in rule.kinds
    )


def _broken(page: Page, rule: RuleData, channel: str, context: Context) -> list[Hit]:
    """The places where one rule is broken."""
    if rule.check == "line":
        return numbers.wrong(page)[:_PER_RULE]
    if rule.check == "promotion":
        claims = _claims(page)
        return exploited(page, context.day, claims)[:1]
    if rule.check == "approval":
        hits = [hit for name in rule.on for hit in false_approvals(page, name)]
    else:
        hits = _signalled(page, rule)
    if not hits or _lifted(page, rule, channel):
        return []
    return hits[:1] if rule.once else hits[:_PER_RULE]


def _signalled(page: Page, rule: RuleData) -> list[Hit]:
    hits = sorted({hit for name in rule.on for hit in page.hits(name)})
    hits = [hit for hit in hits if not any(_covers(other, hit) for other in hits)]
    if rule.excused_by and all(_given(page, name) for name in rule.excused_by):
        hits = [hit for hit in hits if not _excused(page, rule, hit)]
    return hits


def _covers(other: Hit, hit: Hit) -> bool:
    return other != hit and other.start <= hit.start and hit.end <= other.end


def _given(page: Page, name: str) -> bool:
    return numbers.covered(page) if name == "crisis-line" else bool(page.hits(name))


def _excused(page: Page, rule: RuleData, hit: Hit) -> bool:
    """A limit stands in the sentence or within two of it."""
    number = page.number(hit)
    limits = [page.number(limit) for name in rule.excused_near for limit in page.hits(name)]
    return any(abs(number - limit) <= _NEAR for limit in limits)


def _claims(page: Page) -> list[Hit]:
    rule = page.rules.rule("CLM-SUICIDE")
    return _signalled(page, rule) if rule else []


def _lifted(page: Page, rule: RuleData, channel: str) -> bool:
    """Whether the post says elsewhere what the rule misses."""
    if rule.check == "crisis":
        return numbers.covered(page)
    lacks = [*rule.lacks, *(rule.short_lacks if channel in _SHORT_CHANNELS else ())]
    return any(page.hits(name) for name in lacks)


def _finding(page: Page, rule: RuleData, severity: Severity, hit: Hit) -> Finding:
    start, end = page.reading.plain.span(hit.start, hit.end)
    return Finding(
        rule=rule.id,
        severity=severity,
        start=start,
        end=end,
        why=rule.why,
        suggestion=rule.suggestion,
    )


def _unread(why: str, suggestion: str) -> Finding:
    why = f"{why} What was not checked is not published."
    return Finding(rule=OUT_OF_TIME, severity=Severity.BLOCK, why=why, suggestion=suggestion)


def _no_line() -> Finding:
    return Finding(
        rule="SUI-CRISIS",
        severity=Severity.BLOCK,
        why="On this day every post names a crisis line; this one names none for its readers.",
        suggestion="Add the line of the audience's country: `redletter crisis list` shows it.",
    )


def _not_checked(language: str, rules: Rules) -> Finding:
    return Finding(
        rule="GUARD-LANGUAGE",
        severity=Severity.WARN,
        why=f"Not checked: the guard has rules for {rules.language!r}, not for {language!r}.",
        suggestion="Have somebody who reads the language check the post by the rule book.",
    )
