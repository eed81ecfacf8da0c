"""Word one post: context, template, fit, guard. Touches neither the ledger nor the network."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from scheduler import __version__
from scheduler.actions.site import Site
from scheduler.article import Article
from scheduler.channels import registry
from scheduler.channels.base import ChannelSettings
from scheduler.days.day import Occurrence
from scheduler.drafting import timing
from scheduler.drafting.context import Brand, context, may_name_drug, template_for
from scheduler.drafting.fit import fit
from scheduler.drafting.markup import page
from scheduler.drafting.picks import Pick, pick
from scheduler.errors import NoRoom, RenderError, UsageError
from scheduler.guard.check import Context, channel_of, check_post
from scheduler.guard.crisis import confirm_again, stale
from scheduler.ledger.drafts import Wording
from scheduler.ledger.models import Draft
from scheduler.nouns import Finding, Form, Key, Limits, Post, canonical, digest
from scheduler.sandbox import Sandbox
from scheduler.text import clean, length

Inputs = dict[str, Any]
"""What a draft was worded from, as plain JSON: the pick, its points, and a digest of each part."""


def local_date(site: Site, now: datetime) -> date:
    """The brand's own date at this moment."""
    return now.astimezone(timing.zone_rules(site.config.site.timezone)).date()


def inputs(site: Site, key: Key, earlier: list[Inputs]) -> Inputs:
    """Choose the points for a new post, given what the channel's earlier posts took."""
    article, occurrence, channel = _known(site, key)
    form = limits_of(channel).form
    chosen = pick(
        article,
        form,
        may_name_drug(occurrence.day, form),
        [Pick.from_json(one["pick"]) for one in earlier],
        key.first,
    )
    return {"pick": _plain(asdict(chosen)), "points": list(chosen.points)}


def usable(site: Site, key: Key, given: Inputs) -> bool:
    """Whether a draft's points all hold on its date, and it names what may be named there."""
    if site.article(key.article) is None or "pick" not in given:
        return False
    named = given["pick"]["names_drug"]
    return set(given["points"]) <= _valid(site, key) and named == _may_name(site, key)


def parts(site: Site, key: Key, given: Inputs) -> dict[str, str]:
    """A digest of each thing that the post is worded from, by its name for staff."""
    seen = _seen(site, key, given)
    _, _, channel = _known(site, key)
    valid = _valid(site, key)
    seen["points"] = [point for point in seen["points"] if point["id"] in valid]
    seen["day"] |= {"may_name": _may_name(site, key)}
    template = _template(site, key, channel)
    used = {name: text for name, text in site.templates.items() if name.startswith("_shared/")}
    used[template] = site.templates[template]
    seen = {name: value for name, value in seen.items() if name not in _DERIVED}
    return {name: digest(canonical(value)) for name, value in seen.items()} | {
        "template": digest(canonical(used)),
        "channel": digest(canonical([channel.name, channel.kind, asdict(limits_of(channel))])),
    }


_DERIVED = frozenset(
    {"form", "turn", "names_drug", "benefits", "risks", "facts", "actions", "link"}
)
"""Names of the context that only repeat others, or carry the round in their address."""


def _valid(site: Site, key: Key) -> set[str]:
    """The article's points that hold on the post's date."""
    article, _, _ = _known(site, key)
    return {point.id for point in article.points if point.valid_on(key.first)}


def _may_name(site: Site, key: Key) -> bool:
    """Whether the day, the form and the article's statements let the post name the treatment."""
    article, occurrence, channel = _known(site, key)
    allowed = may_name_drug(occurrence.day, limits_of(channel).form)
    return allowed and article.may_name_treatment(key.first)


def unchanged(site: Site, draft: Draft) -> bool:
    """Whether wording this draft again would give the same post, findings and times."""
    _, occurrence, _ = _known(site, draft.key)
    due = timing.due(occurrence.span, site.config.plan.time, site.config.site.timezone)
    return (
        draft.inputs.get("judged_by") == judge(site)
        and (draft.due_at, draft.not_after, draft.tzdata) == (due.due_at, due.not_after, due.tzdata)
        and draft.inputs["parts"] == parts(site, draft.key, draft.inputs)
    )


def worded(site: Site, sandbox: Sandbox, key: Key, given: Inputs) -> Wording:
    """The whole post with its findings and times.

    Raises RenderError or NoRoom when this one post cannot be worded.
    """
    _, _, channel = _known(site, key)
    template = _template(site, key, channel)
    try:
        rendered = sandbox.render(template, _seen(site, key, given))
        return _finished(site, key, given, fit(rendered, limits_of(channel)))
    except RenderError as error:
        named = f"posts/{error.template or template}"
        raise RenderError(error.what, named, error.line) from error
    except NoRoom as error:
        raise NoRoom(f"posts/{template}: {error}") from error


def reworded(site: Site, draft: Draft, source: str) -> Wording:
    """A person's words in place of the rendered ones; raises UsageError if they do not fit."""
    channel = site.channel(draft.channel)
    if channel is None or site.occurrence(draft.day, draft.first) is None:
        raise UsageError(f"{draft.marker}: its day or channel is gone; run `redletter plan`.")
    limits = limits_of(channel)
    source = clean(source).strip()
    long = length(source, limits.counting)
    if not source:
        raise UsageError("these words are empty; to turn a draft down: redletter reject")
    if limits.text is not None and long > limits.text:
        raise UsageError(f"these words count {long}, and {channel.name} takes {limits.text}.")
    try:
        return _finished(site, draft.key, draft.inputs, source)
    except RenderError as error:
        raise UsageError(str(error)) from error


def limits_of(channel: ChannelSettings) -> Limits:
    return registry.connector(channel.kind).limits(channel)


def findings_of(site: Site, post: Post, key: Key) -> tuple[Finding, ...]:
    """What the guard says of a post as it stands, with today's rules."""
    channel, occurrence = site.channel(key.channel), site.occurrence(key.day, key.first)
    kind = channel_of(channel.kind, limits_of(channel).form) if channel else "unknown"
    seen = Context(
        jurisdictions=(site.config.site.audience,),
        day=key.day,
        tone=occurrence.day.tone if occurrence else None,
        crisis_required=occurrence is not None and occurrence.day.crisis_required,
        language=post.language,
    )
    return check_post(post, kind, seen, site.rules)


def _finished(site: Site, key: Key, given: Inputs, source: str) -> Wording:
    article, occurrence, channel = _known(site, key)
    due = timing.due(occurrence.span, site.config.plan.time, site.config.site.timezone)
    title, text, html = _forms(limits_of(channel), source)
    post = Post(
        title=title,
        text=text,
        html=html,
        link=_seen(site, key, given)["link"],
        tags=occurrence.day.hashtags,
        language=article.language,
        day_name=occurrence.day.name,
        first=occurrence.span.first,
        last=occurrence.span.last,
        due_at=due.due_at,
    )
    findings = [*findings_of(site, post, key), *_stale(site, post)]
    return Wording(
        post=post,
        source=source,
        inputs={**given, "parts": parts(site, key, given), "judged_by": judge(site)},
        findings=[asdict(finding) for finding in findings],
        not_after=due.not_after,
        local_time=f"{due.day} {due.at:%H:%M}",
        zone=due.zone,
        tzdata=due.tzdata,
    )


def _stale(site: Site, post: Post) -> list[Finding]:
    """A warning where the crisis line it names will be past its 90 days when it goes out."""
    on = local_date(site, post.due_at)
    line = stale(site.lines, post.text, on)
    return [confirm_again(line, on)] if line else []


def judge(site: Site) -> str:
    """Names the version of everything that words and judges a post beside its inputs."""
    return digest(canonical([__version__, site.rules.version, [str(line) for line in site.crisis]]))


def _forms(limits: Limits, source: str) -> tuple[str, str, str]:
    """Title, plain text and HTML; only a blog has a title and HTML."""
    if limits.form is not Form.BLOG:
        return "", source, ""
    marked = page(source)
    if not marked.title or not marked.text:
        raise RenderError("a blog post begins with a line “# Title”, then its text")
    return marked.title, marked.text, marked.html


def _seen(site: Site, key: Key, given: Inputs) -> dict[str, Any]:
    article, occurrence, channel = _known(site, key)
    brand = Brand(name=site.config.site.name, url=site.config.site.url)
    return context(
        article,
        occurrence,
        Pick.from_json(given["pick"]),
        brand,
        site.help,
        limits_of(channel).form,
        marker=key.marker,
    )


def _known(site: Site, key: Key) -> tuple[Article, Occurrence, ChannelSettings]:
    article, channel = site.article(key.article), site.channel(key.channel)
    occurrence = site.occurrence(key.day, key.first)
    if not (article and occurrence and channel):
        raise RenderError(f"its article, day or channel is no longer there ({key})")
    return article, occurrence, channel


def _template(site: Site, key: Key, channel: ChannelSettings) -> str:
    form = limits_of(channel).form
    name = template_for(site.templates, key.article, key.day, channel.name, channel.kind, form)
    if name is None:
        raise RenderError(f"posts/{key.article}/ has no template {form}.j2 for {channel.name}")
    return name


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {name: list(one) if isinstance(one, tuple) else one for name, one in value.items()}
