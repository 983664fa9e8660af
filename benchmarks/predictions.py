"""Cues of hedges and predictions: figures of ours and of peers, on the same articles.

    python -m benchmarks.predictions FOLDER... [--list FILE]... [--no-peers] [--json FILE]

Each FOLDER has articles with their gold, as `claimline evaluate` takes them. Of the gold folders of
this project, `gold/train` and `gold/written` are what our weights were fitted to; figures on them
flatter us. For peers see `benchmarks.prediction_peers`.

The score (F1 of cues):

- A gold cue is a word or phrase that its annotator named as what marks a prediction; one that marks
  two predictions counts once. It is optional when all the predictions that it marks are.
- A found cue is right when it shares a character with a gold cue. Each pairs with one of the other
  side at most, so that as many gold cues as can be are found, and demanded ones before optional.
- An optional cue is neither demanded nor counted against: of what is found, what touches one and
  has no partner is spared.
- What a finder gives twice at one place counts once. Ours are the cues of its prediction records.

The gold has what our records are about, so that it does us justice more than peers who look for
less (medspaCy: doubtful findings in clinical notes). That is why the word lists of our own lexicon
are there: they know every one of our words, and lack the context alone.

Intervals are 95 % from 1,000 samples of articles.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment
from spacy.tokens import Doc

import pipeline
from benchmarks.prediction_peers import CuePeer, load_cue_peers
from benchmarks.quotes import interval, total
from pipeline.claims import make_records
from pipeline.errors import PipelineError
from pipeline.evaluate.gold import Anchors, GoldArticle, Offsets, load_gold
from pipeline.evaluate.run import gold_files
from pipeline.evaluate.scores import Score
from pipeline.extraction import load
from pipeline.reading import Article, read_article
from pipeline.records import PredictionRecord, Record

OURS = "claimline"
BAR = 25.0
"""By how many points of F1 ours is to be ahead."""


class GoldCues(NamedTuple):
    """The gold cues of an article, offsets in its file.

    Attributes:
        demanded: what must be found.
        optional: what may be found.
        lost: cues that are demanded and cannot be found in the text.
    """

    demanded: list[Offsets]
    optional: list[Offsets]
    lost: int = 0


# -- score --------------------------------------------------------------------------------------


def touches(a: Offsets, b: Offsets) -> bool:
    """Whether two spans share a character.

    Example:
        >>> touches((0, 4), (3, 9)), touches((0, 4), (4, 9))
        (True, False)
    """
    return a[0] < b[1] and b[0] < a[1]


def count(gold: GoldCues, found: Iterable[Offsets]) -> Score:
    """The counts of one article."""
    got = sorted(set(found))
    wanted = [*gold.demanded, *gold.optional]
    demanded = len(gold.demanded)
    pairs: dict[int, int] = {}
    if wanted and got:
        worth = np.array([[float(touches(g, f)) for f in got] for g in wanted])
        worth[:demanded] *= 1 + len(wanted)  # before any number of optional ones
        rows, columns = linear_sum_assignment(worth, maximize=True)
        pairs = {int(j): int(i) for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0}
    right = sum(i < demanded for i in pairs.values())
    extra = sum(
        j not in pairs and not any(touches(g, f) for g in gold.optional) for j, f in enumerate(got)
    )
    return Score(right, demanded - right, extra)


# -- articles -----------------------------------------------------------------------------------


def gold_cues(article: Article, gold: GoldArticle) -> GoldCues:
    """The cues that the gold of an article names."""
    anchors = Anchors(article)
    demanded: dict[Offsets, None] = {}
    optional: dict[Offsets, None] = {}
    lost = 0
    for item in gold.predictions:
        places = anchors.offsets(item, "cue", item.cue)
        (optional if item.optional else demanded).update(dict.fromkeys(places))
        lost += 0 if item.optional else len(item.cue) - len(places)
    return GoldCues(list(demanded), [place for place in optional if place not in demanded], lost)


def our_cues(records: Iterable[Record]) -> list[Offsets]:
    """The cues of the prediction records."""
    return [
        (cue.start, cue.end)
        for record in records
        if isinstance(record, PredictionRecord)
        for cue in record.cues
    ]


def peer_cues(article: Article, doc: Doc, peer: CuePeer) -> list[Offsets]:
    """What a peer finds in an article, offsets in the file."""
    found = []
    for start, end in peer.cues(doc):
        places = article.map.to_source(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
        found.append((places[0][0], places[-1][1]))
    return found


# -- output -------------------------------------------------------------------------------------


class Row(msgspec.Struct, frozen=True):
    """A line of the table.

    Attributes:
        folder: name of the folder.
        finder: of cues: ours or a peer.
        score: the counts.
        interval: of F1 in percent.
        lead: our F1 less that of this one, in percent, and its interval; None for ours.
    """

    folder: str
    finder: str
    score: Score
    interval: tuple[float, float]
    lead: tuple[float, float, float] | None


def make_rows(folder: str, columns: dict[str, list[Score]]) -> list[Row]:
    """The rows of a folder from the counts of its articles by finder, ours among them."""
    ours = columns[OURS]
    found = []
    for name, scores in columns.items():
        lead = None
        if name != OURS:
            points = 100 * (total(ours).f1 - total(scores).f1)
            lead = (points, *interval(ours, scores))
        found.append(Row(folder, name, total(scores), interval(scores), lead))
    return found


def table(rows: Sequence[Row]) -> str:
    """The rows as plain text."""
    width = max(len(row.finder) for row in rows)
    lines = []
    for row in rows:
        score = row.score
        figures = (100 * value for value in (score.precision, score.recall, score.f1))
        line = f"{row.folder:10} {row.finder:{width}} {score.right + score.missed:5}"
        line += "".join(f"{value:7.1f}" for value in figures)
        line += f"  ({row.interval[0]:.0f}-{row.interval[1]:.0f})"
        if row.lead is not None:
            points, low, high = row.lead
            line += f"  ours {points:+.1f} ({low:+.1f} to {high:+.1f})"
        lines.append(line)
    head = f"{'':10} {'':{width}} {'gold':>5}{'P':>7}{'R':>7}{'F1':>7}"
    return "\n".join([head, *lines])


def short_of_the_bar(rows: Sequence[Row]) -> list[str]:
    """Where ours is not ahead by as much as it is to be."""
    return [
        f"{row.folder}: ours {row.lead[0]:+.1f} against {row.finder}"
        for row in rows
        if row.lead is not None and row.lead[0] < BAR
    ]


def run(
    folders: Sequence[Path], *, lists: Sequence[Path] = (), with_peers: bool = True
) -> dict[str, Any]:
    """Measure and print.

    Args:
        folders: of articles with gold.
        lists: files of cue words, each a peer (see `prediction_peers.read_words`).
        with_peers: whether to ask the peers.

    Returns:
        What is printed, as plain builtins.

    Raises:
        PipelineError: an article, a gold file or a list cannot be read, or is not there.
    """
    extractor = load()
    peers: list[CuePeer] = []
    versions: dict[str, str] = {}
    notes: list[str] = []
    if with_peers:
        peers, versions, notes = load_cue_peers(extractor.nlp, lists)
    rows: list[Row] = []
    for folder in folders:
        columns: dict[str, list[Score]] = {OURS: [], **{peer.name: [] for peer in peers}}
        for path, gold_path in gold_files(folder):
            article = read_article(path)
            gold = load_gold(gold_path)
            if "predictions" not in gold.annotated:
                continue
            cues = gold_cues(article, gold)
            with extractor.nlp.memory_zone():
                doc = extractor.annotate(article)
                records = make_records(article, doc, extractor.info)
                columns[OURS].append(count(cues, our_cues(records)))
                for peer in peers:
                    columns[peer.name].append(count(cues, peer_cues(article, doc, peer)))
            if cues.lost:
                notes.append(f"{gold_path}: {cues.lost} cues are not in the article")
        if not columns[OURS]:
            raise PipelineError(f"{folder}: predictions were not annotated in any of its articles")
        rows += make_rows(folder.name, columns)
    print(table(rows))
    print(
        "\nprecision, recall, F1 in percent (95 % interval of F1); what counts: the module's head"
    )
    versions = {"claimline": pipeline.__version__, **versions}
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print(f"model {extractor.info.model}, Python {platform.python_version()}")
    short = short_of_the_bar(rows)
    if peers:
        print(f"\nnot ahead by {BAR:g}:" if short else f"\nahead by {BAR:g} or more in every row")
    for line in (*short, *notes):
        print(line)
    return {
        "rows": msgspec.to_builtins(rows),
        "versions": versions,
        "model": extractor.info.model,
        "notes": notes,
    }


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument(
        "--list", dest="lists", type=Path, action="append", default=[], help="a file of cue words"
    )
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json", type=Path, help="file for the same figures")
    arguments = parser.parse_args(given)
    try:
        report = run(arguments.folders, lists=arguments.lists, with_peers=not arguments.no_peers)
        if arguments.json is not None:
            arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    except (PipelineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
