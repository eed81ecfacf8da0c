"""Fetch a secret from where config.toml says it stands; its value is never shown or kept."""

import os
import stat
from pathlib import Path

from scheduler.errors import MissingSecret
from scheduler.nouns import Secret

LARGEST = 65_536  # bytes
# Container and service managers fill these, as root, with files that others on the way may read:
# docs.docker.com/engine/swarm/secrets and systemd.exec(5), LoadCredential.
_MANAGED = tuple(Path(one) for one in ("/run/secrets", "/run/credentials", "/var/run/secrets"))


def resolve(ref: str, folder: Path) -> Secret:
    """The secret behind `env:NAME` or `file:PATH` (from the site's folder); raises MissingSecret.

    A file must belong to the user or to root and be closed to everybody else, unless root's
    service or container manager put it there. Line ends after the secret are taken off.
    """
    scheme, _, name = ref.partition(":")
    if scheme == "env":
        value = os.environ.get(name, "")
    elif scheme == "file":
        value = _from_file(ref, folder / name)
    else:
        raise MissingSecret("This is no reference to a secret: write env:NAME or file:PATH.")
    value = value.rstrip("\r\n")
    if not value:
        where = f"the variable {name} is not set" if scheme == "env" else "the file is empty"
        raise MissingSecret(f"The secret {ref} is missing: {where}.")
    return Secret(value)


def _from_file(ref: str, path: Path) -> str:
    try:
        real, managed = _target(path)
        handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this is no path"
        raise MissingSecret(f"The secret {ref} cannot be read: {why}.") from None
    try:
        if complaint := _complaint(os.fstat(handle), managed):
            raise MissingSecret(f"The secret {ref} is not used: {complaint}.")
        with os.fdopen(handle, "rb", closefd=False) as opened:
            content = opened.read(LARGEST + 1)
    finally:
        os.close(handle)
    if len(content) > LARGEST:
        raise MissingSecret(f"The secret {ref} is not used: the file is too large for one.")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise MissingSecret(f"The secret {ref} is not used: the file is not UTF-8.") from None


def _target(path: Path) -> tuple[Path, bool]:
    """The file to open, and whether it stands in a manager's folder.

    Only there links are followed, and never out of it: Kubernetes makes each secret a link.
    """
    for home in _MANAGED:
        if path.is_relative_to(home) and home.is_dir():
            real = path.resolve(strict=True)
            if real.is_relative_to(home.resolve()):
                return real, True
    return path, False


def _complaint(seen: os.stat_result, managed: bool) -> str:
    """What keeps the file from being trusted; empty where nothing does."""
    if not stat.S_ISREG(seen.st_mode):
        return "it is no file"
    mode = stat.S_IMODE(seen.st_mode)
    if managed and seen.st_uid == 0:
        return "others may change it" if mode & 0o022 else ""
    if seen.st_uid not in (0, os.geteuid()):
        return "it belongs to another user"
    if mode & 0o077:
        return f"others may read or change it (mode {mode:04o}); run chmod 600 on it"
    return ""
