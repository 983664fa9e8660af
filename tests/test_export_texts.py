"""Records with the article's text: W3C annotations, brat, spaCy, Label Studio and back to gold."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest
import spacy
from hypothesis import assume, given
from hypothesis import strategies as st
from spacy.tokens import DocBin
from typer.testing import CliRunner

from pipeline import jsonl
from pipeline.cli import app
from pipeline.commands.export import ExportFormat
from pipeline.errors import PipelineError
from pipeline.evaluate import evaluate
from pipeline.export import FORMATS, collect, export, import_gold
from pipeline.export.brat import brat_files
from pipeline.export.collect import places
from pipeline.export.docbin import GROUPS, docbin_files
from pipeline.export.label_studio import RELATIONS, label_studio_files
from pipeline.export.texts import Text, file_name, find_texts
from pipeline.export.w3c import w3c_files
from pipeline.extraction import Extraction, Extractor
from pipeline.reading import Article, read_article, read_text
from pipeline.records import (
    DateRecord,
    EntityRecord,
    EntityType,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Record,
    Span,
)

from .conftest import CORPUS, ROOT

pytestmark = pytest.mark.model

# Astral characters, marks that act, line ends of every sort, markup, a quote of two pieces.
ODD = (
    "Dateline \U0001f30a Port\r\n\r\n"
    "On 3 May 2021 Minister \U00010400na Ruiz said the harbour \U0001f6a2 “will close” in "
    "June.\u2028“Rates may rise,” Ana Ruiz\u202e told us in Lima, “and wages could "
    "fall by 2023.”\x01\r\n\r\n"
    "=SUM(A1) is likely to fail, the Port Authority warned on 4 May 2021.\x1b[31m\r\n"
)
PAGE = (
    "<html><head><title>Café \U0001f30a strike</title></head><body><article>"
    "<h1>Café strike</h1>"
    "<p>On 3 May 2021 <b>Ana</b> Ruiz said: &ldquo;The docks <i>may&nbsp;close</i> &amp; never "
    "reopen.&rdquo;</p><nav>Home</nav><p>The Port Authority \U0001f6a2 expects that trade will "
    "fall by 2023.</p><script>alert('</p>')</script></article></body></html>"
)


@pytest.fixture(scope="module")
def odd_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("odd")
    files = {
        "odd.txt": ODD.encode(),
        "odd-utf16.txt": ODD.encode("utf-16"),
        "page.html": PAGE.encode(),
        "page-utf16.html": PAGE.encode("utf-16"),
        "note.md": ("# Port *news*\n\n" + ODD.replace("harbour", "**har**bour")).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


@pytest.fixture(scope="module")
def texts(
    extracted_corpus: dict[Path, tuple[Article, Extraction]],
    extractor: Extractor,
    odd_files: list[Path],
) -> list[Text]:
    """Every article of the corpus, and odd ones."""
    odd = [extractor.extract_article(read_article(path)) for path in odd_files]
    assert all({"prediction", "quote"} <= set(found.article.counts) for found in odd)
    corpus = [extraction for _, extraction in extracted_corpus.values()]
    records = [record for found in (*corpus, *odd) for record in found.records]
    failures: list[str] = []
    made = list(find_texts(collect(records), [CORPUS, odd_files[0].parent], failures))
    assert not failures and len(made) == len(corpus) + len(odd)
    return made


def source_of(text: Text) -> str:
    return text.article.source


# -- the article files --------------------------------------------------------------------------


def test_a_file_counts_only_by_its_digest(
    extracted_corpus: dict[Path, tuple[Article, Extraction]], tmp_path: Path
) -> None:
    path, (_, extraction) = next(iter(extracted_corpus.items()))
    collected = collect(extraction.records)
    failures: list[str] = []
    # At the path in the record, and under another name in another folder.
    assert len(list(find_texts(collected, [], failures))) == 1
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "other.txt").write_bytes(path.read_bytes())
    assert len(list(find_texts(collected, [tmp_path], failures))) == 1
    assert not failures
    (tmp_path / "deep" / "other.txt").write_bytes(path.read_bytes() + b" ")
    assert not list(find_texts(collected, [tmp_path], failures))
    assert "--source" in failures[0]


@pytest.mark.parametrize("path", ["/etc/hostname", "-", "", "a\x00b", "/dev/zero", "\ud800"])
def test_a_hostile_path_shows_nothing(
    path: str, extracted_corpus: dict[Path, tuple[Article, Extraction]]
) -> None:
    extraction = next(extraction for _, extraction in extracted_corpus.values())
    first = msgspec.structs.replace(extraction.article, path=path)
    failures: list[str] = []
    assert not list(find_texts(collect([first, *extraction.records[1:]]), [], failures))
    assert len(failures) == 1


def test_records_that_do_not_fit_the_file_are_refused(
    extracted_corpus: dict[Path, tuple[Article, Extraction]],
) -> None:
    extraction = next(extraction for _, extraction in extracted_corpus.values())
    prediction = next(r for r in extraction.records if isinstance(r, PredictionRecord))
    for change in ({"start": prediction.proposition.start + 1}, {"text": "something else"}):
        proposition = msgspec.structs.replace(prediction.proposition, **change)
        wrong = msgspec.structs.replace(prediction, proposition=proposition)
        failures: list[str] = []
        assert not list(find_texts(collect([extraction.article, wrong]), [CORPUS], failures))
        assert "Extract the article again" in failures[0]
    far = Span(start=10**9, end=10**9 + 4, text="fars")
    wrong = msgspec.structs.replace(prediction, subject=far)
    failures = []
    assert not list(find_texts(collect([extraction.article, wrong]), [CORPUS], failures))
    assert len(failures) == 1


@given(st.text(min_size=1))
def test_an_id_never_becomes_a_path(id: str) -> None:
    name = file_name(id, ".txt")
    assert Path(name).name == name and not name.startswith(".") and "\\" not in name
    assert len(name.encode()) < 255
    assert name.isprintable()


def test_plain_ids_stay_and_others_do_not_meet() -> None:
    assert file_name("Détente-1969_b.2", ".ann") == "Détente-1969_b.2.ann"
    hostile = [
        "../../etc/passwd",
        "..",
        ".",
        "",
        "/",
        "a/b",
        "a\x00",
        ".hidden",
        "a" * 300,
        "\ud800",
    ]
    assert len({file_name(id, ".txt") for id in hostile}) == len(hostile)


@given(st.text(alphabet="ab \n\r\u2028\U0001f6a2*_", min_size=1), st.data())
def test_a_span_of_the_file_stands_where_it_is_read(source: str, data: st.DataObject) -> None:
    """From the reading text to the file and back is the same place, but for blanks at its edges."""
    try:
        article = read_text(source)
    except PipelineError:
        assume(False)
    start = data.draw(st.integers(0, len(article.text)))
    end = data.draw(st.integers(start, len(article.text)))
    for low, high in article.map.to_source(start, end):
        first, last = article.map.to_reading(low, high)
        words = article.text[first:last]
        assert words == words.strip()
        assert " ".join(words.split()) == article.map.clean(low, high)
        assert article.text[start:end].strip() in ("", words)


def test_hostile_names_stay_text_in_every_format(texts: list[Text], tmp_path: Path) -> None:
    """A file is known by its digest, but all that records say besides may be anyone's."""
    hostile = "=1+1</script>\x00\x1b\u2028\u202e\ud800\uffff\r\n\t../../x"
    mine = next(text for text in texts if text.records.id == "odd")

    def poisoned(record: Record) -> Record:
        changes: dict[str, Any] = {"article": hostile}
        if isinstance(record, EntityRecord):
            changes |= {"name": hostile, "aliases": (hostile,), "roles": (hostile,)}
        if isinstance(record, DateRecord):
            changes["value"] = hostile
        if isinstance(record, QuoteRecord) and record.speaker is not None:
            changes["speaker"] = msgspec.structs.replace(record.speaker, name=hostile)
        return msgspec.structs.replace(record, **changes)

    first = msgspec.structs.replace(mine.records.article, title=hostile, authors=(hostile,))
    records = [poisoned(record) for record in (first, *mine.records.others)]
    for format in FORMATS:
        folder = tmp_path / format
        assert export(format, records, folder, sources=[Path(mine.article.path).parent]) == []
        assert all(path.parent == folder and path.is_file() for path in folder.rglob("*"))
    assert len(list(tmp_path.iterdir())) == len(FORMATS)
    name = file_name(hostile.replace("\ud800", "\ufffd"), "")
    annotations = (tmp_path / "brat" / f"{name}.ann").read_bytes().decode()
    assert annotations.splitlines() == annotations.split("\n")[:-1]
    Standoff(
        (tmp_path / "brat" / f"{name}.txt").read_bytes().decode(),
        annotations,
        (tmp_path / "brat" / "annotation.conf").read_text(),
    )
    page = json.loads((tmp_path / "w3c" / f"{name}.jsonld").read_bytes())
    jsonschema.Draft202012Validator(PAGE_SCHEMA).validate(page)
    tasks = accepted((tmp_path / "label-studio" / "tasks.json").read_bytes())
    (gold,) = gold_of(tasks, [Path(mine.article.path).parent], tmp_path).values()
    # What is typed comes back without blanks at its edges.
    assert {entity["name"] for entity in gold["entities"]} == {hostile.replace("\ud800", "\ufffd")}
    ((doc),) = (
        DocBin().from_disk(tmp_path / "docbin" / "claims.spacy").get_docs(spacy.blank("en").vocab)
    )
    assert doc.text == mine.article.text


def test_the_command_offers_every_format() -> None:
    assert set(ExportFormat) == set(FORMATS)


# -- W3C ----------------------------------------------------------------------------------------

_IRI = {"type": "string", "pattern": "^(urn:uuid:[0-9a-f-]{36}|ni:///sha-256;[A-Za-z0-9_-]{43})$"}
_POSITION = {
    "type": "object",
    "required": ["type", "start", "end"],
    "properties": {
        "type": {"enum": ["TextPositionSelector", "DataPositionSelector"]},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}
_QUOTE = {
    "type": "object",
    "required": ["type", "exact"],
    "properties": {
        "type": {"const": "TextQuoteSelector"},
        "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"},
        "suffix": {"type": "string"},
    },
    "additionalProperties": False,
}
# The rules of the Web Annotation Data Model for what we use of it.
PAGE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": _IRI,
        "type": {"const": "AnnotationPage"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "target"],
                "properties": {
                    "id": _IRI,
                    "type": {"const": "Annotation"},
                    "motivation": {"enum": ["identifying", "describing"]},
                    "body": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["type", "value"],
                            "properties": {
                                "type": {"const": "TextualBody"},
                                "value": {"type": "string"},
                                "format": {"enum": ["text/plain", "application/json"]},
                                "purpose": {"enum": ["tagging", "describing"]},
                            },
                            "additionalProperties": False,
                        },
                    },
                    "target": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["type", "source", "selector"],
                            "properties": {
                                "type": {"const": "SpecificResource"},
                                "source": {
                                    "type": "object",
                                    "required": ["id"],
                                    "properties": {"id": _IRI, "type": {"const": "Text"}},
                                },
                                "selector": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {"anyOf": [_POSITION, _QUOTE]},
                                },
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def test_w3c_keeps_to_the_model_and_loses_nothing(texts: list[Text]) -> None:
    validator = jsonschema.Draft202012Validator(PAGE_SCHEMA)
    seen = Counter[str]()
    for text, (_, data) in zip(texts, w3c_files(texts), strict=True):
        page = json.loads(data)
        validator.validate(page)
        seen.update(item["id"] for item in page["items"])
        kept = [
            jsonl.decode(body["value"].encode())[0]
            for item in page["items"]
            for body in item["body"]
            if body.get("format") == "application/json"
        ]
        assert kept == [record for record in text.records.others if places(record)]
    assert max(seen.values()) == 1


def test_w3c_selectors_select_what_they_say(texts: list[Text]) -> None:
    seen = Counter[str]()
    for text, (_, data) in zip(texts, w3c_files(texts), strict=True):
        for item in json.loads(data)["items"]:
            for target in item["target"]:
                *positions, quote = target["selector"]
                whole = text.article.text
                for position in positions:
                    start, end = position["start"], position["end"]
                    seen[position["type"]] += 1
                    if position["type"] == "TextPositionSelector":
                        whole = source_of(text)
                        assert whole[start:end] == quote["exact"]
                    else:
                        data = Path(text.article.path).read_bytes()[start:end]
                        words = re.sub("<[^>]*>", "", data.decode(text.article.encoding))
                        assert html.unescape(words).split() == quote["exact"].split()
                found = quote["prefix"] + quote["exact"] + quote["suffix"]
                assert found in whole
    assert seen["TextPositionSelector"] > 500 and seen["DataPositionSelector"] > 50


# -- brat ---------------------------------------------------------------------------------------


class Standoff:
    """A reader of brat's format by its description: each line's form, and what it may refer to."""

    def __init__(self, text: str, annotations: str, configuration: str) -> None:
        self.bound: dict[str, tuple[str, list[tuple[int, int]]]] = {}
        self.events: dict[str, tuple[str, dict[str, str]]] = {}
        self.relations: list[tuple[str, str, str]] = []
        self.attributes: dict[tuple[str, str], str | bool] = {}
        self.notes: dict[str, str] = {}
        self.equivalent: list[list[str]] = []
        known = set(re.findall(r"^([\w-]+)", configuration, re.MULTILINE))
        ids = set()
        references = []
        assert annotations.endswith("\n")
        for line in annotations[:-1].split("\n"):
            id, body, *rest = line.split("\t")
            assert id == "*" or id not in ids
            ids.add(id)
            name, *arguments = body.split(" ")
            match id[0]:
                case "T":
                    offsets = body.removeprefix(f"{name} ").split(";")
                    pieces = [tuple(map(int, piece.split(" "))) for piece in offsets]
                    words = " ".join(text[start:end] for start, end in pieces)  # type: ignore[misc]
                    (said,) = rest
                    assert said == re.sub(r"[\t\x1c-\x1e\x85\u2028\u2029\x0b\x0c]", " ", words)
                    assert "\n" not in words and all(s < e for s, e in pieces)  # type: ignore[misc]
                    assert name in known
                    self.bound[id] = (name, pieces)  # type: ignore[assignment]
                case "E":
                    (kind, trigger), *roles = (part.split(":") for part in [name, *arguments])
                    assert kind in known and self.bound[trigger][0] == kind
                    self.events[id] = (trigger, dict(roles))  # type: ignore[arg-type]
                    references += [mark for _, mark in roles]
                case "R":
                    first, second = (part.split(":") for part in arguments)
                    assert (first[0], second[0]) == ("Arg1", "Arg2") and name in known
                    references += [first[1], second[1]]
                    self.relations.append((name, first[1], second[1]))
                case "A":
                    mark, *value = arguments
                    assert name in known
                    if value:
                        assert re.search(rf"^{name}\t.*Value:.*\b{value[0]}\b", configuration, re.M)
                    references.append(mark)
                    self.attributes[name, mark] = value[0] if value else True
                case "#":
                    references.append(arguments[0])
                    self.notes[arguments[0]] = rest[0]
                case "*":
                    references += arguments
                    self.equivalent.append(arguments)
                case _:
                    raise AssertionError(line)
        assert set(references) <= ids


def test_brat_reads_back(texts: list[Text]) -> None:
    files = dict(brat_files(texts))
    configuration = files["annotation.conf"].decode()
    for text in texts:
        written = files[file_name(text.records.id, ".txt")].decode()
        read = Standoff(written, files[file_name(text.records.id, ".ann")].decode(), configuration)
        mark_of = {note.split(" ")[0]: mark for mark, note in read.notes.items()}

        def words(mark: str, read: Standoff = read, written: str = written) -> str:
            _, pieces = read.bound[mark]
            return " ".join(" ".join(written[a:b] for a, b in pieces).split())

        for entity in text.records.of(EntityRecord):
            named = [mention for mention in entity.mentions if mention.form == "name"]
            if len(named) > 1:
                (marks,) = [marks for marks in read.equivalent if mark_of[entity.id] in marks]
                assert [words(mark) for mark in marks] == [mention.text for mention in named]
            assert {read.bound[mark_of[entity.id]][0]} == {entity.type}
        for date in text.records.of(DateRecord):
            assert words(mark_of[date.id]) == date.text
        for event in text.records.of(EventRecord):
            trigger, roles = read.events[mark_of[event.id]]
            assert words(trigger) == event.trigger.text
            got = Counter(
                (re.sub(r"\d+$", "", role).lower(), words(m)) for role, m in roles.items()
            )
            expected = Counter((p.role, p.text) for p in event.participants)
            if event.date.id is not None:
                linked = next(d for d in text.records.of(DateRecord) if d.id == event.date.id)
                expected["date", linked.text] += 1
            assert got == expected
            assert read.attributes["Status", mark_of[event.id]] == event.status
        for quote in text.records.of(QuoteRecord):
            mark = mark_of[quote.id]
            assert words(mark) == " ".join(span.text for span in quote.content)
            related = {name: target for name, source, target in read.relations if source == mark}
            assert (words(related["Speaker"]) if "Speaker" in related else None) == (
                quote.speaker.text if quote.speaker else None
            )
            assert related.get("Parent") == (mark_of[quote.parent] if quote.parent else None)
        for prediction in text.records.of(PredictionRecord):
            mark = mark_of[prediction.id]
            assert words(mark) == prediction.proposition.text
            assert read.attributes["Likelihood", mark] == prediction.likelihood.level
            assert read.attributes.get(("Hedged", mark), False) == prediction.hedged
            cues = [words(t) for name, s, t in read.relations if (name, s) == ("Cue", mark)]
            assert cues == [cue.text for cue in prediction.cues]


# -- spaCy --------------------------------------------------------------------------------------


def test_docbin_reads_back(texts: list[Text]) -> None:
    ((name, data),) = docbin_files(texts)
    assert name == "claims.spacy"
    docs = list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
    for text, doc in zip(texts, docs, strict=True):
        assert doc.text == text.article.text
        assert doc.user_data["article"] == text.records.id
        assert set(doc.spans) == set(GROUPS)
        of: dict[str, Record] = {record.id: record for record in text.records.others}
        for group in ("entity", "date", "event", "prediction", "quote"):
            got = [(span.id_, " ".join(span.text.split())) for span in doc.spans[group]]
            assert got == [
                (record.id, span.text)
                for record in text.records.others
                if record.__struct_config__.tag == group
                for span in places(record)
            ]
        for span in doc.spans["prediction"]:
            prediction = of[span.id_]
            assert isinstance(prediction, PredictionRecord)
            assert span.label_ == prediction.likelihood.level
        for ent in doc.ents:
            entity = of[ent.id_ or ent.ent_id_]
            assert isinstance(entity, EntityRecord) and ent.label_ == entity.type
        assert len(doc.ents) > 0.9 * len(doc.spans["entity"])


# -- Label Studio and back ----------------------------------------------------------------------


def accepted(tasks: bytes) -> list[dict[str, Any]]:
    """The tasks as if a person had submitted each prediction as it is."""
    made: list[dict[str, Any]] = json.loads(tasks)
    for task in made:
        (prediction,) = task.pop("predictions")
        task["annotations"] = [{"result": prediction["result"], "was_cancelled": False}]
    return made


def expected_gold(text: Text) -> dict[str, Any]:
    """The gold items that say what the records say."""
    records = text.records
    dates = {date.id: date for date in records.of(DateRecord)}

    def date_text(id: str | None) -> str | None:
        return dates[id].text if id is not None else None

    def joined(spans: list[Span]) -> str | None:
        ordered = sorted(spans, key=lambda span: (span.start, span.end))
        return ", ".join(span.text for span in ordered) or None

    quotes = sorted(records.of(QuoteRecord), key=lambda q: min(s.start for s in q.content))
    return {
        "dates": Counter((d.text, d.value, d.type, d.start, d.end) for d in records.of(DateRecord)),
        "events": Counter(
            (
                e.trigger.text,
                e.date.value,
                date_text(e.date.id),
                *(
                    joined([p for p in e.participants if p.role == role])
                    for role in ("agent", "patient", "place")
                ),
                e.polarity,
                e.status,
            )
            for e in records.of(EventRecord)
        ),
        "predictions": Counter(
            (
                tuple(cue.text for cue in sorted(p.cues, key=lambda c: c.start)),
                p.proposition.text,
                p.orientation,
                p.likelihood.level,
                p.polarity,
                "author"
                if p.holder.kind == "author"
                else p.holder.name or p.holder.text or "source",
                p.subject.text if p.subject else None,
                p.horizon.value if p.horizon else None,
                p.condition.text if p.condition else None,
            )
            for p in records.of(PredictionRecord)
        ),
        "quotes": Counter(
            (
                q.type,
                tuple(span.text for span in q.content),
                q.speaker.text if q.speaker else None,
                q.speaker.name if q.speaker else None,
                q.cue.text if q.cue else None,
                q.venue.text if q.venue else None,
                q.date.value if q.date else None,
                q.addressee.text if q.addressee else None,
                tuple(s.text for parent in quotes if parent.id == q.parent for s in parent.content),
            )
            for q in quotes
        ),
    }


def tuples(items: list[dict[str, Any]], *fields: str) -> Iterator[tuple[Any, ...]]:
    for item in items:
        yield tuple(tuple(v) if isinstance(v := item[f], list) else v for f in fields)


def gold_of(tasks: list[dict[str, Any]], sources: list[Path], folder: Path) -> dict[str, Any]:
    (folder / "tasks.json").write_text(json.dumps(tasks))
    assert import_gold(folder / "tasks.json", folder / "gold", sources=sources) == []
    return {path.stem: json.loads(path.read_bytes()) for path in (folder / "gold").glob("*.json")}


def test_label_studio_and_back_gives_the_same_items(
    texts: list[Text], odd_files: list[Path], tmp_path: Path
) -> None:
    tasks = accepted(dict(label_studio_files(texts))["tasks.json"])
    golds = gold_of(tasks, [CORPUS, odd_files[0].parent], tmp_path)
    assert len(golds) == len(texts)
    for text in texts:
        gold, expected = golds[text.records.id], expected_gold(text)
        assert Counter(
            (*row, *item["spans"]["text"][0])
            for item, row in zip(gold["dates"], tuples(gold["dates"], "text", "value", "type"),
                                 strict=True)
        ) == expected["dates"]  # fmt: skip
        fields = ("trigger", "date", "date_text", "who", "whom", "where", "polarity", "status")
        assert Counter(tuples(gold["events"], *fields)) == expected["events"]
        fields = ("cue", "proposition", "orientation", "likelihood", "polarity", "holder",
                  "subject", "horizon", "condition")  # fmt: skip
        assert Counter(tuples(gold["predictions"], *fields)) == expected["predictions"]
        for quote in gold["quotes"]:
            if isinstance(quote["content"], str):
                quote["content"] = [quote["content"]]
        content = {quote["id"]: tuple(quote["content"]) for quote in gold["quotes"]}
        for quote in gold["quotes"]:
            quote["parent"] = content[quote["parent"]] if quote["parent"] else ()
        fields = ("type", "content", "speaker", "speaker_name", "cue", "venue", "date",
                  "addressee", "parent")  # fmt: skip
        assert Counter(tuples(gold["quotes"], *fields)) == expected["quotes"]
        entities = {(e.name, e.type): set(e.aliases) for e in text.records.of(EntityRecord)}
        got = {(e["name"], e["type"]): set(e["aliases"]) for e in gold["entities"]}
        assert got == {key: aliases - {key[0]} for key, aliases in entities.items()}
        for kind in ("dates", "events", "predictions", "quotes"):
            for item in gold[kind]:
                for spans in item["spans"].values():
                    for start, end in spans:
                        assert text.article.map.clean(start, end)


def test_records_score_full_marks_against_their_own_gold(
    extracted_corpus: dict[Path, tuple[Article, Extraction]], texts: list[Text], tmp_path: Path
) -> None:
    mine = [text for text in texts if text.records.article.path.startswith("corpus")]
    tasks = accepted(dict(label_studio_files(mine))["tasks.json"])
    gold_of(tasks, [CORPUS], tmp_path)
    (tmp_path / "tasks.json").unlink()
    for path in extracted_corpus:
        for beside in CORPUS.glob(f"{path.stem}.*"):
            (tmp_path / beside.name).write_bytes(beside.read_bytes())
    by_digest = {a.sha256: found.records for a, found in extracted_corpus.values()}
    tally, count = evaluate(tmp_path, lambda article: by_digest[article.sha256])
    assert count == len(mine)
    for name, score in tally.scores().items():
        assert score.missed == 0, (name, tally.misses)


def test_corrections_reach_the_gold(texts: list[Text], tmp_path: Path) -> None:
    text = next(t for t in texts if t.records.id == "tisza-flood-interview")
    (task,) = accepted(dict(label_studio_files([text]))["tasks.json"])
    results = task["annotations"][0]["result"]

    def regions(label: str) -> list[dict[str, Any]]:
        return [r for r in results if r["type"] == "labels" and r["value"]["labels"] == [label]]

    town = next(r for r in regions("GPE") if r["value"]["text"] == "Tiszaroff")
    town["value"]["labels"] = ["FAC"]
    (named,) = [r for r in results if r.get("from_name") == "name" and r["id"] == town["id"]]
    named["value"]["text"] = ["Pumps of Tiszaroff"]
    prediction = regions("Prediction")[0]
    level = next(
        r for r in results if r.get("from_name") == "likelihood" and r["id"] == prediction["id"]
    )
    level["value"]["choices"] = ["almost-certain"]
    # A new region with a stray blank, a relation drawn from the other end, a region taken away.
    start = text.article.text.index("Tarpa")
    results.append(
        {
            "id": "new", "from_name": "mark", "to_name": "text", "type": "labels",
            "value": {"start": start - 1, "end": start + 5, "labels": ["Phrase"]},
        }
    )  # fmt: skip
    results[:] = [
        r for r in results
        if not (r["type"] == "relation" and r["from_id"] == prediction["id"]
                and r["labels"] == ["subject"])
    ]  # fmt: skip
    results.append(
        {"type": "relation", "from_id": "new", "to_id": prediction["id"], "direction": "left",
         "labels": ["subject"]}
    )  # fmt: skip
    removed = regions("Date")[0]
    results[:] = [r for r in results if r.get("id") != removed["id"]]

    (gold,) = gold_of([task], [CORPUS], tmp_path).values()
    names = {(e["name"], e["type"]): e["aliases"] for e in gold["entities"]}
    assert names["Pumps of Tiszaroff", "FAC"] == ["Tiszaroff"]
    assert ("Tiszaroff", "GPE") not in names
    assert len(gold["dates"]) == len(text.records.of(DateRecord)) - 1
    words = " ".join(prediction["value"]["text"].split())
    item = next(p for p in gold["predictions"] if p["proposition"] == words)
    assert item["likelihood"] == "almost-certain" and item["subject"] == "Tarpa"
    ((low, high),) = item["spans"]["subject"]
    assert text.article.source[low:high] == "Tarpa"


def test_offsets_of_old_releases_are_understood(
    texts: list[Text], odd_files: list[Path], tmp_path: Path
) -> None:
    """They counted UTF-16 units, in which a character beyond the basic plane is two."""
    odd = [text for text in texts if text.records.id.startswith(("odd", "page"))]
    tasks = accepted(dict(label_studio_files(odd))["tasks.json"])
    new = gold_of(tasks, [odd_files[0].parent], tmp_path)
    shifted = 0
    for task in tasks:
        whole = task["data"]["text"]
        for result in task["annotations"][0]["result"]:
            for edge in ("start", "end") if "value" in result else ():
                points = result["value"][edge]
                units = len(whole[:points].encode("utf-16-le")) // 2
                shifted += units != points
                result["value"][edge] = units
    assert shifted > 20
    assert gold_of(tasks, [odd_files[0].parent], tmp_path) == new


def test_label_studio_configuration_fits_the_tasks(texts: list[Text]) -> None:
    files = dict(label_studio_files(texts))
    root = ElementTree.fromstring(files["config.xml"])
    labels = {label.attrib["value"] for label in root.iter("Label")}
    assert labels >= set(get_args(EntityType))
    controls = {
        element.attrib["name"]: {choice.attrib["value"] for choice in element.iter("Choice")}
        for element in (*root.iter("Choices"), *root.iter("TextArea"))
    }
    assert {relation.attrib["value"] for relation in root.iter("Relation")} == set(RELATIONS)
    for task in json.loads(files["tasks.json"]):
        whole = task["data"]["text"]
        (prediction,) = task["predictions"]
        marked = [r for r in prediction["result"] if r["type"] == "labels"]
        ids = {result["id"] for result in marked}
        assert len(ids) == len(marked) and 0 < prediction["score"] <= 1
        for result in prediction["result"]:
            if result["type"] == "relation":
                assert {result["from_id"], result["to_id"]} <= ids
                assert set(result["labels"]) <= set(RELATIONS)
                continue
            value = result["value"]
            assert result["id"] in ids
            match result["type"]:
                case "labels":
                    assert value["text"] == whole[value["start"] : value["end"]]
                    assert set(value["labels"]) <= labels
                case "choices":
                    assert set(value["choices"]) <= controls[result["from_name"]]
                case "textarea":
                    assert not controls[result["from_name"]] and all(value["text"])
                case other:
                    raise AssertionError(other)


def odd_task(texts: list[Text]) -> dict[str, Any]:
    text = next(text for text in texts if text.records.id == "odd")
    return accepted(dict(label_studio_files([text]))["tasks.json"])[0]


def test_tasks_that_give_no_gold_are_named(
    texts: list[Text], odd_files: list[Path], tmp_path: Path
) -> None:
    def failure(task: dict[str, Any]) -> str:
        (tmp_path / "tasks.json").write_text(json.dumps([task]))
        (message,) = import_gold(
            tmp_path / "tasks.json", tmp_path / "gold", sources=[odd_files[0].parent]
        )
        assert not (tmp_path / "gold").exists()
        return message

    task = odd_task(texts)
    (annotation,) = task["annotations"]
    assert "0 annotations" in failure(task | {"annotations": []})
    assert "0 annotations" in failure(
        task | {"annotations": [annotation | {"was_cancelled": True}]}
    )
    assert "2 annotations" in failure(task | {"annotations": [annotation, annotation]})
    assert "--source" in failure(task | {"data": task["data"] | {"sha256": "0" * 64}})
    assert "not the article's" in failure(task | {"data": task["data"] | {"text": "Another."}})
    assert "media type" in failure(task | {"data": task["data"] | {"media_type": "text/x"}})
    for value in (
        {"start": 0, "end": 3, "text": "nothing like it", "labels": ["Cue"]},
        {"start": 5, "end": 10**9, "labels": ["Cue"]},
        {"start": -5, "end": 2, "labels": ["Cue"]},
        {"labels": ["Cue"]},
    ):
        region = {"id": "x", "from_name": "mark", "to_name": "text", "type": "labels"}
        results = [*annotation["result"], region | {"value": value}]
        failure(task | {"annotations": [annotation | {"result": results}]})


def test_ground_truth_is_chosen_and_circles_end(
    texts: list[Text], odd_files: list[Path], tmp_path: Path
) -> None:
    task = odd_task(texts)
    (annotation,) = task["annotations"]
    quotes = [
        r["id"] for r in annotation["result"]
        if r["type"] == "labels" and r["value"]["labels"] == ["Quote"]
    ]  # fmt: skip
    circle = [
        {"type": "relation", "from_id": a, "to_id": b, "direction": "right",
         "labels": ["continues", "within"]}
        for a, b in zip(quotes, [*quotes[1:], quotes[0]], strict=True)
    ]  # fmt: skip
    chosen = {"result": [*annotation["result"], *circle], "ground_truth": True}
    task["annotations"] = [annotation, chosen]
    (gold,) = gold_of([task], [odd_files[0].parent], tmp_path).values()
    (quote,) = gold["quotes"]
    assert len(quote["content"]) == len(quotes)


def test_two_tasks_of_one_article_are_one_too_many(
    texts: list[Text], odd_files: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "tasks.json").write_text(json.dumps([odd_task(texts)] * 2))
    (message,) = import_gold(
        tmp_path / "tasks.json", tmp_path / "gold", sources=[odd_files[0].parent]
    )
    assert message == "odd: two tasks, where one is wanted."


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'[{"data": {}}]', b"\xff", b"[" * 100_000])
def test_other_files_are_no_tasks(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_bytes(data)
    with pytest.raises(PipelineError, match="no tasks"):
        import_gold(tmp_path / "tasks.json", tmp_path / "gold")
    assert not (tmp_path / "gold").exists()


# -- the commands -------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["w3c", "label-studio", "brat", "docbin"])
def test_the_command_finds_the_files(
    format: str, texts: list[Text], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = next(text for text in texts if text.records.article.path.startswith("corpus"))
    jsonl.write(tmp_path / "in.jsonl", [mine.records.article, *mine.records.others])
    command = ["export", format, str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out")]
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert any((tmp_path / "out").iterdir())
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1 and "--source" in result.stderr
    assert CliRunner().invoke(app, [*command, "--source", str(CORPUS)]).exit_code == 0


def test_import_is_a_command(texts: list[Text], odd_files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text(json.dumps([odd_task(texts)]))
    command = ["import", "label-studio", str(tmp_path / "tasks.json"), "-o", str(tmp_path / "gold")]
    result = CliRunner().invoke(app, [*command, "--source", str(odd_files[0].parent)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "gold" / "odd.json").exists()
    result = CliRunner().invoke(app, [*command, "--source", str(tmp_path)])
    assert result.exit_code == 1 and "left out: odd" in result.stderr


def test_an_article_that_cannot_be_found_stops_no_other(texts: list[Text], tmp_path: Path) -> None:
    mine = next(text for text in texts if text.records.article.path.startswith("corpus"))
    lost = msgspec.structs.replace(mine.records.article, article="lost", sha256="0" * 64)
    records = [mine.records.article, *mine.records.others, lost]
    (message,) = export("brat", records, tmp_path / "out", sources=[CORPUS])
    assert message.startswith("lost:")
    assert (tmp_path / "out" / f"{mine.records.id}.ann").exists()
