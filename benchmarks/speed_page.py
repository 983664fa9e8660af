"""`docs/speed.md` out of what was measured: the same results give the same page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from .speed_peers import DOES, MODEL
from .speed_results import (
    FIRST,
    Results,
    bars,
    core_rate,
    growth_of,
    hours,
    median,
    speed_up,
)

MILLION = 1_000_000
COST_WORDS = (400, 1000)
LAPTOP = 2

_TITLE = """\
# Speed

```
make benchmark-speed ARGS="--quick"
make benchmark-speed TEXTS="FILE.jsonl…" ARTICLES=20000 ARGS="--check --write docs/speed.md"
```
"""

_ABOUT = """
`--write` makes this page and its picture. Figures are of one run on one machine: {cpu},
{cores} cores, {system}, Python {python}; {versions}. Yours will be others. {pipeline} Texts:
{texts}. The date of publication is not given. Time of the processor is that of the one process that
works, on one core; time by the clock is what one waits."""

_MEMORY = """
Articles are pieces of the texts, of about 100 words and, every twentieth, of about 1,000, evenly
mixed. Twice a second, from the first finished shard on, the resident memory of all processes of the
run is read from outside (`/proc/PID/statm`): the most that one worker holds, and what all others
hold together (the process that was started; with Dask its scheduler and workers, which guard ours,
too). *First* and *last*: the most in that tenth of the run, in MB. Rates include the start. *Cores
busy*: how many the run had on average; if much fewer than workers, something else had them."""

_COST = """
Computed, not measured: from {rate} words a second of a core while all cores of the machine are
busy, as with two workers above. Assumed: as many workers as cores, each as fast, and a disk that
keeps up; {price} for a core and hour, in any currency (put yours in: `--price`)."""

_PEERS = """
Each in a process of its own on the same texts in the same order, pieces of about 1,000 words, until
they end or {seconds} seconds are up; words a second of the processor. They do not do the same: the
time of Claimline includes a parse, that of textacy does not.{left_out}"""

_NO_MODEL = f"""
spaCy's own `{MODEL}` is not on the Python package index under its name; `python -m spacy download
{MODEL}` has it."""


def speed_page(results: Results, *, picture: str, cores: Sequence[int], price: float) -> str:
    """The page as Markdown.

    Args:
        results: what was measured.
        picture: path of the picture from the page.
        cores: for how many a million articles are reckoned, besides a laptop's.
        price: of a core for an hour, in any currency.
    """
    machine = results.machine
    versions = ", ".join(f"{name} {found}" for name, found in machine.versions.items())
    states = sorted(set(results.pipeline.values()))
    one = f"The pipeline is `{states[0]}`." if len(states) == 1 else ""
    about = _ABOUT.format(
        cpu=machine.cpu,
        cores=machine.cores,
        system=machine.system,
        python=machine.python,
        versions=versions,
        pipeline=one or "Parts were measured with different states of the pipeline.",
        texts=_texts(results),
    )
    parts = [
        _TITLE,
        filled(about),
        f"![Cost by length, memory over a run, other libraries]({picture})",
    ]
    parts += _bars(results)
    parts += _stages(results)
    parts += _start(results)
    parts += _length(results)
    parts += _workers(results)
    parts += _cost(results, cores, price)
    parts += _peers(results)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _texts(results: Results) -> str:
    kinds = {
        f"{count:,} articles given" if count else "the sample corpus, over and over"
        for count in results.texts.values()
    }
    return "; ".join(sorted(kinds)) or "none"


def filled(text: str) -> str:
    """A paragraph in lines of up to 120 characters."""
    return textwrap.fill(
        " ".join(text.split()), width=120, break_on_hyphens=False, break_long_words=False
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bars(results: Results) -> list[str]:
    rows = [(b.what, b.measured, b.asked, "yes" if b.met else "**no**") for b in bars(results)]
    if not rows:
        return []
    return ["## What is asked for", table(["", "measured", "asked for", "met"], rows)]


def _stages(results: Results) -> list[str]:
    found = results.stages
    if found is None:
        return []
    total = found.processor
    rows = [
        (name, f"{1e6 * spent / found.words:.1f}", f"{100 * spent / total:.1f}")
        for name, spent in found.stages.items()
    ]
    rows.append(("all", f"{1e6 * total / found.words:.1f}", "100"))
    return [
        "## By stage",
        filled(
            f"{found.articles:,} articles as they are, {found.words:,} words, one process, one "
            f"thread: **{found.rate:,.0f} words a second** by the clock, "
            f"{found.words / total:,.0f} a second of the processor; the encoder by itself "
            f"{found.words / found.stages['encoder']:,.0f}. What comes after the language model "
            f"(tokenizer and encoder): {100 * found.after / total:.1f} % of the time. Memory: "
            f"{found.first:.0f} MB in the first tenth, {found.last:.0f} MB in the last, "
            f"{found.peak:.0f} MB at most."
        ),
        table(["", "µs a word", "percent"], rows),
    ]


def _start(results: Results) -> list[str]:
    if not results.start:
        return []
    rows = [
        (f"`{name}`" if name != FIRST else name, f"{min(each):.2f}", f"{median(each):.2f}")
        for name, each in results.start.items()
    ]
    times = len(next(iter(results.start.values())))
    return [
        "## Start",
        filled(
            "Seconds by the clock from the start of a process to the first line that it writes. "
            "The record is that of an article of about 100 words. Each was started once to fill "
            f"the cache of the disk, then {times} times."
        ),
        table(["", "minimum", "median"], rows),
    ]


def _length(results: Results) -> list[str]:
    if not results.length:
        return []
    sizes = sorted(results.length)
    many = len(sizes) > 1

    def row(name: str, step: str | None) -> list[str]:
        cells = []
        for size in sizes:
            found = results.length[size]
            spent = found.stages[step] if step else found.processor
            cells.append(f"{1e6 * spent / found.words:.1f}")
        return [name, *cells, *([f"{growth_of(results.length, step):.2f}"] if many else [])]

    steps = results.length[sizes[0]].stages
    rows = [
        *(row(step, step) for step in steps),
        row("all", None),
        ["articles", *(f"{results.length[s].articles:,}" for s in sizes), *([""] * many)],
        [
            "words an article",
            *(f"{results.length[s].words / results.length[s].articles:,.0f}" for s in sizes),
            *([""] * many),
        ],
    ]
    head = ["µs a word", *(f"{size:,} words" for size in sizes), *(["exponent"] * many)]
    return [
        "## By length of article",
        filled(
            "Pieces of the texts, cut at the ends of paragraphs and sentences; long ones join "
            "texts. Time of the processor. *Exponent*: of the time of an article over its words, "
            "the greatest from one length to the next; 1 is in proportion, below it long articles "
            "are cheaper by the word."
        ),
        table(head, rows),
    ]


def _workers(results: Results) -> list[str]:
    if not results.workers:
        return []
    rows = [
        (
            crew.name,
            f"{crew.articles:,}",
            f"{crew.words:,}",
            f"{crew.seconds:,.0f}",
            f"{crew.rate:,.0f}",
            f"{crew.processor / crew.seconds:.2f}",
            _ends(crew.worker),
            _ends(crew.others),
            f"`{crew.digest[:12]}`",
        )
        for crew in results.workers
    ]
    head = [
        "`claimline run`",
        "articles",
        "words",
        "seconds",
        "words/s",
        "cores busy",
        "a worker, first / last",
        "all others, first / last",
        "digest of the output",
    ]
    times = speed_up(results.workers)
    lost = sum(crew.articles - crew.written for crew in results.workers)
    said = "" if times is None else f"Two workers do {times:.2f} times what one does. "
    said += f"Articles without records: {lost}."
    return ["## Workers", filled(_MEMORY), table(head, rows), said]


def _ends(tenths: Sequence[float]) -> str:
    """The first and the last, or a dash where the run was over too soon to see."""
    return f"{tenths[0]:.0f} / {tenths[-1]:.0f}" if tenths else "–"


def _cost(results: Results, cores: Sequence[int], price: float) -> list[str]:
    rate = core_rate(results.workers)
    if rate is None:
        return []
    rows = []
    for count in (LAPTOP, *cores):
        name = f"a laptop of {count} cores" if count == LAPTOP else f"{count} cores"
        row = [name]
        for words in COST_WORDS:
            time = hours(MILLION, words, rate=rate, cores=count)
            row += [f"{time:,.1f}", f"{time * count * price:,.2f}"]
        rows.append(row)
    head = [""]
    for words in COST_WORDS:
        head += [f"{words:,} words: hours", "cost"]
    return [
        "## A million articles",
        filled(_COST.format(rate=f"{rate:,.0f}", price=f"{price:g}")),
        table(head, rows),
    ]


def _peers(results: Results) -> list[str]:
    if not results.peers:
        return []
    rows = [
        (
            f"{peer.name}, {peer.version}",
            f"{peer.rate:,.0f}",
            f"{peer.words:,}",
            f"{peer.peak:.0f}",
            DOES[peer.name],
        )
        for peer in results.peers
    ]
    missing = [line.split(" is left out")[0] for line in results.left_out]
    left_out = f" Not installed, so not asked: {', '.join(missing)}." if missing else ""
    if "spaCy, model" in missing:
        left_out += _NO_MODEL
    lines = table(["", "words/s", "words", "peak MB", "what it does"], rows).split("\n")
    lines[1] = "| --- | ---: | ---: | ---: | --- |"
    return [
        "## Other libraries",
        filled(_PEERS.format(seconds=f"{results.peer_seconds:g}", left_out=left_out)),
        "\n".join(lines),
    ]
