"""The benchmark of quotes: its score on hand-built cases, and what the peers say read as ours."""

from __future__ import annotations

import json
import sys
from itertools import permutations
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from benchmarks import quotes
from benchmarks.quote_peers import (
    Found,
    QuotePeer,
    both,
    dependency_rule,
    load_quote_peers,
    textacy_peers,
)
from benchmarks.quotes import Attribution, count, errors, interval, is_right, match, total
from pipeline.evaluate.gold import GoldArticle, GoldQuote
from pipeline.evaluate.scores import Score
from pipeline.reading import read_article, read_text


def quote(
    content: range, cue: range | None = None, source: range | None = None, **more: object
) -> Attribution:
    return Attribution(frozenset(content), frozenset(cue or ()), frozenset(source or ()), **more)  # type: ignore[arg-type]


GOLD = quote(range(10, 20), range(2, 3), range(0, 2))

# -- score --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (GOLD, True),
        # half of all words of both contents is enough, less is not
        (quote(range(10, 15), range(2, 3), range(0, 2)), True),
        (quote(range(10, 14), range(2, 3), range(0, 2)), False),
        (quote(range(10, 40), range(2, 3), range(0, 2)), False),
        # one shared word of the source and of the cue is enough, none is not
        (quote(range(10, 20), range(2, 5), range(1, 2)), True),
        (quote(range(10, 20), range(2, 3), range(5, 7)), False),
        (quote(range(10, 20), range(2, 3)), False),
        (quote(range(10, 20), range(3, 4), range(0, 2)), False),
    ],
)
def test_what_makes_a_pair_right(found: Attribution, right: bool) -> None:
    assert is_right(GOLD, found) is right
    assert is_right(found, GOLD) is right


def test_absent_sources_and_cues_agree_with_each_other_alone() -> None:
    bare = quote(range(10, 20))
    assert is_right(bare, bare)
    assert not is_right(GOLD, bare)


SPANS = st.builds(
    lambda start, size: range(start, start + size), st.integers(0, 8), st.integers(0, 4)
)
QUOTES = st.lists(st.builds(quote, SPANS, SPANS, SPANS), max_size=4)


def worth(gold: Attribution, found: Attribution) -> float:
    if gold.content.isdisjoint(found.content) and gold.cue.isdisjoint(found.cue):
        return 0.0
    return (
        quotes.jaccard(gold.content, found.content)
        + quotes.jaccard(gold.cue, found.cue) / 2
        + quotes.jaccard(gold.source, found.source) / 2
    )


@given(QUOTES, QUOTES)
def test_no_other_pairing_is_worth_more(gold: list[Attribution], found: list[Attribution]) -> None:
    pairs = match(gold, found)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(worth(gold[i], found[j]) > 0 for i, j in pairs)
    few, many = sorted((range(len(gold)), range(len(found))), key=len)
    turned = len(gold) > len(found)
    best = max(
        sum(
            worth(gold[j], found[i]) if turned else worth(gold[i], found[j])
            for i, j in zip(few, order, strict=True)
        )
        for order in permutations(many, len(few))
    )
    assert sum(worth(gold[i], found[j]) for i, j in pairs) == pytest.approx(best)


def test_a_wrong_source_is_a_miss_and_a_false_alarm() -> None:
    wrong = quote(range(10, 20), range(2, 3), range(5, 7))
    assert count([GOLD], [wrong])["A", "all"] == Score(0, 1, 1)
    assert count([GOLD], [GOLD, wrong])["A", "all"] == Score(1, 0, 1)


def test_strata_are_those_of_gold_for_what_is_right_and_of_itself_for_the_rest() -> None:
    direct = GOLD._replace(stratum="direct")
    mixed = GOLD._replace(stratum="mixed")
    elsewhere = quote(range(50, 60), stratum="mixed")
    counts = count([direct], [mixed, elsewhere])
    assert counts["A", "direct"] == Score(1, 0, 0)
    assert counts["A", "mixed"] == Score(0, 0, 1)
    assert counts["A", "indirect"] == Score(0, 0, 0)


def test_track_r_leaves_out_what_is_no_speech_on_both_sides() -> None:
    thought = GOLD._replace(reported=False)
    other = quote(range(30, 40), range(41, 42), range(43, 44), reported=False)
    counts = count([thought], [thought, other])
    assert counts["A", "all"] == Score(1, 0, 1)
    assert counts["R", "all"] == Score(0, 0, 0)


def test_optional_gold_is_neither_demanded_nor_counted_against() -> None:
    optional = GOLD._replace(optional=True)
    assert count([optional], [])["A", "all"] == Score(0, 0, 0)
    assert count([optional], [GOLD])["A", "all"] == Score(0, 0, 0)


def test_intervals_hold_the_figure_and_narrow_to_it() -> None:
    even = [Score(8, 2, 2)] * 5
    assert interval(even) == pytest.approx((80.0, 80.0))
    mixed = [Score(10, 0, 0), Score(2, 8, 8), Score(6, 4, 4), Score(9, 1, 1)]
    low, high = interval(mixed)
    assert low < 100 * total(mixed).f1 < high
    assert interval(mixed, mixed) == (0.0, 0.0)
    low, high = interval(even, [Score(1, 9, 9)] * 5)
    assert low == high == pytest.approx(70.0)


# -- articles -----------------------------------------------------------------------------------


def page(text: str) -> quotes.Page:
    article = read_text(text, id="a", published="2014-05")
    return quotes.Page(article, spacy.blank("en")(article.text))


def test_words_are_counted_through_markup_and_marks(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<p>She said: &ldquo;We&rsquo;ll go, <b>soon</b>.&rdquo; No.</p>", "utf-8")
    article = read_article(file)
    one = quotes.Page(article, spacy.blank("en")(article.text))
    start, end = article.source.index("&ldquo;"), article.source.index(" No.")
    content = one.words([(start, end)])
    assert one.text(content) == "we’ll go soon"
    assert one.words([(start, start + len("&ldquo;"))]) == frozenset()  # a mark is no word
    tokens = [token.i for token in one.doc if token.text in ("go", "soon", "”")]
    assert one.text(one.of_tokens(tokens)) == "go soon"


def test_strata_and_tracks_are_read_off_the_text() -> None:
    one = page("The mayor said “we will go” and thinks that all is well.")

    def words(text: str) -> frozenset[int]:
        start = one.article.source.index(text)
        return one.words([(start, start + len(text))])

    who = words("mayor")
    assert one.attribution(words("we will go"), words("said"), who).stratum == "direct"
    assert one.attribution(words("we will go” and"), words("said"), who).stratum == "mixed"
    thought = one.attribution(words("all is well"), words("thinks"), who)
    assert (thought.stratum, thought.reported) == ("indirect", False)
    assert one.attribution(words("all is well"), words("said"), who).reported
    assert one.attribution(words("all is well"), frozenset(), who).reported
    assert one.attribution(words("we will go"), words("thinks"), who).reported


def test_the_source_of_gold_is_the_one_beside_its_cue() -> None:
    text = "He left when he said he was ill. “One.\n\nTwo,” she said."
    one = page(text)
    gold = GoldArticle(
        doc="a",
        quotes=(
            GoldQuote(
                sentence="He left when he said he was ill.",
                type="indirect",
                content="he was ill",
                speaker="he",
                cue="said",
            ),
            GoldQuote(
                sentence="“One.", type="direct", content="One. Two,", speaker="she", cue="said"
            ),
            GoldQuote(sentence="He left", type="indirect", content="nowhere to be found"),
        ),
    )
    [first, second], lost = quotes.gold_quotes(one, gold)
    assert lost == 1
    assert [sorted(part) for part in first[:3]] == [[5, 6, 7], [4], [3]]
    assert one.text(second.content) == "one two"  # through a paragraph
    assert one.text(second.source) == "she"
    assert (first.stratum, second.stratum) == ("indirect", "direct")


def test_errors_are_told_apart() -> None:
    one = page(" ".join(f"w{number}" for number in range(60)))
    found = [
        GOLD._replace(source=frozenset({5})),
        quote(range(30, 34), range(28, 29), range(26, 28)),
        quote(range(50, 55)),
    ]
    gold = [
        GOLD,
        quote(range(30, 40), range(28, 29), range(26, 28)),
        quote(range(41, 44), range(45, 46)),
    ]
    kinds = [kind for kind, _ in errors(one, gold, found)]
    assert kinds == [
        "source wrong",
        "content too short",
        "missed, indirect",
        "false alarm, indirect, without a cue",
    ]


# -- peers --------------------------------------------------------------------------------------


def parsed(*rows: tuple[str, str, str, int, str]) -> Doc:
    """A Doc of rows of word, lemma, part of speech, index of the head, relation."""
    words, lemmas, tags, heads, relations = (list(column) for column in zip(*rows, strict=True))
    return Doc(
        spacy.blank("en").vocab,
        words=words,
        lemmas=lemmas,
        pos=tags,
        heads=heads,
        deps=relations,
    )


SAID = (
    ("Ana", "Ana", "PROPN", 2, "nsubj"),
    ("has", "have", "AUX", 2, "aux"),
    ("said", "say", "VERB", 2, "ROOT"),
    ("it", "it", "PRON", 4, "nsubj"),
    ("rains", "rain", "VERB", 2, "ccomp"),
)


def test_the_dependency_rule_finds_clauses_with_their_subjects() -> None:
    [found] = dependency_rule(parsed(*SAID))
    assert found == Found(frozenset({3, 4}), frozenset({1, 2}), frozenset({0}))
    assert not list(dependency_rule(parsed(("I", "I", "PRON", 2, "nsubj"), *SAID[1:])))
    assert not list(
        dependency_rule(parsed(*SAID[:2], ("sang", "sing", "VERB", 2, "ROOT"), *SAID[3:]))
    )


def test_the_dependency_rule_finds_what_stands_around_the_verb() -> None:
    doc = parsed(
        ("It", "it", "PRON", 1, "nsubj"),
        ("rains", "rain", "VERB", 1, "ROOT"),
        ("Ana", "Ana", "PROPN", 3, "nsubj"),
        ("said", "say", "VERB", 1, "parataxis"),
        ("here", "here", "ADV", 1, "advmod"),
    )
    [found] = dependency_rule(doc)
    assert found == Found(frozenset({0, 1, 4}), frozenset({3}), frozenset({2}))


def test_the_dependency_rule_knows_according_to() -> None:
    doc = parsed(
        ("According", "accord", "VERB", 3, "case"),
        ("to", "to", "ADP", 0, "fixed"),
        ("the", "the", "DET", 3, "det"),
        ("port", "port", "NOUN", 5, "obl"),
        ("ships", "ship", "NOUN", 5, "nsubj"),
        ("wait", "wait", "VERB", 5, "ROOT"),
    )
    [found] = dependency_rule(doc)
    assert found == Found(frozenset({4, 5}), frozenset({0, 1}), frozenset({2, 3}))


class Triple:
    """A quotation as textacy gives it: the first three words said by the last."""

    def __init__(self, doc: Doc) -> None:
        self.content, self.cue, self.speaker = doc[:3], [doc[-2]], [doc[-1]]


def quoting(doc: Doc) -> list[Triple]:
    if sum(token.is_quote for token in doc) % 2:
        raise ValueError("odd")
    return [Triple(doc)] if any(token.is_quote for token in doc) else []


def test_an_odd_mark_costs_textacy_the_article_or_a_paragraph() -> None:
    nlp = spacy.blank("en")
    doc = nlp("Nothing.\n\n“Go” said Ana\n\n“Stay said Bo")
    whole, pieces = textacy_peers(quoting)
    assert whole.quotes(doc) == []
    assert (whole.failures, whole.marks) == (1, 3)
    [found] = pieces.quotes(doc)
    assert (pieces.failures, pieces.marks) == (1, 1)
    texts = [" ".join(doc[i].text for i in sorted(part)) for part in found]
    assert texts == ["Go", "said", "Ana"]


def test_both_take_from_textacy_what_the_rule_has_not() -> None:
    [rule] = dependency_rule(parsed(*SAID))
    assert both(lambda doc: []).quotes(parsed(*SAID)) == [rule]
    mute = parsed(
        ("“", "“", "PUNCT", 2, "punct"),
        ("it", "it", "PRON", 2, "nsubj"),
        ("ends", "end", "VERB", 2, "ROOT"),
    )
    [alone] = both(lambda doc: [Triple(doc)]).quotes(mute)
    assert 1 in alone.content
    overlapping = Triple(parsed(*SAID))
    overlapping.content = parsed(*SAID)[2:5]
    assert both(lambda doc: [overlapping]).quotes(parsed(*SAID)) == [rule]


def test_textacy_itself_runs_where_it_is_installed() -> None:
    pytest.importorskip("textacy", exc_type=ImportError)
    peers, versions, notes = load_quote_peers()
    assert [peer.name for peer in peers] == [
        "textacy",
        "textacy, by paragraph",
        "dependency rule",
        "both",
    ]
    assert versions["textacy"] and not notes
    doc = parsed(
        ("“", "“", "PUNCT", 2, "punct"),
        ("We", "we", "PRON", 2, "nsubj"),
        ("waited", "wait", "VERB", 6, "ccomp"),
        ("there", "there", "ADV", 2, "advmod"),
        ("”", "”", "PUNCT", 2, "punct"),
        ("Ana", "Ana", "PROPN", 6, "nsubj"),
        ("said", "say", "VERB", 6, "ROOT"),
    )
    for peer in peers:
        [found] = peer.quotes(doc)
        assert found.cue == {6} and found.source == {5} and {1, 2, 3} <= found.content


def test_a_peer_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textacy.extract", None)
    [rule], versions, [note] = load_quote_peers()
    assert rule.name == "dependency rule" and versions == {}
    assert "textacy is left out" in note and "pip install" in note


# -- the command --------------------------------------------------------------------------------

TEXT = "The mayor said on Monday that the bridge would reopen in June.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One invented article with its gold."""
    gold = {
        "doc": "bridge",
        "quotes": [
            {
                "sentence": TEXT.strip(),
                "type": "indirect",
                "content": "the bridge would reopen in June",
                "speaker": "The mayor",
                "cue": "said",
            }
        ],
    }
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bridge.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "bridge.meta.json").write_text('{"published": "2014-05-06"}', encoding="utf-8")
    return tmp_path


@pytest.mark.model
def test_the_command_prints_and_saves_every_figure(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    silent = QuotePeer("silent", lambda _, doc: iter(()), failures=2, marks=3)
    monkeypatch.setattr(quotes, "load_quote_peers", lambda: ([silent], {"peer": "1"}, ["a note"]))
    saved = tmp_path_factory.mktemp("out") / "figures.json"
    assert quotes.main([str(folder), "--errors", "2", "--json", str(saved)]) == 0
    printed = capsys.readouterr().out
    report = json.loads(saved.read_text(encoding="utf-8"))
    assert report["columns"] == ["claimline", "silent"]
    rows = {(row["track"], row["stratum"]): row for row in report["rows"]}
    assert len(rows) == len(quotes.TRACKS) * len(quotes.STRATA)
    indirect = rows["A", "indirect"]
    assert indirect["of"] == 1
    assert indirect["scores"]["claimline"] == {"right": 1, "missed": 0, "extra": 0}
    assert indirect["scores"]["silent"] == {"right": 0, "missed": 1, "extra": 0}
    assert indirect["leads"]["silent"] == [100.0, 100.0]
    assert rows["A", "direct"]["of"] == 0
    assert "clearly ahead in every row" in printed
    assert "silent: raised at 2 texts with 3 quotation marks" in printed and "a note" in printed
    assert "PolNeAR" in printed


def test_rows_where_a_peer_is_not_clearly_behind_are_named() -> None:
    scores = {
        quotes.OURS: [count([GOLD], [GOLD]), count([GOLD], [])],
        "level": [count([GOLD], []), count([GOLD], [GOLD])],
        "silent": [count([GOLD], [])] * 2,
    }
    lines = quotes.behind(quotes.make_rows("folder", scores))
    assert lines and all("level" in line or "silent" in line for line in lines)
    assert any(line.startswith("folder, all, all: ours +0.0 against level") for line in lines)


@pytest.mark.model
def test_a_folder_without_gold_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quotes.main([str(tmp_path), "--no-peers"]) == 1
    assert "no gold files" in capsys.readouterr().err
