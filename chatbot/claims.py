"""What a login says about a person (the claims of an OpenID Connect token) → who that is here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatbot.errors import SettingsError
from chatbot.people import Person, Role
from chatbot.settings import PeopleSettings

_NAMES = ("name", "preferred_username", "email")


def is_logged_in(claims: Mapping[str, Any], settings: PeopleSettings, now: float) -> bool:
    """Whether Streamlit says so, and the login is no older, in seconds, than the settings allow.

    One whose token does not say when it was issued is over: OpenID Connect has every token say it.
    """
    issued = claims.get("iat")
    if claims.get("is_logged_in") is not True or isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    return now - issued <= settings.login_hours * 3600


def person_of(claims: Mapping[str, Any], settings: PeopleSettings) -> Person:
    """The person: the issuer and the id claim tell them apart, the first of name, user name and e-mail is shown.

    Everybody who is logged in reads; reviewers and admins have the values of the settings in the roles claim. Raises
    SettingsError where the token says neither who issued it nor whom it is about.
    """
    issuer, subject = claims.get("iss"), _at(claims, settings.id_claim)
    if not isinstance(issuer, str) or not isinstance(subject, str | int) or not issuer or subject == "":
        raise SettingsError(
            f"the login gave no claim {'iss' if not issuer else settings.id_claim!r} that says who you are; have the "
            "provider send it, or name another claim with CHATBOT_PEOPLE__ID_CLAIM"
        )
    name = next((value for value in map(claims.get, _NAMES) if isinstance(value, str) and value.strip()), "You")
    return Person(f"{issuer} {subject}", name.strip(), roles_of(claims, settings))


def roles_of(claims: Mapping[str, Any], settings: PeopleSettings) -> frozenset[Role]:
    """The roles that the claim gives: always reader, and nothing more where the claim is not there."""
    given = _values(_at(claims, settings.roles_claim))
    named = {settings.reviewer_role: Role.REVIEWER, settings.admin_role: Role.ADMIN}
    if settings.reviewer_role == settings.admin_role:
        return frozenset(Role) if settings.admin_role in given else frozenset({Role.READER})
    return frozenset({Role.READER, *(role for value, role in named.items() if value in given)})


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that very name (some are addresses, with dots), else the one at the path ``a.b`` (Keycloak's)."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _values(claim: Any) -> set[str]:
    """A claim that is a list of names, or one name, or names with commas or spaces between them."""
    if isinstance(claim, str):
        return {claim, *re.split(r"[\s,]+", claim)}
    return {value for value in claim if isinstance(value, str)} if isinstance(claim, list | tuple) else set()
