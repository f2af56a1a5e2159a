"""Asking and what was asked, in the words of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chatbot.domain import Answer, AnswerSection, Conversation, Reference
from chatbot.errors import ChatbotError, ExpectationError
from chatbot.evaluation import accounts, checks
from chatbot.evaluation.checks import Check

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

__tracebackhide__ = True  # pytest shows the test's line instead of these


class Ask:
    """``ask("…")`` is the answer to a question asked alone; ``ask("…", after=["…"])`` to one in a conversation."""

    def __init__(self, chatbot: Chatbot) -> None:
        self.chatbot = chatbot
        self.explain: Callable[[], str] | None = None  # the answer that a test looked at last

    def __call__(self, question: str, after: Iterable[str] = ()) -> Asked:
        """Asks; the questions of ``after`` are asked first, in their order. Raises QuestionError, IndexUnavailable."""
        talk = self.conversation()
        for earlier in after:
            talk(earlier)
        return talk(question)

    def __repr__(self) -> str:
        return "ask"

    def conversation(self) -> Talk:
        """A conversation: each question put to it is a follow-up to those before."""
        return Talk(self)

    def article(self, article_id: str) -> Asked:
        """An article of the corpus as the answer to its question; follow-ups are asked with ``then``."""
        answer = self.chatbot.article(article_id)
        if answer is None:
            articles = ", ".join(reference.id for reference in self.chatbot.articles())
            raise ExpectationError(f"there is no article {article_id!r}; the articles are {articles or 'none'}")
        return Asked(self, answer, Conversation())

    def in_conversation(self, question: str, conversation: Conversation) -> Asked:
        """Asks after the turns of a conversation."""
        return Asked(self, self.chatbot.ask(question, conversation), conversation)


class Talk:
    """A conversation under test: ``talk("…")`` asks, ``talk.answers`` are the answers so far, oldest first."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.answers: list[Asked] = []

    def __call__(self, question: str) -> Asked:
        """Asks the next question."""
        asked = self.answers[-1].then(question) if self.answers else self._ask.in_conversation(question, Conversation())
        self.answers.append(asked)
        return asked


class Asked:
    """An answer under test. What its methods return is true or false, and says why in a failed ``assert``."""

    def __init__(self, ask: Ask, answer: Answer, conversation: Conversation) -> None:
        self._ask = ask
        self._before = conversation
        self._answer = answer
        self._look()

    def cites(self, what: str, kind: str | None = None) -> Check:
        """Whether a document is cited (by a kind): its id, PMID, PMCID, DOI, set id, or words of its title."""
        check = checks.cites(self._answer, what, kind)
        self._look(lambda: "" if check else accounts.whereabouts(self._ask.chatbot, self._answer, self._before, what))
        return check

    def quotes(self, words: str, kind: str | None = None) -> Check:
        """Whether the words are quoted (by a kind), whatever their case, spacing and quotation marks."""
        check = checks.quotes(self._answer, words, kind)
        self._look(lambda: "" if check else accounts.unquoted(self._answer, words))
        return check

    def withheld(self, kind: str | None = None, because: str | None = None) -> Check:
        """Whether a kind says that it does not answer; without a kind: whether none answers.

        ``because``: "kind" (nothing of it is indexed), "topic" (nothing on the topic), "aspect" (on the topic, but not
        on what is asked of it), "underspecified" (the question does not say what it is about).
        """
        self._look()
        return checks.withheld(self._answer, kind, because)

    def answers(self, kind: str | None = None) -> Check:
        """Whether a kind answers; without a kind: whether any does."""
        self._look()
        return checks.answers(self._answer, kind)

    def read_as(self, words: str) -> Check:
        """Whether the question was read with all these words, in any order."""
        self._look()
        return checks.read_as(self._answer, words)

    def asks_back(self, words: str | None = None) -> Check:
        """Whether the question is asked back for being unclear; with words: whether a choice offered has them all."""
        self._look()
        return checks.asks_back(self._answer, words)

    def then(self, question: str) -> Asked:
        """Asks a follow-up to this answer."""
        return self._ask.in_conversation(question, self._before.then(self._answer.turn))

    @property
    def answer(self) -> Answer:
        """The answer itself: see ``chatbot.domain.Answer``."""
        return self._answer

    @property
    def question(self) -> str:
        return self._answer.question

    @property
    def resolved(self) -> str:
        """The question as it was read alone."""
        return self._answer.resolved

    @property
    def sections(self) -> tuple[AnswerSection, ...]:
        return self._answer.sections

    @property
    def references(self) -> tuple[Reference, ...]:
        """The cited documents, in the order of their first citation."""
        return self._answer.references

    @property
    def choices(self) -> tuple[str, ...]:
        """Questions to choose from where this one was not clear enough to answer; else none."""
        return self._answer.choices

    def __repr__(self) -> str:
        return f"<answer to {self._answer.question!r}>"

    def __str__(self) -> str:
        return accounts.account(self._answer, self._before)

    def _look(self, reason: Callable[[], str] = str) -> None:
        def explain() -> str:
            try:
                return "\n".join(filter(None, (str(self), accounts.needed(self._ask.chatbot), reason())))
            except ChatbotError as error:  # the index may have gone meanwhile; the test's own failure must be reported
                return f"{self}\n({error})"

        self._ask.explain = explain
