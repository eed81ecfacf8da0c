"""Make a site that works at once: its files, then its ledger."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from scheduler.actions.site import Site, open_site
from scheduler.channels import registry
from scheduler.files.init import make_site
from scheduler.ledger.db import migrate, open_ledger


def new_site(folder: Path, answers: Mapping[str, str], now: datetime) -> Site:
    """Write a new site and give it an empty ledger; raises UsageError where one stands already."""
    schemas = {kind: registry.connector(kind).Settings for kind in registry.kinds()}
    make_site(folder, schemas, **answers)
    site = open_site(folder)
    migrate(site.ledger, now)
    open_ledger(site.ledger)
    return site
