"""Attributed quotes: figures of ours and of peers, on the same articles and the same parse.

    python -m benchmarks.quotes FOLDER... [--no-peers] [--errors N] [--json FILE]

Each FOLDER has articles with their gold, as `claimline evaluate` takes them. For peers see
`benchmarks.quote_peers`. Of the gold folders of this project, `gold/train` and `gold/written` are
what our weights were fitted to; figures on them flatter us.

The score (soft F1 of attributions):

- A span is the set of words that it touches; punctuation and quotation marks never count. Several
  spans of content are one set.
- Found and gold quotes of an article are paired one to one so that the sum of J(content) +
  J(cue) / 2 + J(source) / 2 is largest, J being the Jaccard index, 1 when both are empty; only
  those that share a word of content or cue may be a pair.
- A pair is right when J(content) is at least .5, the sources share a word or both are empty, and
  the same holds of the cues. A wrong source is a miss and a false alarm. All peers give a cue, so
  none is excused from it.
- Track A is all quotes; track R reported speech: those with a verb of saying as their cue, with
  none (labels, dashes), or with quotation marks in the content. A filter on gold and found alike.
- Direct, mixed and indirect: of gold as its annotator says; of what is found by how much of the
  content stands in quotation marks: more than 95 %, some, none. What is right counts where the gold
  quote belongs, a false alarm where it does itself.
- Optional gold is neither demanded nor counted against.

Intervals are 95 % from 1,000 samples of articles. "People" under the table are pairs of annotators
of PolNeAR (github.com/networkdynamics/PolNeAR), measured in the same way on the 20 of its articles
that several people annotated. Those are other articles under wider guidelines: an idea of how far
readers agree, no ceiling of the figures above.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment
from spacy.tokens import Doc

import pipeline
from benchmarks.quote_peers import QuotePeer, load_quote_peers
from pipeline.claims import make_records
from pipeline.errors import PipelineError
from pipeline.evaluate.gold import Anchors, GoldArticle, Offsets, load_gold
from pipeline.evaluate.run import gold_files
from pipeline.evaluate.scores import Score
from pipeline.extraction import Extractor, load
from pipeline.lexicons import rows
from pipeline.reading import Article, read_article
from pipeline.records import QuoteRecord
from pipeline.stages.marks import find_marked
from pipeline.stages.reporting import Reporting

OURS = "claimline"
TRACKS = {"A": "all", "R": "reported speech"}
STRATA = ("all", "direct", "mixed", "indirect")
#: F1 of pairs of annotators of PolNeAR, see above.
PEOPLE = {
    ("A", "all"): 74.8,
    ("A", "direct"): 97.1,
    ("A", "mixed"): 86.0,
    ("A", "indirect"): 68.8,
    ("R", "all"): 87.5,
}

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SAMPLES = 1000
_LEAST = 0.5  # Jaccard index of contents that are the same

Words = frozenset[int]


class Attribution(NamedTuple):
    """A quote as sets of words.

    Attributes:
        content: words of what is said.
        cue: of what says that it is said; empty where nothing does.
        source: of who says it.
        stratum: "direct", "mixed" or "indirect".
        reported: whether it is in track R.
        optional: of gold, that it is neither demanded nor counted against.
    """

    content: Words
    cue: Words
    source: Words
    stratum: str = "indirect"
    reported: bool = True
    optional: bool = False


# -- score --------------------------------------------------------------------------------------


def jaccard(a: Words, b: Words) -> float:
    """Shared of all words, 1 when there are none.

    Example:
        >>> jaccard(frozenset({1, 2}), frozenset({2, 3, 4}))
        0.25
    """
    return len(a & b) / len(a | b) if a or b else 1.0


def match(gold: Sequence[Attribution], found: Sequence[Attribution]) -> list[tuple[int, int]]:
    """Pairs of indices with the largest sum of likeness, one to one, in order of gold."""
    if not gold or not found:
        return []
    likeness = np.zeros((len(gold), len(found)))
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            if not (g.content.isdisjoint(f.content) and g.cue.isdisjoint(f.cue)):
                likeness[i, j] = (
                    jaccard(g.content, f.content)
                    + jaccard(g.cue, f.cue) / 2
                    + jaccard(g.source, f.source) / 2
                )
    pairs = zip(*linear_sum_assignment(likeness, maximize=True), strict=True)
    return [(int(i), int(j)) for i, j in pairs if likeness[i, j] > 0]


def agree(a: Words, b: Words) -> bool:
    """Whether two spans share a word, or both are empty."""
    return not a.isdisjoint(b) or not (a or b)


def is_right(gold: Attribution, found: Attribution) -> bool:
    """Whether a pair is the same quote."""
    return (
        jaccard(gold.content, found.content) >= _LEAST
        and agree(gold.source, found.source)
        and agree(gold.cue, found.cue)
    )


def count(
    gold: Sequence[Attribution], found: Sequence[Attribution]
) -> dict[tuple[str, str], Score]:
    """The counts of one article by track and stratum.

    What is right counts in the stratum of gold, what is missed or extra in its own.
    """
    counts = {}
    for track in TRACKS:
        wanted = [g for g in gold if g.reported or track == "A"]
        got = [f for f in found if f.reported or track == "A"]
        pairs = {i: j for i, j in match(wanted, got) if is_right(wanted[i], got[j])}
        demanded = [(g, i in pairs) for i, g in enumerate(wanted) if not g.optional]
        extra = [f for j, f in enumerate(got) if j not in pairs.values()]
        for stratum in STRATA:
            here = [right for g, right in demanded if stratum in ("all", g.stratum)]
            more = sum(stratum in ("all", f.stratum) for f in extra)
            counts[track, stratum] = Score(sum(here), len(here) - sum(here), more)
    return counts


def total(scores: Iterable[Score]) -> Score:
    """The counts of several articles together."""
    return Score(*np.sum([_row(score) for score in scores], axis=0).tolist())


def _row(score: Score) -> tuple[int, int, int]:
    return score.right, score.missed, score.extra


def interval(ours: Sequence[Score], theirs: Sequence[Score] | None = None) -> tuple[float, float]:
    """The 95 % interval of F1 in percent, or of its lead over that of others, by articles."""
    n = len(ours)
    samples = np.random.default_rng(0).multinomial(n, [1 / n] * n, size=_SAMPLES)

    def f1(scores: Sequence[Score]) -> np.ndarray:
        right, missed, extra = (samples @ np.array([_row(score) for score in scores])).T
        return 200 * right / np.maximum(2 * right + missed + extra, 1)

    values = f1(ours) if theirs is None else f1(ours) - f1(theirs)
    low, high = np.percentile(values, [2.5, 97.5]).tolist()
    return low, high


# -- articles -----------------------------------------------------------------------------------


class _Order:
    """Spans in order that do not overlap, to look up which of them another one touches."""

    def __init__(self, spans: Sequence[Offsets]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def touched(self, start: int, end: int) -> range:
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))


class Page:
    """An article with its Doc, to turn offsets and tokens into sets of words."""

    def __init__(self, article: Article, doc: Doc) -> None:
        self.article = article
        self.doc = doc
        self._words = [match.span() for match in _WORD.finditer(article.text)]
        places = [article.map.to_source(*word) for word in self._words]
        self._in_text = _Order(self._words)
        self._in_file = _Order([(place[0][0], place[-1][1]) for place in places])
        self._quoted = bytearray(len(article.text))
        for marked in find_marked(doc)[0]:
            for segment in marked.segments:
                start = doc[segment.start].idx
                end = doc[segment.end - 1].idx + len(doc[segment.end - 1])
                self._quoted[start:end] = b"\1" * (end - start)

    def words(self, spans: Iterable[Offsets]) -> Words:
        """The words that spans of the file touch."""
        return frozenset(word for span in spans for word in self._in_file.touched(*span))

    def of_tokens(self, tokens: Iterable[int]) -> Words:
        """The words that tokens of the Doc touch."""
        spans = ((self.doc[i].idx, self.doc[i].idx + len(self.doc[i])) for i in tokens)
        return frozenset(word for span in spans for word in self._in_text.touched(*span))

    def attribution(self, content: Words, cue: Words, source: Words) -> Attribution:
        """A quote with its stratum and track."""
        letters = inside = 0
        for word in content:
            start, end = self._words[word]
            letters += end - start
            inside += sum(self._quoted[start:end])
        share = inside / (letters or 1)
        stratum = "direct" if share > 0.95 else "mixed" if inside else "indirect"
        says = any(self.form(word) in _sayings() for word in cue)
        return Attribution(content, cue, source, stratum, says or not cue or inside > 0)

    def form(self, word: int) -> str:
        """A word in lower case."""
        return self.article.text[slice(*self._words[word])].lower()

    def text(self, words: Words) -> str:
        """Words in order, a gap between them as an ellipsis."""
        found: list[str] = []
        last = -1
        for word in sorted(words):
            found += ["…"] * (last >= 0 and word != last + 1) + [self.form(word)]
            last = word
        return " ".join(found)


def _sayings() -> frozenset[str]:
    return frozenset(
        form
        for row in rows("reporting", Reporting)
        if row.class_ == "speech" or row.form == "phrase"
        for form in (row.lemma.split()[0], *row.forms)
    )


def gold_quotes(page: Page, gold: GoldArticle) -> tuple[list[Attribution], int]:
    """The gold quotes of an article, and how many could not be found in its text."""
    anchors = Anchors(page.article)
    quotes = []
    lost = 0
    for item in gold.quotes:
        content = anchors.offsets(item, "content", _several(item.content))
        cue = _nearest(anchors.places(item, "cue", _several(item.cue)), content, content)
        source = _nearest(
            anchors.places(item, "speaker", _several(item.speaker)), cue or content, content
        )
        if content:
            parts = map(page.words, (content, cue, source))
            quote = page.attribution(*parts)
            quotes.append(quote._replace(stratum=item.type, optional=item.optional))
        else:
            lost += not item.optional
    return quotes, lost


def _several(texts: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else texts or ()


def _nearest(
    places: Sequence[Sequence[Offsets]], to: Sequence[Offsets], outside: Sequence[Offsets]
) -> list[Offsets]:
    """Of the places of each text the nearest to some span, one outside of others if there is one.

    Gold names a source by its words alone, and "he" may stand more than once in a sentence.
    """

    def distance(place: Offsets) -> tuple[bool, int]:
        inside = any(start <= place[0] and place[1] <= end for start, end in outside)
        gaps = (max(start - place[1], place[0] - end, 0) for start, end in to)
        return inside, min(gaps, default=0)

    return [min(spans, key=distance) for spans in places if spans]


def our_quotes(page: Page, extractor: Extractor) -> list[Attribution]:
    """The quote records of an article."""
    quotes = []
    for record in make_records(page.article, page.doc, extractor.info):
        if isinstance(record, QuoteRecord):
            content, cue, source = (
                page.words((span.start, span.end) for span in spans if span is not None)
                for spans in (record.content, (record.cue,), (record.speaker,))
            )
            quotes.append(page.attribution(content, cue, source))
    return quotes


def peer_quotes(page: Page, peer: QuotePeer) -> list[Attribution]:
    """What a peer finds in an article."""
    found = (map(page.of_tokens, quote) for quote in peer.quotes(page.doc))
    return [page.attribution(*parts) for parts in found]


# -- errors -------------------------------------------------------------------------------------


def errors(
    page: Page, gold: Sequence[Attribution], found: Sequence[Attribution]
) -> list[tuple[str, str]]:
    """What is wrong with the quotes found in an article: (kind, the passage), in order of kinds.

    Kinds: "source wrong" and "cue differs", the content being right; "content too long", "too
    short" or "shifted", the cue being the same; "missed" with a cue or without; "false alarm".
    """
    pairs = match(gold, found)
    wrong = [(gold[i], found[j]) for i, j in pairs if not is_right(gold[i], found[j])]
    lines = [(_kind(g, f), f"{_show(page, g)}  GOT {_show(page, f)}") for g, f in wrong]
    lines += [
        (f"missed, {g.stratum}{'' if g.cue else ', without a cue'}", _show(page, g))
        for i, g in enumerate(gold)
        if i not in {i for i, _ in pairs} and not g.optional
    ]
    lines += [
        (f"false alarm, {f.stratum}{'' if f.cue else ', without a cue'}", _show(page, f))
        for j, f in enumerate(found)
        if j not in {j for _, j in pairs}
    ]
    return lines


def _kind(gold: Attribution, found: Attribution) -> str:
    if jaccard(gold.content, found.content) >= _LEAST:
        if not agree(gold.source, found.source):
            return "source wrong" if found.source else "source not found"
        return "cue differs"
    if gold.content <= found.content:
        return "content too long"
    if found.content <= gold.content:
        return "content too short"
    return "content elsewhere" if gold.content.isdisjoint(found.content) else "content shifted"


def _show(page: Page, quote: Attribution) -> str:
    parts = (quote.source, quote.cue, quote.content)
    return " | ".join(page.text(part) or "-" for part in parts)


# -- output -------------------------------------------------------------------------------------


class Row(msgspec.Struct, frozen=True):
    """A line of the table.

    Attributes:
        folder: name of the folder.
        track: "A" or "R".
        stratum: one of `STRATA`.
        of: how many gold quotes there are.
        scores: by column.
        intervals: of F1 in percent by column.
        leads: intervals of our F1 less that of each peer.
    """

    folder: str
    track: str
    stratum: str
    of: int
    scores: dict[str, Score]
    intervals: dict[str, tuple[float, float]]
    leads: dict[str, tuple[float, float]]


Columns = dict[str, list[dict[tuple[str, str], Score]]]


def make_rows(folder: str, columns: Columns) -> list[Row]:
    """The rows of a folder from the counts of its articles by column."""
    found = []
    for track in TRACKS:
        for stratum in STRATA:
            key = track, stratum
            counts = {name: [one[key] for one in articles] for name, articles in columns.items()}
            totals = {name: total(scores) for name, scores in counts.items()}
            ours = counts[OURS]
            found.append(
                Row(
                    folder,
                    track,
                    stratum,
                    totals[OURS].right + totals[OURS].missed,
                    totals,
                    {name: interval(one) for name, one in counts.items()},
                    {name: interval(ours, one) for name, one in counts.items() if name != OURS},
                )
            )
    return found


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The rows as plain text: precision / recall / F1, and the interval of F1, by column."""
    widths = [max(len(name), 27) for name in columns]
    lines = [
        f"{'':34}{'gold':>5}"
        + "".join(f"  {name:>{width}}" for name, width in zip(columns, widths, strict=True))
    ]
    for row in rows:
        cells = []
        for name in columns:
            low, high = row.intervals[name]
            score = row.scores[name]
            figures = (100 * value for value in (score.precision, score.recall, score.f1))
            cells.append(
                " ".join(f"{value:5.1f}" for value in figures) + f" ({low:.0f}-{high:.0f})"
            )
        label = f"{row.folder}, {TRACKS[row.track]}, {row.stratum}"
        lines.append(
            f"{label:34}{row.of:>5}"
            + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        )
    return "\n".join(lines)


def behind(rows: Sequence[Row]) -> list[str]:
    """Where a peer is ahead of ours, or not clearly behind."""
    lines = []
    for row in rows:
        for name, (low, high) in row.leads.items():
            lead = 100 * (row.scores[OURS].f1 - row.scores[name].f1)
            if row.of and low <= 0:
                lines.append(
                    f"{row.folder}, {TRACKS[row.track]}, {row.stratum}: ours {lead:+.1f} against "
                    f"{name} ({low:+.1f} to {high:+.1f})"
                )
    return lines


def run(
    folders: Sequence[Path], *, with_peers: bool = True, examples: int | None = None
) -> dict[str, Any]:
    """Measure and print.

    Args:
        folders: of articles with gold.
        with_peers: whether to ask the peers.
        examples: how many of each kind of our errors to print; None for no list of errors.

    Returns:
        What is printed, as plain builtins.

    Raises:
        PipelineError: an article or a gold file cannot be read, or is not there.
    """
    extractor = load()
    peers, versions, notes = load_quote_peers() if with_peers else ([], {}, [])
    rows: list[Row] = []
    wrong: list[tuple[str, str]] = []
    for folder in folders:
        columns: Columns = {OURS: [], **{peer.name: [] for peer in peers}}
        for path, gold_path in gold_files(folder):
            article = read_article(path)
            with extractor.nlp.memory_zone():
                page = Page(article, extractor.annotate(article))
                gold, lost = gold_quotes(page, load_gold(gold_path))
                ours = our_quotes(page, extractor)
                columns[OURS].append(count(gold, ours))
                for peer in peers:
                    columns[peer.name].append(count(gold, peer_quotes(page, peer)))
                wrong += errors(page, gold, ours)
            if lost:
                notes.append(f"{gold_path}: the content of {lost} quotes is not in the article")
        rows += make_rows(folder.name, columns)
    names = [OURS, *(peer.name for peer in peers)]
    notes += [
        f"{peer.name}: raised at {peer.failures} texts with {peer.marks} quotation marks"
        for peer in peers
        if peer.failures
    ]
    print(table(rows, names))
    print(
        "\nprecision, recall, F1 in percent (95 % interval of F1); what counts: the module's head"
    )
    people = ", ".join(f"{TRACKS[t]}, {s} {value}" for (t, s), value in PEOPLE.items())
    print(f"people (pairs of annotators on other articles, PolNeAR), F1: {people}")
    versions = {"claimline": pipeline.__version__, **versions}
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print(f"model {extractor.info.model}, Python {platform.python_version()}")
    lines = behind(rows)
    if peers:
        print("\nnot clearly ahead:" if lines else "\nclearly ahead in every row")
    for line in (*lines, *notes):
        print(line)
    if examples is not None:
        _print_errors(wrong, examples)
    return {
        "rows": msgspec.to_builtins(rows),
        "columns": names,
        "versions": versions,
        "model": extractor.info.model,
        "errors": Counter(kind for kind, _ in wrong),
        "notes": notes,
    }


def _print_errors(wrong: Sequence[tuple[str, str]], examples: int) -> None:
    print("\nour errors: source | cue | content")
    for kind, number in Counter(kind for kind, _ in wrong).most_common():
        print(f"{number:5}  {kind}")
        lines = [line for one, line in wrong if one == kind]
        for line in lines[:: max(1, len(lines) // (examples or 1))][:examples]:
            print(f"         {line}")


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--errors", type=int, help="how many of each kind of our errors to print")
    parser.add_argument("--json", type=Path, help="file for the same figures")
    arguments = parser.parse_args(given)
    try:
        report = run(
            arguments.folders, with_peers=not arguments.no_peers, examples=arguments.errors
        )
        if arguments.json is not None:
            arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    except (PipelineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
