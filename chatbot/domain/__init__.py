"""What the software talks about: references, documents, passages, questions and answers.

Plain frozen data, no input or output, no third-party import. Evidence carries its source all the way
(``citation.passage.document.reference``), so nothing downstream looks an identifier up again.
"""

from chatbot.domain.answers import Answer, AnswerSection, Citation, Claim, Conversation, Silence, Statement, Turn
from chatbot.domain.approvals import Approval, CitedSpan, content_hash
from chatbot.domain.sources import (
    EVIDENCE_KINDS,
    Document,
    Jurisdiction,
    Kind,
    Notice,
    Passage,
    Reference,
    ReviewStatus,
    Section,
    Sentence,
    Standing,
)

__all__ = [
    "EVIDENCE_KINDS",
    "Answer",
    "AnswerSection",
    "Approval",
    "Citation",
    "CitedSpan",
    "Claim",
    "Conversation",
    "Document",
    "Jurisdiction",
    "Kind",
    "Notice",
    "Passage",
    "Reference",
    "ReviewStatus",
    "Section",
    "Sentence",
    "Silence",
    "Standing",
    "Statement",
    "Turn",
    "content_hash",
]
