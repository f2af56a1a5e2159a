"""Logging in and out through Streamlit's OpenID Connect login, where its secrets hold ``[auth]``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.errors import Error as StreamlitError

from chatbot.claims import is_logged_in
from chatbot.errors import SettingsError
from chatbot.listening import refuse_strangers
from chatbot.people import Person, Role
from chatbot.settings import Settings
from chatbot.ui.render import markdown_text
from chatbot.ui.render import people as markup

_DEFAULT = "default"  # Streamlit's name for the provider that stands in [auth] itself
_ROLES = {Role.REVIEWER: "Reviewer", Role.ADMIN: "Administrator"}


def is_configured() -> bool:
    """Whether the secrets ask for a login. Raises SettingsError where there are secrets that cannot be read.

    Unread secrets count as no secrets to Streamlit; here nobody comes in by a mistake in a file.
    """
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    there = [path for path in st.get_option("secrets.files") if Path(path).exists()]
    if there:
        raise SettingsError(f"the secrets in {' and '.join(there)} cannot be read; correct the file, and start again")
    return False


def claims_in_force(settings: Settings) -> Mapping[str, Any] | None:
    """What the login of this session says; None: nobody is logged in, or it was too long ago."""
    claims = st.user.to_dict()
    return claims if is_logged_in(claims, settings.people, time.time()) else None


def refuse_strangers_without_login(settings: Settings) -> None:
    """Raises ServeError where, without a login, others than the one at this machine reach the page.

    That is so where the server listens on other addresses, and where a request was made to another name, which is what
    a proxy in front of it passes on.
    """
    headers = st.context.headers
    if settings.serve.allow_without_login or not headers:  # without headers no browser has asked: it is a test
        return
    refuse_strangers(st.get_option("server.address") or "")
    refuse_strangers(headers.get("Host", ""))


def show_login() -> None:
    """The only thing that somebody sees who is not logged in: what this is, and a button for each provider."""
    st.html(markup.login_html())
    with st.container(horizontal=True, key="login"):
        for number, (provider, label) in enumerate(_providers().items()):
            kind: Literal["primary", "secondary"] = "secondary" if number else "primary"
            if st.button(label, type=kind, key=f"login-{provider}", icon=":material/login:"):
                _log_in(provider)
    st.html(markup.keep_address_html(), unsafe_allow_javascript=True)


def show_account(person: Person) -> None:
    """Who is logged in, and the way out: a small button at the top of every page."""
    place = st.container(key="account")
    place.html(markup.go_to_address_html(), unsafe_allow_javascript=True)
    with place.popover("Account", type="tertiary", icon=":material/account_circle:", key="account-menu"):
        roles = [word for role, word in _ROLES.items() if person.may(role)]
        st.html(markup.account_html(person.name, roles))
        if st.button("Log out", icon=":material/logout:", key="log-out", width="stretch"):
            st.session_state.clear()
            st.logout()


def _log_in(provider: str) -> None:
    try:
        st.login() if provider == _DEFAULT else st.login(provider)
    except StreamlitError as error:  # Authlib is missing, or a part of [auth] is
        raise SettingsError(f"nobody can log in yet: {' '.join(str(error).split())}") from error


def _providers() -> dict[str, str]:
    """Providers and their buttons: the one of [auth] itself, and one for each table within it."""
    auth = st.secrets["auth"]
    tables = [name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value]
    if "client_id" in auth or not tables:
        return {_DEFAULT: "Log in"}
    if len(tables) == 1:
        return {tables[0]: "Log in"}
    return {name: f"Log in with {markdown_text(name.capitalize())}" for name in tables}
