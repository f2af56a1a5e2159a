"""How fast a file of PubMed's yearly baseline is read, and how little memory that takes."""

from __future__ import annotations

from pathlib import Path

from benchmarks.pubmed_file import MOST_GROWTH_MIB, measure
from benchmarks.report import Report, Say, Target

_SORTS = {"plain": ".xml", "packed": ".xml.gz"}


def measure_parsing(records: int, folder: Path, say: Say) -> Report:
    """Reads a made file, plain and packed. Raises RuntimeError where documents are missing."""
    say(f"Making a file of {records:,} records in {folder}, then reading it ...")
    figures = measure(records, folder)
    rows = [
        [
            suffix,
            f"{figures[sort]['seconds']:.1f}",
            f"{figures[sort]['mb_per_s']:.1f}",
            f"{records / figures[sort]['seconds']:,.0f}",
            f"{figures[sort]['growth_mib']:.0f}",
        ]
        for sort, suffix in _SORTS.items()
    ]
    title = f"Reading {records:,} records, {figures['xml_mb']:.0f} MB of XML"
    head = ("file", "seconds", "MB/s of XML", "records/s", "growth of peak memory, MiB")
    targets = [
        Target(f"growth of peak memory in MiB, {suffix}", figures[sort]["growth_mib"], MOST_GROWTH_MIB)
        for sort, suffix in _SORTS.items()
    ]
    return Report("parse", figures, [(title, head, rows)], [], targets)
