"""A WordPress that a journey has for itself."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.wordpress import CannotRunError, WordPress, running_wordpress


@pytest.fixture
def fresh_wordpress() -> Iterator[WordPress]:
    scratch = Path(tempfile.mkdtemp(prefix="redletter-journey-"))
    scratch.chmod(0o755)  # PHP runs as nobody
    try:
        with running_wordpress(scratch) as server:
            yield server
    except CannotRunError as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
