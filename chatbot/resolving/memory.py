"""What a conversation has been about so far: the topics in order, the last question as it was read, lists in play."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from chatbot.domain import Turn
from chatbot.resolving.topic import NO_TOPIC, Topic
from chatbot.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it is understood.

    ``text`` stands alone; ``carried`` are the words taken from before, ``about`` the words of its own topic among all
    it holds. ``own`` is what it newly names, ``taken`` what it takes over, ``topic`` what the conversation is about
    after it, ``earlier`` a topic that it may also be about without saying so. ``listed`` are the things it counts
    through. ``replaces``: it takes back what the last question was about; ``afresh``: the last answer was about
    something else.
    """

    text: str
    carried: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    own: Topic = NO_TOPIC
    taken: Topic = NO_TOPIC
    topic: Topic = NO_TOPIC
    earlier: Topic = NO_TOPIC
    listed: tuple[str, ...] = ()
    replaces: bool = False
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """The topics, the one at hand last; every drug that was asked about, in order; the last question; the turns."""

    topics: tuple[Topic, ...] = ()
    drugs: tuple[str, ...] = ()
    last: Read | None = None
    turns: tuple[Turn, ...] = ()

    @property
    def turn(self) -> Turn | None:
        """The last one."""
        return self.turns[-1] if self.turns else None

    @property
    def topic(self) -> Topic:
        return self.topics[-1] if self.topics else NO_TOPIC

    @property
    def listed(self) -> tuple[str, ...]:
        return self.last.listed if self.last else ()

    def after(self, turn: Turn, read: Read) -> Memory:
        """With a turn more. A topic that is come back to is the one at hand again; one taken back is forgotten."""
        kept = self.topics[:-1] if read.replaces else self.topics
        if read.topic.names:
            kept = (*(topic for topic in kept if set(topic.words) != set(read.topic.words)), read.topic)
        named = (name.text for name in read.topic.drugs)  # "nitrates" of "viagra with nitrates" is none of them
        drugs = tuple(dict.fromkeys((*self.drugs, *named)))
        return Memory(kept, drugs, read, (*self.turns, turn))

    def back_to(self, topic: Topic) -> Memory:
        """The same with another topic at hand."""
        return replace(self, topics=(*(other for other in self.topics if other is not topic), topic))

    def matching(self, terms: Set[str], vocabulary: Vocabulary, *, current: bool = False) -> Topic | None:
        """The earlier topic (``current``: or that at hand) that shares most with some words; of equals the latest."""
        candidates = self.topics if current else self.topics[:-1]
        best = max(reversed(candidates), key=lambda topic: topic.shares(terms, vocabulary), default=None)
        return best if best is not None and best.shares(terms, vocabulary) else None
