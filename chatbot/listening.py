"""Where a page without login may be reached from: this machine only, unless whoever runs it says otherwise.

Without a login everybody who reaches the page is one person, who reads every conversation and has every role.
"""

from __future__ import annotations

from ipaddress import ip_address

from chatbot.errors import ServeError


def is_this_machine(host: str) -> bool:
    """Whether an address to listen on, or that of a request (with a port or without), is this machine's alone.

    An empty one is not: listening on it is listening on every address.
    """
    name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host
    if name.count(":") == 1:
        name = name.partition(":")[0]
    if name.casefold() == "localhost" or name.casefold().endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_strangers(host: str) -> None:
    """Raises ServeError where others than the one at this machine reach a page without login at the host."""
    if not is_this_machine(host):
        raise ServeError(
            f"without a login the page is for this machine only, but it is to be reached at {host or 'every address'}: "
            "everybody there would be one and the same person, read every conversation and have every role; set up a "
            "login (docs/people.md), use 127.0.0.1, or, where all who reach it may do that, set "
            "CHATBOT_SERVE__ALLOW_WITHOUT_LOGIN=true"
        )
