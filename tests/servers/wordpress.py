"""A real WordPress on SQLite, served by PHP on loopback; `scripts/test-servers.sh` fetches it."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "redletter-tests"
OURS = Path(__file__).parent / "wordpress"
STATES = "publish,future,draft,pending,private,trash"


class CannotRunError(Exception):
    """The server cannot run here; the text names what is missing."""


class WordPress:
    """One site in `scratch`, with its own files, database and users, each named after its role.

    `scratch` must be open to the user nobody: PHP runs as nobody where the tests run as root.
    """

    def __init__(self, scratch: Path, *, pretty: bool = True, environment: str = "local") -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = scratch / "db" / "wp.sqlite"
        self._scratch, self._environment = scratch, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._install("/%postname%/" if pretty else "")

    def start(self) -> None:
        """Returns when the site answers."""
        router = self._scratch / "site" / "router.php"
        listen = ["-S", f"127.0.0.1:{self.port}", "-t", str(self._scratch / "site"), str(router)]
        with (self._scratch / "php.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._php("-q", *listen), env=self._environ(), stdout=log, stderr=log
            )
        for _ in range(400):
            if self._answers():
                return
            time.sleep(0.05)
        self.stop()
        raise CannotRunError(
            "WordPress did not start: " + (self._scratch / "php.log").read_text()[-500:]
        )

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def maintain(self) -> None:
        """As during an update: every request is answered 503."""
        (self._scratch / "site" / ".maintenance").write_text("<?php $upgrading = time();")

    def posts(self, slug: str | None = None) -> list[dict[str, Any]]:
        """Every post in every state, the trash among them, as an administrator sees it."""
        query = {"status": STATES, "per_page": "100", "context": "edit"}
        if slug:
            query["slug"] = f"{slug},{slug}__trashed"
        found: list[dict[str, Any]] = self.ask("GET", "/wp/v2/posts", **query)
        return found

    def ask(self, method: str, route: str, user: str = "administrator", **query: str) -> Any:
        """The REST API as this user, without the code under test."""
        answer = requests.request(
            method,
            f"{self.url}/index.php",
            params={"rest_route": route, **query},
            auth=(user, self.passwords[user]),
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()

    def _install(self, permalinks: str) -> None:
        site = self._scratch / "site"
        shutil.copytree(_newest(), site, symlinks=True)
        for file in OURS.iterdir():
            shutil.copy(file, site)
        (self._scratch / "db").mkdir()
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", self._scratch], check=True)
        done = subprocess.run(
            self._php(str(site / "install.php"), str(site)),
            env=self._environ() | {"WP_PERMALINKS": permalinks},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotRunError(
                "WordPress could not be installed: " + (done.stderr + done.stdout)[-500:]
            )
        made = json.loads(done.stdout)
        self.version: str = made["version"]
        self.passwords: dict[str, str] = made["passwords"]

    def _environ(self) -> dict[str, str]:
        return os.environ | {
            "WP_PORT": str(self.port),
            "WP_DB_DIR": str(self._scratch / "db"),
            "WP_ENVIRONMENT": self._environment,
        }

    def _php(self, *arguments: str) -> list[str]:
        drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        # The statements of the two files are compiled once for the life of the server.
        php = ["php", "-d", "opcache.enable_cli=1", "-d", "log_errors=0", *arguments]
        return drop + php if os.getuid() == 0 else php

    def _answers(self) -> bool:
        try:
            answer = requests.get(f"{self.url}/?rest_route=/&_fields=name", timeout=20)
        except requests.ConnectionError:
            return False
        return answer.status_code == 200


@contextmanager
def running_wordpress(scratch: Path, **options: Any) -> Iterator[WordPress]:
    """A started site; `scratch` must exist and be empty."""
    server = WordPress(scratch, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _newest() -> Path:
    if not shutil.which("php"):
        raise CannotRunError("PHP is not installed: run scripts/test-servers.sh")
    there = sorted(file.parent for file in CACHE.glob("wordpress-*/wp-load.php"))
    if not there:
        raise CannotRunError(f"no WordPress in {CACHE}: run scripts/test-servers.sh")
    return there[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
