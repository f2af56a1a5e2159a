"""Which sentences suit a reader, among those that answer: plain ones a patient, explaining ones a trainee.

A clinician's choice is the measure of what answers; another reader's differs from it in three bounds. Nothing is
quoted that is not near enough to the clinician's best sentence; what is safety-relevant in the clinician's choice
(``is_kept``) is in every reader's, in the same order and under the first headings; and what gives way is folded, not
lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from chatbot.answering.asked import headed
from chatbot.answering.ranking import LAY, LAY_ROLES, Scored
from chatbot.answering.readable import HAS_AMOUNT
from chatbot.audience import Audience
from chatbot.domain import Kind, Passage, Sentence
from chatbot.evidence_tags import is_boxed_warning, tag
from chatbot.index.known_words import KnownWords
from chatbot.readability import grade

PLAIN = 0.06
"""Of the score a school grade. Over MedQuAD's questions (80, 16,000 documents; ``scripts/audiences.py``) what a patient
is shown falls from grade 13.8 to 12.9 with .03, 12.1 with .06, 11.6 with .1 and 11.3 with .15, and of what the
clinician is shown .90, .85, .78 and .74 is still shown; over the turns on this repository's corpus from 12.8 to 12.3,
12.0, 11.7 and 11.6, with .96, .93, .87 and .85. From .06 on, half a grade costs a clinician's sentence in twenty."""

_HARDEST = 20.0  # grades: beyond, a sentence is a list, and a longer list is no harder
EXPLAINS = 0.3
"""Of the score, to a trainee. On MedQuAD (40 questions) .40 of the quotes explain without it, .45 with .15, .53 with .3
and .54 with .5; of what the clinician is shown .91, .85 and .84 is still shown."""

_EXPLAINING = frozenset({"definition", "mechanism", "cause"})
_BACKGROUND = re.compile(r"^\W*(?:background|introduction|overview|rationale|about\b)", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|since (?:it|they|the)|by (?:blocking|inhibiting|binding|reducing|preventing|raising|lowering)|due to"
    r"|is (?:a|an) |are (?:a|an) |refers? to|defined as|known as|mechanism|blocks?|inhibits?|binds?)\b",
    re.IGNORECASE,
)
_DESIGN = re.compile(
    r"\b(?:randomi[sz]ed|double-blind|placebo-controlled|open-label|cohort|case-control|meta-analys[ie]s"
    r"|systematic review|enrolled|crossover|primary (?:end ?point|outcome))\b",
    re.IGNORECASE,
)
_GRAVE = ("contraindications", "warnings", "interactions", "pregnancy", "lactation")
_NUMBER = re.compile(
    r"(?<![\w-])\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|double[ds]?)\b", re.IGNORECASE
)
_NOT_TO = re.compile(
    r"\bcontraindicat|\binteract|\b(?:must|should|do|can|may) not\b|\bcannot\b|\bnever\b|\bnot recommended\b|\bavoid",
    re.IGNORECASE,
)


def is_kept(passage: Passage, sentence: Sentence, lead: Iterable[Sentence] = ()) -> bool:
    """Whether no reader may be spared a sentence that the clinician is shown.

    A boxed warning, a contraindication, an interaction or what else is said against a use, wherever it stands; whatever
    a label's sections for these and for warnings, pregnancy and breastfeeding say; a dose, any other number.
    """
    text = " ".join(passage.quote(span) for span in (*lead, sentence))
    if is_boxed_warning(passage) or _NUMBER.search(text) or HAS_AMOUNT.search(text) or _NOT_TO.search(text):
        return True
    return passage.document.kind is Kind.LABEL and any(part in _section_of(passage) for part in _GRAVE)


def suited(words: KnownWords, items: Iterable[Scored], audience: Audience) -> list[Scored]:
    """The sentences with how well they suit the reader: what is added to a score where two could be shown."""
    if audience is Audience.PATIENT:
        return [_for_patients(item) for item in items]
    if audience is Audience.TRAINEE:
        return [replace(item, suits=EXPLAINS * explains(words, item.passage, item.sentence)) for item in items]
    return list(items)


def explains(words: KnownWords, passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence says what something is or why it works, or how a study was made, rather than what to do."""
    text = passage.quote(sentence)
    if passage.document.kind is Kind.RESEARCH and _DESIGN.search(text):
        return True
    if _BACKGROUND.match(passage.section.heading) or not _EXPLAINING.isdisjoint(headed(words, passage)):
        return True
    return bool(_BECAUSE.search(text))


def _for_patients(item: Scored) -> Scored:
    """Plain sentences first, and what a label says to patients, which stands back where a clinician reads."""
    plain = PLAIN * (_HARDEST - min(_HARDEST, grade(item.passage.quote(item.sentence))))
    if item.passage.section.role not in LAY_ROLES:
        return replace(item, suits=plain)
    return replace(item, score=item.score + LAY, suits=plain + LAY)


def _section_of(passage: Passage) -> str:
    return tag(passage.document.reference, passage.section).lower()
