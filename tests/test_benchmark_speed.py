"""The benchmark of speed: cutting, what is computed, the page, and the command once in small."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import speed
from benchmarks.pieces import mixed, pieces, read_texts, take, write_rows
from benchmarks.speed_page import filled, speed_page, table
from benchmarks.speed_peers import DOES, Rate, measure
from benchmarks.speed_picture import draw_speed
from benchmarks.speed_results import (
    FIRST,
    HELP,
    Machine,
    Results,
    bars,
    core_rate,
    exponent,
    growth_of,
    hours,
    keep_results,
    median,
    read_results,
    speed_up,
    this_machine,
)
from benchmarks.stages import Measured
from benchmarks.stages import measure as measure_stages
from benchmarks.workers import Crew, digest, run_crew, shard_kilobytes, tenths
from pipeline.batch import Output
from pipeline.extraction import Extractor
from pipeline.reading import read_text

# Cutting -----------------------------------------------------------------------------------------

SENTENCE = st.builds(
    lambda words, mark: " ".join(words).capitalize() + mark,
    st.lists(st.sampled_from(["dam", "rain", "vote", "said", "Ana", "x."]), min_size=1, max_size=9),
    st.sampled_from([".", "!", "?", ""]),
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=5).map("\n\n".join)


@given(st.lists(TEXT, min_size=1, max_size=4), st.integers(1, 30))
def test_pieces_hold_all_words_in_order_but_for_the_last_rest(texts: list[str], words: int) -> None:
    found = list(pieces(texts, words))
    every = " ".join(texts).split()
    got = " ".join(found).split()
    assert got == every[: len(got)]
    assert len(every) - len(got) < words * 0.8
    assert all(len(piece.split()) >= words * 0.8 for piece in found)


def test_a_piece_ends_with_its_sentence_or_a_paragraph_that_ends_near() -> None:
    one = "A b c d e. F g h i j. K l m n o. P q r s t."
    assert list(pieces([one], 8)) == ["A b c d e. F g h i j.", "K l m n o. P q r s t."]
    # nine words of ten: the paragraph's end is near enough; within it the sentence goes on
    two = "A b c. D e f g h i.\n\nJ k l m n o p q r. S t u."
    assert list(pieces([two], 10)) == ["A b c. D e f g h i.", "J k l m n o p q r. S t u."]


def test_texts_are_joined_only_where_they_are_too_short() -> None:
    texts = ["A b c d e f g h.", "I j k.", "L m n o p q r."]
    assert list(pieces(texts, 10)) == ["A b c d e f g h.", "I j k.\n\nL m n o p q r."]


def test_what_is_taken_has_the_words_that_were_asked_for() -> None:
    assert list(take(["a b", "c d", "e f"], 3)) == ["a b", "c d"]
    assert list(take(cycle(["a b"]), 5)) == ["a b"] * 3


def test_long_and_short_articles_are_mixed_evenly() -> None:
    text = "\n\n".join(f"Number {n} of the sentences is here." for n in range(40))
    found = [len(piece.split()) for piece in mixed([text], 12, short=7, long=70, every=4)]
    # 56: as few as a paragraph may have that ends near to 70
    assert found == [7, 7, 7, 56] * 3


def test_texts_of_files_and_of_the_sample_corpus(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    write_rows(path, ["One.", " ", "Two “2”."])
    assert read_texts([path, path]) == ["One.", "Two “2”."] * 2
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == [
        "piece-000000",
        "piece-000001",
        "piece-000002",
    ]
    assert len(read_texts([])) == 10
    write_rows(path, [" "])
    with pytest.raises(ValueError, match="no text"):
        read_texts([path])


# What is computed --------------------------------------------------------------------------------

MACHINE = Machine(
    cpu="A processor", cores=2, system="Linux", python="3.11.7", versions={"spacy": "3.8.18"}
)


def measured(words: int, articles: int, *, slower: float = 1.0) -> Measured:
    steps = {"reading": 1, "tokenizer": 9, "encoder": 150, "dates": 30, "records": 8, "jsonl": 2}
    return Measured(
        articles=articles,
        words=words,
        seconds=words * 2e-4,
        stages={name: 1e-6 * words * slower * cost for name, cost in steps.items()},
        first=200.0,
        last=201.0,
        peak=210.0,
    )


def crew(workers: int, seconds: float, *, cluster: bool = False, **more: object) -> Crew:
    given: dict[str, object] = {
        "articles": 1000,
        "written": 1000,
        "words": 400_000,
        "processor": 100.0,
        "worker": [200.0] * 9 + [210.0],
        "others": [50.0] * 10,
        "input": "i",
        "digest": "abcdef0123456789",
    }
    return Crew(workers=workers, cluster=cluster, seconds=seconds, **given | more)  # type: ignore[arg-type]


def complete() -> Results:
    return Results(
        machine=MACHINE,
        pipeline=dict.fromkeys(speed.PARTS, "f00d"),
        texts=dict.fromkeys(speed.PARTS, 542),
        start={HELP: [0.25, 0.2, 0.5], FIRST: [1.5, 1.6, 9.0]},
        stages=measured(100_000, 200),
        length={100: measured(1000, 10), 1000: measured(1000, 1), 10_000: measured(10_000, 1)},
        workers=[crew(1, 100.0), crew(2, 50.0), crew(2, 52.0, cluster=True)],
        peers=[
            Rate(name="Claimline", version="0.1.0", words=1000, seconds=0.25, peak=250.0),
            Rate(name="spaCy, blank", version="3.8.18", words=100_000, seconds=0.5, peak=150.0),
        ],
        left_out=["spaCy, model is left out: No package"],
        peer_seconds=10.0,
    )


@pytest.mark.parametrize("power", [0.5, 1.0, 1.7])
def test_the_exponent_of_a_power(power: float) -> None:
    assert exponent({size: 3.0 * size**power for size in (10, 50, 4000)}) == pytest.approx(power)


def test_what_grows_is_not_hidden_by_what_a_start_costs() -> None:
    assert exponent({1: 10.0, 10: 11.0, 100: 1100.0}) == pytest.approx(2.0)


def test_growth_is_that_of_an_article_whatever_their_number() -> None:
    flat = {10: measured(70, 7), 100: measured(300, 3), 1000: measured(1000, 1)}
    assert growth_of(flat) == pytest.approx(1.0)
    square = {size: measured(size, 1, slower=size) for size in (10, 100)}
    assert growth_of(square, "dates") == pytest.approx(2.0)


def test_hours_and_the_rate_of_a_core() -> None:
    assert hours(1_000_000, 400, rate=4000.0, cores=1) == pytest.approx(27.777, abs=0.001)
    assert core_rate([crew(1, 100.0)]) is None
    # not that of one worker, who has the machine to himself, nor that of Dask
    assert core_rate(complete().workers) == pytest.approx(4000.0)


def test_speed_up_needs_the_same_articles() -> None:
    assert speed_up(complete().workers) == pytest.approx(2.0)
    assert speed_up([crew(1, 100.0), crew(2, 50.0, cluster=True)]) is None
    assert speed_up([crew(1, 100.0), crew(2, 50.0, input="other")]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_tenths_hold_the_most_and_begin_and_end_with_their_ends(values: list[float]) -> None:
    found = tenths(values)
    assert len(found) == 10
    assert max(found) == max(values)
    size = max(1, len(values) // 10)
    assert found[0] == max(values[:size])
    assert found[-1] >= values[-1]


def test_no_samples_no_tenths() -> None:
    assert tenths([]) == []


def test_shards_are_small_enough_to_share_and_no_larger_than_usual() -> None:
    assert shard_kilobytes(100) == 1
    assert shard_kilobytes(1 << 20) == 25
    assert shard_kilobytes(1 << 30) == 256


def test_the_median() -> None:
    assert median([9.0, 1.0, 2.0]) == 2.0
    assert median([4.0, 3.0]) == 3.0


def test_the_digest_is_of_names_and_bytes_but_not_of_the_log(tmp_path: Path) -> None:
    output = Output(tmp_path)
    for folder in (output.shards, output.marks, output.logs):
        folder.mkdir()
    output.quarantine.write_text("")
    shard = output.shard_path(0)
    shard.write_text("a")
    first = digest(output)
    (output.logs / "worker-1.log").write_text("x")
    assert digest(output) == first
    shard.write_text("b")
    assert digest(output) != first
    shard.write_text("a")
    shard.rename(output.shard_path(1))
    assert digest(output) != first


# What is asked for -------------------------------------------------------------------------------


def unmet(results: Results) -> list[str]:
    return [bar.what for bar in bars(results) if not bar.met]


def test_all_that_is_asked_for_holds() -> None:
    assert len(bars(complete())) == 9
    assert unmet(complete()) == []


def test_each_that_does_not_hold_is_named() -> None:
    results = complete()
    results.start[HELP] = [0.2, 0.31, 0.32]
    results.start[FIRST] = [2.1]
    assert unmet(results) == [f"{HELP}, median", f"{FIRST}, median"]
    results = complete()
    assert results.stages is not None
    results.stages.stages["dates"] *= 3
    assert unmet(results) == ["stages after the language model, share of the time"]
    results = complete()
    results.length[10_000] = measured(10_000, 1, slower=2.0)
    assert unmet(results) == ["time of an article over its words, 100 to 10,000 words: exponent"]
    results = complete()
    results.workers[1] = crew(2, 60.0, worker=[200.0] * 9 + [221.0])
    assert unmet(results) == [
        "memory of a worker, last tenth to first, 2 workers",
        "rate of two workers to one",
    ]
    for other in ({"digest": "other"}, {"input": "other"}):
        results = complete()
        results.workers[2] = crew(2, 52.0, cluster=True, **other)
        assert unmet(results) == ["the same bytes: 1 worker; 2 workers; 2 workers, Dask"]


def test_memory_that_nobody_saw_is_not_flat() -> None:
    results = complete()
    results.workers = [crew(1, 100.0, worker=[])]
    assert unmet(results) == ["memory of a worker, last tenth to first, 1 worker"]


def test_what_was_not_measured_is_not_judged() -> None:
    assert bars(Results(machine=MACHINE)) == []


# Kept results ------------------------------------------------------------------------------------


def test_results_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "made" / "speed.json"
    assert read_results(path, MACHINE) == Results(machine=MACHINE)
    keep_results(path, complete())
    assert read_results(path, MACHINE) == complete()
    assert [found.name for found in path.parent.iterdir()] == ["speed.json"]


def test_results_of_another_machine_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    keep_results(path, complete())
    with pytest.raises(ValueError, match="another machine"):
        read_results(path, msgspec.structs.replace(MACHINE, cpu="Another"))
    path.write_text("{")
    with pytest.raises(ValueError, match="not results"):
        read_results(path, MACHINE)


def test_this_machine_is_named() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.cpu
    assert machine.versions["spacy"]


# Page and picture --------------------------------------------------------------------------------


def page(results: Results) -> str:
    return speed_page(results, picture="images/speed.svg", cores=[64], price=0.05)


def test_the_page_says_what_was_measured() -> None:
    text = page(complete())
    assert page(complete()) == text
    for line in (
        "# Speed",
        "![Cost by length, memory over a run, other libraries](images/speed.svg)",
        "| rate of two workers to one | 2.00 | ≥ 1.7 | yes |",
        "| encoder | 150.0 | 75.0 |",
        "| all | 200.0 | 100 |",
        "| `claimline --help` | 0.20 | 0.25 |",
        "| all | 200.0 | 200.0 | 200.0 | 1.00 |",
        "| words an article | 100 | 1,000 | 10,000 |  |",
        "| 2 workers | 1,000 | 400,000 | 50 | 8,000 | 2.00 | 200 / 210 | 50 / 50 | "
        "`abcdef012345` |",
        # a million of 400 words: 100,000 core seconds
        "| a laptop of 2 cores | 13.9 | 1.39 | 34.7 | 3.47 |",
        "| 64 cores | 0.4 | 1.39 | 1.1 | 3.47 |",
        "| spaCy, blank, 3.8.18 | 200,000 | 100,000 | 150 | tokens, sentences by their marks |",
    ):
        assert line in text.split("\n")
    prose = [line for line in text.split("\n") if not line.startswith("|")]
    assert max(map(len, prose)) <= 120
    assert "A processor, 2 cores, Linux, Python 3.11.7; spacy 3.8.18" in text.replace("\n", " ")
    assert "python -m spacy download en_core_web_sm" in text.replace("\n", " ")


def test_a_page_of_one_part_has_no_other() -> None:
    text = page(Results(machine=MACHINE, start={FIRST: [1.0]}, texts={"start": 0}))
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    assert headings == ["What is asked for", "Start"]
    assert "the sample corpus" in text.replace("\n", " ")


def test_parts_of_different_states_are_told() -> None:
    results = complete()
    assert "The pipeline is `f00d`." in page(results).replace("\n", " ")
    results.pipeline["start"] = "beef"
    assert "different states of the pipeline" in page(results).replace("\n", " ")


def test_tables_and_paragraphs() -> None:
    assert table(["", "a"], [["x", "1"]]) == "|  | a |\n| --- | ---: |\n| x | 1 |"
    assert filled("a\n  b") == "a b"


def test_the_picture_stays_within_its_frame() -> None:
    svg = ElementTree.fromstring(draw_speed(complete()))
    width, height = float(svg.get("width", 0)), float(svg.get("height", 0))
    name = "{http://www.w3.org/2000/svg}"
    texts = list(svg.iter(f"{name}text"))
    assert {"100 words", "2 workers, Dask", "spaCy, blank", "200,000"} <= {t.text for t in texts}
    for element in (*texts, *svg.iter(f"{name}rect"), *svg.iter(f"{name}circle")):
        x = float(element.get("x") or element.get("cx") or 0)
        y = float(element.get("y") or element.get("cy") or 0)
        assert 0 <= x <= width
        assert 0 <= y <= height
        assert x + float(element.get("width") or 0) <= width
    assert draw_speed(complete()) == draw_speed(complete())


def test_a_picture_of_nothing_is_one() -> None:
    unseen = Results(machine=MACHINE, workers=[crew(1, 9, worker=[])])
    assert ElementTree.fromstring(draw_speed(unseen)).get("role") == "img"


# Measuring ---------------------------------------------------------------------------------------


@pytest.mark.model
def test_stages_hear_every_step_of_the_extractor(extractor: Extractor) -> None:
    texts = ["It may rain by 2031, Ana Ruiz said.", "The dam broke on 4 May 2021."]
    found = (read_text(text, id=f"n{n}") for n, text in enumerate(texts))
    got = measure_stages(extractor, found, check=True)
    steps = [name.removeprefix("claimline_") for name in extractor.nlp.pipe_names]
    assert list(got.stages) == ["reading", "tokenizer", *steps, "records", "jsonl"]
    assert (got.articles, got.words, got.broken) == (2, 15, [])
    assert got.records["prediction"] == 1
    assert min(got.stages.values()) >= 0
    parts = got.stages["reading"] + got.model + got.after
    assert parts == pytest.approx(got.processor)


def test_a_library_reads_until_its_time_is_up() -> None:
    def texts() -> Iterator[str]:
        yield from islice(cycle(["It rained. It may rain."]), 50)

    all_of_it = measure("spaCy, blank", texts(), seconds=60)
    assert all_of_it.words == 250
    assert measure("spaCy, blank", texts(), seconds=0).words == 5


def test_a_library_that_is_not_installed_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="no_such_model"):
        measure("spaCy, model", iter([]), seconds=1, model="no_such_model")


@pytest.mark.model
def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speed, "CREWS", ((1, False),))
    monkeypatch.setattr(speed, "DOES", {name: DOES[name] for name in ("spaCy, blank",)})
    kept = ["--results", str(tmp_path / "speed.json"), "--write", str(tmp_path / "speed.md")]
    small = ["--articles", "20", "--words", "200", "--repeats", "1", "--seconds", "1"]
    assert speed.main([*small, *kept, "--only", "workers"]) == 0
    assert speed.main([*small, *kept, "--only", "peers"]) == 0
    results = read_results(tmp_path / "speed.json", this_machine())
    (run,) = results.workers
    assert (run.articles, run.written) == (20, 20)
    assert run.processor > 0
    assert (tmp_path / "speed.md").read_text("utf-8") == page(results)
    assert [peer.name for peer in results.peers] == ["spaCy, blank"]
    assert (tmp_path / "images" / "speed.svg").is_file()
    with pytest.raises(SystemExit):
        speed.main(["--only", "nothing"])
    assert "no such part" in capsys.readouterr().err


def test_check_fails_when_something_does_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    results = complete()
    results.machine = this_machine()
    common = ["--only", "none", "--results", str(path)]
    keep_results(path, results)
    assert speed.main([*common, "--check"]) == 0
    results.start[HELP] = [3.0]
    keep_results(path, results)
    assert speed.main([*common, "--check"]) == 1
    assert speed.main(common) == 0
    keep_results(path, complete())
    with pytest.raises(SystemExit, match="another machine"):
        speed.main(common)


def test_a_run_that_fails_says_why(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    write_rows(rows, ["It may rain."])
    with pytest.raises(RuntimeError, match=r"ended with 2:[^$]*--workers"):
        run_crew(rows, 0, cluster=False)
