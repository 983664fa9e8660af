"""Interviews printed as questions and answers without labels: who answers, and where.

Labelled ones ("Q: …", "ARCE: …") are quotes, see `cue_labels`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.tokens import Doc, Span

from ..language import syntax
from ..lexicons import rows
from .findings import Context, Entity, TokenSpan


class Introduction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `interviews.jsonl`: words beside which the person stands who is interviewed."""

    phrase: str
    person: Literal["before", "after"]
    example: str


@dataclass(frozen=True)
class Interview:
    """An interview.

    Attributes:
        person: index of the entity who answers.
        introduced: the mention that says so.
        answers: the paragraphs of the answers, in order.
    """

    person: int
    introduced: TokenSpan
    answers: tuple[TokenSpan, ...]

    def is_answer(self, token: int) -> bool:
        """Whether a token stands in an answer."""
        at = bisect_right(self.answers, token, key=lambda answer: answer.start) - 1
        return at >= 0 and token < self.answers[at].end


def find_interview(doc: Doc, context: Context, entities: Sequence[Entity]) -> Interview | None:
    """The interview that an article is, or None; linear in its length.

    Its beginning, before the first question, introduces who is interviewed. Questions are short
    paragraphs that end with a question mark, are no quotations and have another paragraph after
    them; one of them must say "you", and there must be two, or one where a title introduces the
    person. What follows the first question and is none itself is an answer, and of three at least
    one must say "I" or "we": remarks of the interviewer that ask nothing are taken for answers,
    too, but what an author asks and answers in an explainer is none.
    """
    paragraphs = list(_paragraphs(doc, context))
    asked = [_is_question(paragraph) for paragraph in paragraphs]
    questions = [at for at, later in enumerate(asked[1:]) if asked[at] and not later]
    addressed = any(word.lower_ in _YOU for at in questions for word in paragraphs[at])
    if not addressed:
        return None
    first = questions[0]
    found = _introduced(doc, entities, paragraphs[first].start)
    if found is None:
        return None
    person, mention = found
    titled = mention.start < paragraphs[0].start
    if len(questions) < _QUESTIONS and not titled:
        return None
    later = zip(paragraphs[first + 1 :], asked[first + 1 :], strict=True)
    answers = [paragraph for paragraph, asks in later if not asks]
    if sum(map(_is_personal, answers)) * _ONE_IN < len(answers):
        return None
    return Interview(person, mention, tuple(TokenSpan(a.start, a.end) for a in answers))


def _paragraphs(doc: Doc, context: Context) -> Iterator[Span]:
    """The paragraphs of the body."""
    for block in context.blocks:
        if block.section == "body":
            span = doc.char_span(block.start, block.end, alignment_mode="contract")
            if span is not None and len(span):
                yield span


def _is_question(paragraph: Span) -> bool:
    if len(paragraph) > _LONGEST_QUESTION or paragraph[0].is_quote:
        return False
    last = next((word for word in reversed(paragraph) if not word.is_space), paragraph[-1])
    return last.text.endswith("?")


def _is_personal(answer: Span) -> bool:
    """Whether someone speaks as "I" or "we" before there is a quotation mark."""
    for word in answer:
        if word.is_quote:
            return False
        if word.lower_ in _SELVES:
            return True
    return False


def _introduced(doc: Doc, entities: Sequence[Entity], end: int) -> tuple[int, TokenSpan] | None:
    """The person whom the words before a token introduce as interviewed, and where."""
    people = sorted(
        (mention.span.start, mention.span.end, index)
        for index, entity in enumerate(entities)
        if entity.type == "PERSON"
        for mention in entity.mentions
        if mention.form == "name" and mention.span.start < end
    )
    starts = [start for start, _, _ in people]
    phrases = _phrases()
    low = [token.lower_ for token in doc[:end]]
    for at in range(end):
        for words, row in phrases.get(low[at], ()):
            stop = at + len(words)
            if tuple(low[at:stop]) != words:
                continue
            if row.person == "before":
                beside = bisect_left(starts, at) - 1
                inside = beside >= 0 and starts[beside] >= _clause_start(doc, at)
            else:
                beside = bisect_left(starts, stop)
                inside = beside < len(starts) and starts[beside] < _clause_end(doc, low, stop)
            if inside:
                start, finish, index = people[beside]
                # "In an interview with the Ledger, **Quill** said": she acts in the sentence.
                if row.person == "before" or not syntax.is_subject(doc[start:finish].root):
                    return index, TokenSpan(start, finish)
            break  # the longest phrase decides
    return None


def _clause_start(doc: Doc, at: int) -> int:
    """Where the sentence of a token begins, or the words begin that may introduce somebody."""
    last = max(at - _FAR, 0)
    return next((i for i in range(at, last, -1) if doc[i].is_sent_start), last)


def _clause_end(doc: Doc, low: Sequence[str], at: int) -> int:
    """Where the sentence or its topic ("about …") begins that follows a token, likewise."""
    last = min(at + _FAR, len(low))
    return next((i for i in range(at, last) if doc[i].is_sent_start or low[i] in _ON), last)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[tuple[str, ...], Introduction]]]:
    """The phrases by first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Introduction]]] = {}
    for row in rows("interviews", Introduction):
        words = tuple(row.phrase.split())
        found.setdefault(words[0], []).append((words, row))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


_QUESTIONS = 2
_LONGEST_QUESTION = 120
_ONE_IN = 3
_FAR = 60
"""Words between who is interviewed and the phrase that says so, at most."""
_SELVES = frozenset({"i", "we", "me", "us", "my", "our"})
_YOU = frozenset({"you", "your", "yours", "yourself"})
_ON = frozenset({"about", "on", "regarding", "concerning"})
