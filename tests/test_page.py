"""The page as a document: its policy, its data, its views; hostile texts stay text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.forecasts import gather
from pipeline.reading import read_text
from pipeline.records import DateRef, EntityRecord, EventRecord, Mention, PredictionRecord, Record
from pipeline.report.page import find_sources, report_page, report_pages
from pipeline.report.page.lanes import draw_lanes
from pipeline.report.page.marks import ROLES
from pipeline.report.page.names import Names
from pipeline.report.page.network import draw_network
from pipeline.report.scale import LABEL_CHARACTER, Scale
from pipeline.report.templating import shown
from pipeline.timeline import build

from . import by_hand
from .conftest import ROOT
from .paged import HARBOUR, HOSTILE, Parsed, corpus_records, harbour, head, hostile, write

MOST_BYTES = 2_000_000


def made(records: list[Record] | None = None, **texts: str) -> Parsed:
    sources = {name: read_text(text, id=name) for name, text in texts.items()}
    return Parsed(report_page(records or harbour(), sources=sources))


@pytest.fixture(scope="module")
def corpus_page() -> str:
    records = corpus_records()
    heads = [record for record in records if record.id.startswith("article-")]
    return report_page(records, sources=find_sources(heads, [ROOT / "corpus"]))  # type: ignore[arg-type]


def test_the_sample_corpus_fits_in_two_megabytes(corpus_page: str) -> None:
    assert len(corpus_page.encode()) <= MOST_BYTES


def test_the_same_records_give_the_same_bytes(corpus_page: str) -> None:
    assert report_page(harbour(), sources={}) == report_page(harbour(), sources={})
    assert "0x" not in re.sub(r"<script.*?</script>", "", corpus_page, flags=re.DOTALL)


def test_the_policy_names_its_own_style_and_script_and_allows_nothing_else() -> None:
    page = made(harbour=HARBOUR)
    [policy] = [
        attributes["content"]
        for tag, attributes in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    [style] = page.styles
    [script] = [content for attributes, content in page.scripts if not attributes]

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_of_the_page_is_fetched_or_runs_from_an_attribute(corpus_page: str) -> None:
    for tag, attributes in Parsed(corpus_page).elements:
        assert tag not in ("img", "iframe", "object", "embed", "link", "base")
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("src", "style", "srcdoc")
            if name == "href":
                assert value is not None and value.startswith("#")


def test_every_record_is_in_the_data_with_all_its_fields() -> None:
    records = harbour()
    data, _ = made(records, harbour=HARBOUR).json()
    assert len(data["records"]) == len(records) - 1
    for told, record in zip(data["records"], records[1:], strict=True):
        plain = json.loads(jsonl.encode([record]))
        assert told["k"] == plain.pop("kind")
        assert plain.pop("article") == "harbour"
        assert told["r"] == plain
        assert told["x"] == f"#{record.id}"
    assert data["articles"][0]["r"]["title"] == "The harbour of Skell"


def test_the_text_is_there_and_knows_its_records() -> None:
    data, text = made(harbour=HARBOUR).json()
    assert text["whole"]
    article = read_text(HARBOUR)
    assert ["".join(run[0] for run in runs) for _, runs in text["p"]] == [
        article.text[block.start : block.end] for block in article.blocks
    ]
    covering = {
        (run[0], ROLES[role], data["records"][record]["r"]["id"])
        for _, runs in text["p"]
        for run in runs
        for record, role, _, _ in (text["m"][mark] for mark in run[1:])
    }
    assert ("could", "cue", "prediction-close") in covering
    assert ("before 2016", "proposition", "prediction-close") in covering
    assert ("before 2016", "date", "date-due") in covering
    assert (" ", "date", "date-due") in covering
    assert ("struck", "trigger", "event-strike") in covering
    assert ("the ", "participant", "event-strike") in covering


def test_without_the_file_the_page_says_so() -> None:
    page = made()
    assert "files were not at hand" in page.text
    assert not page.json()[1]["whole"]
    assert "not at hand" not in made(harbour=HARBOUR).text


def test_ids_that_several_articles_have_lead_to_their_own() -> None:
    page = made([*harbour("a"), *harbour("b/c")])
    links = [record["x"] for record in page.json()[0]["records"]]
    assert len(set(links)) == len(links)
    assert links[0] == "#entity-ruiz/a" and links[-1] == "#problem-x/b%2Fc"
    assert "2 articles" in page.text


def test_of_records_with_one_id_the_first_counts() -> None:
    records = harbour()
    other = msgspec.structs.replace(records[1], name="Someone else")  # type: ignore[type-var]
    data = made([*records, other, *records]).json()[0]
    assert len(data["records"]) == len(records) - 1
    assert data["records"][0]["h"] == "Ana Ruiz"


class TestHostile:
    """The page of harmless records, and that of records with a text in every free field."""

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_no_text_is_markup(self, text: str) -> None:
        records = hostile(text)
        article = records[0].article
        source = read_text(f"{text}\n\n{HARBOUR}{text}", id=article)
        page = report_page(records, sources={article: source}, title=text)
        page.encode()  # no lone surrogate is left
        parsed = Parsed(page)
        harmless = made(harbour=HARBOUR)
        ours = {(tag, *sorted(attributes)) for tag, attributes in harmless.elements}
        assert {(tag, *sorted(attributes)) for tag, attributes in parsed.elements} <= ours
        assert len(parsed.scripts) == len(harmless.scripts)
        for tag, attributes in parsed.elements:
            if "href" in attributes:
                assert (attributes["href"] or "").startswith("#"), tag
        assert parsed.json()[0]["records"][0]["h"] == f"{shown(text)}Ana Ruiz"
        assert not re.search("[\x00-\x08\x0b-\x1f\u2028\u2029\u202a-\u202e\u2066-\u2069]", page)

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_no_id_is_a_path(self, text: str) -> None:
        for name, page in report_pages([*hostile(text), *harbour()], sources={}).items():
            assert re.fullmatch(r"index\.html|article-[0-9a-f]{12}\.html", name)
            for tag, attributes in Parsed(page).elements:
                if "href" in attributes:
                    link = r"(index|article-[0-9a-f]{12})\.html(#.*)?|#.*"
                    assert re.fullmatch(link, attributes["href"] or ""), tag


class TestSplit:
    def test_each_article_has_a_page_and_the_index_leads_there(self) -> None:
        records = [*harbour("a"), *harbour("b")]
        pages = report_pages(
            records, sources={name: read_text(HARBOUR, id=name) for name in ("a", "b")}
        )
        assert len(pages) == 3
        index = Parsed(pages.pop("index.html"))
        [data] = index.json()  # and no text
        links = {record["x"] for record in data["records"]}
        own = set()
        for name, page in pages.items():
            parsed = Parsed(page)
            data, text = parsed.json()
            assert text["whole"]
            own |= {f"{name}{record['x']}" for record in data["records"]}
            assert ("a", {"href": "index.html"}) in parsed.elements
        assert links == own

    def test_names_of_pages_do_not_depend_on_other_articles(self) -> None:
        alone = report_pages(harbour("b"), sources={})
        assert set(alone) <= set(report_pages([*harbour("a"), *harbour("b")], sources={}))


class TestNames:
    def test_a_named_one_is_the_same_in_all_articles_and_officials_are_not(self) -> None:
        numbered = [(n, r) for n, name in enumerate("ab") for r in harbour(name)]
        names = Names(numbered)
        assert [(e.name, e.mentions, len(e.articles)) for e in names.entities] == [
            ("Ana Ruiz", 4, 2),
            ("Dockers' Union", 2, 2),
            ("Skell", 2, 2),
        ]
        assert [(s.name, len(s.articles), s.quotes, s.predictions) for s in names.speakers] == [
            ("Ana Ruiz", 2, 2, 4),
            ("Officials", 1, 1, 0),
            ("Officials", 1, 1, 0),
        ]
        ruiz = names.speakers[0]
        assert ruiz.hedged == 4
        assert ruiz.levels == {"possible": 2, "likely": 2}
        assert ruiz.types == {"indirect": 2}

    def test_a_record_is_about_whom_it_names_and_whom_its_words_mention(self) -> None:
        records = harbour()
        names = Names([(0, record) for record in records])
        about = {
            record.id: ([names.entities[e].name for e in linked.entities], linked.speaker)
            for record, linked in zip(records, names.linked, strict=True)
        }
        assert about["prediction-close"] == (["Ana Ruiz", "Skell"], 0)
        assert about["prediction-probably"] == (["Ana Ruiz"], 0)
        assert about["event-strike"] == (["Dockers' Union"], None)
        assert about["event-open"] == ([], None)
        assert about["quote-rents"] == ([], 1)
        assert about["problem-x"] == ([], None)

    def test_what_articles_say_themselves_is_their_authors(self) -> None:
        def own(article: str, authors: tuple[str, ...]) -> list[tuple[int, Record]]:
            made = []
            for record in harbour(article):
                if isinstance(record, PredictionRecord):
                    holder = msgspec.structs.replace(record.holder, kind="author", name=None)
                    made.append(msgspec.structs.replace(record, holder=holder))
            number = ord(article) - ord("a")
            return [(number, head(article, HARBOUR, authors=authors)), *((number, r) for r in made)]

        names = Names([*own("a", ("Ole",)), *own("b", ("Ole",)), *own("c", ()), *own("d", ())])
        assert [(s.name, s.author, s.predictions) for s in names.speakers] == [
            ("Ole", True, 4),
            ("the author", True, 2),
            ("the author", True, 2),
        ]


def entity(name: str, *sentences: int) -> EntityRecord:
    mentions = tuple(
        Mention(start=n, end=n + 1, text=name, sentence=n, form="name") for n in sentences
    )
    return by_hand.entity(name, id=f"entity-{name}", text=name, mentions=mentions)


class TestNetwork:
    def draw(self, *entities: EntityRecord) -> Any:
        return draw_network(Names([(0, record) for record in entities]).entities)

    def test_those_in_one_sentence_are_joined(self) -> None:
        network = self.draw(entity("a", 1, 2, 3), entity("b", 2, 3), entity("c", 3), entity("d", 9))
        name = {node.number: node.entity.name for node in network.nodes}
        found = {(name[e.tie.one], name[e.tie.other]): e.tie.sentences for e in network.edges}
        assert found == {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1}
        assert "d" not in name.values()

    def test_no_names_cover_each_other(self) -> None:
        for count in (2, 3, 7, 28, 60):
            network = self.draw(*(entity(f"name{n}", 1) for n in range(count)))
            assert len(network.nodes) == min(count, 28)
            for one, other in combinations(network.nodes, 2):
                apart = abs(one.label_y - other.label_y)
                assert one.anchor != other.anchor or apart > 15
            assert all(0 < node.x < 760 and 0 < node.y < 560 for node in network.nodes)

    def test_neighbours_are_those_most_spoken_of_together(self) -> None:
        pairs = [(entity(f"x{n}", n), entity(f"y{n}", n)) for n in range(6)]
        network = self.draw(*(one for pair in zip(*pairs, strict=True) for one in pair))
        names = [node.entity.name for node in network.nodes]
        assert [name[1] for name in names[::2]] == [name[1] for name in names[1::2]]


def lanes(*records: Record) -> dict[str, Any]:
    everything = list(records)
    drawn = draw_lanes(build(everything).entries, gather(everything).forecasts)
    return {lane.key[1]: lane for lane in drawn.lanes}


class TestLanes:
    def test_events_and_horizons_stand_on_one_axis(self) -> None:
        found = lanes(*harbour())
        assert list(found) == ["event-open", "event-strike", "prediction-close"]
        assert [lane.shape for lane in found.values()] == ["span", "span", "until"]
        opened, strike, due = found.values()
        assert 0 < opened.left < opened.right <= strike.left < strike.right < due.right < 100
        assert due.left == due.right

    @pytest.mark.parametrize(
        ("earliest", "latest", "shape"),
        [
            ("1962-05-03", "1962-05-03", "point"),
            ("1962-05-03", "1962-05-04", "span"),
            ("1962-05-03", None, "from"),
            (None, "1962-05-03", "until"),
            (None, None, "open"),
            ("1962-05-09", "1962-05-03", "open"),
        ],
    )
    def test_what_is_not_known_shows(
        self, earliest: str | None, latest: str | None, shape: str
    ) -> None:
        event = next(r for r in harbour() if isinstance(r, EventRecord))
        ref = DateRef(value="x", earliest=earliest, latest=latest, text="x", id=None)
        other = msgspec.structs.replace(event, id="event-other")
        found = lanes(other, msgspec.structs.replace(event, date=ref))
        assert found["event-open"].shape == shape

    def test_forecasts_stand_before_events_that_begin_later(self) -> None:
        event, later = (r for r in harbour() if isinstance(r, EventRecord))
        forecast = next(r for r in harbour() if isinstance(r, PredictionRecord))
        due = DateRef(value="1963-01", earliest="1963-01-01", latest="1963-01-31", text="x", id="d")
        found = lanes(event, later, msgspec.structs.replace(forecast, horizon=due))
        assert list(found) == ["event-open", "prediction-close", "event-strike"]

    def test_nothing_dated_has_no_axis(self) -> None:
        assert draw_lanes([], []).axis is None
        assert "Nothing here has a date" in made([head("a", HARBOUR)]).text

    @pytest.mark.parametrize("zoom", [1, 2, 8, 32])
    def test_a_wider_axis_has_more_marks_and_no_label_covers_another(self, zoom: int) -> None:
        scale = Scale([719163, 730000], left=0, right=1000)
        labelled = [tick for tick in scale.ticks(zoom) if tick.label]
        for one, other in pairwise(labelled):
            room = LABEL_CHARACTER * (len(one.label) + len(other.label)) / 2
            assert (other.place - one.place) * zoom > room
        assert zoom == 1 or len(labelled) > len([t for t in scale.ticks(zoom / 2) if t.label])
        assert scale.ticks() == scale.ticks(1)


class TestCommand:
    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, ["report", *map(str, arguments)])

    @pytest.fixture
    def outputs(self, tmp_path: Path) -> Path:
        jsonl.write(tmp_path / "outputs" / "harbour.jsonl", harbour())
        return tmp_path / "outputs"

    def test_one_page(self, outputs: Path, tmp_path: Path) -> None:
        write(tmp_path / "harbour.txt", HARBOUR)
        page = tmp_path / "page.html"
        result = self.run(outputs, "--source", tmp_path / "harbour.txt", "--output", page)
        assert (result.exit_code, result.output) == (0, "")
        assert Parsed(page.read_text("utf-8")).json()[1]["whole"]

    def test_a_folder_of_pages(self, outputs: Path, tmp_path: Path) -> None:
        folder = tmp_path / "pages"
        result = self.run(outputs, "--split", "-o", folder, "--title", "All there is")
        assert result.exit_code == 0
        names = sorted(path.name for path in folder.iterdir())
        assert len(names) == 2 and names[1] == "index.html"
        assert "All there is" in Parsed((folder / "index.html").read_text("utf-8")).text

    def test_defaults(self, outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert self.run(outputs).exit_code == 0
        assert self.run(outputs, "--split").exit_code == 0
        assert (tmp_path / "report.html").is_file()
        assert (tmp_path / "report" / "index.html").is_file()

    def test_to_standard_output(self, outputs: Path) -> None:
        result = self.run(outputs, "-o", "-")
        assert result.exit_code == 0 and result.stdout.startswith("<!doctype html>")

    def test_sources_that_are_not_there_are_told_of(self, outputs: Path, tmp_path: Path) -> None:
        write(tmp_path / "other.txt", "Another text.")
        page = tmp_path / "page.html"
        result = self.run(outputs, "-s", tmp_path / "other.txt", "-o", page)
        assert result.exit_code == 0
        assert "of 1 of 1 articles no file has the digest" in result.stderr
        result = self.run(outputs, "-s", tmp_path / "nowhere", "-o", page)
        assert result.exit_code == 1 and "no such file" in result.stderr

    def test_a_file_that_holds_no_records(self, outputs: Path, tmp_path: Path) -> None:
        write(outputs / "broken.jsonl", "{}\n")
        result = self.run(outputs, "-o", tmp_path / "page.html")
        assert result.exit_code == 1 and "broken.jsonl" in result.stderr
        assert (tmp_path / "page.html").is_file()
