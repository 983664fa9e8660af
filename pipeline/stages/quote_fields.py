"""The fields of a quote: who says it to whom, where, when, and through whose words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.tokens import Token

from ..language import syntax
from ..lexicons import rows
from ..records import QuoteType
from . import layers
from .cues import cue_span, quoting_verb
from .findings import Date, Quote, QuoteCue, Speaker, TokenSpan
from .reporting import Venue
from .scene import Attribution, Pair, Scene, spans_of


class Addressing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `addressing.jsonl`: a word that helps to tell whom something is said to, and how.

    Attributes:
        word: a lemma.
        how: "object" (the object of the verb is the addressee: "told **him**"), a preposition (its
            noun is: "called **on** them"), "occasion" (a verb that tells of talking without saying
            what: "**speaking** at the port, she said"), "hearsay" (an adverb, or a verb in the
            passive, by which the author passes on what others report: "**reportedly** told him",
            "is **said** to have told him"), "nobody" (a noun after "to" that is no addressee: "he
            said, to **laughter**").
        example: a sentence with the word.
    """

    word: str
    how: Literal["object", "on", "at", "with", "for", "occasion", "hearsay", "nobody"]
    example: str


_RELATIVE = frozenset({"WDT", "WP"})
_DAYS = frozenset({"day", "hour", "minute"})
_LONG_PHRASE = 9  # words before a noun that may stand between it and its preposition


@lru_cache(maxsize=1)
def load_addressing() -> dict[str, frozenset[str]]:
    """What is known of each word.

    Example:
        >>> sorted(load_addressing()["tell"])
        ['object']
    """
    known: dict[str, set[str]] = {}
    for row in rows("addressing", Addressing):
        known.setdefault(row.word, set()).add(row.how)
    return {word: frozenset(how) for word, how in known.items()}


def assemble(scene: Scene, chosen: Sequence[tuple[float, Attribution]]) -> list[Quote]:
    """The attributions that were chosen as quotes with all their fields.

    Args:
        scene: where they were found.
        chosen: each with its confidence, in reading order.
    """
    candidates = [candidate for _, candidate in chosen]
    parents, follows = _parents(candidates), _followed(candidates)
    unpaired = frozenset(mark.token for mark in scene.unpaired)
    known = _Known(scene)
    quotes: list[Quote] = []
    for position, (confidence, candidate) in enumerate(chosen):
        fields = _Fields(known, candidate)
        speaker, listener = fields.speaker(), fields.addressee()
        where = fields.venue(listener)
        quotes.append(
            Quote(
                type=_type(scene, candidate, unpaired),
                content=spans_of(candidate.content),
                speaker=speaker,
                cue=_cue(scene, candidate),
                addressee=listener,
                venue=where,
                date=fields.date(where),
                reported=fields.reported(),
                parent=parents[position],
                follows=follows[position] if speaker is None else None,
                confidence=round(confidence, 4),
            )
        )
    return quotes


def _type(scene: Scene, candidate: Attribution, unpaired: frozenset[int]) -> QuoteType:
    """Direct when all is in marks that are not around the cue, mixed when some is."""
    level = len(scene.enclosing(candidate.head)) if candidate.way != "floating" else 0
    if candidate.way == "label":
        return "direct"
    if candidate.content[0][0] - 1 in unpaired:
        return "direct"  # the mark was opened and never closed
    inside = outside = 0
    for start, end in candidate.content:
        for index in range(start, end):
            token = scene.doc[index]
            if token.is_punct or scene.spaces[index]:
                continue
            if len(scene.enclosing(index)) > level:
                inside += 1
            else:
                outside += 1
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _cue(scene: Scene, candidate: Attribution) -> QuoteCue | None:
    if candidate.cue is None:
        return None
    head = scene.doc[candidate.head]
    row = None if candidate.match is None else candidate.match.row
    start, end = candidate.cue
    quoting = quoting_verb(head)
    if quoting is not None:
        # "was quoted by the Ledger as saying" is one cue.
        first = cue_span(quoting, None)[0]
        if first < start and not any(s < start and first < e for s, e in candidate.content):
            start = first
    return QuoteCue(
        span=TokenSpan(start, end),
        lemma=head.lemma_ if row is None else row.lemma,
        stance=None if row is None else row.stance,
    )


# Who says what to whom, where and when ----------------------------------------------------


class _Known:
    """What the fields of all quotes of a Doc are read from."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.addressing = load_addressing()
        self.dates = layers.get_dates(scene.doc)
        self.date_starts = [date.span.start for date in self.dates]
        self.names = {
            index: (entity.type, mention.span.start)
            for entity in layers.get_entities(scene.doc)
            for mention in entity.mentions
            if mention.form == "name"
            for index in range(mention.span.start, mention.span.end)
        }


class _Fields:
    """Reads the fields of one attribution from what stands around its cue."""

    def __init__(self, known: _Known, candidate: Attribution) -> None:
        self._known = known
        self._scene = known.scene
        self._candidate = candidate
        self._cue = known.scene.doc[candidate.head]
        self._source = None if candidate.source is None else known.scene.doc[candidate.source]
        self._clauses = list(self._find_clauses())
        self._phrases = [
            (preposition, noun, self._is_venue(preposition, noun))
            for preposition, noun in self._find_phrases()
        ]

    def speaker(self) -> Speaker | None:
        """The source's phrase; its name is the phrase, that of its antecedent for "who"."""
        doc = self._scene.doc
        source = self._source
        if self._candidate.label is not None:
            start, end = self._candidate.label
        elif source is not None:
            start, end = self._source_phrase(source)
        else:
            return None
        name = doc[start:end].text
        antecedent = None if source is None else syntax.antecedent_of(source)
        if antecedent is not None:
            left, right = syntax.phrase_span(antecedent)
            name = doc[left:right].text
        return Speaker(span=TokenSpan(start, end), name=" ".join(name.split()))

    def _source_phrase(self, head: Token) -> Pair:
        """The whole noun phrase of a source: with its apposition, without a clause behind a comma.

        It never reaches into the cue, the content or a date that tells when it was said.
        """
        doc = self._scene.doc
        start, end = syntax.phrase_span(head, apposition=True, relative=True)
        for clause in syntax.relative_clauses(head):
            left = syntax.subtree_span(clause)[0]
            if start < left < end and doc[left - 1].text == ",":
                end = min(end, left - 1)
        walls = list(self._candidate.content)
        if self._candidate.cue is not None:
            walls.append(self._candidate.cue)
        walls += (self._framed(date.span) for date in self._framing(head))
        for left, right in walls:
            if head.i < left < end:
                end = left
            if start < right <= head.i:
                start = right
        if not start <= head.i < end:
            return head.i, head.i + 1
        while end - 2 > head.i and doc[end - 1].pos_ == "ADV" and doc[end - 2].text == ",":
            end -= 2  # "a doctor in Beijing, however"
        blocked = {i for left, right in walls for i in range(max(left, end), min(right, end + 6))}
        while end < len(doc) and end not in blocked and doc[end].pos_ == "PROPN":
            end += 1  # "team member | Rodaba Noori" when the parse does not join them
        return syntax.trim(doc, start, end)

    def _framing(self, source: Token) -> Iterator[Date]:
        """Days that the parse hangs on a source though they tell when it spoke.

        "The office **on June 18** called for", "Police **Monday** said".
        """
        if self._candidate.cue is None:
            return
        low = bisect_left(self._known.date_starts, source.i + 1)
        high = bisect_left(self._known.date_starts, source.right_edge.i + 1)
        for date in self._known.dates[low:high]:
            governor = syntax.phrase_governor(self._root(date.span))
            if date.precision in _DAYS and governor.i == source.i:
                yield date

    def _framed(self, span: TokenSpan) -> Pair:
        """A date with its preposition."""
        before = self._scene.doc[span.start - 1] if span.start else None
        has = before is not None and before.pos_ == "ADP"
        return span.start - has, span.end

    def addressee(self) -> TokenSpan | None:
        """Whom it is said to: "told **reporters**", "in a letter to **the board**"."""
        row = None if self._candidate.match is None else self._candidate.match.row
        if (
            self._candidate.cue is None
            or row is None
            or row.class_ != "speech"
            or row.form == "phrase"
        ):
            return None
        cue = self._cue
        how = self._how(row.lemma.split()[0])
        if "object" in how:
            listener = syntax.own_subject_of(cue) if syntax.is_passive(cue) else None
            if listener is None:
                beside = self._beside()
                if beside is not None:
                    return beside
                listener = syntax.indirect_object_of(cue) or syntax.object_of(cue)
            if listener is not None and self._listens(listener):
                return self._phrase(listener)
        for preposition, noun, there in self._phrases:
            inner = syntax.obliques(noun) if there else [(preposition, noun)]
            for to, listener in inner:
                if (to == "to" or to in how) and self._listens(listener):
                    return self._phrase(listener)
        return None

    def venue(self, listener: TokenSpan | None) -> TokenSpan | None:
        """Where it was said or written: "in **an interview**", or the document that speaks."""
        for _, noun, there in self._phrases:
            if there:
                return self._venue_phrase(noun)
        if self._candidate.cue is None:
            return None
        quoting = quoting_verb(self._cue)
        paper = None if quoting is None else syntax.agent_of(quoting)
        if paper is not None and not self._candidate.holds(paper.i):
            # "was quoted by **the Ledger** as saying"
            return self._phrase(paper, apposition=True)
        if listener is not None:
            row = self._row(self._root(listener))
            if row is not None and row.kind not in ("document", "platform", "body"):
                return listener  # "told **a news conference**"
        for noun in self._papers():
            row = self._row(noun)
            if row is not None and row.kind == "document" and row.prepositions and row.speaks:
                start, _ = syntax.phrase_span(noun)
                return self._cut(noun.i, start, noun.i + 1)
        return None

    def _papers(self) -> Iterator[Token]:
        """Nouns that may be a document in which it is said, though no preposition tells so."""
        cue = self._cue
        described = syntax.noun_described_by(cue)
        subject = syntax.own_subject_of(cue)
        # "**a statement** saying", "**a letter** which said", "**a letter** in which he said", but
        # not "a result the guild called a fluke".
        within = (subject, *(noun for _, noun in syntax.obliques(cue)))
        speaks = subject is None or any(
            noun is not None and noun.tag_ in _RELATIVE for noun in within
        )
        if described is not None and speaks and not self._candidate.holds(described.i):
            yield described
        for clause in self._clauses:
            issued = syntax.object_of(clause) if clause.i in self._scene.supports else None
            if issued is not None and clause.i != cue.i and not self._candidate.holds(issued.i):
                yield issued  # "issued **a statement**, saying"
        source = self._source
        if source is None:
            return
        for preposition, noun in syntax.obliques(source):
            if preposition in ("in", "on") and self._is_venue(preposition, noun):
                yield noun  # "a study in **the Journal** found"
        speaking = syntax.antecedent_of(source) or source
        if not self._candidate.holds(speaking.i):
            yield speaking

    def date(self, venue: TokenSpan | None) -> int | None:
        """When it was said, as an index into the dates.

        The date is that of the cue's clause, of the venue ("a May 1999 memo") or of the document
        that speaks; dates inside of other phrases and clauses tell of other things.
        """
        scene = self._scene
        begin, end = scene.sentence[self._candidate.head]
        clauses = {clause.i: rank for rank, clause in enumerate(self._clauses, start=1)}
        level = scene.enclosing(self._candidate.head)
        best: tuple[int, int, int] | None = None
        starts = self._known.date_starts
        for position in range(bisect_left(starts, begin), bisect_left(starts, end)):
            date = self._known.dates[position]
            if date.type in ("DURATION", "SET") or date.value.endswith("_REF"):
                continue
            span = date.span
            if self._candidate.holds(span.start) or scene.enclosing(span.start) != level:
                continue
            if ".." in date.value and syntax.phrase_governor(self._root(span)).i not in clauses:
                continue  # "a barber since 1946"
            rank = self._date_rank(span, venue, clauses)
            if rank is None:
                continue
            key = (rank, abs(span.start - self._candidate.head), position)
            if best is None or key < best:
                best = key
        return None if best is None else best[2]

    def _date_rank(
        self,
        span: TokenSpan,
        venue: TokenSpan | None,
        clauses: dict[int, int],
    ) -> int | None:
        """How near a date is to the saying, 0 nearest; None for a date of something else."""
        doc = self._scene.doc
        if venue is not None:
            noun = self._root(venue)
            if noun.left_edge.i <= span.start <= noun.right_edge.i:
                return 0
        cue = self._candidate.head
        source = self._source
        if source is not None and source.left_edge.i <= span.start <= source.right_edge.i:
            if any(date.span == span for date in self._framing(source)):
                return 1
            row = self._row(source)
            return len(clauses) + 1 if row is not None and row.speaks else None
        root = self._root(span)
        if syntax.is_object(root):
            return None  # "gave **Easter** as the date"
        governor = syntax.phrase_governor(root)
        if governor.i in clauses:
            return clauses[governor.i]
        low, high = (span.end, cue) if span.start < cue else (cue + 1, span.start)
        if any(self._candidate.holds(i) or doc[i].pos_ == "VERB" for i in range(low, high)):
            return None
        # The parse may hang what frames the sentence on a verb of the content.
        ahead = syntax.clause_head(root)
        return 1 if ahead.i >= max(cue, span.start) else None

    def reported(self) -> TokenSpan | None:
        """What says that the words come through others: "was quoted", "reportedly", "is said"."""
        cue = self._cue
        if self._candidate.cue is None or cue.pos_ not in ("VERB", "AUX"):
            return None
        quoting = quoting_verb(cue)
        if quoting is not None:
            return TokenSpan(*cue_span(quoting, None))
        for adverb in syntax.adverbs(cue):
            if "hearsay" in self._how(adverb.lower_):
                return TokenSpan(adverb.i, adverb.i + 1)
        host = syntax.governor_of(cue)
        if (
            host is not None
            and syntax.is_passive(host)
            and "hearsay" in self._how(host.lemma_.lower())
            and not self._candidate.holds(host.i)
        ):
            return TokenSpan(*cue_span(host, None))
        return None

    def _root(self, span: TokenSpan) -> Token:
        return self._scene.doc[span.start : span.end].root

    def _how(self, word: str) -> frozenset[str]:
        return self._known.addressing.get(word, frozenset())

    def _find_clauses(self) -> Iterator[Token]:
        """The cue, and the other clauses that tell of the same act of saying, the nearest first."""
        cue = self._cue
        if self._candidate.cue is None:
            yield from self._lead_in()
            return
        seen = {cue.i}
        yield cue
        for clause in self._other_clauses(cue):
            if clause.i not in seen and not self._candidate.holds(clause.i):
                seen.add(clause.i)
                yield clause

    def _lead_in(self) -> Iterator[Token]:
        """The clause before the colon that introduces a quotation without a cue."""
        scene = self._scene
        colon = scene.previous_word(self._candidate.content[0][0] - 1)
        while colon is not None and scene.doc[colon].is_quote:
            colon = scene.previous_word(colon - 1)
        if self._candidate.label is None and colon and scene.doc[colon].text == ":":
            # The parse hangs the colon on what follows.
            yield syntax.clause_head(scene.doc[colon - 1])

    def _other_clauses(self, cue: Token) -> Iterator[Token]:
        if cue.pos_ not in ("VERB", "AUX", "ADJ"):
            return
        for index in range(*(self._candidate.cue or (0, 0))):
            if self._scene.doc[index].pos_ == "VERB":
                yield self._scene.doc[index]  # "**wanted** to know", "let it be **known**"
        for host in (quoting_verb(cue), syntax.governor_of(cue)):
            if host is not None and syntax.is_passive(host):
                yield host
        for _, clause in syntax.adverbial_clauses(cue):
            if self._is_occasion(clause):
                yield clause  # "**speaking** at the port, she said"
        if self._source is not None:
            for child in self._source.children:
                if syntax.noun_described_by(child) is not None and self._is_occasion(child):
                    yield child  # "a spokesman **reached** by telephone said"
        if not syntax.is_finite(cue):
            host = syntax.modified_clause(cue)
            if host is None and syntax.has_infinitive_marker(cue):
                host = syntax.governor_of(cue)
            if host is not None:
                yield host  # "he **apologised** on Twitter, saying"; "**emerged** on Monday to say"
        if syntax.is_conjunct(cue) and syntax.own_subject_of(cue) is None:
            yield cue.head  # "in a speech she **thanked** them and said"

    def _find_phrases(self) -> Iterator[tuple[str, Token]]:
        """The prepositional phrases that may tell where and to whom: (preposition, noun)."""
        yield from self._behind()
        for clause in self._clauses:
            yield from syntax.obliques(clause)

    def _behind(self) -> Iterator[tuple[str, Token]]:
        """The phrases right behind a cue by their place, up to the content or another verb.

        The parse may hang them on a verb of the content.
        """
        if self._candidate.cue is None:
            return
        doc = self._scene.doc
        start = self._candidate.cue[1]
        if self._source is not None and self._source.i >= start:
            # "said **the envoy to Algiers** in an interview"
            start = syntax.phrase_span(self._source, apposition=True)[1]
        end = self._scene.sentence[self._candidate.head][1]
        dated = bisect_left(self._known.date_starts, start)
        if dated < len(self._known.dates):
            end = min(end, self._known.dates[dated].span.start)
        preposition, opened = "", start
        for index in range(start, end + 1):
            token = doc[index] if index < end else None
            closes = (
                token is None
                or self._candidate.holds(index)
                or token.pos_ in ("ADP", "SCONJ")
                or (token.is_punct and token.text != "-")
                or (token.pos_ in ("VERB", "AUX") and syntax.noun_modified_by(token) is None)
            )
            if not closes:
                continue
            if preposition and opened < index:
                noun = doc[opened:index].root
                if noun.pos_ in ("NOUN", "PROPN", "PRON"):
                    yield preposition, noun
            if token is None or self._candidate.holds(index) or token.pos_ in ("VERB", "AUX"):
                return
            preposition, opened = (token.lower_ if token.pos_ == "ADP" else ""), index + 1

    def _is_occasion(self, clause: Token) -> bool:
        return clause.tag_ in ("VBG", "VBN") and "occasion" in self._how(clause.lemma_.lower())

    def _is_venue(self, preposition: str, noun: Token) -> bool:
        """Whether a phrase under a cue tells where it was said."""
        if self._candidate.holds(noun.i):
            return False
        if not preposition:
            # The parse may hang it on a word between.
            at = self._preposition_at(noun.i)
            preposition = "" if at is None else self._scene.doc[at].lower_
        named = noun.pos_ == "PROPN"
        # The kind stands before the name: "in the Karachi **daily** Subah".
        start = syntax.phrase_span(noun)[0] if named else noun.i
        for index in range(noun.i, start - 1, -1):
            row = self._row(self._scene.doc[index])
            if row is not None and preposition in row.prepositions:
                return True
        name, begin = self._known.names.get(noun.i, ("", 0)) if named else ("", 0)
        if self._preposition_at(begin) is None:
            return False  # the preposition is of the name itself: "the Programme **on** Health"
        return (name in ("ORG", "WORK_OF_ART") and preposition in ("on", "in")) or (
            name == "EVENT" and preposition in ("at", "during")
        )

    def _preposition_at(self, index: int) -> int | None:
        """Where the preposition of the noun at an index stands, by place alone."""
        for before in range(index - 1, max(-1, index - _LONG_PHRASE), -1):
            token = self._scene.doc[before]
            if token.pos_ == "ADP":
                return before
            if token.pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PUNCT"):
                break
        return None

    def _venue_phrase(self, noun: Token) -> TokenSpan:
        """A venue's phrase from its preposition on, without clauses: "in **a letter** read out"."""
        start, end = syntax.phrase_span(noun)
        at = self._preposition_at(noun.i)
        if at is not None:
            start = at + 1
        for child in noun.children:
            clause = syntax.noun_described_by(child) or syntax.governor_of(child)
            if child.i > noun.i and clause is not None and clause.i == noun.i:
                end = min(end, int(child.left_edge.i))
        return self._cut(noun.i, start, end)

    def _row(self, noun: Token) -> Venue | None:
        if self._known.names.get(noun.i, ("",))[0] == "PERSON":
            return None  # "Bill Clinton"
        return self._scene.lexicon.venues.get(noun.lemma_.lower())

    def _listens(self, noun: Token) -> bool:
        """Whether a noun can be one who is spoken to."""
        return (
            noun.pos_ in ("NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM")
            and not self._candidate.holds(noun.i)
            and noun.i != self._candidate.source
            and noun.tag_ not in _RELATIVE
            and "nobody" not in self._how(noun.lemma_.lower())
        )

    def _beside(self) -> TokenSpan | None:
        """The noun phrase right behind a cue, up to the content: "told **Mr. Sorel** the bail was".

        The content's edge is surer than the parse here.
        """
        doc = self._scene.doc
        if self._candidate.cue is None:
            return None
        start = self._candidate.cue[1]
        end = self._scene.sentence[self._candidate.head][1]
        stop = start
        dated = bisect_left(self._known.date_starts, start)
        limit = self._known.date_starts[dated] if dated < len(self._known.date_starts) else end
        while stop < min(end, limit) and not self._candidate.holds(stop):
            token = doc[stop]
            if token.pos_ in ("NOUN", "PROPN", "DET", "ADJ", "NUM") or (
                stop > start and token.lower_ in ("'s", "’s", "'", "’", "of", "and", "&")
            ):
                stop += 1
            elif token.pos_ == "PRON":
                stop += 1
                if token.tag_ != "PRP$":
                    break
            else:
                break
        while stop > start and doc[stop - 1].pos_ not in ("NOUN", "PROPN", "PRON"):
            stop -= 1
        if stop == start or not self._listens(doc[start:stop].root):
            return None
        return TokenSpan(start, stop)

    def _phrase(self, noun: Token, *, apposition: bool = False) -> TokenSpan:
        """A noun's phrase, cut where the content or the cue begins."""
        return self._cut(noun.i, *syntax.phrase_span(noun, apposition=apposition))

    def _cut(self, noun: int, start: int, end: int) -> TokenSpan:
        """A stretch around a noun, cut where the content or the cue begins."""
        for left, right in (*self._candidate.content, self._candidate.cue or (noun, noun)):
            if noun < left < end:
                end = left
            if start < right <= noun:
                start = right
        start, end = min(start, noun), max(end, noun + 1)
        return TokenSpan(*syntax.trim(self._scene.doc, start, end))


# How quotes hang together ------------------------------------------------------------------


def _parents(chosen: list[Attribution]) -> list[int | None]:
    """For each quote the inmost other quote whose content holds its cue or, without one, itself."""
    around: list[int | None] = [None] * len(chosen)
    sizes = [sum(end - start for start, end in c.content) for c in chosen]
    owners: dict[int, list[int]] = {}
    for position, candidate in enumerate(chosen):
        for start, end in candidate.content:
            for index in range(start, end):
                owners.setdefault(index, []).append(position)
    for position, candidate in enumerate(chosen):
        place = candidate.content[0][0] if candidate.cue is None else candidate.head
        holders = [o for o in owners.get(place, ()) if o != position and sizes[o] > sizes[position]]
        around[position] = min(holders, key=lambda o: (sizes[o], o), default=None)
    return around


def _followed(chosen: list[Attribution]) -> list[int | None]:
    """For each floating quote the one that it goes on: the last before it that has a speaker."""
    found: list[int | None] = []
    ends: list[tuple[int, int]] = []
    for position, candidate in enumerate(chosen):
        floating = candidate.way == "floating"
        before = bisect_right(ends, (candidate.content[0][0], position)) if floating else 0
        found.append(ends[before - 1][1] if before else None)
        if floating or candidate.source is not None or candidate.label is not None:
            insort(ends, (candidate.content[-1][1], position))
    return found
