"""Running text of an XML element: markup gone, powers kept apart from their base, marks of citations left out.

"10<sup>9</sup>" without its markup would read 109, and "in 40% [12]" invites taking 12 for data; so such powers become
superscript characters, and what only points at the list of references goes, with its brackets. Where the sentence
needs the mark ("as described in [12]", "Smith and Jones (2003) found"), it stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from lxml import etree

from chatbot.readers.safe_xml import local_name

Part = str | etree._Element | None

_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
_POWER = re.compile(r"[+\-−–]?\d+")
_NEGATIVE = re.compile(r"[-−–]\d+")

_SKIPPED = frozenset(
    "fn fn-group graphic inline-graphic media supplementary-material inline-supplementary-material index-term"
    " object-id annotation annotation-xml table-wrap-foot".split()
)
_FOOTNOTES = frozenset("fn table-fn aff corresp author-notes author-notes-group other-fn".split())
_APART = frozenset("p break list-item title td th tr caption disp-quote def-item term def label disp-formula".split())
_FORMULAS = frozenset("alternatives inline-formula disp-formula".split())
_TEX = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)

_OPEN, _CLOSE = "\ue000", "\ue001"  # around a mark that can go: no text of ours has characters of private use
_NAME, _UNNAME = "\ue002", "\ue003"  # around a citation by name, which goes only from within brackets
_PRIVATE = {ord(character): None for character in (_OPEN, _CLOSE, _NAME, _UNNAME)}
_NUMERIC = re.compile(r"[\s\[\]().,;:*&–—−-]*(?:\d{1,3}[a-z]?(?!\d)[\s\[\]().,;:*&–—−-]*)+")
_GROUP = re.compile(r"[\[(]([^\[\]()]{1,800})[\])]")
_MARK = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}|{_NAME}[^{_UNNAME}]*{_UNNAME}")
_LINKING = re.compile(
    r"(?:[\s.,;:&–—−-]|\b(?:see|also|e\.?g|cf|refs?|references?|reviewed|review|therein|for|in|by|and)\b)*",
    re.IGNORECASE,
)
_LINKING_OR_NUMBERS = re.compile(rf"(?:{_LINKING.pattern[3:-2]}|\d{{1,3}}(?!\d))*", re.IGNORECASE)
_CITED = rf"{_OPEN}([^{_CLOSE}]*){_CLOSE}"
_RUN = re.compile(rf"(\s*)({_CITED}(?:(?:[\s,;&–—−-]|and\b)*{_CITED})*)(?=(.?))", re.DOTALL)
_NEEDED = re.compile(r"\b(?:in|by|from|of|see|to|with|refs?|references?)\.?\Z", re.IGNORECASE)
_STOPPED_TWICE = re.compile(r"(\bal\.)\s*\.")  # "by Smith et al. [12]."
_HOLLOW = re.compile(r"\s*(?:\(\s*\)|\[\s*\])|\s*[;,]\s*(?=[)\]])|(?<=[(\[])\s*[;,]\s*")


def inline_text(element: etree._Element | None) -> str:
    """The element's text on one line; "" for None."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    return inline((element.text, *_children(element)))


def inline(parts: Iterable[Part], without: frozenset[str] = frozenset()) -> str:
    """The text of strings and elements (their tails not) one after another; elements named in ``without`` left out."""
    out: list[str] = []
    for part in parts:
        _add(part, out, without)
    text = "".join(out)
    if _OPEN in text or _NAME in text:
        text = _without_citations(" ".join(text.split()))
    return " ".join(text.split())


def _children(element: etree._Element) -> Iterable[Part]:
    for child in element:
        yield child
        yield child.tail


def _add(part: Part, out: list[str], without: frozenset[str]) -> None:
    if part is None:
        return
    if isinstance(part, str):
        out.append(part.translate(_PRIVATE) if not part.isascii() else part)
    elif not isinstance(part.tag, str):
        out.append(html.unescape(part.text or "") if part.tag is etree.Entity else "")
    else:
        _add_element(part, out, without)


def _add_element(element: etree._Element, out: list[str], without: frozenset[str]) -> None:
    name = local_name(element)
    if name in _SKIPPED or name in without:
        return
    if name in ("sup", "sub"):
        out.append(_shifted(_inner(element, without), out, name == "sup"))
    elif name == "xref":
        out.append(_reference(element, without))
    elif name == "tex-math":
        found = _TEX.search(element.text or "")
        out.append((found[1] if found else element.text or "").strip("$ \n"))
    elif name in _FORMULAS:
        _add_formula(element, out, without)
    elif name == "msup" and len(element) == 2:
        _add(element[0], out, without)
        power = _inner(element[1], without).strip()
        out.append(power.translate(_RAISED) if _POWER.fullmatch(power) else power)
    elif name == "mfrac" and len(element) == 2:
        out.append(f"{_inner(element[0], without)}/{_inner(element[1], without)}")
    elif name in _APART:
        out.append(f" {_inner(element, without)} ")
    else:
        _add_content(element, out, without)


def _add_content(element: etree._Element, out: list[str], without: frozenset[str]) -> None:
    _add(element.text, out, without)
    for child in _children(element):
        _add(child, out, without)


def _add_formula(element: etree._Element, out: list[str], without: frozenset[str]) -> None:
    """One version of a formula, MathML before TeX; a formula on a line of its own stays within its sentence."""
    versions = {local_name(child): child for child in element if local_name(child) in ("math", "tex-math")}
    best = versions.get("math", versions.get("tex-math"))
    out.append(" ")
    if best is not None:
        _add(best, out, without)
    else:
        _add_content(element, out, without | {"label"})
    out.append(" ")


def _inner(element: etree._Element, without: frozenset[str]) -> str:
    inner: list[str] = []
    _add_content(element, inner, without)
    return "".join(inner)


def _shifted(text: str, before: list[str], raised: bool) -> str:
    """A power or index as characters of that height where it would otherwise join a number, or hide a minus."""
    last = next((piece[-1] for piece in reversed(before) if piece), "")
    number = text.strip()
    joins = (last.isdigit() or last in (")", "]")) and _POWER.fullmatch(number)
    if joins or (raised and last.isalpha() and _NEGATIVE.fullmatch(number)):
        return text.translate(_RAISED if raised else _LOWERED)
    return text


def _reference(element: etree._Element, without: frozenset[str]) -> str:
    sort, text = element.get("ref-type", ""), _inner(element, without)
    if sort in _FOOTNOTES:
        return ""
    if sort != "bibr":
        return text
    if _NUMERIC.fullmatch(text) or not text.strip():
        return f"{_OPEN}{text.strip(' []()')}{_CLOSE}"
    return f"{_NAME}{text}{_UNNAME}"


def _without_citations(text: str) -> str:
    """First brackets that hold nothing but citations become one mark, then marks go, then brackets left empty."""
    text = _GROUP.sub(_of_group, text)
    text = re.sub(f"[{_NAME}{_UNNAME}]", "", text)
    return _STOPPED_TWICE.sub(r"\1", _HOLLOW.sub("", _RUN.sub(_of_run, text)))


def _of_group(group: re.Match[str]) -> str:
    inside = group[1]
    linking = _LINKING_OR_NUMBERS if group[0][0] == "[" else _LINKING
    if not _MARK.search(inside) or not linking.fullmatch(_MARK.sub("", inside)):
        return group[0]
    shown = re.sub(f"[{_OPEN}{_CLOSE}{_NAME}{_UNNAME}]", "", inside)
    return f"{_OPEN}{group[0][0]}{shown}{group[0][-1]}{_CLOSE}"


def _of_run(run: re.Match[str]) -> str:
    before = run.string[max(0, run.start() - 12) : run.start()]
    if run[1] and _NEEDED.search(before):
        return run[1] + re.sub(_CITED, lambda mark: f"[{mark[1]}]" if mark[1][:1].isdigit() else mark[1], run[2])
    return " " if run[5].isalnum() or run[5] in ("(", "[") else ""
