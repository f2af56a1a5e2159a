"""docs/benchmarks.md and its picture, from the figures that the benchmarks wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.asking import OURS
from benchmarks.langchain_chain import PEER
from benchmarks.report import Target

Figures = Mapping[str, Any]

# Each page section: the figures' file, its title, the command that prints it, and what the reader needs to know.
SECTIONS = (
    (
        "scale",
        "What grows with the index",
        "scripts/bench.py scale --like INDEX --work FOLDER --passages 1000 --passages 10000 --passages 100000 "
        "--questions QUESTIONS --json docs/benchmarks/scale.json",
        "`--like` is any index: its texts are recombined, and its vectors with noise stand for the new passages', "
        "because a million passages take a day to embed on two cores (`scripts/benchmarks/generated.py` says how). "
        "The rest is real: the files read, cut, tokenised and written by the indexer itself, spread over the three "
        "kinds of evidence; questions are embedded by the model. LangChain's side is its default: "
        "`Chroma.similarity_search`, ten passages, sentence-transformers' `encode`, on the same passages and vectors, "
        "asked in the same process by turns. An answer asks three kinds of evidence, fuses, gates, quotes and "
        "verifies; LangChain's returns passages. A single size or step can be repeated with `--passages` and `--step`; "
        "the others' figures are kept.",
    ),
    (
        "page",
        "The page in a browser",
        "scripts/bench.py page --index INDEX --json docs/benchmarks/page.json",
        "A real server, warm, on an index of real documents that also holds the articles, and Chromium on the same "
        "machine. Times are taken inside the browser: from the start of navigation, in a browser that has never been "
        "on the page, to the first statement of the article that can be seen; from Enter in the question box to the "
        "answer that can be seen. Beside them stands what the same conversations take when they are asked of the "
        "pipeline alone, in a process of its own right afterwards, and the part of that which is retrieval.",
    ),
    (
        "reindex",
        "Indexing again",
        "scripts/bench.py reindex --work FOLDER --json docs/benchmarks/reindex.json",
        "Whole processes of `chatbot index`, the model included, over made documents as long as MedQuAD's 16,407 "
        "answers, in one `corpus.jsonl`. Their index is built beforehand with made vectors. What is embedded is "
        "counted where the model is called.",
    ),
    (
        "parse",
        "Reading PubMed's yearly baseline",
        "scripts/bench.py parse --work FOLDER --json docs/benchmarks/parse.json",
        "A file with as many records as each of the baseline's, made from templates "
        "(`scripts/benchmarks/pubmed_file.py`), read record by record in a process of its own.",
    ),
    (
        "crash",
        "Killed at any moment",
        "scripts/bench.py crash --times 50 --json docs/benchmarks/crash.json",
        "`kill -9` of first runs, updates and rebuilds over a made corpus in which documents were changed, added and "
        "removed: at a random time, or right before or after a random call of something that writes. A round comes "
        "through where the killed index answers 100 questions exactly as before (or, where the kill came after the "
        "swap, exactly as a fresh one), and where after the next run passage ids, search results, Chroma, Tantivy and "
        "the folder's content are those of a fresh index.",
    ),
    (
        "ask",
        "A whole answer",
        "scripts/bench.py ask --index INDEX --questions QUESTIONS --json docs/benchmarks/ask.json",
        "On an index of real documents.",
    ),
    (
        "index",
        "Embedding",
        "scripts/bench.py index --json docs/benchmarks/index.json",
        "What indexing spends its time on, as a share of what a matrix product of the model's shapes reaches on the "
        "same machine at the same time.",
    ),
    (
        "start",
        "Start",
        "scripts/bench.py start --json docs/benchmarks/start.json",
        "A whole process from nothing, beside one that only imports sentence-transformers.",
    ),
)
PICTURE = Path("images") / "scale.svg"
NOTES = "notes.md"


def write_page(docs: Path) -> Path:
    """The page's path. Sections without figures are left out; ``benchmarks/notes.md`` is put at the end as it is."""
    folder = docs / "benchmarks"
    held = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))}
    if "scale" in held:
        draw(held["scale"]["sizes"], docs / PICTURE)
    notes = folder / NOTES
    page = docs / "benchmarks.md"
    page.write_text(render(held, notes.read_text("utf-8") if notes.is_file() else ""), "utf-8")
    return page


def render(held: Mapping[str, Figures], notes: str) -> str:
    """The page's Markdown."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `scripts/bench.py write` from `docs/benchmarks/*.json`. Every time stands beside something else "
        "measured in the same run: compare ratios, not milliseconds of two machines. CPU milliseconds are those of all "
        "threads of the process; they hold on a busy machine too, where the load average (processes that want a core) "
        "is above the number of cores.",
    ]
    for name, title, command, said in SECTIONS:
        if name in held:
            lines += ["", f"## {title}", "", said, "", "```bash", command, "```", "", _machine(held[name]["machine"])]
            lines += _body(name, held[name])
    return "\n".join([*lines, *(["", notes.strip()] if notes.strip() else [])]) + "\n"


def _body(name: str, figures: Figures) -> Iterator[str]:
    targets = [Target(t["what"], t["value"], t["bound"], t["at_least"]) for t in figures["targets"]]
    yield from ("", *(f"- {target}" for target in targets))
    if name == "scale":
        yield from ("", f"![Milliseconds of an answer against passages indexed]({PICTURE.as_posix()})")
    for title, head, rows in figures["tables"]:
        if rows:
            yield from ("", f"{title}:", "", *_table(head, rows))
    if figures["notes"]:
        yield from ("", *figures["notes"])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _machine(machine: Figures) -> str:
    load = machine["load_average_at_end"]
    memory = f", {machine['memory_gib']} GiB of memory" if machine.get("memory_gib") else ""
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"Machine: {machine['cores']} cores ({machine['architecture']}, {machine['system']}){memory}; Python "
        f"{machine['python']}, {packages}" + (f"; load average at the end {load:.1f}." if load is not None else ".")
    )


def draw(sizes: Mapping[str, Figures], file: Path) -> None:
    """The cost curve: p50 and p95 of an answer and of LangChain's search against passages, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "benchmarks"  # the same figures give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4), layout="constrained")
    for system, colour in ((OURS, "#1f5fa8"), (PEER, "#a8551f")):
        asked = [
            (held["ask"]["passages"], held["ask"]["systems"][system])
            for held in sizes.values()
            if system in held.get("ask", {}).get("systems", {})
        ]
        for key, style in (("p50", "-"), ("p95", "--")):
            if asked:
                passages, times = zip(*((passages, times[key]) for passages, times in asked), strict=True)
                axes.plot(passages, times, style, marker="o", color=colour, label=f"{system}, {key}")
    axes.set(xscale="log", yscale="log", xlabel="passages indexed", ylabel="milliseconds a question")
    axes.grid(alpha=0.3, which="both")
    axes.legend(frameon=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
