"""Candidate attributions: every way in which a text may say who says what.

From a cue of the lexicon (or of the tagger) to its source and content by the parse, from a
quotation in marks to its cue by position, and from labels, dashes and colons. Recall comes first
here; `quotes` decides which candidates are true.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Token

from ..language import syntax
from .reporting import Match, Reporting
from .scene import Attribution, Pair, Scene

# With these the object belongs to the content ("put [the crowd at 4,000]"); with the others only
# what follows the preposition does ("warned the town of [a flood]").
_WITH_OBJECT = frozenset({"at", "on", "to", "with", "down to", "as"})
_RECIPIENT = frozenset({"to", "on", "upon", "with", "before"})
_BY_SOURCE = frozenset({"by", "from", "among", "of"})
_WINDOW = 40  # tokens between a quotation in marks and its cue: room for a title and an apposition
_LABEL_WORDS = 8
_REACH = 20  # tokens from a cue to its preposition: "put the chance of a deal this year at …"
_SENTENCE_ENDS = frozenset({".", "!", "?", "…", "..."})
_COLONS = frozenset({":"})
_DASHES = frozenset({"-", "–", "—", "--", "―"})
_SETS_OFF = _DASHES | {","}
_SHORT_CLAUSE = 15  # tokens of "the minister of works told reporters on Monday" and the like
_CALLED_CUE = 0.5  # the tagger's own decision
_UNKNOWN = Reporting(
    lemma="",
    form="verb",
    class_="speech",
    stance="neutral",
    takes=("clause", "marks", "infinitive", "order", "gerund", "as", "predicative", "noun"),
    example="",
)
_JOINS = frozenset({",", ".", ";", ":", "-", "–", "—", "--", "…", "..."})


def find_attributions(scene: Scene) -> list[Attribution]:
    """All candidates of the Doc, in no particular order of merit; they may overlap."""
    found: list[Attribution] = []
    for match in scene.matches:
        token = scene.doc[match.head]
        form = match.row.form
        if form == "verb":
            found += _of_verb(scene, token, match)
        elif form == "noun":
            found += _of_noun(scene, token, match)
        elif form == "adjective":
            found += _of_adjective(scene, token, match)
        elif form == "phrase":
            found += _of_phrase(scene, match)
        elif form == "owned":
            found += _of_owned(scene, token, match)
    found += _of_unknown(scene)
    found += _of_marks(scene)
    found += _of_labels(scene)
    found += _of_blocks(scene)
    return found


# Cue verbs ------------------------------------------------------------------------------------


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


def _make(
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


def _of_verb(scene: Scene, verb: Token, match: Match) -> Iterator[Attribution]:
    takes = match.row.takes
    source = source_of(scene, verb)
    clauses: list[tuple[str, Pair, str]] = []
    for clause in _complements(verb, match):
        way = _way_of_clause(scene, verb, clause, takes)
        if way is None:
            continue
        start, end = _clause_extent(scene, verb, clause, way)
        extent = (max(start, match.end) if clause.i > verb.i else start, end)
        if clauses and _goes_on(scene, verb, clauses[-1], way, extent):
            # "said that since it rains | they wait": one content, two clauses for the parser.
            _, (begin, _), marker = clauses.pop()
            clauses.append((way, (min(begin, extent[0]), max(extent[1], begin)), marker))
        else:
            clauses.append((way, extent, _marker_evidence(scene, clause)))
    for way, (start, end), marker in clauses:
        yield from _make(
            scene, way, verb, match, _around(start, end, verb), source=source, evidence=(marker,)
        )
    any_clause = bool(clauses)
    yield from _of_object(scene, verb, match, source, any_clause)
    if not any_clause:
        yield from _of_host(scene, verb, match, source)
        yield from _of_order(scene, verb, match, source)


def _complements(verb: Token, match: Match) -> list[Token]:
    """The clauses that a cue introduces; those of its last word where it has several."""
    last = verb.doc[match.end - 1]
    if last.i == verb.i:
        return syntax.complements_of(verb)
    clauses = [c for c in syntax.complements_of(last) if c.i >= match.end]
    return clauses or [c for c in syntax.complements_of(verb) if c.i >= match.end]


def _of_unknown(scene: Scene) -> Iterator[Attribution]:
    """Verbs that the lexicon lacks and the tagger calls cues."""
    for index, score in sorted(scene.votes.cue.items()):
        token = scene.doc[index]
        if score < _CALLED_CUE or token.pos_ != "VERB" or index in scene.by_head:
            continue
        for found in _of_verb(scene, token, Match(_UNKNOWN, index, index, index + 1)):
            found.match = None
            found.evidence = (*found.evidence, "cue by tagger alone")
            yield found


def _goes_on(
    scene: Scene, verb: Token, earlier: tuple[str, Pair, str], way: str, later: Pair
) -> bool:
    """Whether a second clause behind the cue follows the first with nothing but commas between."""
    start, end = earlier[1]
    if earlier[0] != "clause" or way != "clause" or start < verb.i:
        return False
    if scene.doc[start].pos_ != "SCONJ":
        return False  # two main clauses side by side are a mistake as often as not
    between = scene.doc[end : max(end, later[0])]
    return all(token.text == "," or token.is_quote for token in between)


def _way_of_clause(scene: Scene, verb: Token, clause: Token, takes: tuple[str, ...]) -> str | None:
    """By which frame of the cue a complement clause is its content, if any."""
    if syntax.has_infinitive_marker(clause) and not _is_question_word(clause):
        if clause.i in scene.by_head and syntax.complement_of(clause) is not None:
            return None  # "declined to say whether", "like to point out that": the other cue's
        if "order" in takes and _has_receiver(verb, clause):
            return "order"
        return "infinitive" if "infinitive" in takes else None
    if syntax.is_finite(clause) or _is_question_word(clause):
        quoted = "marks" in takes and scene.inside[clause.i] != scene.inside[verb.i]
        return "clause" if "clause" in takes or quoted else None
    if clause.tag_ == "VBG":
        return "gerund" if "gerund" in takes else None
    if "predicative" in takes and syntax.object_of(verb) is not None:
        return "predicative"
    if "as" in takes and syntax.preposition_of(clause) == "as":
        return None
    return "clause" if "clause" in takes and clause.i > verb.i else None


def _has_receiver(verb: Token, clause: Token) -> bool:
    """Whether an order names who is to carry it out."""
    receiver = syntax.object_of(verb) or syntax.indirect_object_of(verb)
    if receiver is not None and verb.i < receiver.i < clause.i:
        return True
    if syntax.is_passive(verb):
        return True
    return any(prep in _RECIPIENT and noun.i < clause.i for prep, noun in syntax.obliques(verb))


def _is_question_word(clause: Token) -> bool:
    first = clause.doc[syntax.subtree_span(clause)[0]]
    return first.tag_ in ("WP", "WRB", "WDT", "WP$") or first.lower_ in ("whether", "if")


def _marker_evidence(scene: Scene, clause: Token) -> str:
    """What opens the clause."""
    marker = syntax.marker_of(clause)
    if marker == "that":
        return "opened by that"
    if _is_question_word(clause):
        return "opened by a question word"
    return (
        f"opened by {marker}" if marker in ("to", "for", "as", "because") else "opened by nothing"
    )


def _clause_extent(scene: Scene, verb: Token, clause: Token, way: str) -> Pair:
    """The content that a complement clause makes up."""
    start, end = syntax.clause_span(clause, coordinated=True)
    if clause.i > verb.i:
        start = max(start, verb.i + 1)
        if way in ("infinitive", "predicative"):
            subject = syntax.object_of(verb)
            if subject is not None and verb.i < subject.i < clause.i:
                start = min(start, syntax.subtree_span(subject)[0])
        elif way == "order":
            receiver = syntax.object_of(verb) or syntax.indirect_object_of(verb)
            if receiver is not None and verb.i < receiver.i < clause.i:
                start = max(start, syntax.subtree_span(receiver)[1])
        elif way == "clause" and not syntax.marker_of(clause):
            start = _without_that(verb, min(start, _leading_clause(verb, clause, start)))
        end = _with_second_half(scene, verb, _without_comment(scene, verb, clause, end))
        end = _and_that(scene, end)
    return start, end


def _with_second_half(scene: Scene, verb: Token, end: int) -> int:
    """Over "… and had since left" where the parse has it beside the cue.

    With an auxiliary of its own, without a subject or a comma, it goes on what was said; "said so
    and left" does not.
    """
    for other in syntax.conjuncts(verb):
        if other.i < end or other.i in scene.by_head or not syntax.auxiliaries(other):
            continue
        left, right = syntax.subtree_span(other)
        joins = left > 0 and scene.doc[left].pos_ == "CCONJ"
        if left <= end + 1 and (joins or left == end) and syntax.own_subject_of(other) is None:
            return right
    return end


def _and_that(scene: Scene, end: int) -> int:
    """Over a second clause that "and that" joins on, wherever the parse has hung it."""
    doc = scene.doc
    place = end
    while place < len(doc) and (doc[place].text == "," or doc[place].is_quote):
        place += 1
    if place + 2 >= len(doc) or doc[place].pos_ != "CCONJ" or doc[place + 1].lower_ != "that":
        return end
    clause = syntax.introduced_by(doc[place + 1])
    if clause is None or clause.i < place:
        return end
    right = syntax.subtree_span(clause)[1]
    return right if right <= scene.sentence[place][1] else end


def _without_that(verb: Token, start: int) -> int:
    """Past a "that" which the parse has for a determiner: "said **that** the dam would hold"."""
    doc = verb.doc
    if start + 1 < len(doc) and doc[start].lower_ == "that":
        opens = doc[start + 1].pos_ in ("DET", "PRON", "PROPN", "SCONJ", "ADP")
        return start + (doc[start].tag_ == "IN" or opens)
    return start


def _leading_clause(verb: Token, clause: Token, start: int) -> int:
    """Where content begins whose first words hang on the cue: "said **although** it rains, …"."""
    for _, other in syntax.adverbial_clauses(verb):
        if verb.i < other.i < clause.i and syntax.is_finite(other):
            start = min(start, syntax.subtree_span(other)[0])
    subject = syntax.object_of(verb)
    if (
        subject is not None
        and verb.i < subject.i < clause.i
        and syntax.own_subject_of(clause) is None
        and subject.pos_ != "PRON"
        and clause.tag_ != "VB"
    ):
        start = min(start, syntax.subtree_span(subject)[0])
    return max(start, verb.i + 1)


def _without_comment(scene: Scene, verb: Token, clause: Token, end: int) -> int:
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


def _around(start: int, end: int, verb: Token) -> list[Pair]:
    """The stretch without the cue's own clause where that stands in its middle."""
    if not start <= verb.i < end:
        return [(start, end)]
    left, right = _cue_clause(verb)
    if right < end and verb.doc[right].text in _SENTENCE_ENDS:
        end = right
    return [(start, min(left, end)), (max(right, start), end)]


def _cue_clause(verb: Token) -> Pair:
    """The cue with its subject and its own modifiers, without its content."""
    left = right = verb.i
    for token in (
        syntax.own_subject_of(verb),
        syntax.indirect_object_of(verb),
        *syntax.auxiliaries(verb),
        *syntax.adverbs(verb),
        *(noun for _, noun in syntax.obliques(verb)),
    ):
        if token is not None and abs(token.i - verb.i) <= _WINDOW:
            start, end = syntax.subtree_span(token)
            left, right = min(left, start), max(right, end - 1)
    return left, right + 1


def _of_object(
    scene: Scene, verb: Token, match: Match, source: Token | None, any_clause: bool
) -> Iterator[Attribution]:
    """Content in a noun phrase, with or without a preposition."""
    takes = match.row.takes
    target = syntax.object_of(verb)
    passive = syntax.is_passive(verb)
    obliques = syntax.obliques(verb)
    if "as" in takes:
        for start, end in _as_phrases(scene, verb, obliques):
            stretch = (start, end)
            if target is not None and verb.i < target.i < start and _is_weighty(scene, target):
                stretch = (syntax.subtree_span(target)[0], end)
            yield from _make(scene, "as", verb, match, [stretch], source=source)
            return
    behind = _behind_preposition(verb, takes, target)
    if behind is not None:
        yield from _make(scene, "preposition", verb, match, [behind], source=source)
        return
    if any_clause or target is None or target.i < verb.i or passive:
        return
    if "predicative" in takes:
        following = _after_object(scene, verb, target)
        if following is not None:
            yield from _make(scene, "predicative", verb, match, [following], source=source)
            return
    told = target.i in scene.cue_nouns and syntax.noun_complements(target)
    if "noun" in takes and target.pos_ != "PRON" and not told:
        stretch = syntax.subtree_span(target)
        yield from _make(scene, "noun", verb, match, [stretch], source=source)


def _behind_preposition(verb: Token, takes: tuple[str, ...], target: Token | None) -> Pair | None:
    """What follows the cue's preposition, by the words: parsers hang it on cue and object alike."""
    wanted = {frame[1:].split()[-1]: frame[1:] for frame in takes if frame.startswith("+")}
    if not wanted:
        return None
    for token in verb.doc[verb.i + 1 : verb.i + _REACH]:
        if token.text in _SENTENCE_ENDS or token.text in (";", ":"):
            return None
        if token.lower_ not in wanted:
            continue
        introduced = syntax.introduced_by(token)
        if introduced is None or introduced.i < token.i:
            continue
        start, end = token.i + 1, syntax.subtree_span(introduced)[1]
        with_object = wanted[token.lower_] in _WITH_OBJECT
        if with_object and target is not None and verb.i < target.i < token.i:
            start = min(start, syntax.subtree_span(target)[0])
        return max(start, verb.i + 1), end
    return None


def _after_preposition(noun: Token) -> int:
    words = syntax.prepositional_tokens(noun)
    return words[-1].i + 1 if words else 0


def _is_weighty(scene: Scene, target: Token) -> bool:
    """Whether the object of "described X as Y" says something itself: more than a pointer."""
    start, end = syntax.subtree_span(target)
    return end - start > 2


def _as_phrases(scene: Scene, verb: Token, obliques: list[tuple[str, Token]]) -> list[Pair]:
    found: list[Pair] = []
    for prep, noun in obliques:
        if prep == "as" and noun.i > verb.i:
            start, end = syntax.subtree_span(noun)
            found.append((max(start, _after_preposition(noun)), end))
    for marker, clause in syntax.adverbial_clauses(verb):
        if marker == "as" and clause.i > verb.i and not syntax.is_finite(clause):
            start, end = syntax.subtree_span(clause)
            found.append((start + (verb.doc[start].lower_ == "as"), end))
    for clause in syntax.complements_of(verb):
        start, end = syntax.subtree_span(clause)
        if clause.i > verb.i and verb.doc[start].lower_ == "as":
            found.append((start + 1, end))
    # "Quoted as saying so" is the other cue's content.
    return [pair for pair in found if pair[0] not in scene.by_head]


def _after_object(scene: Scene, verb: Token, target: Token) -> Pair | None:
    """The object with a quotation in marks right after it ("called the bill "a farce"")."""
    start, end = syntax.subtree_span(target)
    mark = scene.inside[min(end, len(scene.doc) - 1)]
    if mark >= 0 and scene.marked[mark].outer.start == end:
        if not _is_weighty(scene, target):
            start = end
        return start, scene.marked[mark].outer.end
    return None


def _of_host(
    scene: Scene, verb: Token, match: Match, source: Token | None
) -> Iterator[Attribution]:
    """A cue without a complement beside or inside its content: "…, he said", "as he said"."""
    if "clause" not in match.row.takes or not syntax.is_finite(verb):
        return
    host: Token | None = None
    way = "beside"
    if syntax.is_side_clause(verb):
        host = verb.head
    elif syntax.marker_of(verb) == "as":
        host, way = syntax.modified_clause(verb), "as-clause"
    if host is None or source is None:
        return
    start, end = syntax.subtree_span(host)
    left, right = syntax.subtree_span(verb)
    if way == "beside" and not _is_set_off(scene, left, right):
        return
    before, after = (start, left), (right, end)
    if right >= end - 1 or scene.doc[min(right, end - 1)].text not in (",", ";"):
        after = (end, end)
    yield from _make(scene, way, verb, match, [before, after], source=source)


def _of_order(
    scene: Scene, verb: Token, match: Match, source: Token | None
) -> Iterator[Attribution]:
    """Where the parse has no complement: what follows the cue, by the order of the words.

    "that" opens it, or a subject with its verb right behind the cue; it lasts to the end of the
    sentence, of the marks or to a semicolon.
    """
    doc = scene.doc
    if "clause" not in match.row.takes or verb.i + 1 >= len(doc):
        return
    end = scene.sentence[verb.i][1]
    start: int | None = None
    for token in doc[verb.i + 1 : min(end, verb.i + 10)]:
        if token.lower_ == "that" and token.pos_ in ("SCONJ", "PRON", "DET"):
            start = token.i + 1
            break
        if token.pos_ in ("VERB", "AUX") or token.text in (".", ";", ":"):
            break
        if token.i in scene.cue_nouns:
            return  # "rejected the claim that …"
    way = "that behind cue"
    if start is None:
        following = doc[verb.i + 1]
        subject = following.pos_ in ("PRON", "DET", "PROPN", "NOUN", "ADJ", "NUM")
        finite = any(t.tag_ in ("VBZ", "VBD", "VBP", "MD") for t in doc[verb.i + 2 : verb.i + 12])
        if not (subject and finite) or following.lower_ == "that":
            return
        start, way = verb.i + 1, "clause behind cue"
    stretch = (start, scene.next_semicolon(start, end))
    yield from _make(scene, way, verb, match, [stretch], source=source)


def _is_set_off(scene: Scene, left: int, right: int) -> bool:
    """Whether a short clause stands behind a comma, and before one or the sentence's end."""
    doc = scene.doc
    behind = left > 0 and (doc[left - 1].text in _SETS_OFF or doc[left - 1].is_quote)
    ends = right >= len(doc) or doc[right].text in _SETS_OFF or doc[right].text in _SENTENCE_ENDS
    return behind and ends and right - left <= _SHORT_CLAUSE


# Cue nouns, adjectives and phrases --------------------------------------------------------------


def _of_noun(scene: Scene, noun: Token, match: Match) -> Iterator[Attribution]:
    takes = match.row.takes
    source, evidence = _owner(scene, noun)
    clauses = [c for c in syntax.noun_complements(noun) if c.i > noun.i]
    identified = syntax.identified_clause(noun)
    if identified is not None:
        clauses.append(identified)
    for clause in clauses:
        infinitive = syntax.has_infinitive_marker(clause) and not _is_question_word(clause)
        if ("infinitive" if infinitive else "clause") not in takes:
            continue
        start, end = syntax.clause_span(clause, coordinated=True)
        start = max(start, noun.i + 1)
        if clause is identified:
            # The copula of "the fear is that it ends" belongs to the author.
            before = noun.doc[noun.i + 1 : clause.i + 1]
            that = next((t.i for t in before if t.lower_ == "that"), None)
            if that is None:
                continue
            start = max(start, that + 1)
        end = _and_that(scene, end)
        way = "noun infinitive" if infinitive else "noun clause"
        yield from _of_word(scene, way, noun, match, [(start, end)], source, evidence)
        return
    for prep, other in syntax.obliques(noun):
        if f"+{prep}" in takes and other.i > noun.i:
            start, end = syntax.subtree_span(other)
            stretch = (max(start, _after_preposition(other)), end)
            yield from _of_word(scene, "noun preposition", noun, match, [stretch], source, evidence)
            return


def _of_word(
    scene: Scene,
    way: str,
    word: Token,
    match: Match,
    stretches: list[Pair],
    source: Token | None,
    evidence: tuple[str, ...],
) -> Iterator[Attribution]:
    for found in _make(scene, way, word, match, stretches, source=source, evidence=evidence):
        found.cue = (match.start, match.end)
        yield found


def _owner(scene: Scene, noun: Token) -> tuple[Token | None, tuple[str, ...]]:
    """Whose claim, fear or warning it is."""
    owner = syntax.possessor_of(noun)
    if owner is not None:
        return owner, ("owned by possessor",)
    for prep, other in syntax.obliques(noun):
        if prep in _BY_SOURCE and other.i > noun.i:
            return other, ("owned by phrase",)
    verb = syntax.clause_head(noun)
    supported = verb.i in scene.supports
    if supported and syntax.is_object(noun) and noun.head.i == verb.i:
        return source_of(scene, verb), ("lent by verb",)
    return None, ("owned by nobody",)


def _of_adjective(scene: Scene, adjective: Token, match: Match) -> Iterator[Attribution]:
    if "clause" not in match.row.takes or syntax.noun_modified_by(adjective) is not None:
        return
    source = syntax.subject_of(adjective)
    for clause in syntax.complements_of(adjective):
        if clause.i < adjective.i or not (syntax.is_finite(clause) or _is_question_word(clause)):
            continue
        start, end = syntax.clause_span(clause, coordinated=True)
        start = max(start, adjective.i + 1)
        end = _and_that(scene, _without_comment(scene, adjective, clause, end))
        evidence = (_marker_evidence(scene, clause),)
        yield from _of_word(scene, "adjective", adjective, match, [(start, end)], source, evidence)
        return


def _of_phrase(scene: Scene, match: Match) -> Iterator[Attribution]:
    """Phrases like "according to": the source follows, the clause around is the content."""
    source = _phrase_head(scene, match.end)
    if source is None or (match.row.lemma == "per" and not _is_apart(scene, match.start)):
        return
    left, right = match.start, syntax.subtree_span(source)[1]
    host = source
    seen = 0
    while left <= host.i < right and not syntax.is_root(host) and seen < _WINDOW:
        host = host.head
        seen += 1
    yield from _of_adjunct(scene, "phrase", match, source, (left, max(right, match.end)), host)


def _is_apart(scene: Scene, token: int) -> bool:
    """Whether a word opens its sentence or stands behind a comma ("per cent" does not)."""
    return token == scene.sentence[token][0] or scene.doc[token - 1].text in _SETS_OFF


def _phrase_head(scene: Scene, start: int) -> Token | None:
    """The head of the noun phrase that begins at a token."""
    end = min(scene.sentence[min(start, len(scene.doc) - 1)][1], start + 12)
    for token in scene.doc[start:end]:
        if token.is_punct and not token.is_quote:
            return None
        if token.pos_ not in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"):
            continue
        inside = start <= token.head.i < end and token.head.i != token.i
        if not inside or token.head.pos_ in ("VERB", "AUX"):
            return token if token.pos_ != "DET" else None
    return None


def _of_owned(scene: Scene, noun: Token, match: Match) -> Iterator[Attribution]:
    """Adjuncts with an owner: "in her view", "by the miller's own reckoning"."""
    owner = syntax.possessor_of(noun)
    preposition = syntax.preposition_of(noun)
    if owner is None or preposition not in match.row.takes or owner.lower_ in ("my", "our"):
        return
    left, right = syntax.subtree_span(noun)
    words = syntax.prepositional_tokens(noun)
    left = min(left, words[0].i) if words else left
    yield from _of_adjunct(
        scene, "owned", match, owner, (left, right), syntax.phrase_governor(noun)
    )


def _of_adjunct(
    scene: Scene, way: str, match: Match, source: Token, adjunct: Pair, host: Token
) -> Iterator[Attribution]:
    """The clause that an adjunct of attribution stands in, without the adjunct."""
    left, right = adjunct
    begin, stop = scene.sentence[match.head]
    begin = scene.previous_semicolon(begin, left) + 1
    stop = scene.next_semicolon(right, stop)
    clause = syntax.clause_head(host)
    start, end = syntax.subtree_span(clause)
    last = scene.previous_word(stop - 1)
    ends = last is None or right >= last or scene.doc[right].text in _SENTENCE_ENDS
    if ends or left <= clause.i < right:
        # At the end of the sentence the adjunct covers all of it.
        start, end = begin, stop
    start, end = max(min(start, left), begin), min(max(end, right), stop)
    before, after = (start, left), (right, end)
    if ends:
        after = (end, end)
    elif left == begin or scene.doc[left - 1].pos_ in ("CCONJ", "SCONJ"):
        before = (left, left)
    stretches = [stretch for stretch in (before, after) if stretch[1] - stretch[0] > 1]
    yield from _of_word(scene, way, scene.doc[match.head], match, stretches, source, ())


# Quotations in marks ------------------------------------------------------------------------------


def _of_marks(scene: Scene) -> Iterator[Attribution]:
    """The cue of each quotation in marks by where it stands."""
    used: dict[int, Attribution] = {}  # cue verb -> the quotation before it
    joined: set[int] = set()
    for index, mark in enumerate(scene.marked):
        after = _cue_after(scene, index)
        if after is not None:
            verb, source = after
            marks = [index, *_continued(scene, index, verb)]
            joined.update(marks[1:])
            found = _from_marks(scene, "marks before cue", verb, source, marks)
            used[verb.i] = found
            yield found
        before = _cue_before(scene, index)
        if before is not None and before[0].i not in used:
            verb, source, way = before
            marks = [index, *_adjacent(scene, index)]
            yield _from_marks(scene, way, verb, source, marks)
        if mark.parent is None:
            yield from _of_dash(scene, index)


def _from_marks(
    scene: Scene, way: str, verb: Token, source: Token | None, marks: list[int]
) -> Attribution:
    match = scene.by_head.get(verb.i)
    content = [span for mark in marks for span in scene.segments(mark)]
    attributes = match is not None or scene.votes.cue.get(verb.i, 0.0) > 0
    return Attribution(
        way=way,
        head=verb.i,
        cue=cue_span(verb, match) if attributes else None,
        match=match,
        source=None if source is None else source.i,
        content=content,
        marks=tuple(marks),
    )


def _cue_after(scene: Scene, index: int) -> tuple[Token, Token | None] | None:
    """The verb of "…," he said, and its subject: both right behind the closing mark."""
    doc, mark = scene.doc, scene.marked[index]
    if not mark.closed:
        return None
    start = mark.outer.end
    level = mark.parent if mark.parent is not None else -1
    inner = doc[mark.segments[-1].end - 1].text
    position = start
    if position < len(doc) and doc[position].text in (",", *_DASHES):
        position += 1
    end = min(len(doc), position + _WINDOW)
    first: Token | None = None
    for token in doc[position:end]:
        if scene.inside[token.i] != level or token.text in (".", ";", ":", "!", "?"):
            break
        if scene.spaces[token.i]:
            if scene.is_break(token.i):
                break
            continue
        if first is None:
            first = token
            if inner == "." and not _resumes(scene, token):
                return None
        if token.pos_ not in ("VERB", "AUX") and token.i not in scene.by_head:
            continue
        if token.pos_ == "AUX" and token.i not in scene.by_head:
            continue
        return _spoken_by(scene, token, first, position)
    return None


def _resumes(scene: Scene, token: Token) -> bool:
    """Whether a sentence goes on behind a quotation that ends in a full stop."""
    return token.text[0].islower() or token.i in scene.by_head


def _spoken_by(
    scene: Scene, verb: Token, first: Token, start: int
) -> tuple[Token, Token | None] | None:
    """The verb behind a quotation with its subject beside it, or None when it tells of another."""
    if first.pos_ in ("SCONJ", "ADP") and first.lower_ not in ("as",):
        return None
    if first.tag_ in ("WDT", "WP", "CC", "WRB") and first.i != verb.i:
        return None
    if first.i == verb.i:
        # Inverted: "said one officer".
        subject = syntax.own_subject_of(verb)
        if subject is None or subject.i < verb.i:
            subject = _phrase_head(scene, verb.i + 1)
        if subject is not None and verb.tag_ in ("VBD", "VBZ", "VBP", "VBN"):
            return verb, subject
        return None
    subject = syntax.own_subject_of(verb)
    # The parse may have the quotation itself, or nothing, for the subject.
    for found in (subject, syntax.subject_of(verb), _phrase_head(scene, start)):
        if found is not None and start <= found.i < verb.i:
            return verb, found
    return None


def _cue_before(scene: Scene, index: int) -> tuple[Token, Token | None, str] | None:
    """The verb of he said, "…": before the opening mark in the same sentence."""
    doc, mark = scene.doc, scene.marked[index]
    opening = mark.outer.start
    level = mark.parent if mark.parent is not None else -1
    last = opening - 1
    broken = False
    while last >= 0 and scene.spaces[last]:
        broken = broken or scene.is_break(last)
        last -= 1
    if last < 0 or scene.inside[last] != level:
        return None
    if broken and doc[last].text not in (":", ","):
        return None
    colon = doc[last].text in _COLONS
    begin = max(scene.sentence[last][0], opening - _WINDOW)
    fallback: Token | None = None
    for position in range(last, begin - 1, -1):
        token = doc[position]
        if (
            scene.inside[position] != level
            or token.text in _SENTENCE_ENDS
            or scene.is_break(position)
        ):
            break
        if token.text == ";" or (token.text == ":" and position < last):
            break
        if position in scene.by_head and _may_take_marks(scene, position, last):
            way = "colon" if colon else "cue before marks"
            return token, source_of(scene, token), way
        if fallback is None and token.pos_ == "VERB" and syntax.is_finite(token):
            fallback = token
            if not colon:
                break
    if colon:
        return _before_colon(scene, last, begin, fallback)
    if fallback is not None and doc[last].text == ",":
        return fallback, source_of(scene, fallback), "unknown cue before marks"
    return None


def _may_take_marks(scene: Scene, verb: int, last: int) -> bool:
    """Whether a cue verb can govern a quotation that begins right after `last`."""
    row = scene.by_head[verb].row
    takes = row.takes
    if row.class_ == "document" and last > verb + 2:
        return False  # "the sign read “…”", but not "who runs the shop. “…”"
    if "marks" in takes or "clause" in takes:
        return True
    word = scene.doc[last].lower_
    if word == "at" and last > verb + 1:
        return False  # "put the odds at “even”": the odds are part of it
    return f"+{word}" in takes or (word == "as" and "as" in takes) or "predicative" in takes


def _before_colon(
    scene: Scene, colon: int, begin: int, verb: Token | None
) -> tuple[Token, Token | None, str] | None:
    """NAME: "…", or a sentence that leads up to the words of its subject."""
    doc = scene.doc
    if verb is None:
        clause = syntax.clause_head(doc[colon])
        if begin <= clause.i < colon and syntax.own_subject_of(clause) is not None:
            return clause, syntax.own_subject_of(clause), "lead-in"
        named = _phrase_head(scene, begin)
        if named is not None and colon - begin <= 2 * _LABEL_WORDS and named.pos_ != "VERB":
            return named, named, "name and colon"
        return None
    return verb, syntax.subject_of(verb), "lead-in"


def _continued(scene: Scene, index: int, verb: Token) -> list[int]:
    """The quotations that go on behind the cue, as in `"…," he said. "…"`.

    The rest may be the next paragraph; it must not have a cue of its own behind it.
    """
    following = _next_mark(scene, index)
    if following is None:
        return []
    start = scene.marked[index].outer.end
    opening = scene.marked[following].outer.start
    last = scene.previous_word(opening - 1)
    if last is None or last < start or opening - start > 2 * _WINDOW:
        return []
    breaks = sum(scene.is_break(i) for i in range(last + 1, opening))
    joint = scene.doc[last].text
    if breaks > 1 or not (joint.endswith(".") or joint in (_SENTENCE_ENDS if breaks else _JOINS)):
        return []
    if any(scene.doc[i].text in _SENTENCE_ENDS or scene.is_break(i) for i in range(verb.i, last)):
        return []
    after = _cue_after(scene, following)
    if after is not None and after[0].i in scene.by_head:
        return []
    return [following, *_adjacent(scene, following)]


def _adjacent(scene: Scene, index: int) -> list[int]:
    """The quotations that follow with nothing but blanks between, in the same paragraph."""
    found: list[int] = []
    while (following := _next_mark(scene, index)) is not None:
        gap = range(scene.marked[index].outer.end, scene.marked[following].outer.start)
        if any(not scene.spaces[i] or scene.is_break(i) for i in gap):
            break
        found.append(following)
        index = following
    return found


def _next_mark(scene: Scene, index: int) -> int | None:
    """The next quotation on the same level."""
    level = scene.marked[index].parent
    end = scene.marked[index].outer.end
    for following in range(index + 1, min(len(scene.marked), index + 16)):
        if scene.marked[following].outer.start >= end:
            return following if scene.marked[following].parent == level else None
    return None


def _of_dash(scene: Scene, index: int) -> Iterator[Attribution]:
    """A name behind a dash at the end of a paragraph: `"…" — Ana Ruiz`."""
    doc = scene.doc
    dash = scene.next_word(scene.marked[index].outer.end)
    if dash is None or doc[dash].text.strip("-–—―"):
        return
    end = dash + 1
    while end < len(doc) and not scene.is_break(end) and end - dash <= 2 * _LABEL_WORDS:
        end += 1
    name = [t for t in doc[dash + 1 : end] if not scene.spaces[t.i]]
    if not name or not name[0].text[0].isupper() or any(t.tag_ in ("VBD", "VBZ") for t in name):
        return
    if end < len(doc) and not scene.is_break(end):
        return
    stop = next((t.i for t in name if t.text in (",", "(")), name[-1].i + 1)
    if stop <= name[0].i:
        return
    yield Attribution(
        way="dash",
        head=dash,
        cue=None,
        match=None,
        source=None,
        label=syntax.trim(doc, name[0].i, stop),
        content=scene.segments(index),
        marks=(index,),
    )


# Labels -------------------------------------------------------------------------------------------


def _of_labels(scene: Scene) -> Iterator[Attribution]:
    """Script and interview form: paragraphs that begin with NAME: or A."""
    doc = scene.doc
    turns: list[tuple[Pair, Pair]] = []
    for start, end in scene.paragraphs():
        label = _label(scene, start, end)
        if label is not None:
            turns.append((label, (label[1] + 1, end)))
    shape = [_is_shouted(scene, label) for label, _ in turns]
    is_script = sum(shape) > 1
    for number, ((label, (begin, end)), shouted) in enumerate(zip(turns, shape, strict=True)):
        name = doc[label[0] : label[1]].text
        if name in ("Q", "q") or not (shouted or len(turns) > 1):
            continue
        if number + 1 < len(turns) and is_script:
            # The turn lasts until the next speaker; the last one ends with its paragraph.
            end = turns[number + 1][0][0]
        while begin < end and doc[begin].text in ("(", "["):
            closing = next((t.i for t in doc[begin:end] if t.text in (")", "]")), None)
            if closing is None:
                break
            begin = closing + 1
        first, last = scene.next_word(begin), scene.previous_word(end - 1)
        if first is None or last is None or last < first:
            continue
        mark = scene.inside[first]
        if mark >= 0 and scene.marked[mark].outer.start == first:
            marks = [mark, *_adjacent(scene, mark)]
            content = [span for m in marks for span in scene.segments(m)]
        else:
            marks, content = [], [(first, last + 1)]
        yield Attribution(
            way="label",
            head=label[0],
            cue=None,
            match=None,
            source=None,
            label=label,
            content=content,
            marks=tuple(marks),
            evidence=("shouted label",) if shouted else (),
        )


def _label(scene: Scene, start: int, end: int) -> Pair | None:
    """The label of a paragraph, without its colon or full stop."""
    doc = scene.doc
    first = scene.next_word(start)
    if first is None or first >= end:
        return None
    if doc[first].text in ("Q", "A") and first + 1 < end and doc[first + 1].text in (".", ":"):
        return first, first + 1
    if doc[first].text in ("Q.", "A.", "Q:", "A:"):
        return None
    for index in range(first, min(end, first + 2 * _LABEL_WORDS)):
        token = doc[index]
        if token.text == "(" and index > first:
            closing = next((t.i for t in doc[index : index + _WINDOW] if t.text == ")"), None)
            if closing is None or closing + 1 >= end or doc[closing + 1].text != ":":
                return None
            return (first, closing + 1) if _is_name(scene, first, index) else None
        if token.text == ":":
            return (first, index) if index > first and _is_name(scene, first, index) else None
        if token.text in _SENTENCE_ENDS and not token.text[0].isalpha():
            return None
    return None


def _is_name(scene: Scene, start: int, end: int) -> bool:
    words = [t for t in scene.doc[start:end] if t.is_alpha]
    if any(t.ent_type_ in ("GPE", "LOC") for t in words):
        return False  # a dateline
    return 0 < len(words) <= _LABEL_WORDS and all(
        t.text[0].isupper() or t.lower_ in ("of", "the", "to", "for", "and", "de", "van")
        for t in words
    )


def _is_shouted(scene: Scene, label: Pair) -> bool:
    """Whether a label is in capitals, or the A of question and answer."""
    words = [t.text for t in scene.doc[label[0] : label[1]] if t.is_alpha]
    return words == ["A"] or any(len(word) > 2 and word.isupper() for word in words)


def _of_blocks(scene: Scene) -> Iterator[Attribution]:
    """A paragraph without marks behind one that ends in a cue and a colon."""
    doc = scene.doc
    paragraphs = scene.paragraphs()
    for (_, index), (begin, end) in pairwise(paragraphs):
        start = scene.next_word(begin)
        if index == 0 or doc[index - 1].text != ":" or start is None or scene.inside[start] >= 0:
            continue
        begin = scene.sentence[index - 1][0]
        heads = [
            i for i in range(begin, index - 1) if i in scene.by_head and not scene.enclosing(i)
        ]
        if not heads or "marks" not in scene.by_head[heads[-1]].row.takes:
            continue
        verb = doc[heads[-1]]
        match = scene.by_head[verb.i]
        source = source_of(scene, verb)
        yield from _make(scene, "block", verb, match, [(start, end)], source=source)
