"""The main path: a question in its conversation → an answer. Start reading here.

    resolve → retrieve per kind → gate per kind → compose from quotes → verify → Answer

A ``Chatbot`` holds no conversation: the caller passes one in and makes the next one from the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from chatbot.answering.compose import Chosen, choose, cite
from chatbot.answering.gate import question_terms
from chatbot.answering.looking import Found, look
from chatbot.answering.reasons import (
    NOTHING,
    Withheld,
    drugs_at_hand,
    kind_withheld,
    label_withheld,
    nothing_at_all,
    only_retracted,
)
from chatbot.answering.underspecified import Unsaid, choices, unsaid
from chatbot.binding import bind_article
from chatbot.domain import (
    EVIDENCE_KINDS,
    Answer,
    AnswerSection,
    Citation,
    Conversation,
    Jurisdiction,
    Kind,
    Passage,
    Reference,
    Silence,
    Turn,
)
from chatbot.embedding import Encoder, open_encoder
from chatbot.errors import QuestionError
from chatbot.expansion import Added, expand
from chatbot.followup import Reading, Resolved, resolve
from chatbot.index.live import LiveIndex
from chatbot.index.reader import Index
from chatbot.retrieval import Hit, embed_query, retrieve, retrieve_documents, retrieve_evidence
from chatbot.settings import Settings
from chatbot.verification import verified
from chatbot.wishes import AS_USUAL, Step, Wishes

_ChosenOf = Callable[[Sequence[Hit]], Chosen]
"""What was found of a kind → what of it is quoted."""


class Chatbot:
    """Answers from one index. Safe for any number of threads; keeps up with re-indexing."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self.encoder = encoder or open_encoder(settings)
        self._live = LiveIndex(settings, self.encoder)

    @property
    def index(self) -> Index:
        """The newest complete generation. Raises IndexUnavailable."""
        return self._live.current()

    def ask(
        self,
        question: str,
        conversation: Conversation = Conversation(),  # noqa: B008 - frozen
        wishes: Wishes = AS_USUAL,
    ) -> Answer:
        """The answer, every claim of it verified. Raises QuestionError, IndexUnavailable, and what ``on_step`` does."""
        wishes.on_step(Step.READ)
        index = self.index
        question = self.checked(question)
        if wishes.as_typed:
            conversation = Conversation()
        resolved = resolve(question, conversation, index.words, as_typed=wishes.as_typed)
        terms = question_terms(index, resolved)
        open_point = unsaid(index, resolved, terms)
        if open_point:
            return self._ask_back(question, resolved, open_point)
        wishes.on_step(Step.SEARCH)
        found = look(index, resolved, terms, self.pool(index, conversation))
        wishes.on_step(Step.CHOOSE)
        citations: list[Citation] = []
        most, audience = self.settings.answer.max_claims, wishes.audience
        chosen_of = partial(choose, index, terms, limit=most, audience=audience)
        sections = self._sections(index, resolved, chosen_of, found, citations)
        answer = Answer(
            question,
            resolved.text,
            tuple(sections),
            tuple(citations),
            carried=resolved.carried,
            evidence=tuple(hit.passage.id for f in found for hit in f.hits[: self._kept(index)]),
        )
        wishes.on_step(Step.CHECK)
        return verified(answer, nothing_at_all(resolved.about, [section.silence for section in sections]))

    def articles(self) -> list[Reference]:
        """Every article, by its question."""
        return sorted(self.index.references_of(Kind.ARTICLE), key=lambda r: r.title)

    def article(self, article_id: str) -> Answer | None:
        """An article as the answer to its question, each claim bound to its sources and verified; None: no such one."""
        index = self.index
        document = index.document(article_id)
        if document is None or document.kind is not Kind.ARTICLE:
            return None
        return verified(bind_article(document, index), NOTHING)

    def related_articles(self, answer: Answer, limit: int = 3) -> list[Reference]:
        """Articles near an answer's reading that share a topic with what it cites, nearest first."""
        index = self.index
        topics = {topic for reference in answer.references for topic in reference.topics}
        hits = retrieve(index, embed_query(index, (Reading(answer.resolved, 1.0),)), Kind.ARTICLE, 4 * limit)
        near = dict.fromkeys(hit.passage.document.reference for hit in hits)
        return [reference for reference in near if topics & set(reference.topics)][:limit]

    def checked(self, question: str) -> str:
        """The question on one line without control characters. Raises QuestionError where it is empty or too long."""
        text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
        most = self.settings.answer.max_question_characters
        if not any(c.isalnum() for c in text):
            raise QuestionError("The question is empty. Type what you would like to know.")
        if len(text) > most:
            raise QuestionError(f"The question has {len(text):,} characters; at most {most:,} are read. Shorten it.")
        return text

    def resolve(self, question: str, conversation: Conversation) -> Resolved:
        """How a question is read after a conversation. Raises QuestionError and IndexUnavailable."""
        return resolve(self.checked(question), conversation, self.index.words)

    def added(
        self,
        question: str,
        conversation: Conversation = Conversation(),  # noqa: B008
    ) -> tuple[Added, ...]:
        """What is searched for beside the words of a question as it is read."""
        return expand(self.resolve(question, conversation).text, self.index.names)

    def search(
        self,
        question: str,
        kind: Kind,
        limit: int,
        conversation: Conversation = Conversation(),  # noqa: B008
    ) -> list[tuple[Hit, float]]:
        """The documents of a kind that bear on a question, best first: the best passage of each, and its score."""
        index = self.index
        resolved = resolve(self.checked(question), conversation, index.words)
        query = embed_query(index, resolved.readings)
        return retrieve_documents(index, query, kind, limit, self.pool(index, conversation))

    def _ask_back(self, question: str, resolved: Resolved, open_point: Unsaid) -> Answer:
        """An answer that says nothing but what the question leaves open, with questions to choose from."""

        def is_answered(text: str) -> bool:
            index = self.index
            alone = resolve(text, Conversation(), index.words)
            return any(found.answers for found in look(index, alone, question_terms(index, alone), ()))

        sections = tuple(
            AnswerSection(kind, (), us, True, open_point.reason, silence=Silence.UNDERSPECIFIED)
            for kind, us in ((Kind.GUIDELINE, None), (Kind.LABEL, Jurisdiction.US), (Kind.RESEARCH, None))
        )
        asked = choices(question, open_point, is_answered)
        return Answer(question, resolved.text, sections, notice=open_point.ask, choices=asked)

    def _sections(
        self, index: Index, resolved: Resolved, chosen_of: _ChosenOf, found: list[Found], citations: list[Citation]
    ) -> list[AnswerSection]:
        sections: list[AnswerSection] = []
        cited: list[Passage] = [hit.passage for f in found if f.answers for hit in f.hits[:3]]
        for f in found:
            if f.kind is Kind.LABEL:
                drugs = drugs_at_hand(index, resolved.text, cited)
                sections += self._label_sections(index, chosen_of, f, drugs, citations)
                continue
            chosen = chosen_of(f.hits) if f.answers else Chosen()
            claims, more = cite(chosen.shown, citations), cite(chosen.more, citations)
            if claims:
                sections.append(AnswerSection(f.kind, claims, score=f.score, more=more, left_out=f.left_out))
            else:
                why = kind_withheld(index, f.kind, resolved.about, is_on_topic=f.is_on_topic)
                sections.append(_silent(f, None, why, f.left_out))
        return sections

    def _label_sections(
        self, index: Index, chosen_of: _ChosenOf, found: Found, drugs: Sequence[str], citations: list[Citation]
    ) -> list[AnswerSection]:
        """A section per jurisdiction: the US one always, others where they have something to say."""
        sections = []
        for jurisdiction in (Jurisdiction.US, Jurisdiction.EU, None):
            hits = [hit for hit in found.hits if hit.passage.document.reference.jurisdiction is jurisdiction]
            chosen = chosen_of(hits) if found.answers else Chosen()
            claims, more = cite(chosen.shown, citations), cite(chosen.more, citations)
            left = tuple(reference for reference in found.left_out if reference.jurisdiction is jurisdiction)
            if claims:
                section = AnswerSection(Kind.LABEL, claims, jurisdiction, score=found.score, more=more, left_out=left)
                sections.append(section)
            elif jurisdiction is Jurisdiction.US or left:
                sections.append(_silent(found, jurisdiction, label_withheld(index, drugs), left))
        return sections

    def pool(self, index: Index, conversation: Conversation) -> tuple[str, ...]:
        """The best passages of the previous turn; found again where a conversation came without them."""
        if not conversation.turns:
            return ()
        last = conversation.turns[-1]
        return last.evidence or self._evidence(index, last)

    def _evidence(self, index: Index, turn: Turn) -> tuple[str, ...]:
        query = embed_query(index, (Reading(turn.reading, 1.0),))
        hits = [hit for kind in EVIDENCE_KINDS for hit in retrieve_evidence(index, query, kind, self._kept(index)).hits]
        return tuple(hit.passage.id for hit in hits)

    def _kept(self, index: Index) -> int:
        return index.settings.retrieval.pool_passages


def _silent(
    found: Found, jurisdiction: Jurisdiction | None, why: Withheld, left_out: tuple[Reference, ...]
) -> AnswerSection:
    if left_out and not found.answers:
        why = only_retracted(found.kind)
    return AnswerSection(
        found.kind,
        (),
        jurisdiction,
        True,
        why.reason,
        found.score,
        silence=why.silence,
        nearest=None if why.silence is Silence.RETRACTED else found.nearest(jurisdiction),
        left_out=left_out,
    )
