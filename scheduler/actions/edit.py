"""Edit: a person's own words, fitted and judged like the planner's."""

from datetime import datetime

from scheduler.actions.approve import named
from scheduler.actions.draw import reworded
from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.ledger import drafts
from scheduler.ledger.models import Draft
from scheduler.nouns import Role


def edit(site: Site, marker: str, source: str, by: str, now: datetime) -> Draft:
    """Put a person's words in place of a draft's; a blog post is written in Markdown.

    Raises UsageError for an unknown name or id, a draft that is no longer open, or words that are
    empty or too long for the channel; the draft then stays as it was.
    """
    site.allow(by, Role.AUTHOR, Role.APPROVER)
    draft = named(site, marker)
    if draft.state not in drafts.OPEN:
        raise UsageError(f"{marker} is {draft.state}: only an open draft can be edited.")
    if not drafts.edit(draft, reworded(site, draft, source), by, now):
        raise UsageError(f"{marker} was changed by somebody else at this moment; look again.")
    return named(site, marker)
