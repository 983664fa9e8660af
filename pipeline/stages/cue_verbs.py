"""Attributions by the verb: "said that …", "urged them to …", "described it as …", "…, he said"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from ..language import syntax
from .cues import (
    SENTENCE_ENDS,
    SETS_OFF,
    WINDOW,
    after_preposition,
    and_that,
    is_question_word,
    make,
    marker_evidence,
    phrase_head,
    source_of,
    without_comment,
    without_sequel,
)
from .reporting import Match, Reporting
from .scene import Attribution, Pair, Scene

# With these the object belongs to the content ("put [the crowd at 4,000]"); with the others only
# what follows the preposition does ("warned the town of [a flood]").
_WITH_OBJECT = frozenset({"at", "on", "to", "with", "down to", "as"})
_RECIPIENT = frozenset({"to", "on", "upon", "with", "before"})
_REACH = 20  # tokens from a cue to its preposition: "put the chance of a deal this year at …"
_SHORT_CLAUSE = 15  # tokens of "the minister of works told reporters on Monday" and the like
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_CALLED_CUE = 0.5  # the tagger's own decision
_UNKNOWN = Reporting(
    lemma="",
    form="verb",
    class_="speech",
    stance="neutral",
    takes=("clause", "marks", "infinitive", "order", "gerund", "as", "predicative", "noun"),
    example="",
)


def of_verb(scene: Scene, verb: Token, match: Match) -> list[Attribution]:
    """Content in the complements of a verb, in its object, or beside it."""
    source = source_of(scene, verb)
    clauses = _clauses(scene, verb, match)
    found: list[Attribution] = []
    for way, (start, end), marker in clauses:
        stretches = _around(start, end, verb)
        found += make(scene, way, verb, match, stretches, source=source, evidence=(marker,))
    found += _of_object(scene, verb, match, source, bool(clauses))
    if not clauses:
        found += _of_host(scene, verb, match, source)
        found += _of_order(scene, verb, match, source)
    known = [candidate.content for candidate in found if candidate.source is not None]
    found += [c for c in _of_place(scene, verb, match, source) if c.content not in known]
    return found


def _clauses(scene: Scene, verb: Token, match: Match) -> list[tuple[str, Pair, str]]:
    """The complements of a cue: by which frame, from where to where, opened by what."""
    clauses: list[tuple[str, Pair, str]] = []
    for clause in _complements(verb, match):
        way = _way_of_clause(scene, verb, clause, match.row.takes)
        if way is None:
            continue
        start, end = _clause_extent(scene, verb, clause, way)
        extent = (max(start, match.end) if start > verb.i else start, end)
        if clauses and _goes_on(scene, verb, clauses[-1], way, extent):
            # "said that since it rains | they wait": one content, two clauses for the parser.
            _, (begin, _), marker = clauses.pop()
            clauses.append((way, (min(begin, extent[0]), max(extent[1], begin)), marker))
        else:
            clauses.append((way, extent, marker_evidence(scene, clause)))
    return clauses


def _complements(verb: Token, match: Match) -> list[Token]:
    """The clauses that a cue introduces; those of its last word where it has several."""
    last = verb.doc[match.end - 1]
    if last.i == verb.i:
        return syntax.complements_of(verb)
    clauses = [c for c in syntax.complements_of(last) if c.i >= match.end]
    return clauses or [c for c in syntax.complements_of(verb) if c.i >= match.end]


def of_unknown(scene: Scene) -> Iterator[Attribution]:
    """Verbs that the lexicon lacks and the tagger calls cues."""
    for index, score in sorted(scene.votes.cue.items()):
        token = scene.doc[index]
        if score < _CALLED_CUE or token.pos_ != "VERB" or index in scene.by_head:
            continue
        for found in of_verb(scene, token, Match(_UNKNOWN, index, index, index + 1)):
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
    if syntax.has_infinitive_marker(clause) and not is_question_word(clause):
        if clause.i in scene.by_head and syntax.complement_of(clause) is not None:
            return None  # "declined to say whether", "like to point out that": the other cue's
        if "order" in takes and _has_receiver(verb, clause):
            return "order"
        return "infinitive" if "infinitive" in takes else None
    if syntax.is_finite(clause) or is_question_word(clause):
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
    subject = syntax.own_subject_of(clause)
    if subject is not None and verb.i < subject.i < clause.i:
        return True
    return any(prep in _RECIPIENT and noun.i < clause.i for prep, noun in syntax.obliques(verb))


def _clause_extent(scene: Scene, verb: Token, clause: Token, way: str) -> Pair:
    """The content that a complement clause makes up."""
    start, end = syntax.clause_span(clause, coordinated=True)
    if clause.i > verb.i:
        interrupted = _before_interruption(scene, verb, clause)
        if interrupted is not None:
            return interrupted, end
        start = max(start, verb.i + 1)
        if way in ("infinitive", "predicative"):
            subject = syntax.object_of(verb)
            if subject is not None and verb.i < subject.i < clause.i:
                start = min(start, syntax.subtree_span(subject)[0])
        elif way == "order":
            receiver = (
                syntax.object_of(verb)
                or syntax.indirect_object_of(verb)
                or syntax.own_subject_of(clause)
            )
            if receiver is not None and verb.i < receiver.i < clause.i:
                start = max(start, syntax.subtree_span(receiver)[1])
        elif way == "clause" and not syntax.marker_of(clause):
            start = _without_that(verb, min(start, _leading_clause(verb, clause, start)))
        end = _with_second_half(scene, verb, without_comment(scene, verb, clause, end))
        end = and_that(scene, end)
        end = without_sequel(scene, verb, end)
    elif end > verb.i:
        # A full stop at the end that hangs on the clause brings no words between with it.
        last = max(token.i for token in clause.subtree if not token.is_punct)
        end = min(end, last + 1)
    return start, end


def _before_interruption(scene: Scene, verb: Token, clause: Token) -> int | None:
    """Where a clause begins that its cue interrupts: "**The valve**, he said, would be shut"."""
    left, right = _cue_clause(verb)
    begin = max(int(clause.left_edge.i), scene.sentence[verb.i][0])
    doc = verb.doc
    parted = begin < left - 1 and doc[left - 1].text in SETS_OFF and right < len(doc)
    if not parted or doc[right].text not in SETS_OFF or scene.inside[begin] != scene.inside[verb.i]:
        return None
    return begin


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


def _around(start: int, end: int, verb: Token) -> list[Pair]:
    """The stretch without the cue's own clause where that stands in its middle."""
    if not start <= verb.i < end:
        return [(start, end)]
    left, right = _cue_clause(verb)
    if right < end and verb.doc[right].text in SENTENCE_ENDS:
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
        if token is not None and abs(token.i - verb.i) <= WINDOW:
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
        for start, end in _as_phrases(verb, [*obliques, *_hung_on(target)]):
            if start in scene.by_head:
                continue  # "quoted as saying so" is the other cue's content
            if target is not None and verb.i < target.i < start:
                stretch = (syntax.subtree_span(target)[0], end)
                evidence = (_weight(target),)
                yield from make(
                    scene, "as", verb, match, [stretch], source=source, evidence=evidence
                )
            yield from make(scene, "as", verb, match, [(start, end)], source=source)
            return
    behind = _behind_preposition(verb, takes, target)
    if behind is not None:
        yield from make(scene, "preposition", verb, match, [behind], source=source)
        return
    if any_clause:
        return
    if passive and "noun" in takes and source is not None and syntax.agent_of(verb) is source:
        subject = syntax.own_subject_of(verb)
        if subject is not None:
            stretch = syntax.subtree_span(subject)
            yield from make(scene, "noun passive", verb, match, [stretch], source=source)
    if target is None or target.i < verb.i or passive:
        return
    start, end = syntax.subtree_span(target)
    if target.tag_ in ("WP", "WRB", "WDT"):
        if "clause" in takes:
            evidence = ("opened by a question word",)
            yield from make(
                scene, "clause", verb, match, [(start, end)], source=source, evidence=evidence
            )
        return
    if "predicative" in takes:
        for stretch in _predicated(scene, start, end):
            evidence = (_weight(target) if stretch[0] == start else "without object",)
            yield from make(
                scene, "predicative", verb, match, [stretch], source=source, evidence=evidence
            )
    told = target.i in scene.cue_nouns and syntax.noun_complements(target)
    if told or not {"noun", "clause", "as", "predicative"} & set(takes):
        return
    unlisted = () if "noun" in takes else ("frame not listed",)
    way = "pronoun" if target.pos_ == "PRON" else "noun"
    yield from make(scene, way, verb, match, [(start, end)], source=source, evidence=unlisted)


def _behind_preposition(verb: Token, takes: tuple[str, ...], target: Token | None) -> Pair | None:
    """What follows the cue's preposition, by the words: parsers hang it on cue and object alike."""
    wanted = {frame[1:].split()[-1]: frame[1:] for frame in takes if frame.startswith("+")}
    if not wanted:
        return None
    for token in verb.doc[verb.i + 1 : verb.i + _REACH]:
        if token.text in SENTENCE_ENDS or token.text in (";", ":") or token.tag_ in _FINITE:
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


def _weight(target: Token) -> str:
    """How much the object of "described X as Y" says itself."""
    start, end = syntax.subtree_span(target)
    return "with object" if end - start > 2 else "with short object"


def _hung_on(target: Token | None) -> list[tuple[str, Token]]:
    """The phrases that the parse has hung on the object where they may be the cue's."""
    return [] if target is None else syntax.obliques(target)


def _as_phrases(verb: Token, obliques: list[tuple[str, Token]]) -> list[Pair]:
    found: list[Pair] = []
    for prep, noun in obliques:
        if prep == "as" and noun.i > verb.i:
            start, end = syntax.subtree_span(noun)
            found.append((max(start, after_preposition(noun)), end))
    for marker, clause in syntax.adverbial_clauses(verb):
        if marker == "as" and clause.i > verb.i and not syntax.is_finite(clause):
            start, end = syntax.subtree_span(clause)
            found.append((start + (verb.doc[start].lower_ == "as"), end))
    for clause in syntax.complements_of(verb):
        start, end = syntax.subtree_span(clause)
        if clause.i > verb.i and verb.doc[start].lower_ == "as":
            found.append((start + 1, end))
    return found


def _predicated(scene: Scene, start: int, end: int) -> Iterator[Pair]:
    """An object with what is said of it: "thought [peace likely]", "called [it “a farce”]".

    With marks there may be the marks alone.
    """
    if end >= scene.sentence[start][1]:
        return
    mark = scene.inside[end]
    if mark >= 0 and scene.marked[mark].outer.start == end:
        yield start, scene.marked[mark].outer.end
        yield end, scene.marked[mark].outer.end
    elif scene.doc[end].pos_ in ("ADJ", "ADV", "DET", "NOUN") or scene.doc[end].tag_ == "VBN":
        stop = end
        while stop < scene.sentence[start][1] and not _parts(scene, stop):
            stop += 1
        yield start, scene.next_semicolon(end, stop)


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
    yield from make(scene, way, verb, match, [before, after], source=source)


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
    addressed = syntax.indirect_object_of(verb) is not None
    for token in doc[verb.i + 1 : min(end, verb.i + 10)]:
        if token.lower_ == "that" and token.pos_ in ("SCONJ", "PRON", "DET"):
            start = token.i + 1
            break
        if token.tag_ in _FINITE or token.text in (".", ";", ":"):
            break
        if token.i in scene.cue_nouns and not (addressed and syntax.preposition_of(token)):
            return  # "rejected the claim that …", but not "told them in a letter that …"
    way = "that behind cue"
    if start is None:
        following = doc[verb.i + 1]
        subject = following.pos_ in ("PRON", "DET", "PROPN", "NOUN", "ADJ", "NUM")
        if not (subject and _has_predicate(doc[verb.i + 2 : min(end, verb.i + 12)], verb)):
            return
        if following.lower_ == "that":
            return
        start, way = verb.i + 1, "clause behind cue"
    stretch = (start, scene.next_semicolon(start, end))
    yield from make(scene, way, verb, match, [stretch], source=source)


def _has_predicate(words: Span, verb: Token) -> bool:
    """Whether a finite verb follows before a comma, not a relative clause's or the cue's second."""
    second = {other.i for other in syntax.conjuncts(verb)}
    for token in words:
        if token.tag_ in _FINITE:
            return token.i not in second
        if token.tag_ in ("WDT", "WP") or token.text in (",", ";", ":"):
            return False
    return False


def _of_place(
    scene: Scene, verb: Token, match: Match, source: Token | None
) -> Iterator[Attribution]:
    """A cue and its subject between commas, or behind the last one: "It rains, they say, daily".

    By the order of the words, since the parse hangs either half on the cue or neither.
    """
    doc = scene.doc
    if "clause" not in match.row.takes or not syntax.is_finite(verb):
        return
    begin, stop = scene.sentence[verb.i]
    begin = scene.previous_semicolon(begin, verb.i) + 1
    stop = scene.next_semicolon(verb.i, stop)
    left, right = verb.i, match.end
    while left > begin and verb.i - left <= _SHORT_CLAUSE and not _parts(scene, left - 1):
        left -= 1
    while right < stop and right - verb.i <= _SHORT_CLAUSE and not _parts(scene, right):
        right += 1
    if left <= begin + 1 or not _parts(scene, left - 1) or right - left < 2:
        return
    ends = right >= stop or doc[right].text in SENTENCE_ENDS
    if not ends and (not _parts(scene, right) or right + 1 >= stop):
        return
    if scene.inside[scene.previous_word(left - 2) or 0] != scene.inside[verb.i]:
        return  # a quotation's: found by its marks
    subject = phrase_head(scene, left if left < verb.i else match.end)
    if subject is None or not left <= subject.i < right or syntax.is_passive(verb):
        return
    if syntax.object_of(verb) is not None or doc[left].pos_ in ("SCONJ", "ADP", "CCONJ", "ADV"):
        return
    if doc[left].tag_ in ("WDT", "WP"):
        return  # "…, which is what he said"
    if any(verb.i < clause.i < right for clause in syntax.complements_of(verb)):
        return
    if not any(token.tag_ in _FINITE for token in doc[begin : left - 1]) and ends:
        return
    after = (stop, stop) if ends else (right + 1, stop)
    way = "behind all" if ends else "between"
    source = source if source is not None and left <= source.i < right else subject
    yield from make(scene, way, verb, match, [(begin, left - 1), after], source=source)


def _parts(scene: Scene, token: int) -> bool:
    """Whether a token sets off what stands beside it."""
    text = scene.doc[token].text
    return text in SETS_OFF or text in SENTENCE_ENDS or text in (":", "(", ")")


def _is_set_off(scene: Scene, left: int, right: int) -> bool:
    """Whether a short clause stands behind a comma, and before one or the sentence's end."""
    doc = scene.doc
    behind = left > 0 and (doc[left - 1].text in SETS_OFF or doc[left - 1].is_quote)
    ends = right >= len(doc) or doc[right].text in SETS_OFF or doc[right].text in SENTENCE_ENDS
    return behind and ends and right - left <= _SHORT_CLAUSE
