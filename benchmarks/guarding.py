"""The guard on the sample site's posts, as a ratio to all else that wording them takes.

All else is the context, the render in the child, fitting, Markdown and digests. The first judging
of a process compiles the rules' patterns; it is not counted.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from scheduler.actions import draw
from scheduler.actions.choose import occasions
from scheduler.actions.new_site import new_site
from scheduler.actions.site import Site, open_site
from scheduler.nouns import RELEASED, Key, instant
from scheduler.sandbox import Sandbox

LINES = '\n[[channel]]\nname = "lines"\nkind = "file"\nfolder = "lines"\nformat = "jsonl"\n'


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "site"
        new_site(folder, {}, instant(f"{RELEASED}T00:00:00Z"))
        config = folder / "config.toml"
        config.write_text(config.read_text(encoding="utf-8") + LINES, encoding="utf-8")
        site = open_site(folder)
        with Sandbox(site.templates) as sandbox:
            for channel in site.channels:
                measure(site, sandbox, channel.name)


def measure(site: Site, sandbox: Sandbox, channel: str) -> None:
    guard, rest, sizes = [], [], []
    for key in keys(site, channel):
        inputs = draw.inputs(site, key, [])
        post = draw.worded(site, sandbox, key, inputs).post
        judged = seconds(partial(draw.findings_of, site, post, key))
        whole = seconds(partial(draw.worded, site, sandbox, key, inputs))
        guard.append(judged)
        rest.append(whole - judged)
        sizes.append(len(post.text))
    ratio = statistics.median(guard) / statistics.median(rest)
    print(
        f"{channel}, {statistics.median(sizes):.0f} characters: the guard takes "
        f"{1000 * statistics.median(guard):.1f} ms, {ratio:.1f} times all else"
    )


def keys(site: Site, channel: str) -> list[Key]:
    found = occasions(site, [], RELEASED, RELEASED + timedelta(days=365))
    return [
        Key(
            site=site.id,
            article=one.article.id,
            day=one.occurrence.day.id,
            first=one.occurrence.span.first,
            channel=channel,
        )
        for one in found
    ]


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
