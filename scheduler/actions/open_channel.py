"""Open channels with their secrets; one connector a channel and run."""

from scheduler.actions.run import OpenChannel
from scheduler.actions.site import Site
from scheduler.channels import registry
from scheduler.channels.base import Connector
from scheduler.errors import UsageError
from scheduler.files.secrets import resolve
from scheduler.nouns import Clock


def opener(site: Site, clock: Clock) -> OpenChannel:
    """A function that opens each channel at most once, when it is first needed."""
    opened: dict[str, Connector] = {}

    def open_channel(name: str) -> Connector:
        if name not in opened:
            settings = site.channel(name)
            if settings is None:
                raise UsageError(f"config.toml has no channel “{name}”.")
            opened[name] = registry.connector(settings.kind).open(
                settings, site.folder, lambda ref: resolve(ref, site.folder), clock
            )
        return opened[name]

    return open_channel
