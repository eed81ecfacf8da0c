"""Pause and resume: one channel, or everything at once."""

from datetime import datetime

from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.ledger import pauses
from scheduler.nouns import Role


def pause(site: Site, channel: str, by: str, reason: str, now: datetime) -> bool:
    """Stop a channel (`""` = everything) before its next post; False if it stood already."""
    site.allow(by, *Role)
    _known(site, channel)
    return pauses.pause(site.id, channel, by, reason, now)


def resume(site: Site, channel: str, by: str, now: datetime) -> bool:
    """Go on; posts whose time passed meanwhile are missed, not sent. False if nothing stood."""
    site.allow(by, Role.APPROVER, Role.ADMIN)
    standing = {one.channel for one in pauses.standing(site.id)}
    if channel not in standing:
        _known(site, channel)
    return pauses.resume(site.id, channel, by, now)


def _known(site: Site, channel: str) -> None:
    if channel and site.channel(channel) is None:
        names = ", ".join(one.name for one in site.channels)
        raise UsageError(f"config.toml has no channel “{channel}” (it has {names}).")
