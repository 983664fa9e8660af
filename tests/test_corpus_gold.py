"""Every gold file of the corpus points exactly into its article and keeps to the gold form."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.reading import Article, read_article

CORPUS = Path(__file__).parent.parent / "corpus"
ARTICLES = sorted(
    p for p in CORPUS.iterdir() if p.suffix in {".txt", ".md", ".html"} and p.stem != "README"
)
GOLD = sorted((CORPUS / "gold").glob("*.json"))

TYPES = {
    "PERSON",
    "ORG",
    "GPE",
    "LOC",
    "FAC",
    "NORP",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "PRODUCT",
    "LANGUAGE",
}
LEVELS = {
    "almost-no-chance",
    "very-unlikely",
    "unlikely",
    "even",
    "likely",
    "very-likely",
    "almost-certain",
    "possible",
    "unspecified",
}
# The span keys of each kind and the string field each of them must spell.
ANCHORS = {
    "dates": ["text"],
    "events": ["trigger"],
    "predictions": ["cue", "proposition"],
    "quotes": ["content", "speaker", "cue"],
}
# Day, month, season or quarter, year, decade, century; open on either side of a slash.
POINT = r"(?:\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?|\d{4}(?:-\d{2})?|\d{3}X|\d{2}XX)~?"
DURATION = r"P(?:[\dX]+[YMWD])*(?:T(?:[\dX]+[HMS])+)?"
VALUE = re.compile(
    rf"{POINT}|{POINT}/{POINT}|{POINT}/\.\.|\.\./{POINT}|{DURATION}(?:/{DURATION})?|R/{DURATION}"
    r"|(?:PAST|PRESENT|FUTURE)_REF"
)


def article_of(gold: Path) -> Article:
    """The article a gold file belongs to, read."""
    return read_article(next(p for p in ARTICLES if p.stem == gold.stem))


def as_list(value: Any) -> list[str]:
    """A gold field that holds one string or several."""
    return [] if value is None else [value] if isinstance(value, str) else value


def test_every_article_has_its_gold_and_the_reverse() -> None:
    assert len(ARTICLES) >= 10
    assert [p.stem for p in ARTICLES] == [p.stem for p in GOLD]


@pytest.mark.parametrize("gold_path", GOLD, ids=lambda p: p.stem)
def test_spans_are_the_gold_strings(gold_path: Path) -> None:
    article = article_of(gold_path)
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    checked = 0
    for kind, keys in ANCHORS.items():
        for item in gold[kind]:
            for key in keys:
                spans = item["spans"][key] or []
                slices = [article.map.clean(start, end) for start, end in spans]
                assert " ".join(slices) == " ".join(as_list(item[key])), (kind, key, item)
                assert all(article.source[s:e].strip() == article.source[s:e] for s, e in spans), (
                    item
                )
                assert spans == sorted(spans), (kind, item)
                checked += len(spans)
    assert checked > 50


@pytest.mark.parametrize("gold_path", GOLD, ids=lambda p: p.stem)
def test_strings_are_in_the_article(gold_path: Path) -> None:
    text = article_of(gold_path).text
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    for entity in gold["entities"]:
        for name in [entity["name"], *entity["aliases"]]:
            assert name in text, name
    for kind in ("dates", "events", "predictions", "quotes"):
        for item in gold[kind]:
            assert item["sentence"] in text, (kind, item["sentence"])
    for event in gold["events"]:
        for field in ("date_text", "who", "whom", "where"):
            assert event[field] is None or event[field] in text, event
    for prediction in gold["predictions"]:
        assert prediction["condition"] is None or prediction["condition"] in text, prediction
        assert prediction["subject"] is None or prediction["subject"] in text, prediction
        assert prediction["holder"] == "author" or prediction["holder"] in text, prediction
    for quote in gold["quotes"]:
        for field in ("speaker_name", "venue", "addressee"):
            assert quote[field] is None or quote[field] in text, quote


@pytest.mark.parametrize("gold_path", GOLD, ids=lambda p: p.stem)
def test_fields_hold_allowed_values(gold_path: Path) -> None:
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    assert gold["doc"] == gold_path.stem
    assert VALUE.fullmatch(gold["document"]["published"])
    for entity in gold["entities"]:
        assert {entity["type"], *entity.get("types", [])} <= TYPES, entity
    names = [n for e in gold["entities"] for n in [e["name"], *e["aliases"]]]
    assert len(names) == len(set(names))
    for date in gold["dates"]:
        assert VALUE.fullmatch(date["value"]), date
        assert date["type"] in {"DATE", "TIME", "DURATION", "SET"}, date
    dates = {(d["text"], d["value"]) for d in gold["dates"]}
    for event in gold["events"]:
        assert (event["date_text"], event["date"]) in dates, event
        assert event["polarity"] in {"positive", "negative"}
        assert event["status"] in {"occurred", "ongoing", "scheduled", "hypothetical"}
    for prediction in gold["predictions"]:
        assert prediction["orientation"] in {"future", "present", "past"}, prediction
        assert prediction["likelihood"] in LEVELS, prediction
        assert prediction["polarity"] in {"positive", "negative"}, prediction
        assert prediction["horizon"] is None or VALUE.fullmatch(prediction["horizon"]), prediction
    ids = [q["id"] for q in gold["quotes"]]
    assert len(ids) == len(set(ids))
    for quote in gold["quotes"]:
        assert quote["type"] in {"direct", "indirect", "mixed"}, quote
        assert quote["parent"] is None or quote["parent"] in ids, quote
        assert quote["date"] is None or VALUE.fullmatch(quote["date"]), quote
        assert quote["speaker_name"] or quote["cue"], quote


ATTRIBUTED = sorted(
    path
    for path in (CORPUS / "attributions").rglob("*.json")
    if not path.name.endswith(".meta.json")
)


def test_annotated_attributions_are_for_learning_or_for_calibration() -> None:
    parts = {path.stem: path.parent.name for path in ATTRIBUTED}
    assert len(parts) == len(ATTRIBUTED) >= 100
    assert set(parts.values()) == {"train", "held"}
    for path in ATTRIBUTED:
        meta = json.loads(path.with_suffix(".meta.json").read_text(encoding="utf-8"))
        assert meta["licence"] and meta["source"], path


@pytest.mark.parametrize("path", ATTRIBUTED, ids=lambda p: p.stem)
def test_annotated_attributions_spell_their_spans(path: Path) -> None:
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    gold = json.loads(path.read_text(encoding="utf-8"))
    assert gold["annotated"] == ["quotes"]
    ids = [quote["id"] for quote in gold["quotes"]]
    assert len(ids) == len(set(ids))
    for quote in gold["quotes"]:
        assert quote["type"] in ("direct", "indirect", "mixed")
        assert quote["parent"] is None or quote["parent"] in ids
        for key in ANCHORS["quotes"]:
            spans = quote["spans"][key] or []
            assert all(text[s:e] == text[s:e].strip() != "" for s, e in spans), quote
            assert spans == sorted(spans)
        slices = [text[s:e] for s, e in quote["spans"]["content"]]
        assert slices == as_list(quote["content"])
        if quote["speaker"] is not None:
            start, end = quote["spans"]["speaker"][0]
            assert text[start:end] == quote["speaker"]
