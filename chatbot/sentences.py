"""Text → the exact character offsets of its sentences, for medical prose, lists, titles and tables.

Lines come first: a segment (paragraph, list item, title, table row) is what no sentence crosses. Within a segment each
run of stops is judged by the words on both sides of it.

Why not a library: each was tried on the cases in tests/unit/sentence_cases.txt. "All" are the 327 that the rules below
were made with, "prose" the 263 of them on one line, "blind" 45 written afterwards and tried once, "SciFact" the 886
evidence sentences of that data set (found exactly; most misses of all six are slips of the data set itself).

                         all     prose   blind   SciFact   MB/s   last release
    these rules          100 %   100 %   98 %    98.4 %    13
    sentencex 1.0.32     68 %    77 %    84 %    97.9 %    53     2026-09, MIT
    nupunkt 0.8.0        66 %    75 %    84 %    97.2 %    10     2026-09, MIT
    blingfire 0.1.8      67 %    76 %    71 %    97.9 %    4      2021-09, MIT, 99 MB, needs NumPy
    pysbd 0.3.4          66 %    74 %    82 %    98.3 %    0.2    2021-02, MIT
    syntok 1.4.4         67 %    76 %    67 %    97.0 %    1      2022-03, MIT

On plain abstracts they are as good. They lose at references after the stop, initials and species, doses, titles, list
items and table rows; blingfire and syntok also at sentences that begin with a small letter (mTOR, pH).
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    """The words of a text that is laid out for reading."""
    return frozenset(text.split())


_NEVER = _words("e.g i.e eg ie vs viz cf ca approx dr drs prof mr mrs ms fig figs eq eqs var subsp ssp")
"""A name, number or example always follows these, so they never close a sentence."""

_SELDOM = _words(
    """
    al etc resp st mt jr sr inc ltd co corp bros dept univ assoc gov gen rev hon nos vol vols pp p ref refs tab tabs
    sec sect ch chap suppl ed eds incl excl avg conc temp sp spp syn nr art para tel ext av ave blvd rd pharm.d proc
    natl acad sci biol chem biochem mol clin engl exp pharmacol physiol immunol bacteriol neurol oncol nat int eur
    am br med jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
"""These close a sentence only where the next word is a typical first word."""

_FREQUENCY = _words("b.i.d t.i.d q.i.d q.d q.o.d p.r.n h.s q.h.s o.d b.d t.d.s q.d.s")
"""How often a dose is taken closes the sentence as soon as a capital follows."""

_LETTERED = _words(
    """
    type types vitamin vitamins hepatitis protein group groups class grade stage phase factor category complex lamin
    influenza immunoglobulin cathepsin appendix table figure haemophilia hemophilia arm cohort panel part schedule
    section level subunit chain domain region serogroup strain isoform variant virus meiosis
    """
)
"""Before these a single letter is a name ("vitamin K. Eat"), not the initial of a person or a species."""

_LINKING = _words(
    """
    a an the of in on at by for from to with without and or but nor as is are was were be been has have had than
    that which who whose when if per via into between among our your their his her its this these those may can will
    should see called named using vs dr prof mr mrs ms
    """
)
"""A title never ends in one of these; a soft-wrapped line often does."""

_FIRST_WORD = re.compile(
    r"(?:A|About|According|Additionally|Adults|After|All|Also|Although|Always|Among|An|And|Another|Any|Are|As|Ask|At"
    r"|Avoid|Based|Because|Before|Between|Both|But|By|Call|Can|Despite|Do|Does|Doses|Dosages?|During|Each|Even|Every"
    r"|Few|Finally|First|For|From|Furthermore|Give|Given|Have|He|Her|Here|Hence|His|How|However|I|If|In|Individuals"
    r"|Infants|Is|It|Its|Later|Like|Many|More|Moreover|Most|My|Never|Nevertheless|No|None|Not|Now|Of|Often|On|Once|One"
    r"|Only|Or|Other|Others|Our|Over|Overall|People|Please|Results|See|Several|She|Should|Similarly|Since|So|Some"
    r"|Sometimes|Studies|Subjects|Such|Symptoms|Take|Tell|That|The|Their|Then|There|Therefore|These|They|This|Those"
    r"|Three|Through|Thus|To|Today|Treatment|Two|Under|Unless|Unlike|Until|Use|Usually|We|What|When|Where|Whether|Which"
    r"|While|Who|Why|With|Within|Without|Yet|You|Your|(?:Children|Men|Patients|Women)(?!['’]))\b(?!\.)"
)

_WIDEST_WRAP = 140  # a longer line is a whole paragraph: nothing wrapped it
_LINE = re.compile(r"\S[^\n\r\u2028\u2029]*")
_BULLET = re.compile(r"[-*•◦▪‣·][ \t\xa0]+")
_COUNTER = re.compile(r"(?:(\d{1,3})[.)]|\((?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)|(?:[a-zA-Z]|[ivx]{2,4})\)|[–—])[ \t\xa0]+")
_HEADING = re.compile(r"#{1,6}[ \t\xa0]+")
_NUMBERED = re.compile(rf"{_COUNTER.pattern}|\d{{1,2}}(?:\.\d{{1,2}})+\.?[ \t\xa0]+[A-Z]")
_SIGNED = re.compile(r"[*†‡\"“‘]\w")
_SMALL_WORD = re.compile(r"(?<![\w'’-])[a-z]\w{3}")

_BRACKETS = "\"'“‘([{«¿¡*"
# A run of stops is always taken whole, so that none is scanned twice and time stays linear. Where it may end a
# sentence, "cut" is where that sentence would end and "open" where the next would begin. "far" always ends one.
_STOP = re.compile(
    r"(?P<mark>[.!?…]++)(?:(?P<close>[\"'”’»)\]}*]*)"
    r"(?P<note>\d{1,3}(?:[,–-]\d{1,3}| \d{1,2})*|[¹²³⁰⁴-⁹]+|(?: ?\[(?:@[^\]\s]{1,99}|\d[\d,; –-]{0,40})\])+)?"
    r"(?:(?=\s)|(?<=[a-z)]{3}[.!?])(?!Com|Gov|Net|Org)(?=[A-Z][a-z]+[ ,:]))"
    rf"(?P<cut>)\s*(?P<bullet>[-–—•*·]\s+)?(?P<open>[{re.escape(_BRACKETS)}]*)|)"
    r"|(?P<far>[。！？｡؟۔।॥]++[\"'”’»)\]}」』）】》]*)\s*"
)
_MIXED_CASE = re.compile(r"[a-z]{1,5}-?[A-Z\d]|[^\x00-\x7f]")
_DOTTED = re.compile(r"(?:.*[-/])?(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}\Z")
_ADDRESS = re.compile(r"www\.|[@/]")
_PER_TIME = re.compile(r".*/(?:d|h|hr|wk|mo|yr)\Z")
_LABEL = re.compile(
    r"(?:(?:Appendix|Box|Fig\.|Figure|Part|Section|Step|Table)\s)?(?:\d{1,3}|[A-Za-z]|[IVXivx]{2,5})\)?"
)
_NOTED = re.compile(r"(?:[^\W\d_]{3}|[)\]%”\"’]|\b(?:19|20)\d\d)\Z")
_LETTERS = re.compile(r"\b[A-Z],? (?:and|or) [A-Z]\Z")
_REST_OF_NUMBER = re.compile(r"\d+%? ?[);,\](]")
_CITATION = re.compile(r"\d+(?:[;:]\d|, ?\d+[-–]\d|\(\w+\)[:,]| [A-Z][a-z]{2}(?: \d+)?;)")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in reading order; [] where the text is blank.

    No span begins or ends with white space. Together they hold everything except white space, list markers, the
    hashes of headings and the lines that only rule a table or a page.
    """
    spans: list[tuple[int, int]] = []
    for start, end, whole in _segments(text):
        spans.append((start if whole else _split(text, start, end, spans), end))
    return spans


def _split(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> int:
    """Where the last sentence of a segment starts; those before it are added to ``spans``."""
    for match in _STOP.finditer(text, start, end):
        if match.end() == end:
            break  # nothing is left, or only quotes and brackets
        if match["far"]:
            spans.append((start, match.end("far")))
            start = match.end()
        elif match["open"] is not None and _ends(text, start, match):
            spans.append((start, match.end("cut")))
            start = match.start("open")
    return start


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the sentence that begins at ``start`` ends with this stop, judged by the words on both sides."""
    stop, mark, after = match.start(), match["mark"], match.end()
    before = text[max(start, stop - 40) : stop]
    words = before.split()
    first = text[after]
    small = first.islower() and not _MIXED_CASE.match(text, after)
    if not words or before[-1].isspace():  # " . " in tokenised text ends a sentence, a dot leader does not
        return bool(words) and mark == "." and words[-1][-1] not in ".!?…" and first.isupper()
    if mark != ".":
        return not small and (first.isupper() or ("…" not in mark and ".." not in mark))
    word = words[-1].lstrip(_BRACKETS)
    label = stop - start < 16 and _LABEL.fullmatch(text, start, stop)
    decimal = (match["note"] or "")[:1].isdigit() and not (first.isupper() and (match["close"] or _NOTED.search(word)))
    address = not text[match.end("cut")].isspace() and _ADDRESS.search(word)
    if label or decimal or address or (match["note"] and small):
        return False
    if not small:
        return _ends_before_large(before, word, text, after)
    if match["bullet"]:
        return not _is_short_form(word)
    return len(word) > 3 and word.isalpha() and word.islower() and not (match["close"] or _is_short_form(word))


def _ends_before_large(before: str, word: str, text: str, after: int) -> bool:
    """Whether a sentence ends between ``word``, the last of ``before``, and a capital, digit or sign."""
    previous = (before.split()[-2:-1] or [""])[0].lower()
    if text[after].isdigit():
        named = word.lower() == "no" or _PER_TIME.match(word) or (_is_short_form(word) and previous not in _LETTERED)
        broken = word.isdigit() and (word == "0" or _REST_OF_NUMBER.match(text, after))
        return not (named or broken or _CITATION.match(text, after))
    if word in ("No", "no"):
        return before == word or bool(_FIRST_WORD.match(text, after))
    if not _is_short_form(word) or word in _FREQUENCY:
        return True
    if word.lower() in _NEVER:
        return False
    lettered = len(word) == 1 and (previous in _LETTERED or previous.isdigit() or _LETTERS.search(before))
    return bool(lettered or _FIRST_WORD.match(text, after))


def _is_short_form(word: str) -> bool:
    """Whether the word before a full stop is an abbreviation or an initial; "MS" and "NO" are neither."""
    if len(word) == 1:
        return word.isalpha()
    if "." in word and _DOTTED.match(word):
        return True
    known = word.lower()
    return (known in _NEVER or known in _SELDOM) and not word.isupper()


def _segments(text: str) -> list[tuple[int, int, bool]]:
    """(start, end, whole) of what no sentence crosses: paragraphs, list items, headings, table rows.

    ``whole`` says that it is one sentence as it stands.
    """
    segments: list[tuple[int, int, bool]] = []
    lines = [(found.start(), found.start() + len(found[0].rstrip())) for found in _LINE.finditer(text)]
    widths = _widths(text, lines)
    follows = False  # whether the line may go on with the segment before
    number = -1  # of the list item before, 0 for a letter
    for index, (start, end) in enumerate(lines):
        follows = follows and widths[index] > 0
        number = number if follows else -1
        if _is_rule(text, start, end):
            follows = False
        elif heading := _HEADING.match(text, start, end):
            segments.append((heading.end(), end, True))
            follows = False
        elif text[start] == "|":
            segments.append((start, end, True))
            follows = False
        else:
            joined = follows and not _breaks(text, lines[index - 1], (start, end), widths[index])
            item = _BULLET.match(text, start, end)
            if not item and (item := _COUNTER.match(text, start, end)):
                count = int(item[1] or 0)
                wrapped = joined and widths[index] <= _WIDEST_WRAP and text[lines[index - 1][1] - 1] not in ".!?:;"
                if wrapped and number + (count > 0) != count:
                    item = None  # a number that a soft wrap happened to put first
                else:
                    number = count
            if joined and not item:
                segments[-1] = (segments[-1][0], end, False)
            else:
                segments.append((item.end() if item else start, end, False))
            follows = True
    return segments


def _widths(text: str, lines: list[tuple[int, int]]) -> list[int]:
    """For each line the length of the longest line of its paragraph; 0 where a paragraph begins."""
    widths = [0] * len(lines)
    first = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines):
            between = text[lines[index - 1][1] : lines[index][0]]
            if max(between.count("\n"), between.count("\r"), 2 * between.count("\u2029")) < 2:
                continue
        longest = max((end - start for start, end in lines[first:index]), default=0)
        widths[first + 1 : index] = [longest] * (index - first - 1)
        first = index
    return widths


def _breaks(text: str, previous: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether the newline before ``line`` ends a title, a lead-in or an item, rather than wrapping a sentence.

    A wrapped line is one whose next word would not have fitted, so the widest line of the paragraph is the measure.
    """
    start, end = previous
    last = text[end - 1]
    first = text[line[0] + 1] if _SIGNED.match(text, *line) else text[line[0]]
    if last == ":":
        return True
    if last in ",;-–—" or not (first.isupper() or _NUMBERED.match(text, *line)):
        return False
    if text[max(start, end - 12) : end].rsplit(None, 1)[-1].lower() in _LINKING:
        return False
    if width > _WIDEST_WRAP:
        return True
    if last in ".!?…":
        return False  # left to the words on both sides
    word = text.find(" ", *line)
    needed = end - start + 1 + (word if word > 0 else line[1]) - line[0]
    # Wrapping by eye or by print width leaves ragged lines; only what looks like a title is measured to the letter.
    return needed <= (0.8 * width if first.isupper() and _SMALL_WORD.search(text, start, end) else width)


def _is_rule(text: str, start: int, end: int) -> bool:
    """Whether a line has nothing to read: the separator row of a table, an underline, a page rule."""
    if text[start] not in "|:-=_*+~":
        return False
    signs = set(text[start:end])
    return signs <= set("|:-=_*+~ \t") and (end - start > 2 or "|" in signs) and not signs <= {"|", ":", " ", "\t"}
