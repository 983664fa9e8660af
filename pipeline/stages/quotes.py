"""Attributed quotes: what a text says that someone else says, thinks, fears or finds."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Token

from ..config import defaults
from ..language import syntax
from ..lexicons import rows
from . import layers
from .attributions import find_attributions
from .cues import quoting_verb
from .findings import Problem, Quote, TokenSpan
from .linked import find_linked
from .quote_fields import assemble
from .reporting import Lexicon, load_lexicon
from .scene import Attribution, Scene

NAME = "claimline_quotes"

_MAX_PROBLEMS = 10  # located one by one; the rest are summed up in one
_FLOAT_WORDS = 4  # shorter quotations without a cue are terms and titles far more often than speech
_BEFORE_PARAGRAPHS = 2  # how far back a quotation without a cue may look for its speaker


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `attribution_evidence.jsonl`: what a sign adds to the log-odds of an attribution."""

    sign: str
    weight: float


class QuoteFinder:
    """Finds attributions and decides which are true.

    Reads the parse (tags, lemmas, dependencies, sentences), ``doc._.claimline_dates``, and what the
    language model has left on the Doc: cues and what is linked to them (see `votes`). Writes
    ``doc._.claimline_quotes`` (see `Quote`) and problems for quotation marks without a partner.

    Candidates come from cues (see `reporting.jsonl`) by the parse, from quotation marks by
    position, from labels, dashes and colons, and from what the model links to a cue; each has
    signs, whose weights add up to the log-odds that the text attributes just this content to
    someone. What reaches the threshold is kept, first what rules and model agree on, the surest
    first, and nothing that clashes with it: two contents may nest, never cross.

    The weights (`attribution_evidence.jsonl`) were fitted by `pipeline.train.evidence`: those of
    the rules' signs to gold/train, gold/written and corpus/attributions/train, those of the model's
    votes to corpus/attributions/held, whose annotations the model has not seen; so the confidence
    is about the share that is right (on gold/dev, by fifths of the quotes from the least sure: .55,
    .79, .88, .92, .96 said, .71, .61, .81, .94, .97 right).

    Measured on gold/dev, November 2026, with the embedded model: F1 .80 (P .81, R .78) at a content
    token F1 of .8; recall of direct quotes .91, indirect .80, mixed .58; type right in .91. Known
    misses: noun phrases as content of verbs that seldom report, fragments in marks with words
    around them, quotations that go on through paragraphs without any marks, speakers that only the
    layout tells, and the right edge of long indirect speech where the author's own words follow
    without a comma.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("en")
        >>> _ = nlp.add_pipe("claimline_quotes")
        >>> layers.get_quotes(nlp("No parse, no quotes."))
        []
    """

    def __init__(self, *, threshold: float) -> None:
        self.threshold = threshold
        self._lexicon = load_lexicon()
        self._weights = load_weights()

    def __call__(self, doc: Doc) -> Doc:
        """Store the quotes and problems on the Doc."""
        quotes, problems = find_quotes(
            doc, threshold=self.threshold, lexicon=self._lexicon, weights=self._weights
        )
        layers.set_quotes(doc, quotes)
        for problem in problems:
            layers.add_problem(doc, problem)
        return doc


@Language.factory(
    NAME,
    requires=["token.dep", "token.tag", "token.pos", "doc.sents"],
    assigns=["doc._.claimline_quotes", "doc._.claimline_problems"],
    default_config=defaults("claimline_quotes"),
)
def make_quotes(nlp: Language, name: str, *, threshold: float) -> QuoteFinder:
    """The component; `threshold` is the confidence from which an attribution is kept."""
    return QuoteFinder(threshold=threshold)


@lru_cache(maxsize=1)
def load_weights() -> dict[str, float]:
    """The weight of each sign."""
    return {row.sign: row.weight for row in rows("attribution_evidence", Evidence)}


def find_quotes(
    doc: Doc, *, threshold: float, lexicon: Lexicon, weights: dict[str, float]
) -> tuple[list[Quote], list[Problem]]:
    """The attributions of a Doc in reading order, and the quotation marks left without a partner.

    Args:
        doc: parsed; without a parse there are no quotes.
        threshold: confidence (0 to 1) from which a candidate is kept.
        lexicon: the reporting cues.
        weights: of the signs, see `Evidence`.
    """
    if not syntax.has_parse(doc):
        return [], []
    scene = Scene(doc, lexicon)
    judge = Judge(scene, weights)
    chosen = choose(scene, judge, threshold)
    return assemble(scene, chosen), _problems(scene)


# The decision ------------------------------------------------------------------------------


class Judge:
    """Says how sure a candidate is from its signs."""

    def __init__(self, scene: Scene, weights: dict[str, float]) -> None:
        self._scene = scene
        self._weights = weights
        blocks = layers.get_context(scene.doc).blocks
        self._starts = [block.start for block in blocks]
        self._sections = [block.section for block in blocks]

    def confidence(self, candidate: Attribution) -> float:
        """The probability that the text attributes this content."""
        signs = list(self.signs(candidate))
        if any(sign in _NEVER for sign, _ in signs):
            return 0.0
        total = self.sum(signs)
        if self._scene.votes.present:
            total = self.sum([(RULES, total), *self.votes(candidate)])
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def agrees(self, candidate: Attribution) -> bool:
        """Whether the model expects about this content, or says nothing of the cue."""
        link = self._scene.votes.link(candidate.cue) if candidate.cue else None
        return link is None or link.fit(candidate.content) >= _AGREED

    def sum(self, signs: Iterable[tuple[str, float]]) -> float:
        """The log-odds that signs add up to."""
        return sum(self._weights.get(sign, 0.0) * value for sign, value in signs)

    def signs(self, candidate: Attribution) -> Iterator[tuple[str, float]]:
        """What speaks for and against a candidate by rule: name of the sign and its value."""
        head = self._scene.doc[candidate.head]
        row = None if candidate.match is None else candidate.match.row
        kind = "unknown" if row is None else row.class_
        yield "bias", 1.0
        yield f"way: {candidate.way}", 1.0
        yield f"class: {kind}", 1.0
        if row is not None:
            yield f"cue: {row.lemma} ({row.form})", 1.0
            if candidate.way in ("infinitive", "noun", "clause"):
                yield f"way: {candidate.way}, class: {kind}", 1.0
        for sign in candidate.evidence:
            yield sign, 1.0
        yield f"source: {self._kind_of_source(candidate)}", 1.0
        if candidate.cue is not None and head.pos_ in ("VERB", "AUX", "ADJ"):
            denies = row is not None and row.stance == "doubts"
            for sign in _verb_signs(head, "denial" if denies else kind):
                yield sign, 1.0
        yield from self._content_signs(candidate)
        section = self._section(head)
        if section != "body":
            yield f"section: {section}", 1.0

    def _kind_of_source(self, candidate: Attribution) -> str:
        if candidate.source is None:
            return "none" if candidate.label is None else "label"
        token = self._scene.doc[candidate.source]
        lower = token.lower_
        if token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$", "WP", "WDT", "WP$", "DT"):
            if lower in _NOBODY:
                return "nobody"
            if lower in _FIRST:
                inside = self._scene.inside[token.i] >= 0
                return "first person in marks" if inside else "first person"
            if lower in ("you", "your"):
                return "second person"
            if lower in ("it", "this", "that", "these", "those", "there", "what"):
                return "thing pronoun"
            if token.tag_ in ("WP", "WDT", "WP$"):
                return "relative"
            return "third person"
        if token.pos_ == "PROPN":
            return "name"
        venue = self._scene.lexicon.venues.get(token.lemma_.lower())
        return "document" if venue is not None and venue.speaks else "noun"

    def _content_signs(self, candidate: Attribution) -> Iterator[tuple[str, float]]:
        scene, doc = self._scene, self._scene.doc
        words = in_marks = 0
        level = len(scene.enclosing(candidate.head))
        yield from (("cue in marks", 1.0),) if level else ()
        for start, end in candidate.content:
            for index in range(start, end):
                if doc[index].is_punct or scene.spaces[index]:
                    continue
                words += 1
                in_marks += len(scene.enclosing(index)) > level
        yield f"content: {_bucket(words)} words", 1.0
        if candidate.cue is None and candidate.marks and self._is_title(candidate):
            yield "in marks: title case", 1.0
        if in_marks:
            share = "all" if in_marks == words else "some"
            yield f"in marks: {share}", 1.0
            yield f"in marks: {share}, {_bucket(words)} words", 1.0
        if len(candidate.content) > 1:
            yield "content: split", 1.0
        first, last = doc[candidate.content[0][0]], doc[candidate.content[-1][1] - 1]
        if candidate.marks and in_marks == words:
            yield f"in marks: ends in {last.text if last.text in _ENDS else 'a word'}", 1.0
            case = "upper" if first.text[0].isupper() else "lower"
            yield f"in marks: begins in {case} case", 1.0
            if not scene.marked[candidate.marks[-1]].closed:
                yield "in marks: unclosed", 1.0
        verbs = any(
            doc[index].tag_ in ("VBD", "VBZ", "VBP", "MD")
            for start, end in candidate.content
            for index in range(start, end)
        )
        yield ("content: finite verb" if verbs else "content: no finite verb"), 1.0

    def _is_title(self, candidate: Attribution) -> bool:
        """Whether all of a quotation but its little words is capitalised: a work's name."""
        words = [
            token
            for start, end in candidate.content
            for token in self._scene.doc[start:end]
            if token.is_alpha and len(token) >= _TITLE_WORD
        ]
        return len(words) > 1 and all(word.text[0].isupper() for word in words)

    def _section(self, head: Token) -> str:
        block = bisect_right(self._starts, head.idx) - 1
        return self._sections[block] if block >= 0 else "body"

    def votes(self, candidate: Attribution) -> Iterator[tuple[str, float]]:
        """What the language model says of a candidate: name of the sign and its value."""
        scene, votes = self._scene, self._scene.votes
        yield "model: bias", 1.0
        yield f"model: {'cue' if candidate.cue else 'no cue'}", 1.0
        tokens = [
            i for start, end in candidate.content for i in range(start, end) if not scene.spaces[i]
        ]
        inside = sum(votes.content.get(i, 0.0) for i in tokens)
        yield "model: content of any cue", inside / max(1, len(tokens))
        if candidate.cue is None:
            return
        link = votes.link(candidate.cue)
        if link is None:
            yield "model: not a cue", 1.0
            return
        yield "model: is a cue", link.score
        yield "model: content fits", link.fit(candidate.content)
        if candidate.way == "linked":
            yield "model: its own candidate", 1.0
        if candidate.source is not None:
            yield "model: source fits", link.source.get(candidate.source, 0.0)
        else:
            yield "model: has a source", max(link.source.values(), default=0.0)


_AGREED = 0.5
_NEVER = frozenset(
    {"negated: speech", "negated: unknown", "source: nobody", "supposed", "in marks: title case"}
)
"""What was not said, or said by nobody, is no quote, whatever else speaks for it."""

RULES = "model: rules"
"""The sign whose value is what the rules' own signs add up to."""

_TITLE_WORD = 4  # shorter words stay small in titles
_SUPPOSES = frozenset({"if", "unless", "before", "until"})
_FIRST = frozenset({"i", "we", "my", "our", "me", "us", "mine", "ours"})
_NOBODY = frozenset({"nobody", "none", "anyone", "anybody", "whoever", "one"})
_ENDS = frozenset({",", ".", "!", "?", "…", "...", "-", "–", "—", "--", ";", ":"})


def _bucket(words: int) -> str:
    for limit, name in ((1, "1"), (2, "2"), (3, "3"), (5, "4-5"), (9, "6-9"), (19, "10-19")):
        if words <= limit:
            return name
    return "20+"


def _verb_signs(verb: Token, kind: str) -> Iterator[str]:
    """How the cue is put: denied, modal, in an if-clause, without a subject."""
    if syntax.is_negated(verb):
        yield f"negated: {kind}"
    modals = {t.lower_ for t in syntax.auxiliaries(verb) if t.tag_ == "MD"}
    if modals & {"will", "'ll", "’ll", "would", "'d", "’d", "shall"}:
        yield "modal: will"
    elif modals:
        yield "modal: other"
    if syntax.is_passive(verb):
        agent = syntax.agent_of(verb) or quoting_verb(verb)
        yield "passive: agentless" if agent is None else "passive: with agent"
    if not syntax.is_finite(verb):
        if syntax.has_infinitive_marker(verb) and not syntax.is_perfect(verb):
            yield "cue: infinitive"
        elif verb.tag_ == "VBG":
            yield "cue: participle" if quoting_verb(verb) is None else "cue: quoted as"
    marker = syntax.marker_of(verb)
    if marker in ("if", "unless", "whether", "when", "as", "because"):
        yield f"cue after {marker}"
    if kind in ("speech", "unknown") and marker in _SUPPOSES and verb.tag_ in ("VBZ", "VBP"):
        yield "supposed"
    if syntax.is_imperative(verb):
        yield "cue: imperative"
    if syntax.is_question(verb.sent):
        yield "sentence: question"


def choose(scene: Scene, judge: Judge, threshold: float) -> list[tuple[float, Attribution]]:
    """The candidates that are kept, with their confidence, in reading order."""
    scored = [(judge.confidence(c), c) for c in find_attributions(scene)]
    # What rules and model agree on comes before what either says alone.
    agreed = [(confidence, c) for confidence, c in scored if judge.agrees(c)]
    accepted = _without_clashes(agreed, threshold, [])
    linked = [(judge.confidence(c), c) for c in find_linked(scene)]
    accepted = _without_clashes([*scored, *linked], threshold, accepted)
    floating = [(judge.confidence(c), c) for c in find_floating(scene, [c for _, c in accepted])]
    accepted = _without_clashes(floating, threshold, accepted)
    return sorted(accepted, key=lambda pair: (_first_token(pair[1]), pair[1].content))


def _first_token(candidate: Attribution) -> int:
    parts = [candidate.content[0][0]]
    if candidate.cue is not None:
        parts.append(candidate.cue[0])
    if candidate.source is not None:
        parts.append(candidate.source)
    if candidate.label is not None:
        parts.append(candidate.label[0])
    return min(parts)


def _without_clashes(
    scored: list[tuple[float, Attribution]],
    threshold: float,
    accepted: list[tuple[float, Attribution]],
) -> list[tuple[float, Attribution]]:
    """The surest candidates that leave each cue one content and let contents nest, never cross."""
    kept = list(accepted)
    heads = {c.head for _, c in kept}
    owners: dict[int, list[Attribution]] = {}
    for _, candidate in kept:
        _claim(owners, candidate)
    order = sorted(
        (pair for pair in scored if pair[0] >= threshold),
        key=lambda pair: (-pair[0], pair[1].head, pair[1].content, pair[1].way),
    )
    for confidence, candidate in order:
        if candidate.head in heads or _clashes(owners, candidate):
            continue
        heads.add(candidate.head)
        kept.append((confidence, candidate))
        _claim(owners, candidate)
    return kept


def _claim(owners: dict[int, list[Attribution]], candidate: Attribution) -> None:
    for start, end in candidate.content:
        for index in range(start, end):
            owners.setdefault(index, []).append(candidate)


def _clashes(owners: dict[int, list[Attribution]], candidate: Attribution) -> bool:
    """Whether content overlaps another's without one cue standing inside the other's content."""
    met: dict[int, Attribution] = {}
    for start, end in candidate.content:
        for index in range(start, end):
            for other in owners.get(index, ()):
                met[id(other)] = other
    for other in met.values():
        if other.holds(candidate.head):
            if not all(other.holds(s) and other.holds(e - 1) for s, e in candidate.content):
                return True
        elif candidate.holds(other.head):
            if not all(candidate.holds(s) and candidate.holds(e - 1) for s, e in other.content):
                return True
        else:
            return True
    return False


# Quotations without a cue ------------------------------------------------------------------


def find_floating(scene: Scene, accepted: list[Attribution]) -> list[Attribution]:
    """Quotations in marks that no cue has claimed and that may go on an earlier speaker's words."""
    taken = {mark for candidate in accepted for mark in candidate.marks}
    inside = {i for c in accepted for start, end in c.content for i in range(start, end)}
    anchors = sorted((c.content[-1][1], c.content[0][0], n) for n, c in enumerate(accepted))
    ends = [anchor[0] for anchor in anchors]
    found: list[Attribution] = []
    paragraphs = [0, *(i + 1 for i in scene.breaks)]
    for index, mark in enumerate(scene.marked):
        start = mark.segments[0].start
        if mark.parent is not None or index in taken or start in inside:
            continue
        inner = (scene.doc[span.start : span.end] for span in mark.segments)
        words = sum(not (t.is_punct or t.is_space) for span in inner for t in span)
        if words < _FLOAT_WORDS and not _is_utterance(scene, index):
            continue
        paragraph = bisect_right(paragraphs, start) - 1
        before = bisect_right(ends, mark.outer.start) - 1
        evidence: list[str] = []
        follows = None
        if before >= 0:
            previous = accepted[anchors[before][2]]
            distance = paragraph - (bisect_right(paragraphs, previous.content[-1][1] - 1) - 1)
            if distance <= _BEFORE_PARAGRAPHS:
                follows = previous
                evidence.append(f"floating: {min(distance, 2)} paragraphs behind a quote")
        subject = None
        begin = paragraphs[paragraph]
        if follows is not None:
            # A speaker introduced since: "…," said Olga. Peter disagreed. "…"
            begin = max(begin, scene.sentence[_last_token(follows)][1])
        if begin < mark.outer.start:
            subject = _subject_before(scene, begin, mark.outer.start)
        if subject is not None:
            evidence.append("floating: behind a subject")
        elif follows is None and paragraph and scene.next_word(begin) == mark.outer.start:
            subject = _only_subject(scene, paragraphs[paragraph - 1], begin - 1)
            if subject is not None:
                evidence.append("floating: behind a paragraph of one sentence")
        if follows is None and subject is None:
            continue
        if _is_utterance(scene, index):
            evidence.append("floating: sentence of its own")
        candidate = Attribution(
            way="floating",
            head=mark.outer.start,
            cue=None,
            match=None,
            source=None if subject is None else subject.i,
            content=scene.segments(index),
            marks=(index,),
            evidence=tuple(evidence),
        )
        found.append(candidate)
    return found


def _only_subject(scene: Scene, start: int, end: int) -> Token | None:
    """The person that a paragraph of one sentence is about."""
    first = scene.next_word(start)
    if first is None or first >= end or scene.sentence[first][1] < end:
        return None
    subject = _subject_before(scene, first, end)
    if subject is None or (subject.pos_ == "PROPN" and subject.ent_type_ != "PERSON"):
        return None
    return subject


def _last_token(candidate: Attribution) -> int:
    places = [candidate.content[-1][1] - 1, candidate.head]
    return max(places if candidate.source is None else [*places, candidate.source])


def _is_utterance(scene: Scene, index: int) -> bool:
    """Whether a quotation stands as a sentence: begins one and ends one."""
    doc, mark = scene.doc, scene.marked[index]
    before = scene.previous_word(mark.outer.start - 1)
    starts = (
        before is None
        or doc[before].text in (".", "!", "?", ":", "…")
        or (
            any(scene.is_break(i) for i in range(before + 1, mark.outer.start))
            or scene.inside[before] >= 0
        )
    )
    last = doc[mark.segments[-1].end - 1].text
    first = doc[mark.segments[0].start].text
    return starts and last in (".", "!", "?", "…", "...") and not first[0].islower()


def _subject_before(scene: Scene, start: int, end: int) -> Token | None:
    """The person or body that the sentences before a quotation in its paragraph are about."""
    position = end - 1
    while position >= start:
        if scene.spaces[position]:
            position -= 1
            continue
        begin, stop = scene.sentence[position]
        if begin < start or scene.inside[position] >= 0:
            return None
        root = scene.doc[begin:stop].root
        subject = syntax.subject_of(root)
        if subject is not None and subject.lower_ not in ("it", "this", "that", "there", "i", "we"):
            return subject
        position = begin - 1
    return None


# The marks left over --------------------------------------------------------------------


def _problems(scene: Scene) -> list[Problem]:
    problems = [
        Problem(
            stage="quotes",
            severity="warning",
            message=unpaired.message,
            span=TokenSpan(unpaired.token, unpaired.token + 1),
        )
        for unpaired in scene.unpaired[:_MAX_PROBLEMS]
    ]
    more = len(scene.unpaired) - _MAX_PROBLEMS
    if more > 0:
        problems.append(
            Problem(
                stage="quotes",
                severity="warning",
                message=f"{more} further quotation marks have no partner",
            )
        )
    return problems
