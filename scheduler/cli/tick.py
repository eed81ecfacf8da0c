"""The command's entry, and the minute's look: is there anything to do at all?

Cron calls `redletter publish` every minute, nearly always in vain. That look costs a bare
interpreter and SQLite: it reads what the last full run left in `.redletter/state`
(`scheduler/files/state.py` tells its form), compares the content files' times, and asks the ledger
one question, read-only. Any doubt at all, and the full command runs instead.
"""

import os
import sys
import time

CLOCK_DOUBT = 300
"""Seconds by which the clock may lie behind the last full run before that run must judge it."""

OWED = """
SELECT EXISTS (SELECT 1 FROM ledger_delivery WHERE state = 'scheduled' AND not_after < :now)
    OR EXISTS (SELECT 1 FROM ledger_delivery WHERE state = 'sending')
    OR EXISTS (SELECT 1 FROM ledger_delivery WHERE state = 'unsure' AND look_at <= :now)
    OR EXISTS (
        SELECT 1 FROM ledger_delivery AS d WHERE d.state = 'scheduled' AND d.try_at <= :now
        AND NOT EXISTS (
            SELECT 1 FROM ledger_pause AS p
            WHERE p.site = d.site AND (p.channel = '' OR p.channel = d.channel)))
"""


def main() -> None:
    """Run `redletter`; a `publish` with nothing to do ends here."""
    site = _publishing(sys.argv[1:])
    if site is not None and nothing_owed(site):
        return
    from scheduler.cli.main import run

    run()


def _publishing(words: list[str]) -> str | None:
    """The site's folder if this is a plain `publish`, else None."""
    if words == ["publish"]:
        return _site_above(os.getcwd())
    if len(words) == 3 and words[0] == "--site" and words[2] == "publish":
        return words[1]
    if len(words) == 3 and words[:2] == ["publish", "--site"]:
        return words[2]
    return None


def _site_above(folder: str) -> str | None:
    while not os.path.exists(folder + "/config.toml"):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def nothing_owed(site: str) -> bool:
    """Whether the last full run's word still holds and the ledger has nothing to do now."""
    try:
        with open(site + "/.redletter/state", encoding="utf-8") as state:
            head, ledger, _, written, upkeep_at, *content = state.read().split("\n")
        now = time.time()
        if head.split(" ")[1] != _version() or not int(written) - CLOCK_DOUBT < now < int(
            upkeep_at
        ):
            return False
        _, _, config = content[0].split(" ", 2)  # that of another folder if the site was copied
        its_own = os.path.samefile(config, site + "/config.toml")
        return its_own and _unchanged(content) and _idle(ledger, now) and _ticked(site, now)
    except (OSError, ValueError, IndexError):
        return False


def _version() -> str:
    from scheduler import __version__

    return __version__


def _unchanged(content: list[str]) -> bool:
    for line in content:
        if not line:
            continue
        times, size, path = line.split(" ", 2)
        seen = os.stat(path) if times != "-" else None
        if seen is None or times != str(seen.st_mtime_ns) or size != str(seen.st_size):
            return False
    return True


def _idle(ledger: str, now: float) -> bool:
    import sqlite3

    try:
        connection = sqlite3.connect(f"{ledger}?mode=ro", uri=True)
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + f"{now % 1:.6f}"[1:]
        (owed,) = connection.execute(OWED, {"now": stamp}).fetchone()
        connection.close()
    except sqlite3.Error:
        return False
    return not owed


def _ticked(site: str, now: float) -> bool:
    """Leave word that a publisher looked: wall time, time since boot, and which boot."""
    since_boot = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0
    boot = "-"
    if sys.platform == "linux":
        with open("/proc/sys/kernel/random/boot_id") as boot_id:
            boot = boot_id.read().strip()
    with open(site + "/.redletter/tick", "w") as tick:
        tick.write(f"{now:.0f} {since_boot:.0f} {boot}\n")
    return True
