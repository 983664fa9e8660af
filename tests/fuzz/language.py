"""Targets: texts, and Docs with any parse, through the stages to records."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

import pipeline
from pipeline import jsonl
from pipeline.claims import make_records
from pipeline.dates import resolve
from pipeline.dates.calendar import parse_edtf
from pipeline.errors import ArticleError, ConfigError, PipelineError
from pipeline.evaluate.invariants import violations
from pipeline.extraction import STAGES, Extractor
from pipeline.language.load import blank_nlp
from pipeline.language.quotation import find_quotations
from pipeline.language.shield import sentence_starts
from pipeline.reading import Article, checked_edtf, read_text
from pipeline.records import Pipeline, Record
from pipeline.stages import findings, layers
from pipeline.stages.dates import find_dates
from pipeline.stages.likelihood import stated_odds
from pipeline.timeline.select import period_of

from ..valued import is_valid
from .parses import annotate, choices_of
from .reading import pieces
from .target import CUT, Target, parts, plain, raw, split

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_POINT = rf"(?:-?\d{{4}}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?|-2[1-4])?|\d{{3}}X|\d\dXX)~?"
_EDTF = re.compile(rf"{_POINT}(?:/(?:{_POINT}|\.\.))?|\.\./{_POINT}")

MADE_BY = Pipeline(name="claimline", version="0", model="any parse", fingerprint="f")


@cache
def blank() -> Language:
    """The tokenizer alone."""
    return blank_nlp()


@cache
def stages() -> Language:
    """The stages alone, for Docs that are parsed already."""
    nlp = blank_nlp()
    for name in STAGES:
        nlp.add_pipe(name)
    return nlp


def stated(data: bytes) -> str | None:
    """A publication date that a person may have given, or none."""
    try:
        return checked_edtf(data.decode("ascii", "replace")[:10])
    except ConfigError:
        return None


def dates(data: bytes) -> None:
    """Finds the dates of a text without a parse, told on a day or not."""
    before, after = parts(data)
    published = stated(after)
    doc = blank()(plain(before))
    layers.set_context(doc, findings.Context(published=published))
    found, problems = find_dates(doc)
    behind = 0
    for date in found:
        assert behind <= date.span.start < date.span.end <= len(doc)
        behind = date.span.end
        # The regular forms need no parser of EDTF, which would take most of the time.
        regular = date.type == "DATE" and _EDTF.fullmatch(date.value)
        assert regular or is_valid(date.value, date.type), f"{date.value} is no {date.type}"
        bounds = [bound for bound in (date.earliest, date.latest) if bound is not None]
        assert all(parse_edtf(bound) is not None for bound in bounds)
        if len(bounds) == 2:
            first, last = (parse_edtf(bound) for bound in bounds)
            assert first is not None and last is not None
            assert first.first_day <= last.last_day, f"{bounds[0]} is after {bounds[1]}"
        assert 0 <= date.confidence <= 1
    for problem in problems:
        assert problem.span is None or 0 <= problem.span.start < problem.span.end <= len(doc)
    layers.set_dates(doc, found)
    assert layers.get_dates(doc) == found
    if published is not None and len(published) == 10 and published > "0001":
        resolve(doc.text, published=datetime.date.fromisoformat(published))


def edtf(data: bytes) -> None:
    """Reads EDTF, and the dates that a person asks for."""
    text = raw(data)
    period = parse_edtf(text)
    if period is not None:
        assert parse_edtf(period.edtf()) == period
        assert period.first_day <= period.last_day
    with suppress(PipelineError):
        assert period_of(text).edtf() == text


def quotations(data: bytes) -> None:
    """Pairs the quotation marks of a text, and shields the sentences in them."""
    text = plain(data)
    found, strays = find_quotations(text)
    open_until: list[int] = []
    for quotation in found:
        edges = [quotation.start, *(at for pair in quotation.segments for at in pair)]
        assert quotation.segments
        assert all(a <= b for a, b in pairwise([*edges, quotation.end])), "out of order"
        assert quotation.end <= len(text)
        assert any(c.isalnum() for a, b in quotation.segments for c in text[a:b])
        while open_until and open_until[-1] <= quotation.start:
            open_until.pop()
        assert not open_until or quotation.end <= open_until[-1], "two quotations cross"
        open_until.append(quotation.end)
    assert [quotation.start for quotation in found] == sorted(q.start for q in found)
    assert all(0 <= stray.start < len(text) for stray in strays)
    words = [token for token in blank()(text) if not token.is_space]
    starts = sentence_starts(words)
    assert len(starts) == len(words) and set(starts.tolist()) <= {-1, 0, 1}


def tokens(data: bytes) -> None:
    """Cuts any text into tokens that spell it."""
    text = raw(data).encode("utf-8", "replace").decode()
    doc = blank()(text)
    assert "".join(token.text_with_ws for token in doc) == text


def odds(data: bytes) -> None:
    """Reads the probability that words state."""
    words = plain(data).split()
    found = stated_odds(words)
    if found is not None:
        assert 0 <= found.low <= found.point <= found.high <= 100
        assert 0 <= found.start < found.end <= len(words)


def parsed(data: bytes) -> None:
    """Runs every stage on a text with a parse, both of any kind, and makes the records."""
    made = records_of(data)
    if made is not None:
        hold(*made)


def records_of(data: bytes) -> tuple[Article, list[Record]] | None:
    """The records of a text with a parse; none where there is no text."""
    before, choices = parts(data)
    try:
        article = read_text(plain(before), published="2021-09-21")
    except ArticleError:
        return None
    nlp = stages()
    with nlp.memory_zone():
        doc = annotate(nlp.make_doc(article.text), choices)
        layers.set_context(doc, _context(article))
        for name, stage in nlp.pipeline:
            doc = stage(doc)
            assert isinstance(doc, Doc), name
        return article, make_records(article, doc, MADE_BY)


def _context(article: Article) -> findings.Context:
    return findings.Context(
        published=article.published,
        dateline=article.dateline,
        title=article.title,
        authors=article.authors,
        blocks=tuple(
            findings.ContextBlock(block.start, block.end, block.section) for block in article.blocks
        ),
    )


def hold(article: Article, records: list[Record]) -> None:
    """What holds of the records of every article."""
    broken = violations(article, records)
    assert not broken, "; ".join(broken[:3])
    assert jsonl.decode(jsonl.encode(records)) == records
    for record in records:
        confidence = getattr(record, "confidence", 1.0)
        assert 0 <= confidence <= 1, f"{record.id} has confidence {confidence}"


class _Strict(Extractor):
    """The pipeline, in which a stage that fails costs the run and not its findings alone."""

    def _annotate(
        self, doc: Doc, name: str, component: Callable[[Doc], Doc], article: Article
    ) -> Doc:
        return component(doc)


@cache
def strict() -> Extractor:
    """The pipeline with the embedded model, loaded once."""
    loaded = pipeline.load()
    return _Strict(lambda: loaded.nlp, loaded.info)


def model(data: bytes) -> None:
    """Extracts the records of a text with the real model."""
    try:
        article = read_text(raw(data), published="2021-09-21")
    except ArticleError:
        return
    hold(article, list(strict().extract_article(article).records))


def real_parses(*texts: str) -> Iterator[bytes]:
    """Texts with the parses that the real model gives them, as inputs of `parsed`."""
    for text in texts:
        doc = strict().annotate(read_text(text, published="2021-09-21"))
        yield doc.text.encode() + CUT + choices_of(doc)


SENTENCES = (
    "Rates may rise by 2023, the bank said on Monday. “It will probably rain,” Ms. Moe added.",
    "If the talks fail, the ministry could well sign before May 5, 2024, according to two aides.",
    "The port opened in 1962, two years after the strike; officials fear a 30% chance of floods.",
    "He told reporters in Oslo last week that “the Union, which struck”, was unlikely to return.",
    "RAIN\n\nQ: Will it end?\n\nIDA MOE: I doubt it. They said so: “No.”\n\n“Yes,” she wrote.",
    "By 2030 sea levels are expected to rise, the agency's chief, Jo Ek, who had warned, said",
)


def _sentences() -> Iterator[bytes]:
    for piece in pieces(".txt"):
        text = piece.decode()
        yield text[text.find("\n\n") + 2 :][:300].encode()


_QUOTES = (
    "He said, “It's 'fine', they say.” ‘No’ — «si» ‹no› ``a'' \"b\" 5'10\" ’90s the dogs’ ‘‘x’’",
    "“One.\n\n“Two.\n\n“Three,” he said. \"So\n\n'Tis “a ‘b “c” d’ e”",
)
_ODDS = (
    "one chance in four", "less than 5 per cent", "two out of three", "sixty-forty", "3 to 1 on",
    "a 1-in-4 chance", "fifty-fifty", "at least 30 to 40 percent", "one in a million", "99.9%",
)  # fmt: skip
_DAYS = (
    "2021-09-21",
    "2021-09",
    "-0044-03-15",
    "2001/2021",
    "199X",
    "1998-05~",
    "0000",
    "2021-00",
)
_DATED = (
    "in the last 20 years, since 2001; by 2023, early in May, on the 5th, last Friday at 10 a.m.",
    "from 1999 to mid-2003, the summer of '98, the 1990s, three days ago, next week, Christmas Eve",
    "every Monday; 7/8/07; 9/11; 44 BC; the third quarter of 2020; five to ten years; 31 April 202",
)
_MARKS = split("\" “ ” „ ‟ « » ‹ › ' ‘ ’ ‚ ‛ ` `` '' ‘‘ ’’")
_DATE_WORDS = ("dates", "dates_bounds", "dates_named", "dates_vague")
_CUES = ("reporting", "hedges", "order", "likelihood", "degrees", "odds", "senses", "pseudo_cues")
_NAMES = ("honorifics", "titles", "groups", "nominals", "pronouns", "known_names", "venues")

TARGETS = {
    "dates": Target(
        run=dates,
        seeds=lambda: [text.encode() + CUT + b"2021-09-21" for text in (*_DATED, *SENTENCES)],
        lexicons=_DATE_WORDS,
        words=split("1999 2,000 '90s ½ ² ٣ 10:30 31 00 99 - – / Q2 BC 9999 0001-01-01 s."),
        longest=1024,
        share=2,
    ),
    "edtf": Target(
        run=edtf,
        seeds=lambda: map(str.encode, _DAYS),
        words=("٣", "-", "~"),
        longest=32,
        share=0.3,
    ),
    "quotations": Target(
        run=quotations,
        seeds=lambda: [*map(str.encode, (*_QUOTES, *SENTENCES)), *_sentences()],
        lexicons=("elisions",),
        words=(*_MARKS, "— ... ( [ ] )", *split(", . ? ! :"), "\n\n"),
        longest=1024,
    ),
    "tokens": Target(
        run=tokens,
        seeds=lambda: [*map(str.encode, (*_QUOTES, *SENTENCES))],
        lexicons=("tokens",),
        words=("\u200b", "\u2028", "\u0301", "http://a.example/?q=", "a@b.example", "x" * 40, "'s"),
        longest=2048,
        share=0.5,
    ),
    "odds": Target(
        run=odds, seeds=lambda: map(str.encode, _ODDS), lexicons=("odds",), longest=256, share=0.5
    ),
    "parsed": Target(
        run=parsed,
        seeds=lambda: [
            *real_parses(*SENTENCES, *(seed.decode() for seed in _sentences())),
            *(text.encode() for text in SENTENCES),
        ],
        lexicons=(*_CUES, *_DATE_WORDS, *_NAMES),
        words=(*_MARKS, *split("— ( ) : , . ? % Ms. Dr. U.S. 's who that if not and of"), "\n\n"),
        longest=4096,
        share=6,
    ),
    "model": Target(
        run=model,
        seeds=lambda: [*map(str.encode, SENTENCES), *_sentences()],
        lexicons=(*_CUES, *_DATE_WORDS, *_NAMES),
        words=(*_MARKS, "\u200b", "\u2028", "\u0301", "\u200d\U0001f469"),
        longest=512,
        seconds=20.0,
        share=3,
    ),
}
