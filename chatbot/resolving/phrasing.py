"""How a resolved question is written, so that a person would accept it as what they asked.

The carried topic takes the place of the pronoun that stands for it; without one it goes where English puts it when
that can be told from the words around ("What is the dose of … in children?"); else behind the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.resolving.asked import POINTS_BACK
from chatbot.resolving.naming import WORD
from chatbot.resolving.topic import Topic
from chatbot.vocabulary import Vocabulary
from chatbot.words import SHORTHAND

_LONGEST_IN_PLACE = 140  # characters: a longer topic in the middle of a question hides what is asked
_BREAK = r"(?=\s*(?:[?.!,;–-]|$)|\s+(?:in|for|during|while|when|with|at|under|over|after|before|and how|per)\b)"
_TAKES = (
    (
        r"(?:doses?|dosage|(?:side|adverse) effects?|adverse reactions?|symptoms|signs|prognosis|prevalence|"
        r"contraindications|indications|mechanism|half-life|complications|stages|cost|brand name)",
        "of",
    ),
    (r"(?:treatments?|therap(?:y|ies)|cure|at risk|screening tests?|outlook)", "for"),
    (r"(?:changes related|genes related|similar|alternatives)", "to"),
    (r"people are affected", "by"),
    (
        r"(?:to|do (?:i|we|you)|should (?:i|we)) (?:treat|diagnose|prevent|manage|taper|stop|start|titrate|store|give)",
        "",
    ),
)
_POINTS_BACK = re.compile(POINTS_BACK, re.IGNORECASE)
_ONE = re.compile(r"\bit\b(?!['’])", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:they|them)\b(?!['’])", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\bits\b(?! own\b)(?!\s+(?:\w+\s+)?(?:is|are)\b)", re.IGNORECASE)
_IT_IS = re.compile(r"\b(?:it['’]s|its(?=\s+(?:a|an|the|not|too|so|<|>|\d)))", re.IGNORECASE)


def spell_out(question: str, vocabulary: Vocabulary) -> str:
    """The question with clinicians' shorthand as sources print it ("tx" → "treatment").

    Only what the index holds is spelled out, and nothing behind a number: "200 TB" is no tuberculosis.
    """

    def spelled(match: re.Match[str]) -> str:
        short = match.group()
        long = SHORTHAND.get(short.lower())
        if long is None or re.search(r"\d\s*$", question[: match.start()]):
            return short
        terms = vocabulary.terms(long)
        return long if terms and all(vocabulary.document_frequency(term) for term in terms) else short

    return WORD.sub(spelled, question)


def written(topic: Topic, between: str = "and") -> str:
    """A topic as it is read: its drugs, then what they are asked for; ``between`` the two, "in" or "and"."""
    drugs, conditions = (_listed([name.text for name in names]) for names in (topic.drugs, topic.conditions))
    return f" {between} ".join(part for part in (drugs, conditions) if part)


def insert(question: str, topic: Topic, *, refers_back: bool) -> str:
    """The question with a topic put in: for its "it", behind "the dose", else at the end."""
    phrase = written(topic, "in")
    if len(phrase) <= _LONGEST_IN_PLACE:
        if refers_back:
            first = (topic.drugs or topic.names)[0].text
            several = len(topic.drugs) > 1 or (first.endswith("s") and not first.endswith("is"))
            replaced = _replace_reference(question, phrase, several=several)
            if replaced:
                return replaced
        else:
            placed = _place(question, phrase)
            if placed:
                return placed
    return f"{question.rstrip()} – about {written(topic)}"


def _replace_reference(question: str, phrase: str, *, several: bool) -> str:
    """With the phrase for the reference; "they" are patients as often as drugs, so it must be plural for that."""
    patterns = [(_POINTS_BACK, phrase), (_IT_IS, f"{phrase} is"), (_POSSESSIVE, f"{phrase}’s"), (_ONE, phrase)]
    for pattern, instead in [*patterns, (_SEVERAL, phrase)] if several else patterns:
        found = re.search(pattern, question)
        if found:
            return question[: found.start()] + instead + question[found.end() :]
    return ""


def _place(question: str, phrase: str) -> str:
    for words, preposition in _TAKES:
        link = f" {preposition} " if preposition else " "
        pattern = rf"\b({words}){_BREAK}"
        found = re.search(pattern, question, re.IGNORECASE)
        if found and not re.match(r"\s+(?:of|for|to)\b(?! (?:avoid|use|take))", question[found.end() :], re.IGNORECASE):
            return question[: found.end()] + link + phrase + question[found.end() :]
    return ""


def replace_words(question: str, spans: Sequence[tuple[int, int]], instead: str) -> str:
    """The question with the first span replaced and the others taken out, spaces tidied."""
    text = question
    for number, (start, end) in sorted(enumerate(spans), key=lambda item: -item[1][0]):
        text = text[:start] + (instead if number == 0 else "") + text[end:]
    return tidy(text)


def tidy(text: str) -> str:
    """One space between words, none before a mark of punctuation; a preposition not twice."""
    text = re.sub(
        r"\b(in|for|of|with|on|during|at|about) (in|for|of|with|on|during|at)\b",
        lambda m: m[1] if m[1] == "about" else m[2],
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\s+([?.,;:!])", r"\1", " ".join(text.split()))
    return re.sub(r"([,;])(?:\s*[,;])+", r"\1", text)


def topic_phrase(words: Sequence[str]) -> str:
    """Topic words as they are read: an abbreviation behind what it stands for in brackets."""
    phrase = ""
    for word in words:
        stands_for = phrase and word.isupper() and _abbreviates(word.lower(), phrase.lower())
        phrase += f" ({word})" if stands_for else f" {word}"
    return phrase.strip()


def _abbreviates(short: str, phrase: str) -> bool:
    letters = iter(phrase.lstrip())
    return phrase.lstrip().startswith(short[0]) and all(letter in letters for letter in short if letter.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
