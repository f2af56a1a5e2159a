"""What a reader must be told of a source beside its title: its standing, why it is left out, what it does not give."""

from __future__ import annotations

from chatbot.domain import Kind, Notice, Reference, Standing

_SAME_NAMED = 3  # of labels that say the same; a generic may have a hundred, which are in the JSON
_WORDS = {
    Standing.RETRACTED: "Retracted",
    Standing.CONCERN: "Expression of concern",
    Standing.SUPERSEDED: "Superseded by",
    Standing.CORRECTED: "Corrected",
    Standing.UPDATED: "Updated by",
}
_ALONE = {Standing.SUPERSEDED: "Superseded", Standing.UPDATED: "Updated"}


def identifier(reference: Reference) -> str:
    """The identifier by which a source is looked up: PMID, DOI or set id; empty where it has none."""
    names = (("PMID", reference.pmid), ("doi", reference.doi), ("set id", reference.set_id))
    return next((f"{name} {value}" for name, value in names if value), "")


def standing_lines(reference: Reference) -> tuple[tuple[Standing, str], ...]:
    """What has been published about a source since, gravest first, in plain words; each with no more than its notice
    gives. Nothing: none.
    """
    order = list(Standing)
    told = sorted(dict.fromkeys(reference.notices), key=lambda notice: order.index(notice.standing))
    return tuple((notice.standing, _line(notice)) for notice in told)


def notices_of_leaving_out(reference: Reference) -> tuple[str, tuple[Notice, ...]]:
    """Why a source is left out, and the notices that say so: retracted, superseded or updated. None of it: nothing."""
    for standing in (Standing.RETRACTED, Standing.SUPERSEDED, Standing.UPDATED):
        notices = tuple(notice for notice in reference.notices if notice.standing is standing)
        if notices:
            return standing.value, notices
    return "", ()


def left_out_line(reference: Reference) -> str:
    """Which source is left out and why: ``Left out: “Title” (PMID 1), retracted; notice: PMID 2.``"""
    number = identifier(reference)
    why, notices = notices_of_leaving_out(reference)
    given = ", ".join(filter(None, map(published_in, notices)))
    told = f"; {notice_word(why)}: {given}" if given else ""
    return f"Left out: “{reference.title.rstrip('.')}”{f' ({number})' if number else ''}, {why}{told}."


def notice_word(why: str) -> str:
    """What the publication is called that leaves a source out."""
    return "notice" if why == Standing.RETRACTED else "newer"


def published_in(notice: Notice) -> str:
    """How a notice is cited and its PMID, as far as it gives them; empty where it gives nothing."""
    return ", ".join(
        part for part in (notice.citation.strip().rstrip("."), notice.pmid and f"PMID {notice.pmid}") if part
    )


def same_text(reference: Reference) -> str:
    """The sources that say the same and were left out for it; empty where there are none."""
    named, rest = reference.also[:_SAME_NAMED], len(reference.also) - _SAME_NAMED
    more = f"; and {rest:,} more" if rest > 0 else ""
    return f"The same text: {'; '.join(named)}{more}" if named else ""


def missing(reference: Reference) -> tuple[str, ...]:
    """What a clinician would look for and the source does not give, in plain words.

    Nothing is missing of an article, nor of a text that was written here: what it leaves out, its author left out.
    """
    if reference.kind is Kind.ARTICLE or reference.facts_from:
        return ()
    is_label = reference.kind is Kind.LABEL
    whose = reference.authors or reference.body or (is_label and reference.manufacturer)
    gaps = (
        ("no title given", reference.title.strip()),
        ("no manufacturer given" if is_label else "no author given", whose),
        ("no revision date given" if is_label else "no date given", reference.date or reference.year),
    )
    return tuple(words for words, given in gaps if not given)


def _line(notice: Notice) -> str:
    given = published_in(notice)
    if not given:
        return _ALONE.get(notice.standing, _WORDS[notice.standing])
    colon = "" if notice.standing in _ALONE else ":"
    return f"{_WORDS[notice.standing]}{colon} {given}"
