"""Who uses the page, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A reader reads, asks and sends drafts to review; a reviewer decides on them; an admin indexes."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the page. ``id`` is what their conversations are kept under and is never shown to others."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset({Role.READER})

    def may(self, role: Role) -> bool:
        """Whether the person has a role."""
        return role in self.roles


LOCAL = Person("local", "You", frozenset(Role))
"""The one person of a page without login, which listens on this machine only."""
