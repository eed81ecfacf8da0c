"""The promise, tried: a publisher killed at every step leaves each post out exactly once."""

import random
import sqlite3
import subprocess
import time
from collections import Counter
from datetime import timedelta

import pytest
from house import REDLETTER, House, today

DAYS = 50
WORDPRESSES = ("wp", "second-wp")
KILLS = 100
CALLS = {"sendto": 4, "recvfrom": 4, "fdatasync": 5, "rename": 6, "fsync": 8, "connect": 3}
"""The calls of a send and how many passes of each are tried: the bytes out and back, the ledger's
commits, the pages' own files. The first few passes of a run are its first one or two posts."""
SEED = 20261124


@pytest.fixture
def house(tmp_path, fresh_wordpress, monkeypatch):
    wordpress = fresh_wordpress
    monkeypatch.setenv("WP_PASSWORD", wordpress.passwords["editor"])
    house = House(tmp_path / "site")
    house.due_from_midnight()
    house.days_from_today(DAYS)
    for name in WORDPRESSES:
        house.add(
            f'\n[[channel]]\nname = "{name}"\nkind = "wordpress"\n'
            f'url = "{wordpress.url}"\nuser = "editor"\npassword = "env:WP_PASSWORD"\n'
            "settle = 0\nread_gap = 0\n"
        )
    house.plan(today() + timedelta(days=1))
    house.run("approve", "--all", "--by", "approver")
    return house


def test_killed_publishers_neither_double_nor_lose_a_post(house, fresh_wordpress):
    chance = random.Random(SEED)
    expected = {delivery["id"] for delivery in house.log()}
    assert len(expected) == DAYS * (1 + len(WORDPRESSES))

    kills = Counter()
    while kills.total() < KILLS:
        assert left(house), f"all was sent after {kills.total()} kills: plan more days"
        how = killed_in_a_call if chance.random() < 0.85 else killed_at_a_moment
        kills[how(house, chance)] += 1
        kills.pop("finished", None)
    for _ in range(12):
        house.run("publish", expect=None)

    assert house.states() == {"sent": len(expected)}
    assert Counter(marker_of(post["slug"]) for post in fresh_wordpress.posts()) == Counter(
        {d["id"]: 1 for d in house.log() if d["channel"] in WORDPRESSES}
    )
    assert {post["status"] for post in fresh_wordpress.posts()} == {"publish"}
    pages = [page.stem for page in (house.folder / "public/posts").glob("*.html")]
    assert Counter(map(marker_of, pages)) == Counter(
        {d["id"]: 1 for d in house.log() if d["channel"] == "blog"}
    )
    house.run("fsck")


def left(house: House) -> int:
    """How many posts are not known to be out; read straight from the file, for speed."""
    with sqlite3.connect(house.folder / "ledger.db") as ledger:
        return ledger.execute(
            "SELECT count(*) FROM ledger_delivery WHERE state != 'sent'"
        ).fetchone()[0]


def killed_in_a_call(house: House, chance: random.Random) -> str:
    """SIGKILL from outside on the n-th system call of a kind: before it is carried out."""
    call = chance.choice(list(CALLS))
    number = chance.randint(1, CALLS[call])
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
    done = house.attempt("publish", before=["strace", "-f", "-qq", "-o", "/dev/null", *inject])
    return call if done.returncode in {-9, 137} else "finished"


def killed_at_a_moment(house: House, chance: random.Random) -> str:
    """SIGKILL from outside at a random time of the run."""
    publisher = subprocess.Popen(
        [str(REDLETTER), "publish"], cwd=house.folder, stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0.6, 1.2))
    publisher.kill()
    return "moment" if publisher.wait() == -9 else "finished"


def marker_of(name: str) -> str:
    return name.rsplit("-", 1)[-1]
