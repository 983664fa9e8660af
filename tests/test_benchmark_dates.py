"""The benchmark of dates: what peers say read as ours, and the command on small invented data."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import dates, peers
from benchmarks.peers import Found, Peer, read_dateparser, read_recognizers, sentences
from pipeline.reading import read_text
from pipeline.train.anchors import FOLDS, Choice, fit_folds, folds

BASE = datetime(2014, 5, 6)

# -- peers --------------------------------------------------------------------------------------


def test_sentences_keep_their_offsets() -> None:
    text = "He left. She stayed!\n\n“Soon,” he said on Sept. 3, 2014.\n"
    found = list(sentences(text))
    assert [words for _, words in found] == [
        "He left.",
        "She stayed!",
        "“Soon,” he said on Sept. 3, 2014.",
    ]
    assert all(text[start:].startswith(words) for start, words in found)


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("year", "2014"),
        ("month", "2014-06"),
        ("week", "2014-06-02/2014-06-08"),
        ("day", "2014-06-06"),
        ("time", "2014-06-06T17:30"),
        ("part_of_day", "2014-06-06T17:30"),
        (None, "2014-06-06T17:30"),
    ],
)
def test_dateparser_means_the_unit_it_names(period: str | None, value: str) -> None:
    [found] = read_dateparser("Then it fell", [("Then", datetime(2014, 6, 6, 17, 30), period)])
    assert found.value == value
    assert found.type == ("TIME" if "T" in value else "DATE")


def test_words_of_dateparser_are_found_in_their_order() -> None:
    june, july = datetime(2014, 6, 6), datetime(2014, 7, 6)
    answer = [("June", june, "month"), ("gone", june, "month"), ("June", july, "month")]
    found = read_dateparser("June or June", answer)
    assert [(one.start, one.end, one.value) for one in found] == [
        (0, 4, "2014-06"),
        (8, 12, "2014-07"),
    ]


def recognized(words: str, *readings: dict[str, str]) -> Found:
    result = SimpleNamespace(start=0, end=len(words) - 1, resolution={"values": list(readings)})
    [found] = read_recognizers(words, [result], BASE)
    assert (found.start, found.end) == (0, len(words))
    return found


def days(timex: str, start: str, end: str) -> dict[str, str]:
    return {"timex": timex, "type": "daterange", "start": start, "end": end}


@pytest.mark.parametrize(
    ("words", "reading", "value"),
    [
        ("2012", days("2012", "2012-01-01", "2013-01-01"), "2012"),
        ("June", days("XXXX-06", "2014-06-01", "2014-07-01"), "2014-06"),
        ("last week", days("2014-W18", "2014-04-28", "2014-05-05"), "2014-04-28/2014-05-04"),
        (
            "the third quarter of 2013",
            days("(2013-07-01,2013-10-01,P3M)", "2013-07-01", "2013-10-01"),
            "2013-07/2013-09",
        ),
        (
            "the past three days",
            days("(2014-05-03,2014-05-06,P3D)", "2014-05-03", "2014-05-06"),
            "2014-05-03/2014-05-05",
        ),
        (
            "from May 3 to May 5",
            days("(XXXX-05-03,XXXX-05-05,P2D)", "2014-05-03", "2014-05-05"),
            "2014-05-03/2014-05-05",
        ),
        ("3 May", {"timex": "XXXX-05-03", "type": "date", "value": "2014-05-03"}, "2014-05-03"),
        ("Friday", {"timex": "XXXX-WXX-5", "type": "date", "value": "2014-05-02"}, "2014-05-02"),
        (
            "the summer of 2011",
            {"timex": "2011-SU", "type": "daterange", "value": "not resolved"},
            "2011-22",
        ),
        ("the summer", {"timex": "SU", "type": "daterange", "value": "not resolved"}, "XXXX-22"),
        (
            "by 2023",
            {"timex": "2023", "Mod": "before", "type": "daterange", "end": "2023-01-01"},
            "../2023",
        ),
        (
            "after December",
            {"timex": "XXXX-12", "Mod": "after", "type": "daterange", "start": "2014-01-01"},
            "2013-12/..",
        ),
        (
            "February 30, 2012",
            {"timex": "2012-02-30", "type": "date", "value": "not resolved"},
            "2012-02-30",
        ),
        ("three years", {"timex": "P3Y", "type": "duration", "value": "94608000"}, "P3Y"),
        ("every day", {"timex": "P1D", "type": "set", "value": "not resolved"}, "R/P1D"),
        ("at 5 pm", {"timex": "T17", "type": "time", "value": "17:00:00"}, "T17:00"),
        (
            "5 pm yesterday",
            {"timex": "2014-05-05T17", "type": "datetime", "value": "2014-05-05 17:00:00"},
            "2014-05-05T17:00",
        ),
        (
            "now",
            {"timex": "PRESENT_REF", "type": "datetime", "value": "2014-05-06 00:00:00"},
            "PRESENT_REF",
        ),
    ],
)
def test_what_recognizers_say(words: str, reading: dict[str, str], value: str) -> None:
    assert recognized(words, reading).value == value


def test_of_two_readings_the_nearer_counts() -> None:
    before = days("XXXX-06", "2013-06-01", "2013-07-01")
    after = days("XXXX-06", "2014-06-01", "2014-07-01")
    assert recognized("June", before, after).value == "2014-06"
    late = recognized("early June", before | {"Mod": "start"}, after | {"Mod": "start"})
    assert (late.value, late.modifier) == ("2014-06", "start")


def test_what_recognizers_leave_unresolved_has_no_value() -> None:
    result = SimpleNamespace(start=0, end=3, resolution=None)
    assert read_recognizers("soon", [result], BASE) == [Found(0, 4, "")]


def test_offsets_of_a_peer_are_those_of_the_article() -> None:
    source = "First.\r\n\r\nIt fell in June.\r\n"
    article = read_text(source, id="a", published="2014-05")
    asked = []

    def ask(sentence: str, base: datetime) -> str:
        asked.append((sentence, base))
        if sentence == "First.":
            raise ValueError("odd")
        return sentence

    def read(sentence: str, answer: str, base: datetime) -> list[Found]:
        return [Found(8, 15, "2014-06")]

    peer = Peer("invented", "1", ask, read)
    [record] = peer.extract(article)
    assert source[record.start : record.end] == record.text == "in June"
    assert asked[1] == ("It fell in June.", datetime(2014, 5, 1))
    assert peer.failures == 1


def test_a_peer_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[Peer]:
        raise ImportError("no module named 'dateparser'")

    monkeypatch.setattr(peers, "_dateparser", missing)
    monkeypatch.setattr(peers, "_recognizers", lambda: [])
    found, [line] = peers.load_peers()
    assert found == [] and "dateparser is left out" in line and peers.HOW_TO_INSTALL in line


# -- folds --------------------------------------------------------------------------------------


def test_no_document_is_judged_by_weights_that_saw_it() -> None:
    names = [f"d{number}" for number in range(12)]
    fold = folds(names)
    assert set(fold.values()) == set(range(FOLDS)) and fold == folds(reversed(names))
    data = [
        Choice(name, "day", ((f"day: {name}",), ("day: other",)), (True, False))
        for name in names
        for _ in range(4)
    ]
    for left_out, weights in enumerate(fit_folds(data, fold)):
        seen = {name for name in names if f"day: {name}" in weights}
        assert seen == {name for name in names if fold[name] != left_out}


# -- the command --------------------------------------------------------------------------------

NEWS = "The talks opened on 3 May 2014. They will end on Friday."
HISTORY = "The siege began in March 1808. It ended in June. In 1809 the town fell."


def write(path: Path, *rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def date(text: str, words: str, **answer: object) -> dict[str, object]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words, **answer}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One invented document in each corpus and in each folder of gold."""
    write(
        tmp_path / "data/dates/gum-train-dates.jsonl",
        {
            "id": "GUM_news_talks",
            "genre": "news",
            "published": "2014-05-06",
            "text": NEWS,
            "dates": [
                date(NEWS, "3 May 2014", attrs={"when": "2014-05-03"}, value=None),
                date(NEWS, "Friday", attrs={"when": "2014-05-09"}, value=None),
            ],
        },
    )
    write(
        tmp_path / "data/dates/wikiwars.jsonl",
        {
            "id": "siege",
            "published": "2009-12-19",
            "text": HISTORY,
            "dates": [
                date(HISTORY, "March 1808", value="1808-03"),
                date(HISTORY, "June", value="1808-06"),
                date(HISTORY, "1809", value="1809"),
            ],
        },
    )
    write(
        tmp_path / "data/dates/timelines.jsonl",
        {
            "id": "talks",
            "published": "2014-05-06",
            "text": NEWS,
            "events": [
                {k: date(NEWS, "opened")[k] for k in ("start", "end")} | {"date": "2014-05-03"}
            ],
        },
    )
    for part in ("dev", "train", "written"):
        folder = tmp_path / "gold" / part
        gold = {
            "doc": f"{part}-talks",
            "dates": [{"text": "3 May 2014", "sentence": NEWS.split(". ")[0] + "."}],
        }
        gold["dates"][0] |= {"value": "2014-05-03", "type": "DATE"}
        write(folder / "talks.json", gold)
        (folder / "talks.txt").write_text(NEWS + "\n", encoding="utf-8")
        meta = {"published": "2014-05-06"}
        (folder / "talks.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return tmp_path


@pytest.mark.model
def test_the_command_prints_and_saves_every_figure(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    probe = tmp_path / "probe.jsonl"
    write(
        probe,
        {"form": "day", "text": "He left <date value='2015-09-21'>yesterday</date>."},
        {"form": "none", "text": "He may march on."},
    )
    saved = tmp_path / "figures.json"
    options = ["--cross-validate", "--no-peers", "--probe", str(probe), "--json", str(saved)]
    assert dates.main([str(data), *options]) == 0
    printed = capsys.readouterr().out
    report = json.loads(saved.read_text(encoding="utf-8"))
    assert report["columns"] == ["claimline", "cross-validated", "no parse"]
    rows = {row["label"]: row for row in report["rows"]}
    assert all(label in printed for label in rows)
    for label, gold in (
        ("GUM, formal genres: calendar interval F1", 2),
        ("GUM, all genres: without a year, right", 1),
        ("WikiWars: TIMEX3 value F1", 3),
    ):
        assert rows[label]["of"] == gold
        values = rows[label]["values"]
        assert list(values) == report["columns"]
        # What a single document teaches is not known where that is left out.
        assert values["claimline"] == values["no parse"] == 100.0 >= values["cross-validated"]
    assert rows["own probe: sentences right"]["values"] == {"claimline": 1, "no parse": 1}
    assert rows["own probe: dates in sentences without any"]["values"]["claimline"] == 0
    assert rows["dev gold: dates with value F1"]["of"] == 1
    assert rows["SemEval-2015 T4, publication day for all: date exact"]["values"] == {
        "claimline": 0.0
    }
    assert rows["words/s, dates alone"]["values"]["no parse"] > 0


@pytest.mark.model
def test_what_is_not_there_is_left_out_and_what_is_broken_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    probe = tmp_path / "probe.jsonl"
    write(probe, {"form": "none", "text": "He may march on."})
    arguments = [str(tmp_path), "--no-peers", "--probe", str(probe)]
    assert dates.main(arguments) == 0
    assert "GUM" not in capsys.readouterr().out
    write(tmp_path / "data/dates/wikiwars.jsonl", {"id": "siege"})
    assert dates.main(arguments) == 1
    assert "wikiwars.jsonl: not a corpus of dates" in capsys.readouterr().err
