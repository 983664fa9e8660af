"""The benchmark of cues: the score, the peers that need no package, the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import spacy
from spacy.tokens import Doc

from benchmarks import predictions
from benchmarks.prediction_peers import CuePeer, load_cue_peers, medspacy, read_words, word_list
from benchmarks.predictions import GoldCues, count, gold_cues, make_rows, short_of_the_bar, table
from pipeline.errors import PipelineError
from pipeline.evaluate.gold import GoldArticle, GoldPrediction, Offsets
from pipeline.evaluate.scores import Score
from pipeline.extraction import Extractor
from pipeline.reading import read_text

# The score ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("demanded", "optional", "found", "score"),
    [
        ([], [], [], (0, 0, 0)),
        ([(0, 5)], [], [(0, 5)], (1, 0, 0)),
        ([(0, 5)], [], [(4, 9)], (1, 0, 0)),
        ([(0, 5)], [], [(5, 9)], (0, 1, 1)),
        ([(0, 5)], [], [], (0, 1, 0)),
        # what is given twice counts once
        ([(0, 5)], [], [(0, 5), (0, 5)], (1, 0, 0)),
        # one to one: the second half of a phrase is extra, and one long find is one
        ([(0, 11)], [], [(0, 4), (5, 11)], (1, 0, 1)),
        ([(0, 4), (5, 11)], [], [(0, 11)], (1, 1, 0)),
        # as many pairs as can be, whichever comes first
        ([(0, 11), (5, 11)], [], [(0, 4), (5, 11)], (2, 0, 0)),
        ([(0, 4), (3, 11)], [], [(0, 11), (0, 2)], (2, 0, 0)),
        # optional cues are spared, and never take what a demanded one needs
        ([], [(0, 5)], [(0, 5)], (0, 0, 0)),
        ([], [(0, 5)], [], (0, 0, 0)),
        ([], [(0, 11)], [(0, 4), (5, 11)], (0, 0, 0)),
        ([(3, 9)], [(0, 5)], [(2, 4)], (1, 0, 0)),
        ([(3, 9)], [(0, 4), (0, 5)], [(2, 4)], (1, 0, 0)),
    ],
)
def test_cues_count(
    demanded: list[Offsets],
    optional: list[Offsets],
    found: list[Offsets],
    score: tuple[int, int, int],
) -> None:
    assert count(GoldCues(demanded, optional), found) == Score(*score)


def gold_of(*items: tuple[str, Sequence[str], bool]) -> GoldArticle:
    return GoldArticle(
        doc="d",
        predictions=tuple(
            GoldPrediction(
                sentence=sentence,
                cue=tuple(cue),
                proposition=None,
                orientation="future",
                likelihood="possible",
                polarity="positive",
                optional=optional,
            )
            for sentence, cue, optional in items
        ),
    )


def test_a_gold_cue_counts_once_and_is_optional_when_all_its_predictions_are() -> None:
    text = "The ice may melt or crack. It will likely snow."
    found = gold_cues(
        read_text(text),
        gold_of(
            ("The ice may melt or crack.", ["may"], False),
            ("The ice may melt or crack.", ["may"], True),
            ("It will likely snow.", ["will", "likely"], True),
            ("It will likely snow.", ["likely"], False),
            ("It will likely snow.", ["perhaps"], False),
        ),
    )
    assert [text[slice(*place)] for place in found.demanded] == ["may", "likely"]
    assert [text[slice(*place)] for place in found.optional] == ["will"]
    assert found.lost == 1


def test_rows_give_the_lead_and_say_where_it_is_too_small() -> None:
    rows = make_rows(
        "folder",
        {
            predictions.OURS: [Score(8, 2, 2), Score(8, 2, 2)],
            "weak": [Score(2, 8, 2), Score(2, 8, 2)],
            "strong": [Score(7, 3, 3), Score(7, 3, 3)],
        },
    )
    ours, weak, strong = rows
    assert ours.lead is None
    assert weak.lead is not None and weak.lead[0] == pytest.approx(80 - 200 / 7)
    assert strong.lead == pytest.approx((10, 10, 10))
    assert short_of_the_bar(rows) == ["folder: ours +10.0 against strong"]
    assert table(rows).splitlines()[1].split()[2:6] == ["20", "80.0", "80.0", "80.0"]


# Peers -------------------------------------------------------------------------------------------


def test_a_word_list_takes_the_longest_wherever_it_stands() -> None:
    nlp = spacy.blank("en")
    peer = word_list(nlp, "words", ["may", "most likely", "likely", "may"])
    doc = nlp("May is most likely wet, likely cold.")
    assert [doc[start:end].text for start, end in peer.cues(doc)] == [
        "May",
        "most likely",
        "likely",
    ]


def test_a_list_is_a_json_array_or_a_word_a_line(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text('["may", "kind of", 3, ""]', encoding="utf-8")
    assert read_words(path) == ["may", "kind of"]
    path.write_text("may\n\n kind of \n", encoding="utf-8")
    assert read_words(path) == ["may", "kind of"]
    for broken in ("\n", '["may"', "[]"):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(PipelineError, match="words"):
            read_words(path)
    with pytest.raises(PipelineError, match="cannot be read"):
        read_words(tmp_path / "none")


class Context:
    """Stands in for medspaCy's component: modifiers as they are on a Doc."""

    def __init__(self, *modifiers: tuple[str, str, tuple[int, int]]) -> None:
        self.modifiers = [
            SimpleNamespace(category=category, direction=direction, modifier_span=span)
            for category, direction, span in modifiers
        ]

    def __call__(self, doc: Doc) -> SimpleNamespace:
        return SimpleNamespace(
            _=SimpleNamespace(context_graph=SimpleNamespace(modifiers=self.modifiers))
        )


def test_of_medspacy_count_its_rules_of_doubt() -> None:
    context = Context(
        ("POSSIBLE_EXISTENCE", "FORWARD", (0, 1)),
        ("NEGATED_EXISTENCE", "FORWARD", (1, 2)),
        ("HYPOTHETICAL", "TERMINATE", (2, 3)),
        ("HYPOTHETICAL", "FORWARD", (3, 5)),
    )
    assert list(medspacy(context).cues(spacy.blank("en")("a"))) == [(0, 1), (3, 5)]


def test_medspacy_itself_runs_where_it_is_installed() -> None:
    pytest.importorskip("medspacy", exc_type=ImportError)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    [first, *_], versions, notes = load_cue_peers(nlp)
    doc = nlp("It is likely over. We stay because it is late, and leave if it rains.")
    assert [doc[start:end].text for start, end in first.cues(doc)] == ["likely", "if"]
    assert first.name == "medspaCy" and versions["medspacy"] and not notes


def test_a_peer_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "medspacy.context", None)
    path = tmp_path / "short.txt"
    path.write_text("somewhat\n", encoding="utf-8")
    nlp = spacy.blank("en")
    peers, versions, [note] = load_cue_peers(nlp, [path])
    assert [peer.name for peer in peers] == [
        "lexicon as a word list",
        "its usual cues",
        "short.txt",
    ]
    assert versions == {} and "medspaCy is left out" in note
    doc = nlp("She can swim, they fear rain, expected somewhat late.")
    texts = [[doc[start:end].text for start, end in peer.cues(doc)] for peer in peers]
    assert "can" in texts[0] and "expected" in texts[0]
    assert "can" not in texts[1] and set(texts[1]) < set(texts[0])
    assert texts[2] == ["somewhat"]


# The command -------------------------------------------------------------------------------------

TEXT = "The bridge may reopen in June. She can swim.\n"


@pytest.mark.model
def test_the_command_prints_and_saves_every_figure(
    extractor: Extractor,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prediction = {
        "sentence": "The bridge may reopen in June.",
        "cue": ["may"],
        "proposition": "The bridge may reopen in June",
        "orientation": "future",
        "likelihood": "possible",
        "polarity": "positive",
    }
    gold = {"doc": "bridge", "predictions": [prediction]}
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bridge.json").write_text(json.dumps(gold), encoding="utf-8")
    everything = CuePeer("every word", lambda doc: ((i, i + 1) for i in range(len(doc))))
    monkeypatch.setattr(predictions, "load", lambda: extractor)
    monkeypatch.setattr(
        predictions, "load_cue_peers", lambda nlp, lists: ([everything], {"peer": "1"}, ["a note"])
    )
    saved = tmp_path_factory.mktemp("out") / "figures.json"
    assert predictions.main([str(tmp_path), "--json", str(saved)]) == 0
    ours, peer = json.loads(saved.read_text(encoding="utf-8"))["rows"]
    assert ours["score"] == {"right": 1, "missed": 0, "extra": 0} and ours["lead"] is None
    assert peer["score"]["right"] == 1 and peer["score"]["extra"] >= 10
    printed = capsys.readouterr().out
    assert "ahead by 25 or more in every row" in printed and "a note" in printed

    gold["annotated"] = ["dates"]
    (tmp_path / "bridge.json").write_text(json.dumps(gold), encoding="utf-8")
    assert predictions.main([str(tmp_path), "--no-peers"]) == 1
    assert "not annotated" in capsys.readouterr().err
