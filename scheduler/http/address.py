"""Which addresses may stand in a configuration."""

import ipaddress
from urllib.parse import urlsplit


def check_address(url: str) -> str:
    """What is wrong with the address of a service, in words that follow it; empty where it is fine.

    The operator's addresses may name any host and port, but only loopback goes without TLS.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return "is not an address"
    if any(letter.isspace() or not letter.isprintable() for letter in url) or "\\" in url:
        return "has a space, a backslash or an invisible character in it"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "is not an address: write https:// and the host"
    if parts.username is not None or parts.password is not None:
        return "carries a user or a password; they have settings of their own"
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        return (
            "must begin with https://: over plain http everyone on the way could read the password "
            "(http is for loopback addresses such as http://127.0.0.1 only)"
        )
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
