"""Logging in and the account of who is → markup."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.ui.render.escape import html_text

# A provider returns to the first page. The address that was asked for waits in the tab, which no other site reads.
_KEEP_ADDRESS = "<script>sessionStorage.setItem('mf-asked-for', location.pathname + location.search)</script>"
_GO_TO_ADDRESS = """<script>
const address = sessionStorage.getItem('mf-asked-for');
sessionStorage.removeItem('mf-asked-for');
if (address && /^[/](?![/\\\\])/.test(address) && address !== location.pathname + location.search)
  location.replace(address);
</script>"""


def login_html() -> str:
    """What somebody reads who is not logged in."""
    return (
        '<header class="mf-head mf-login"><h1>Clinical questions, answered from their sources</h1>'
        '<p class="mf-lead">Log in with the account of your organisation to read, to ask, and to find your '
        "conversations again.</p>"
        '<p class="mf-note">What you ask is kept under your account. Other people who use this page cannot see it.</p>'
        "</header>"
    )


def keep_address_html() -> str:
    """Remembers, in this tab, which address was asked for before somebody logs in."""
    return _KEEP_ADDRESS


def go_to_address_html() -> str:
    """Opens the address that was asked for before somebody logged in."""
    return _GO_TO_ADDRESS


def account_html(name: str, roles: Sequence[str]) -> str:
    """Who is logged in, and what they may do beside reading."""
    beside = f'<p class="mf-quietly">{html_text(" · ".join(roles))}</p>' if roles else ""
    return f'<div class="mf-account"><p><b>{html_text(name)}</b></p>{beside}</div>'


def refused_html(page: str) -> str:
    """What a person reads at the address of a page that is not for them."""
    return (
        f'<header class="mf-head"><h1>{html_text(page)} is not open to you</h1>'
        '<p class="mf-lead">Your account does not have the role that this page is for. If it should, ask whoever '
        "manages the accounts of this page, then log out and log in again.</p></header>"
    )
