#!/usr/bin/env python
"""Fits the weights of the gate on the turns of every other conversation and reports on the others.

    .venv/bin/python scripts/fit_gate.py

Prints the weights to put into chatbot/answering/gate.py, and the AUROC of old and new weights on both halves.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chatbot.answering.gate import BIAS, FEATURES, WEIGHTS, features, on_topic, question_terms
from chatbot.domain import Conversation, Kind
from chatbot.evaluation.turns import LabelledTurn, read_turns
from chatbot.pipeline import Chatbot
from chatbot.retrieval import embed_query, retrieve
from chatbot.settings import load_settings

_TURNS = Path(__file__).parent.parent / "tests" / "evaluation" / "turns"
_PENALTY = 10.0


def rows(chatbot: Chatbot, turns: list[LabelledTurn]) -> list[tuple[str, Kind, bool, tuple[float, ...]]]:
    """(conversation, kind, whether it answers, features) of every labelled kind that has passages on the topic."""
    index = chatbot.index
    found = []
    conversations: dict[str, Conversation] = {}
    for turn in turns:
        conversation = conversations.get(turn.conversation, Conversation())
        resolved = chatbot.resolve(turn.question, conversation)
        query = embed_query(index, resolved.readings, resolved.about)
        terms = question_terms(index, resolved)
        pool = conversation.turns[-1].evidence if conversation.turns else ()
        for kind, gold in turn.answers.items():
            hits = on_topic(index, terms, retrieve(index, query, kind, 60, pool))
            if hits:
                found.append((turn.conversation, kind, bool(gold), features(index, terms, hits)))
            elif gold:
                print(f"{turn.id} {kind}: no passage on the topic of: {resolved.text}")
        conversations[turn.conversation] = conversation.then(chatbot.ask(turn.question, conversation).turn)
    return found


def main() -> None:
    chatbot = Chatbot(load_settings())
    found = rows(chatbot, read_turns(sorted(_TURNS.glob("*.jsonl"))))
    names = list(dict.fromkeys(conversation for conversation, *_ in found))
    half = np.array([names.index(conversation) % 2 == 0 for conversation, *_ in found])
    truth = np.array([answers for _, _, answers, _ in found])
    values = np.array([row for *_, row in found])
    model = LogisticRegression(C=_PENALTY, max_iter=1000).fit(values[half], truth[half])
    print(f"{len(found)} decisions, {truth.mean():.2f} of them answerable; fitted on {half.sum()}")
    for name, weight in zip(FEATURES, model.coef_[0], strict=True):
        print(f"  {name:22} {weight:6.2f}")
    print(f"  {'bias':22} {model.intercept_[0]:6.2f}")
    for label, part in (("fitted half", half), ("other half", ~half)):
        now = values[part] @ np.array(WEIGHTS) + BIAS
        new = model.decision_function(values[part])
        print(
            f"{label}: AUROC now {roc_auc_score(truth[part], now):.3f}, refitted {roc_auc_score(truth[part], new):.3f}"
        )
        for cut in (0.3, 0.4, 0.5, 0.6, 0.7):
            passed = 1 / (1 + np.exp(-new)) >= cut
            answered, refused = passed[truth[part]].mean(), (~passed)[~truth[part]].mean()
            print(f"    at {cut}: answered {answered:.2f}, withheld {refused:.2f}")


if __name__ == "__main__":
    sys.exit(main())
