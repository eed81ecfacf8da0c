"""What several parts share: the real servers, and patience on a busy machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from servers.wordpress import CannotRunError, WordPress, running_wordpress

# No test judges how long an example took.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

pytest.register_assert_rewrite("scheduler.testing.contract")


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """A WordPress of this test session; without one its tests are skipped, in CI they fail."""
    scratch = Path(tempfile.mkdtemp(prefix="redletter-wordpress-"))
    scratch.chmod(0o755)  # PHP runs as nobody
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        try:
            server = stack.enter_context(running_wordpress(scratch))
        except CannotRunError as reason:
            if os.environ.get("CI") == "true":
                pytest.fail(str(reason))
            pytest.skip(str(reason))
        yield server
