"""Whether what a post was made from is still what it was (D2)."""

from scheduler.actions.choose import why_not_on
from scheduler.actions.draw import findings_of, parts
from scheduler.actions.site import Site
from scheduler.errors import RenderError
from scheduler.guard.check import OUT_OF_TIME, blocking
from scheduler.ledger import deliveries
from scheduler.ledger.models import Delivery, Draft


def why_changed(site: Site, delivery: Delivery) -> str:
    """Why this approved post must be looked at again, in words; "" when it stands.

    A new version of the guard's rules alone changes nothing, unless it now blocks the post. A guard
    that ran past its time says nothing about the post: TimeoutError.
    """
    why = what_changed(site, delivery.draft)
    if why:
        return why
    post = deliveries.frozen_post(delivery)
    found = findings_of(site, post, delivery.draft.key)
    broken = blocking(found)
    if OUT_OF_TIME in broken:
        raise TimeoutError("the guard ran past its time")
    return f"the guard now blocks it ({', '.join(broken)})" if broken else ""


def what_changed(site: Site, draft: Draft) -> str:
    """What of a draft's inputs changed since it was worded; "" when nothing did."""
    why = _why_not_there(site, draft)
    if why:
        return why
    try:
        now_parts = parts(site, draft.key, draft.inputs)
    except RenderError as error:
        return f"it could not be worded any more: {error}"
    before = draft.inputs["parts"]
    changed = sorted(name for name in before | now_parts if before.get(name) != now_parts.get(name))
    return (
        f"it was worded from something that changed since: {', '.join(changed)}" if changed else ""
    )


def _why_not_there(site: Site, draft: Draft) -> str:
    """Why its channel, article or day is gone or no longer for it; "" when all stand."""
    if site.channel(draft.channel) is None:
        return f"config.toml no longer has the channel “{draft.channel}”"
    article = site.article(draft.article)
    if article is None:
        return f"the article “{draft.article}” is gone"
    if all(day.id != draft.day for day in site.days):
        return f"the day “{draft.day}” is no longer in the calendars, or is muted"
    occurrence = site.occurrence(draft.day, draft.first)
    if occurrence is None:
        return f"“{draft.day}” no longer falls on {draft.first}"
    why_not = why_not_on(site, article, occurrence)
    return f"nothing may go out for “{draft.day}” any more: {why_not}" if why_not else ""
