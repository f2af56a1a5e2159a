"""One question in its conversation → what it stands for.

Two ideas decide most cases. *Things of one sort take each other's place, things of two sorts combine*: another drug
replaces the drug and keeps the disease, another disease replaces the disease and keeps the drug. *A question is
complete when it names what its aspect is asked of*: a treatment or a prognosis is a disease's, a dose or an interaction
a drug's; what is missing is taken from the topic at hand, and nothing else is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from chatbot.resolving import cues
from chatbot.resolving.asked import AskedQuestion
from chatbot.resolving.memory import Memory, Read
from chatbot.resolving.phrasing import insert, spell_out
from chatbot.resolving.pointing import dereference
from chatbot.resolving.substitution import corrected_text, substituted_text
from chatbot.resolving.topic import NO_TOPIC, Topic, subject_of, topic_of
from chatbot.vocabulary import Vocabulary
from chatbot.words import ASPECTS, OF_CONDITIONS, OF_DRUGS

_OF_A_REGIME = re.compile(r"^\W*(?:and )?(?:how (?:often|long|much|many)|when)\b", re.IGNORECASE)
# "is that a strong recommendation": that is all that was said, its rare details too, not the topic alone.
_THAT = re.compile(
    r"\b(?:is|was|does|did|would|could|can|should) (?:that|this)\b(?! \w*(?:drug|cond|dis|med|treat))", re.IGNORECASE
)
_TAKEN_TOO = re.compile(
    r"\b(?:also (?:on|takes?|taking|has|gets?)|is (?:already )?on|already (?:on|takes?|taking))\b", re.IGNORECASE
)
_WITH_IT = re.compile(r"\b(?:with|to|beside|on top of) (?:it|them|this|that|these|those)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compared? (?:with|to)|versus|vs|than|against)\b", re.IGNORECASE)
_DEFINITION = re.compile(r"^\W*(?:what(?:['’]s| is| are)|define|explain|describe|tell me about)\b", re.IGNORECASE)
_DOES_THE_SAME = re.compile(r"\bdo(?:es)? (?:it|that|so|this|the same)\b", re.IGNORECASE)


def read(question: str, memory: Memory, vocabulary: Vocabulary) -> Read:
    """What a question stands for after what is remembered."""
    text = spell_out(question, vocabulary)
    if memory.last is None:
        asked = AskedQuestion(text, vocabulary)
        return _finished(Read(text, own=topic_of(asked), topic=subject_of(asked)), text)
    corrected = cues.correction(text)
    found = _read_correction(text, corrected, memory, vocabulary) if corrected else None
    return found or _read(text, memory, vocabulary)


def _read_correction(text: str, said: cues.Correction, memory: Memory, vocabulary: Vocabulary) -> Read | None:
    """The last question with what was meant in the place of what was not; None where it is a question of its own."""
    asked = AskedQuestion(said.right, vocabulary, memory.topic)
    if not said.right:
        return None
    if asked.has_verb and not said.wrong:
        found = _read(said.right, memory, vocabulary)
        return replace(found, replaces=bool(asked.foreign))
    changed = corrected_text(asked, said.wrong, memory, vocabulary)
    if changed is None:
        return _read(said.right, memory, vocabulary)
    own = topic_of(asked)
    wrong = frozenset(vocabulary.terms(said.wrong))
    replaces = bool(own.names) and (not wrong or bool(wrong & memory.topic.terms(vocabulary)))
    topic = _still_said(own, memory.topic, changed) if replaces else memory.topic
    found = _finished(Read(changed, own=own, topic=topic, replaces=replaces, afresh=True), text)
    if said.question:
        before = replace(memory, topics=(*memory.topics[:-1], topic), last=found)
        return replace(_read(said.question, before, vocabulary), replaces=found.replaces)
    return found


def _read(text: str, memory: Memory, vocabulary: Vocabulary) -> Read:
    typed = text
    text, memory, is_return = _back(text, memory, vocabulary)
    pointed = dereference(text, memory, vocabulary)
    if pointed:
        text = pointed.text
        if pointed.quoted:
            said = AskedQuestion(text, vocabulary).terms
            named = memory.topic.shares(said, vocabulary) or not memory.topic.names
            text = text if named else insert(text, memory.topic, refers_back=False)
            return _finished(Read(text, topic=memory.topic), typed)
    asked = AskedQuestion(text, vocabulary, memory.topic)
    listed = pointed.listed if pointed else memory.listed if not asked.foreign else ()
    found = None if is_return else _substituted(asked, memory, vocabulary)
    found = found or _carried(asked, memory, vocabulary, is_return)
    if pointed and asked.drugs and not asked.foreign:  # one of several drugs is singled out
        found = replace(found, topic=Topic((*topic_of(asked, asked.drugs).names, *memory.topic.conditions)))
    return replace(_finished(found, typed), listed=listed)


def _back(text: str, memory: Memory, vocabulary: Vocabulary) -> tuple[str, Memory, bool]:
    """The question without "back to", the topic that it goes back to at hand, and whether it does go back."""
    rest = cues.returns(text)
    place = cues.earlier_topic(text)
    if rest is None and place is None and not cues.speaks_of_earlier(text):
        return text, memory, False
    own = AskedQuestion(rest or text, vocabulary)
    earlier = memory.matching(frozenset(term for word in own.own for term in word.terms), vocabulary, current=True)
    if earlier is None and rest is not None and not own.drugs and len(memory.topics) > 1:
        earlier = memory.topics[place if place is not None else -2]
    elif earlier is None and place is not None and len(memory.topics) > 1:
        earlier = memory.topics[place]
    if earlier is None:
        return (rest or text), memory, False
    return (rest or text), memory.back_to(earlier), True


def _substituted(asked: AskedQuestion, memory: Memory, vocabulary: Vocabulary) -> Read | None:
    """The last question asked again of what a fragment names; None where it is no such fragment."""
    changed = substituted_text(asked, memory, vocabulary)
    if changed is None:
        return None
    own = topic_of(asked, asked.own)
    replaced = bool(own.names) and not changed.beside
    topic = _still_said(own, memory.topic, changed.text) if replaced else memory.topic
    return Read(changed.text, own=own, topic=topic, afresh=replaced and bool(asked.drugs))


def _carried(asked: AskedQuestion, memory: Memory, vocabulary: Vocabulary, is_return: bool) -> Read:
    topic, own = memory.topic, topic_of(asked)
    missing = topic.without(asked.terms, vocabulary)
    taken = missing if is_return else _taken(asked, missing, memory, vocabulary)
    details = _details(memory, vocabulary) if asked.foreign and _DOES_THE_SAME.search(asked.text) else ""
    if not taken.names and not details:
        return _alone(asked, own, memory, vocabulary)
    text = insert(asked.text, taken, refers_back=asked.refers_back and not details) if taken.names else asked.text
    if not details and _THAT.search(asked.text):
        details = _details(memory, vocabulary, rare=True)
    text = f"{text} ({details})" if details else text
    joined = all(asked.is_joined(word) for word in asked.foreign)
    replaced = any(word.drug for word in asked.foreign) or len(taken.names) < len(topic.names)
    after = Topic((*own.names, *taken.names)) if asked.foreign and not joined and replaced else topic
    if asked.foreign and not topic.drugs and not replaced and not cues.contrasts(asked.text):
        after = Topic((*topic.names, *own.names))  # "when do I check anti-HBs?" of a vaccine: a part of it, asked on
    return Read(text, own=own, topic=after, afresh=bool(asked.foreign) and not joined, taken=taken)


def _alone(asked: AskedQuestion, own: Topic, memory: Memory, vocabulary: Vocabulary) -> Read:
    """A question that takes nothing over; it may still be about more of a topic than it names."""
    if not asked.own:
        return Read(asked.text, topic=memory.topic, afresh=asked.strays)
    terms = frozenset(term for word in asked.own for term in word.terms)
    earlier = memory.matching(terms, vocabulary, current=True)
    if earlier is None:
        return Read(asked.text, own=own, topic=subject_of(asked), afresh=own.is_known)
    within = terms <= earlier.terms(vocabulary)
    unnamed = earlier.without(asked.terms, vocabulary)
    goes_on = earlier is memory.topic
    after = earlier if within or (goes_on and not asked.foreign) else subject_of(asked)
    return Read(asked.text, own=own, topic=after, earlier=unnamed, afresh=not goes_on)


def _taken(asked: AskedQuestion, missing: Topic, memory: Memory, vocabulary: Vocabulary) -> Topic:
    """What of the topic the question needs and does not say."""
    topic = memory.topic
    drugs = [word for word in asked.foreign if word.drug]
    known = memory.matching(frozenset(t for word in asked.foreign for t in word.terms), vocabulary) is not None
    if asked.refers_back:
        return _referred_to(asked, missing)
    if not asked.foreign:
        return _elliptical(asked, missing, topic, vocabulary)
    joined = all(asked.is_joined(word) for word in asked.foreign)
    if joined and (not known or _COMPARED.search(asked.text)):  # what was talked about before is come back to, else
        return missing if any(asked.is_at_home(word) for word in asked.foreign) or topic.drugs else NO_TOPIC
    if not drugs:
        return _with_another_condition(asked, missing, topic)
    complete = any(word.whole and not word.drug for word in asked.own)
    return NO_TOPIC if complete else _with_another_drug(asked, missing, known)


def _referred_to(asked: AskedQuestion, missing: Topic) -> Topic:
    """What a pronoun stands for: what is of another sort than what the question names itself, or all of the topic."""
    drugs = [word for word in asked.foreign if word.drug]
    new = [word for word in asked.own if word.named and not set(word.terms) <= asked.topic_terms]
    if missing.drugs and missing.conditions and new and not any(word.drug for word in new):
        return Topic(missing.drugs)
    if not asked.foreign or _WITH_IT.search(asked.text) or all(asked.is_joined(word) for word in asked.foreign):
        return missing
    if drugs and missing.conditions:
        return Topic(missing.conditions)
    return missing


def _with_another_drug(asked: AskedQuestion, missing: Topic, known: bool) -> Topic:
    """A drug takes the drug's place and keeps the disease, if sources name both or the question says it is a contrast.

    A drug that an earlier topic was about (``known``) is come back to.
    """
    drugs = [word for word in asked.foreign if word.drug]
    if (cues.contrasts(asked.text) and not known) or any(asked.is_at_home(word, named=True) for word in drugs):
        return Topic(missing.conditions)
    if asked.aspects or known:
        return NO_TOPIC
    if _TAKEN_TOO.search(asked.text):
        return missing
    return missing if any(asked.is_at_home(word) for word in drugs) else NO_TOPIC


def _with_another_condition(asked: AskedQuestion, missing: Topic, topic: Topic) -> Topic:
    """A disease leaves the drug to be understood, unless it is asked what only a disease has, or what it is."""
    if _DEFINITION.match(asked.text) and not asked.aspects:
        return NO_TOPIC
    if topic.drugs:
        if asked.aspects & OF_DRUGS or asked.is_fragment or cues.contrasts(asked.text):
            return Topic(missing.drugs)
        complete = asked.aspects & OF_CONDITIONS
        return NO_TOPIC if complete or not any(asked.is_at_home(w) for w in asked.foreign) else Topic(missing.drugs)
    if cues.contrasts(asked.text) and not any(word.whole for word in asked.foreign):
        return missing
    related = all(asked.is_at_home(word, named=True) for word in asked.foreign)
    return missing if related and not asked.aspects & OF_CONDITIONS else NO_TOPIC


def _elliptical(asked: AskedQuestion, missing: Topic, topic: Topic, vocabulary: Vocabulary) -> Topic:
    if asked.strays:
        return NO_TOPIC
    said = [name for name in topic.names if name not in missing.names and _is_named(name.words, asked, vocabulary)]
    if not said:
        return missing
    # "how often HIV test?": how often, how long is asked of what is done, which the topic names besides.
    regime = bool(_OF_A_REGIME.match(asked.text)) and asked.is_telegraphic and not any(name.drug for name in said)
    return missing if regime else NO_TOPIC


def _is_named(words: tuple[str, ...], asked: AskedQuestion, vocabulary: Vocabulary) -> bool:
    return all(set(vocabulary.terms(word)) <= asked.terms for word in words)


def _details(memory: Memory, vocabulary: Vocabulary, *, rare: bool = False) -> str:
    """What the last question asked, as bare words: what "do it too" stands for. ``rare``: its rare words only."""
    last = memory.last
    if last is None:
        return ""
    named = {word.lower() for word in (*last.topic.words, *last.own.words)}
    asked = AskedQuestion(last.text, vocabulary)
    words = [word for word in asked.content if word.lower not in named and not word.drug]
    if rare:
        words = [word for word in words if word.lower not in ASPECTS and not vocabulary.is_common(word.lower)]
    return " ".join(word.text for word in words)


def _still_said(own: Topic, topic: Topic, text: str) -> Topic:
    """New names with those of the topic that a text still holds."""
    said = text.lower()
    kept = [name for name in topic.names if name.text.lower() in said and name not in own.names]
    return Topic((*own.names, *kept))


def _finished(found: Read, typed: str) -> Read:
    """With the words that were carried over and those of the topic, as the text holds them."""
    said = found.text.lower()
    before = {word.strip("?.,;:!()“”–’").lower() for word in typed.split()}
    words = [word.strip("?.,;:!()“”’") for word in found.text.split()]
    names = [name for name in (*found.topic.names, *found.own.names, *found.taken.names) if name.known]
    topical = dict.fromkeys(word for name in names for word in name.words)
    about = tuple(word for word in topical if word.lower() in said and not word.isdigit())
    carried = tuple(dict.fromkeys(w for w in words if w and w not in "–" and w.lower() not in before and w != "about"))
    return replace(found, carried=carried, about=about)
