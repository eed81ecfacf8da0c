"""Many processes at once on one ledger: the claim alone decides who may send."""

import subprocess
import sys
from collections import Counter
from itertools import chain

from ledger.making import NOW, SITE, again, scheduled

from scheduler.ledger import events
from scheduler.nouns import State

PROCESSES, ROWS = 4, 24

CLAIMER = f"""
import sys
from datetime import datetime
from pathlib import Path
from scheduler.ledger import deliveries
from scheduler.ledger.db import open_ledger

open_ledger(Path(sys.argv[1]))
now = datetime.fromisoformat({NOW.isoformat()!r})
due = deliveries.due({SITE!r}, now)
print("ready", len(due), flush=True)
sys.stdin.readline()
for pk in due:
    if deliveries.claim(pk, now, sys.argv[2]):
        print(pk, flush=True)
"""


def test_each_due_row_is_claimed_by_one_process(ledger):
    due = [scheduled(number) for number in range(ROWS)]
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, str(ledger), f"process {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for claimer in claimers:  # nobody begins before all have seen the same rows
        assert claimer.stdout.readline().split() == ["ready", str(ROWS)]
    for claimer in claimers:
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    claimed = [claimer.communicate()[0].split() for claimer in claimers]

    assert [claimer.returncode for claimer in claimers] == [0] * PROCESSES
    assert Counter(chain.from_iterable(claimed)) == Counter({str(row.pk): 1 for row in due})
    for number, pks in enumerate(claimed):
        for row in due:
            if str(row.pk) in pks:
                after = again(row)
                assert (after.state, after.attempts) == (State.SENDING, 1)
                assert after.owner == f"process {number}"
    assert sum(event.what == State.SENDING for event in events.history(SITE)) == ROWS
    assert list(events.broken(SITE)) == []
