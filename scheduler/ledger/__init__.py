"""The ledger: what was promised and done. The only place that speaks to the database.

Django wants its settings before any model is imported, hence the set-up here; a web process that
brought its own settings keeps them.
"""

import os

import django
from django.conf import settings

if not settings.configured:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.ledger.settings")
    django.setup()
