"""How drug labels name things, made readable: headings in capitals, titles that are notices, lists of ingredients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from chatbot.readers.label_sections import ROLE_OF_CODE

_NUMBER = re.compile(r"\A(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s+(?=[A-Z])")
_CAPITALS = re.compile(r"[^\W\d_]['’\w]+")
_SHARE_OF_CAPITALS = 0.6  # of letters: a heading that names a drug in capitals has fewer
_TOO_LONG = 9  # letters: no abbreviation, even where the word is in capitals only
_PREFACE = re.compile(r"these highlights do not include all.*?(?:safely and effectively|\Z)\.?", re.IGNORECASE)
_SEE_FULL = re.compile(r"see full prescribing information for\b.*?(?:\.(?=\s|\Z)|\Z)", re.IGNORECASE)
_APPROVAL = re.compile(r"initial u\.?s\.? approval.*", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:otc[\s-]*)?drug facts\b.{0,15}|(?:full )?prescribing information|package (?:insert|label)|label(?:ing)?"
    r"|highlights of prescribing information|[\W\d_]*",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*[,;/]\s*|\s+(?:and|with)\s+|\s+&\s+", re.IGNORECASE)
_SALTS = frozenset(
    """
    acetate anhydrous besylate bitartrate bromide calcium carbonate chloride citrate decanoate dihydrate dimesylate
    diphosphate disodium edisylate estolate fumarate gluconate hcl hemihydrate hydrate hydrobromide hydrochloride
    lactate magnesium malate maleate mesylate monohydrate monosodium napsylate nitrate oxalate palmitate pamoate
    phosphate potassium sodium succinate sulfate tartrate tosylate trihydrate tromethamine valerate xinafoate zinc
    """.split()
)
_HEADING_WORDS = frozenset(
    " ".join(ROLE_OF_CODE.values()).split()
    + """
    administration and animal authorization box carcinogenesis counseling data effects emergency fact for fertility
    general in impairment information instructions labor major mutagenesis of or other patients recent section sheet
    the to toxicity usage use uses warning with
    """.split()
)


def words_in_running_text(text: str) -> frozenset[str]:
    """The words that a text writes with small letters, as it does: in capitals elsewhere, they are no abbreviations."""
    return frozenset(re.findall(r"(?<![\w.@/-])[A-Za-z]['’a-z]+(?![\w@]|\.[a-z])", text)) | _HEADING_WORDS


def plain_heading(title: str, running: frozenset[str]) -> str:
    """A title without its number and colon, in sentence case where it is in capitals: "5.1 HEART" → "Heart"."""
    return sentence_case(without_number(title).rstrip(":.").strip(), running)


def without_number(title: str) -> str:
    """The words of a title as they stand there."""
    return _NUMBER.sub("", title.strip(), count=1).strip()


def sentence_case(text: str, running: frozenset[str]) -> str:
    """Capitals as a sentence has them; only words that the label writes in small letters elsewhere lose theirs."""
    letters = [character for character in text if character.isalpha()]
    if not letters or sum(c.isupper() for c in letters) < _SHARE_OF_CAPITALS * len(letters):
        return text

    def lower(word: re.Match[str]) -> str:
        forms = (word[0].lower(), word[0].capitalize(), word[0])
        is_long = len(word[0]) >= _TOO_LONG and word[0].isalpha()
        return next(form for form in forms if form in running or is_long or form == word[0])

    lowered = _CAPITALS.sub(lower, text)
    return lowered[:1].upper() + lowered[1:]


def readable_title(lines: Sequence[str], product: str, running: frozenset[str]) -> str:
    """A label's title without the notice that highlights are not all; ``product`` where nothing is left that names it.

    ``lines`` are those that the title is set in, ``product`` the names and form of what the label is about.
    """
    title = ""
    for line in lines:
        for notice in (_PREFACE, _SEE_FULL, _APPROVAL):
            line = notice.sub("", line)  # noqa: PLW2901
        line = " ".join(line.split()).strip(" .")  # noqa: PLW2901
        if line and not (_SAYS_NOTHING.fullmatch(line)):
            goes_on = line[0].islower() or line[0] in "(®™"
            title += (" " if goes_on else " – ") * bool(title) + line
    return sentence_case(title, running) or product


def product_name(brands: Sequence[str], generics: Sequence[str], form: str) -> str:
    """What a label is about, where no title says it: "BRAND (generic) tablet", each name once, at most three brands."""
    generic = ", ".join(dict.fromkeys(name.lower() if name.isupper() else name for name in generics))
    brand = ", ".join(brands[:3])
    if brand.lower() == generic.lower():
        brand = ""
    name = f"{brand} ({generic})" if brand and generic else brand or generic
    return f"{name[0].upper()}{name[1:]} {form.lower()}".strip() if name else ""


def drug_names(moieties: Iterable[str], generics: Iterable[str]) -> tuple[str, ...]:
    """The active ingredients in small letters, each once: the moieties, then what the label names beside them.

    A moiety with its salt is no second ingredient: "sildenafil citrate" is left out beside "sildenafil".
    """
    named = (*moieties, *(part for generic in generics for part in ingredients(generic)))
    names = dict.fromkeys(" ".join(name.lower().split()) for name in named if name.strip())
    return tuple(name for name in names if without_salt(name) == name or without_salt(name) not in names)


def without_salt(substance: str) -> str:
    """The substance without the salts that end its name; what is a salt from its first word on stays whole.

    "Atorvastatin calcium trihydrate" → "Atorvastatin"; "Potassium chloride" stays.
    """
    words = substance.split()
    if not words or words[0].lower() in _SALTS:
        return substance
    while len(words) > 1 and words[-1].lower() in _SALTS:
        words.pop()
    return " ".join(words)


def ingredients(generic: str) -> Iterator[str]:
    """The ingredients that the generic name of a combination lists: "Amlodipine and Atorvastatin"."""
    yield from (part for part in _APART.split(generic.strip()) if part)


def brand_names(names: Iterable[str], drugs: Sequence[str]) -> tuple[str, ...]:
    """The names under which it is sold, as written, each once; what is sold under its generic name has none."""
    brands: dict[str, str] = {}
    for name in names:
        plain = " ".join(name.split())
        if plain and plain.lower() not in drugs and plain.lower() != " and ".join(drugs):
            brands.setdefault(plain.lower(), plain)
    return tuple(brands.values())


def iso_date(value: str) -> str:
    """ "20240131…" → "2024-01-31"; "" where that is no day."""
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", value.strip(), re.ASCII)
    try:
        return date.fromisoformat("-".join(found.groups())).isoformat() if found else ""
    except ValueError:
        return ""
