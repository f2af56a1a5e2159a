"""Who somebody is, and what they may do, follows from the claims of their login; without one, from where they sit."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot.claims import is_logged_in, person_of, roles_of
from chatbot.errors import ServeError, SettingsError
from chatbot.listening import is_this_machine, refuse_strangers
from chatbot.people import LOCAL, Role
from chatbot.settings import PeopleSettings

ANNE: dict[str, Any] = {"iss": "https://login.test", "sub": "42", "name": "Anne"}
PLAIN = PeopleSettings()


def test_people_are_told_apart_by_issuer_and_subject() -> None:
    others = ({**ANNE, "sub": "43"}, {**ANNE, "iss": "https://other.test"})
    assert len({person_of(claims, PLAIN).id for claims in (ANNE, *others)}) == 3
    assert person_of({**ANNE, "name": "Anne B"}, PLAIN).id == person_of(ANNE, PLAIN).id


def test_nobody_who_logs_in_is_the_one_without_login() -> None:
    assert person_of({**ANNE, "sub": "local"}, PLAIN).id != LOCAL.id


def test_another_claim_may_tell_people_apart() -> None:
    assert person_of({**ANNE, "oid": "7"}, PeopleSettings(id_claim="oid")).id == "https://login.test 7"


@pytest.mark.parametrize("claims", [{"iss": "https://login.test"}, {"sub": "42"}, {**ANNE, "sub": ""}, {}])
def test_a_login_that_does_not_say_who_it_is_ends_in_a_sentence(claims: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="says who you are"):
        person_of(claims, PLAIN)


@pytest.mark.parametrize(
    ("claims", "logged_in"),
    [
        ({"is_logged_in": True, "iat": 1_000_000}, True),
        ({"is_logged_in": True, "iat": 1_000_000 - 2 * 3600}, False),
        ({"is_logged_in": True}, False),
        ({"is_logged_in": True, "iat": "1000000"}, False),
        ({"is_logged_in": "true", "iat": 1_000_000}, False),
        ({"is_logged_in": False, "iat": 1_000_000}, False),
        ({}, False),
    ],
)
def test_a_login_ends_after_its_hours(claims: dict[str, Any], logged_in: bool) -> None:
    assert is_logged_in(claims, PeopleSettings(login_hours=1), 1_000_000 + 1800) is logged_in


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Anne", "email": "a@b.test"}, "Anne"),
        ({"name": " ", "preferred_username": "anne", "email": "a@b.test"}, "anne"),
        ({"email": "a@b.test"}, "a@b.test"),
        ({"name": ["Anne"]}, "You"),
    ],
)
def test_a_person_is_shown_by_the_best_name_that_the_login_gives(claims: dict[str, Any], name: str) -> None:
    assert person_of({"iss": "i", "sub": "s", **claims}, PLAIN).name == name


@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        (None, {Role.READER}),
        ("reviewer", {Role.READER, Role.REVIEWER}),
        ("admin, reviewer", set(Role)),
        (["admin", 7], {Role.READER, Role.ADMIN}),
        (["Reviewer", "reviewers"], {Role.READER}),
        ({"reviewer": True}, {Role.READER}),
        (True, {Role.READER}),
    ],
)
def test_roles_are_what_the_claim_names_and_never_more(claim: Any, roles: set[Role]) -> None:
    assert roles_of({"roles": claim}, PLAIN) == roles


def test_roles_may_stand_within_another_claim_or_under_an_address() -> None:
    nested = PeopleSettings(roles_claim="realm_access.roles")
    assert Role.REVIEWER in roles_of({"realm_access": {"roles": ["reviewer"]}}, nested)
    assert roles_of({"realm_access": "roles"}, nested) == {Role.READER}
    address = PeopleSettings(roles_claim="https://app.test/roles")
    assert Role.REVIEWER in roles_of({"https://app.test/roles": ["reviewer"]}, address)


def test_roles_may_have_other_names_and_one_name_may_give_both() -> None:
    named = PeopleSettings(reviewer_role="Clinical Editor", admin_role="IT")
    assert roles_of({"roles": "Clinical Editor"}, named) == {Role.READER, Role.REVIEWER}
    assert roles_of({"roles": "x"}, PeopleSettings(reviewer_role="x", admin_role="x")) == set(Role)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:8501", "[::1]:8501", "::1", "127.8.9.1:80", "app.localhost"]
)
def test_a_page_without_login_is_served_to_this_machine(host: str) -> None:
    refuse_strangers(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.5", "chat.test", "localhost.test", "127.0.0.1.test"])
def test_a_page_without_login_is_not_served_to_others(host: str) -> None:
    assert not is_this_machine(host)
    with pytest.raises(ServeError, match="without a login"):
        refuse_strangers(host)
