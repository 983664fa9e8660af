"""What all ways to an attribution ask of a cue: its source, its words, the edges of its content."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from ..language import syntax
from .reporting import Match
from .scene import Attribution, Pair, Scene

WINDOW = 40  # tokens between a quotation in marks and its cue: room for a title and an apposition
SENTENCE_ENDS = frozenset({".", "!", "?", "…", "..."})
DASHES = frozenset({"-", "–", "—", "--", "―"})
SETS_OFF = DASHES | {","}
_ADDRESSEE = 6  # tokens between a cue and its quotation: "told the other man,"
LABEL_WORDS = 8  # of a name before a colon or behind a dash


def source_of(scene: Scene, verb: Token) -> Token | None:
    """The one whose words they are: the agent of a passive, else the subject."""
    if syntax.is_passive(verb):
        agent = syntax.agent_of(verb)
        if agent is not None:
            return agent
        quoting = quoting_verb(verb)
        return None if quoting is None else syntax.subject_of(quoting)
    quoting = quoting_verb(verb)
    if quoting is not None:
        return (
            syntax.subject_of(quoting) if syntax.is_passive(quoting) else syntax.object_of(quoting)
        )
    subject = syntax.subject_of(verb)
    if (
        subject is not None
        and subject.lower_ in ("there", "it")
        and syntax.expletive_of(verb) is not None
    ):
        return None
    return subject


def quoting_verb(verb: Token) -> Token | None:
    """The "quote" of "was quoted **as saying**", or None."""
    if verb.tag_ != "VBG" or syntax.marker_of(verb) != "as":
        return None
    host = syntax.modified_clause(verb) or syntax.governor_of(verb)
    return host if host is not None and host.pos_ == "VERB" else None


def cue_span(verb: Token, match: Match | None) -> Pair:
    """The verb with the auxiliaries and negators right before it, and its further words."""
    start, end = verb.i, verb.i + 1
    if match is not None:
        end = max(end, match.end)
    own = {t.i for t in (*syntax.auxiliaries(verb), *syntax.negations(verb), *syntax.adverbs(verb))}
    while start - 1 in own:
        start -= 1
    while (
        start < verb.i
        and verb.doc[start].tag_ == "RB"
        and verb.doc[start].lower_ not in ("not", "n't")
    ):
        start += 1
    for particle in syntax.particles_of(verb):
        if particle.i == end:
            end += 1
    return start, end


def make(
    scene: Scene,
    way: str,
    verb: Token,
    match: Match | None,
    stretches: list[Pair],
    *,
    source: Token | None,
    evidence: tuple[str, ...] = (),
) -> Iterator[Attribution]:
    """A candidate of a cue, where something is left of its content."""
    content: list[Pair] = []
    marks: list[int] = []
    for start, end in stretches:
        spans, taken = scene.content(start, end, verb.i)
        content += [span for span in spans if span not in content]
        marks += [mark for mark in taken if mark not in marks]
    if content:
        yield Attribution(
            way=way,
            head=verb.i,
            cue=cue_span(verb, match),
            match=match,
            source=None if source is None else source.i,
            content=sorted(content),
            marks=tuple(marks),
            evidence=evidence,
        )


def is_question_word(clause: Token) -> bool:
    """Whether a clause is opened by a question word, "whether" or "if"."""
    first = clause.doc[syntax.subtree_span(clause)[0]]
    return first.tag_ in ("WP", "WRB", "WDT", "WP$") or first.lower_ in ("whether", "if")


def marker_evidence(scene: Scene, clause: Token) -> str:
    """What opens the clause."""
    marker = syntax.marker_of(clause)
    if marker == "that":
        return "opened by that"
    if is_question_word(clause):
        return "opened by a question word"
    return (
        f"opened by {marker}" if marker in ("to", "for", "as", "because") else "opened by nothing"
    )


def and_that(scene: Scene, end: int) -> int:
    """Over further clauses that ", that" and "and that" join on, wherever the parse hung them."""
    doc = scene.doc
    while True:
        place = end
        while place < len(doc) and (doc[place].text == "," or doc[place].is_quote):
            place += 1
        comma = place > end and doc[place - 1].text == ","
        if place + 2 >= len(doc):
            return end
        if doc[place].pos_ == "CCONJ":
            place += 1
        elif not comma or doc[place].pos_ != "SCONJ":
            return end
        clause = syntax.introduced_by(doc[place]) if doc[place].lower_ == "that" else None
        if clause is None or clause.i < place:
            return end
        right = syntax.subtree_span(clause)[1]
        if not place < right <= scene.sentence[place][1]:
            return end
        end = right


def without_comment(scene: Scene, verb: Token, clause: Token, end: int) -> int:
    """Where the content stops and the author goes on: a further act of reporting, a semicolon."""
    for other in (*syntax.conjuncts(clause), *(c for _, c in syntax.adverbial_clauses(clause))):
        if not clause.i < other.i < end or other.i not in scene.by_head:
            continue
        match = scene.by_head[other.i]
        coordinated = syntax.is_conjunct(other)
        if coordinated and (other.tag_ != verb.tag_ or syntax.auxiliaries(other)):
            continue  # "said it would attack and would respond" goes on; "said so and added" not
        if not coordinated and (syntax.marker_of(other) or other.tag_ != "VBG"):
            continue
        if match.row.class_ != "speech":
            continue
        left = syntax.subtree_span(other)[0]
        before = verb.doc[left - 1]
        if coordinated and before.lower_ in ("and", "but") and left - 2 > verb.i:
            left, before = left - 1, verb.doc[left - 2]
        if before.text in (",", ";") or (coordinated and syntax.own_subject_of(other) is None):
            end = min(end, left)
    return scene.next_semicolon(clause.i + 1, end)


def without_sequel(scene: Scene, verb: Token, end: int) -> int:
    """Where marks behind a cue close: "told me, 'Wait,' **and I went**" goes on with the teller."""
    doc = scene.doc
    level = scene.inside[verb.i]
    opening = verb.i + 1
    while opening < min(end, verb.i + _ADDRESSEE) and scene.inside[opening] == level:
        if doc[opening].pos_ in ("VERB", "AUX") or doc[opening].text in SENTENCE_ENDS:
            return end
        opening += 1
    mark = scene.inside[opening] if opening < end else level
    if mark == level or scene.marked[mark].outer.start != opening:
        return end
    stop = scene.marked[mark].outer.end
    join = stop + (stop < end and doc[stop].text == ",")
    if join + 1 >= end or not (doc[join].pos_ == "CCONJ" or doc[join].lower_ == "so"):
        return end
    # "said he “is ready” and was “able”" goes on with what was said.
    return end if doc[join + 1].pos_ in ("VERB", "AUX") else stop


def after_preposition(noun: Token) -> int:
    """The token behind the preposition of a noun; 0 where it has none."""
    words = syntax.prepositional_tokens(noun)
    return words[-1].i + 1 if words else 0


def phrase_head(scene: Scene, start: int) -> Token | None:
    """The head of the noun phrase that begins at a token."""
    end = min(scene.sentence[min(start, len(scene.doc) - 1)][1], start + 12)
    last: Token | None = None
    for token in scene.doc[start:end]:
        if token.is_punct and not token.is_quote and token.text not in DASHES:
            return last  # a parse that has the head behind the comma is wrong
        if token.pos_ not in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"):
            continue
        inside = start <= token.head.i < end and token.head.i != token.i
        if not inside or token.head.pos_ in ("VERB", "AUX"):
            return token if token.pos_ != "DET" else None
        if token.pos_ in ("NOUN", "PROPN", "PRON"):
            last = token
    return None
