"""A `redletter publish` with nothing to do, against a bare interpreter of the same environment.

Instructions (callgrind) repeat within a hundredth of a percent; wall times are the median of
pairs, run in turn. Goal: at most 2.2 times the instructions and 2.0 times the wall time.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAIRS = 15
REDLETTER = str(Path(sys.executable).with_name("redletter"))
BARE = [sys.executable, "-c", "pass"]
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
} | {"PYTHONHASHSEED": "0"}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        run([REDLETTER, "init", "--yes", str(site)], Path(scratch))
        tick = [REDLETTER, "publish"]
        run(tick, site)
        run(tick, site)
        ratio = instructions(tick, site) / instructions(BARE, site)
        print(f"no-op publish / bare interpreter, instructions: {ratio:.3f} (goal 2.2)")
        ratios = [wall(tick, site) / wall(BARE, site) for _ in range(PAIRS)]
        print(
            f"no-op publish / bare interpreter, wall: median {statistics.median(ratios):.2f}, "
            f"{min(ratios):.2f} to {max(ratios):.2f} of {PAIRS} pairs (goal 2.0)"
        )


def run(words: list[str], folder: Path) -> None:
    subprocess.run(words, cwd=folder, env=ENVIRONMENT, check=True)


def instructions(words: list[str], folder: Path) -> int:
    callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*callgrind, *words],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert found, done.stderr
    return int(found[1])


def wall(words: list[str], folder: Path) -> float:
    begun = time.perf_counter()
    run(words, folder)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
