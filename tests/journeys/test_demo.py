"""The demo takes files only; `.ci/run` runs the whole of it, twice."""

import subprocess
import sys
from pathlib import Path

from house import House

DEMO = Path(__file__).parents[2] / "scripts" / "demo.py"


def test_the_demo_refuses_a_channel_that_is_not_files(tmp_path):
    house = House(tmp_path / "site")
    house.add(
        '\n[[channel]]\nname = "news"\nkind = "wordpress"\nurl = "http://127.0.0.1:9"\n'
        'user = "editor"\npassword = "env:NOT_ASKED_FOR"\n'
    )
    done = subprocess.run(
        [sys.executable, DEMO, house.folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "files only" in done.stderr
    assert "news" in done.stderr
    assert house.log() == []
