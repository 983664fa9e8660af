"""Records and texts that the tests of the page share."""

from __future__ import annotations

import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec

from pipeline import jsonl
from pipeline.reading import read_text
from pipeline.records import (
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Holder,
    Likelihood,
    Mention,
    Participant,
    Pipeline,
    PredictionCue,
    PredictionRecord,
    ProblemRecord,
    QuoteCue,
    QuoteRecord,
    Record,
    Span,
    Speaker,
    Trigger,
)

from .conftest import ROOT

GOLDENS = sorted((ROOT / "tests" / "test_corpus").glob("*.jsonl"))
_MADE_BY = b'"pipeline":{"name":"claimline","version":"0","model":"m","fingerprint":"f"}'


@cache
def corpus_records() -> tuple[Record, ...]:
    """The records of the sample corpus as the goldens have them."""
    found: list[Record] = []
    for path in GOLDENS:
        found += jsonl.decode(path.read_bytes().replace(b'"pipeline":{}', _MADE_BY))
    return tuple(found)


HARBOUR = """\
The harbour of Skell

Ana Ruiz said on 3 May 2014 that the harbour of Skell could close before 2016 if the cranes fail.

“It will probably close,” Ruiz added. The port opened in 1962, and the Dockers' Union struck in
spring 1963. Officials said rents may rise.
"""


def at(words: str, source: str, nth: int = 0) -> dict[str, Any]:
    """Where words stand, as the fields of a span."""
    start = -1
    for _ in range(nth + 1):
        start = source.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": " ".join(words.split())}


def head(article: str, source: str, **fields: Any) -> ArticleRecord:
    """The `article` record of a text."""
    plain = {
        "id": f"article-{article}",
        "article": article,
        "start": 0,
        "end": len(source),
        "sentence": 0,
        "section": "body",
        "schema": "1",
        "path": f"{article}.txt",
        "sha256": read_text(source).sha256,
        "encoding": "utf-8",
        "media_type": "text/plain",
        "title": "The harbour of Skell",
        "subtitle": None,
        "authors": ("Ole Brandt",),
        "publisher": "Skell Post",
        "published": "2014-05-04",
        "language": "en",
        "characters": len(source),
        "sentences": 5,
        "counts": {},
        "pipeline": Pipeline(name="claimline", version="0", model="m", fingerprint="f"),
    }
    return ArticleRecord(**{**plain, **fields})


def harbour(article: str = "harbour", source: str = HARBOUR) -> list[Record]:
    """Records of every kind, in one another, crossing, and one after the other."""

    def common(kind: str, name: str, sentence: int, words: str, nth: int = 0) -> dict[str, Any]:
        place = at(words, source, nth)
        return {"id": f"{kind}-{name}", "article": article, "sentence": sentence,
                "section": "body", **place}  # fmt: skip

    def span(words: str, nth: int = 0) -> Span:
        return Span(**at(words, source, nth))

    may = DateRef(value="2014-05-03", earliest="2014-05-03", latest="2014-05-03",
                  text="3 May 2014", id="date-may")  # fmt: skip
    due = DateRef(value="../2016", earliest=None, latest="2015-12-31", text="before 2016",
                  id="date-due")  # fmt: skip
    spring = DateRef(value="1963-21", earliest="1963-03-01", latest="1963-05-31",
                     text="spring 1963", id=None)  # fmt: skip
    opened = DateRef(value="1962", earliest="1962-01-01", latest="1962-12-31", text="1962", id=None)
    first = "Ana Ruiz said on 3 May 2014 that the harbour of Skell could close before 2016 if the cranes fail."  # noqa: E501
    sure = {"confidence": 0.9}
    return [
        head(article, source),
        EntityRecord(
            **common("entity", "ruiz", 1, "Ana Ruiz"), name="Ana Ruiz", type="PERSON",
            aliases=("Ruiz",), roles=("harbour master",), **sure,
            mentions=(
                Mention(**at("Ana Ruiz", source), sentence=1, form="name"),
                Mention(**at("Ruiz", source, 1), sentence=2, form="name"),
            ),
        ),
        QuoteRecord(
            **common("quote", "close", 1, first), type="indirect",
            content=(span("the harbour of Skell could close before 2016 if the cranes fail"),),
            speaker=Speaker(**at("Ana Ruiz", source), name="Ana Ruiz", entity="entity-ruiz",
                            role=None, anonymous=False, resolved_by="name"),
            cue=QuoteCue(**at("said", source), lemma="say", stance="neutral"), addressee=None,
            venue=None, date=may, reported=None, parent=None, **sure,
        ),
        DateRecord(
            **common("date", "may", 1, "3 May 2014"), value="2014-05-03", type="DATE",
            duration=None, earliest="2014-05-03", latest="2014-05-03", precision="day",
            anchor="absolute", modifier=None, alternatives=(), **sure,
        ),
        EntityRecord(
            **common("entity", "skell", 1, "Skell", 1), name="Skell", type="GPE", aliases=(),
            roles=(), **sure,
            mentions=(Mention(**at("Skell", source, 1), sentence=1, form="name"),),
        ),
        PredictionRecord(
            **common("prediction", "close", 1, first),
            cues=(PredictionCue(**at("could", source), lemma="could", form="modal", role="hedge"),),
            proposition=span("the harbour of Skell could close before 2016"), hedged=True,
            orientation="future", polarity="positive",
            likelihood=Likelihood(level="possible", low=25.0, high=50.0, basis="survey",
                                  source="a survey"),
            holder=Holder(kind="source", text="Ana Ruiz", name="Ana Ruiz", entity="entity-ruiz",
                          quote="quote-close"),
            subject=span("the harbour of Skell"), horizon=due,
            condition=span("if the cranes fail"), speech_act="assertion", **sure,
        ),
        # Crosses the proposition: it begins inside and ends behind it.
        DateRecord(
            **common("date", "due", 1, "before 2016 if the cranes"), value="../2016", type="DATE",
            duration=None, earliest=None, latest="2015-12-31", precision="year",
            anchor="absolute", modifier="before", alternatives=(), confidence=0.4,
        ),
        PredictionRecord(
            **common("prediction", "probably", 2, "“It will probably close,” Ruiz added."),
            cues=(PredictionCue(**at("probably", source), lemma="probably", form="adverb",
                                role="hedge"),),
            proposition=span("It will probably close"), hedged=True, orientation="future",
            polarity="positive",
            likelihood=Likelihood(level="likely", low=65.0, high=80.0, basis="survey",
                                  source="a survey"),
            holder=Holder(kind="source", text="Ruiz", name="Ana Ruiz", entity="entity-ruiz",
                          quote=None),
            subject=None, horizon=None, condition=None, speech_act="assertion", confidence=0.7,
        ),
        EventRecord(
            **common("event", "open", 3, "The port opened in 1962"),
            trigger=Trigger(**at("opened", source), lemma="open"), date=opened, link="own",
            mentions=(), participants=(), polarity="positive", status="occurred", source=None,
            **sure,
        ),
        EventRecord(
            **common("event", "strike", 3, "the Dockers' Union struck in\nspring 1963"),
            trigger=Trigger(**at("struck", source), lemma="strike"), date=spring, link="own",
            mentions=(), polarity="positive", status="occurred", source=None, **sure,
            participants=(Participant(**at("the Dockers' Union", source), role="agent",
                                      entity="entity-union"),),
        ),
        EntityRecord(
            **common("entity", "union", 3, "Dockers' Union"), name="Dockers' Union", type="ORG",
            aliases=(), roles=(), **sure,
            mentions=(Mention(**at("Dockers' Union", source), sentence=3, form="name"),),
        ),
        QuoteRecord(
            **common("quote", "rents", 4, "Officials said rents may rise"), type="indirect",
            content=(span("rents may rise"),),
            speaker=Speaker(**at("Officials", source), name="Officials", entity=None, role=None,
                            anonymous=True, resolved_by=None),
            cue=None, addressee=None, venue=None, date=None, reported=None, parent=None,
            confidence=0.3,
        ),
        ProblemRecord(
            id="problem-x", article=article, start=None, end=None, text=None, sentence=None,
            section=None, stage="dates", severity="warning", message="a date was not understood",
        ),
    ]  # fmt: skip


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "'-alert(1)-'",
    "a\u2028b\u2029c",
    "abc\u202ecba\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b]0;title\x07\x00",
    "\ud800lone",
    "../../etc/passwd",
    "%2e%2e/#?&amp;",
)


def poisoned(value: Any, text: str) -> Any:
    """Records as plain values with a text in every field that may hold any text."""
    free = {
        "id", "article", "text", "path", "title", "publisher", "name", "lemma", "message", "stage",
        "source", "value", "entity", "quote", "fingerprint", "version", "published", "encoding",
    }  # fmt: skip
    many = {"authors", "aliases", "roles"}
    match value:
        case dict():
            return {
                key: text + inner
                if key in free and isinstance(inner, str)
                else [text, *inner]
                if key in many
                else poisoned(inner, text)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [poisoned(inner, text) for inner in value]
    return value


def hostile(text: str) -> list[Record]:
    """The harbour's records with a text in every field that may hold any."""
    return [
        msgspec.convert(poisoned(msgspec.to_builtins(record), text), Record) for record in harbour()
    ]


class Parsed(HTMLParser):
    """A page's elements, and what stands in its scripts and styles.

    Attributes:
        elements: tags with their attributes, in order.
        scripts: the content of each script, with its attributes.
        styles: of each style.
        text: everything else.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.text = ""
        self._in: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag if tag in ("script", "style") else None
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        elif tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = None

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = attributes, before + data
        elif self._in == "style":
            self.styles[-1] += data
        else:
            self.text += data

    def json(self) -> list[Any]:
        """The data of the page: records and articles, then the texts."""
        return [
            json.loads(content)
            for attributes, content in self.scripts
            if attributes.get("type") == "application/json"
        ]


def write(path: Path, text: str) -> Path:
    """A file with this text."""
    path.write_text(text, encoding="utf-8")
    return path
