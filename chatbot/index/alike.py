"""Drug labels that say the same: twenty makers of one generic file twenty copies of one text.

A label is left out for another one, which is kept, where all of this holds:

- they are labels of the same active ingredients and the same jurisdiction;
- every sentence by which a treatment is decided (boxed warning, indications, dosage, strengths, contraindications,
  warnings, interactions, special populations, overdosage, and all of "Drug Facts") stands in the kept one too, word for
  word and under the same heading: another strength, a changed dose or one contraindication more, and the label stays;
- of the shingles (runs of words) of their whole texts at least ``THRESHOLD`` are shared, as MinHash estimates it
  (Broder 1997, doi:10.1109/SEQUEN.1997.666900).

Names of the drug and its maker count as one and the same word, numbers of sections as none, and how it is packed and
stored does not count at all.

Why sentences and not MinHash alone: six real labels were each compared with changed copies of themselves. What is the
same (another maker's name, package and storage; the generic name for the brand's; other excipients) shares .98 to 1.00
of the text, .83 in one short over-the-counter label with other excipients. What is not the same shares as much: a
doubled dose .97 to 1.00, a "not" less .99 to 1.00, a sentence of the contraindications less 1.00, no boxed warning .96
to .98, a warning less .96 to .99. No threshold tells these apart; with the sentences, 17 of 18 of the first sort (all
but that short label) are found the same, and none of 34 of the second. Different drugs share 0 to .02. So the threshold
only asks that the rest (adverse reactions, pharmacology, studies, what patients are told) is one text.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.domain import Document, Jurisdiction, Kind, Reference
from chatbot.readers.label_sections import HOW_SUPPLIED, STORAGE
from chatbot.sentences import sentence_spans

if TYPE_CHECKING:
    from numpy import float64, uint32
    from numpy.typing import NDArray

THRESHOLD = 0.9
PERMUTATIONS = 128  # the standard error of an estimate at .9 is √(.9 · .1 / 128) = .027
SHINGLE_WORDS = 4

_SEED = 1
_NOT_DECIDING = frozenset(
    {
        "adverse reactions",
        "description",
        "clinical pharmacology",
        "mechanism of action",
        "pharmacodynamics",
        "pharmacokinetics",
        "pharmacogenomics",
        "microbiology",
        "nonclinical toxicology",
        "clinical studies",
        "references",
        "patient counseling",
        "patient information",
        "medication guide",
        "instructions for use",
        "letter to healthcare providers",
        "inactive ingredients",
        "questions",
    }
)
_OF_THE_PACKAGE = frozenset({HOW_SUPPLIED, STORAGE})
_HASH_BYTES = 8  # of a sentence: of the million sentences of a drug's labels, two are one by chance once in 37 million
_MINHASH_BYTES = 4 * PERMUTATIONS
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*|[%<>≤≥±]")
_SECTION_NUMBER = re.compile(r"\(\d{1,2}(?:\.\d{1,2})*(?:, ?\d{1,2}(?:\.\d{1,2})*)*\)")  # "[see Warnings (5.1)]"
_NAME = "Thisdrug"  # stands for the drug and its maker, whatever they are called


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of an indexed label: ``signature`` and ``rank`` are those of the functions below."""

    id: str
    drugs: frozenset[str]
    jurisdiction: Jurisdiction | None
    signature: bytes
    rank: tuple[str, int, str]


def rank(reference: Reference) -> tuple[str, int, str]:
    """Effective date, version and id: of labels that are alike the one of the highest rank is kept."""
    version = reference.version.strip()
    return reference.date, int(version) if version.isdecimal() else 0, reference.id


def signature(document: Document) -> bytes:
    """What labels are compared by; b"" of what is no label with a set id, or has no text.

    The MinHash values of the whole text (128 of 4 bytes, little-endian), then 8 bytes for each deciding sentence,
    sorted: 3 kB for a long label. Sections whose role is not known decide; so does the whole of a label without roles.
    The bytes are the same on every machine; a change of the rules above changes them. It takes 70 ms for a label of
    73,000 characters, the mean of those six.
    """
    reference = document.reference
    if reference.kind is not Kind.LABEL or not reference.set_id or not document.text.strip():
        return b""
    names = _names(reference)
    told = [section for section in document.sections if section.role not in _OF_THE_PACKAGE] or document.sections
    texts = [names.sub(_NAME, document.text[section.start : section.end]) for section in told]
    sentences = {
        _hash(_words(names.sub(_NAME, section.heading)), words)
        for section, text in zip(told, texts, strict=True)
        if section.role not in _NOT_DECIDING
        for start, end in sentence_spans(text)
        if (words := _words(text[start:end]))
    }
    return _minhash([word for text in texts for word in _words(text)]) + b"".join(sorted(sentences))


def groups(labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    """Groups of two or more labels that say the same, the one to keep first, the rest by rank, best first.

    The kept one is the best of its group and says all that the others say: likeness is not handed on from one to the
    next. The same whatever the order of the input; groups in the order of their kept labels, best rank first. Labels
    without a signature or without drugs are in none.
    """
    buckets: defaultdict[tuple[Jurisdiction | None, frozenset[str]], list[Label]] = defaultdict(list)
    for label in labels:
        if label.signature and label.drugs:
            buckets[label.jurisdiction, _ingredients(label.drugs)].append(label)
    found = [group for bucket in buckets.values() if len(bucket) > 1 for group in _stars(bucket)]
    return sorted(found, key=lambda group: (group[0].rank, group[0].id), reverse=True)


def likeness(one: bytes, other: bytes) -> float:
    """The estimated share of shingles that the whole texts of two labels have in common, 0 to 1, by signatures."""
    return float(_shares(_minhashes([one]), _minhashes([other])[0])[0])


def _stars(bucket: list[Label]) -> Iterator[tuple[Label, ...]]:
    """The best label with all that it stands for, then the best of the rest, and so on."""
    left = sorted(bucket, key=lambda label: (label.rank, label.id), reverse=True)
    values = _minhashes([label.signature for label in left])
    said = {label.signature: _sentences(label.signature) for label in left}
    while len(left) > 1:
        kept = left[0]
        shares = _shares(values, values[0])
        is_told = [
            number == 0 or bool(share >= THRESHOLD and said[label.signature] <= said[kept.signature])
            for number, (label, share) in enumerate(zip(left, shares, strict=True))
        ]
        group = tuple(label for label, told in zip(left, is_told, strict=True) if told)
        if len(group) > 1:
            yield group
        rest = [number for number, told in enumerate(is_told) if not told]
        left, values = [left[number] for number in rest], values[rest]


def _sentences(signature: bytes) -> frozenset[bytes]:
    starts = range(_MINHASH_BYTES, len(signature), _HASH_BYTES)
    return frozenset(signature[start : start + _HASH_BYTES] for start in starts)


def _minhashes(signatures: Sequence[bytes]) -> NDArray[uint32]:
    """labels × ``PERMUTATIONS``."""
    import numpy as np

    joined = b"".join(one[:_MINHASH_BYTES] for one in signatures)
    return np.frombuffer(joined, "<u4").reshape(len(signatures), PERMUTATIONS)


def _shares(values: NDArray[uint32], one: NDArray[uint32]) -> NDArray[float64]:
    """The estimated Jaccard of each with one."""
    shares: NDArray[float64] = (values == one).mean(axis=1)
    return shares


def _hash(heading: Sequence[str], words: Sequence[str]) -> bytes:
    said = f"{' '.join(heading)}\n{' '.join(words)}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=_HASH_BYTES).digest()


def _minhash(words: Sequence[str]) -> bytes:
    from datasketch import MinHash

    last = max(1, len(words) - SHINGLE_WORDS + 1)
    shingles = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(last)}
    hashed = MinHash(PERMUTATIONS, seed=_SEED, scheme="affine32")
    hashed.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(shingles)])
    return bytes(hashed.hashvalues.astype("<u4").tobytes())


def _words(text: str) -> list[str]:
    return _WORD.findall(_SECTION_NUMBER.sub(" ", text.lower()))


def _names(reference: Reference) -> re.Pattern[str]:
    """What the label calls the drug and its maker, longest first."""
    maker = reference.manufacturer.strip()
    named = {name.strip().lower() for name in (*reference.brands, *reference.drugs, maker, maker.split(",")[0])}
    known = sorted((name for name in named if len(name) > 2), key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known) or r"(?!)", re.IGNORECASE)


def _ingredients(drugs: frozenset[str]) -> frozenset[str]:
    """The drugs without those that are another of them with its salt: "sildenafil citrate" beside "sildenafil"."""
    names = {drug.lower().strip() for drug in drugs}
    return frozenset(name for name in names if not any(name.startswith(f"{other} ") for other in names))
