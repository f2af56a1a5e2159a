"""What is taken away, before it has a format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatbot.audience import Audience
from chatbot.domain import Answer, Conversation, Reference


@dataclass(frozen=True, slots=True)
class Taken:
    """One answer or several in the order in which they were given, and what they were given to; ``name`` names files.

    ``made`` has a time zone; ``before`` is what was said ahead of the first answer; ``article`` is the article that the
    first answer is, None where it answers a question. ``audience`` is whom the answers were chosen for.
    """

    answers: tuple[Answer, ...]
    name: str
    made: datetime
    before: Conversation = Conversation()  # noqa: RUF009 - frozen
    article: Reference | None = None
    audience: Audience = Audience.CLINICIAN

    @property
    def title(self) -> str:
        """What a file of it is headed by: the question of one answer, the one that several began with."""
        if len(self.answers) > 1 and self.before.turns:
            return self.before.turns[0].question
        return self.answers[0].question

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every cited reference, each once, in the order of its first citation."""
        return tuple({r.id: r for answer in self.answers for r in answer.references}.values())
