"""What a proposition and its condition span: the clause that is put forward, with its subject."""

from __future__ import annotations

from spacy.tokens import Token

from ..language import syntax
from .drafts import Draft, Surroundings
from .findings import TokenSpan
from .hedges import Cued


def proposition_of(draft: Draft, condition: TokenSpan | None, around: Surroundings) -> TokenSpan:
    """The clause with its subject, or the noun phrase, that is put forward."""
    leading, target = draft.leading, draft.target
    frame = leading.frame
    start, end = _governed(draft, around)
    pronoun = syntax.noun_described_by(target)
    if pronoun is not None and pronoun.tag_ == "WP" and pronoun.i == start - 1:
        start = pronoun.i  # "**what** happens next is unclear"
    if frame == "content":
        start = _behind_cue(leading, target, start)
    if _is_cue_alone(draft, start, end):
        start, end = _widened(target, start, end)
    if frame == "raising":
        end = _to_next_verb(leading.anchor, target, end)
    end = _to_next_modal(draft, end)
    if condition is not None:
        start, end = _without(target, start, end, condition)
    start, end = _clipped(draft, start, end, around)
    if frame == "clause" and start == leading.start and target.doc[start - 1].text == ",":
        start = _lost_subject(target, start)
    start = _with_antecedent(target, start)
    while start < target.i and _leads_in(target.doc[start]):
        start += 1
    start, end = syntax.trim(target.doc, min(start, target.i), max(end, target.i + 1))
    if end - 1 > target.i and target.doc[end - 1].tag_ == "CC":
        start, end = syntax.trim(target.doc, start, end - 1)  # "it might hold, **but** only if"
    if sum(token.is_quote for token in target.doc[start:end]) % 2 and end < len(target.doc):
        end += target.doc[end].is_quote  # the pair of one inside
    return TokenSpan(start, end)


def _governed(draft: Draft, around: Surroundings) -> tuple[int, int]:
    """What the leading cue governs, as the parse has it: a clause, or a noun's phrase."""
    leading, target = draft.leading, draft.target
    frame = leading.frame
    if frame == "raising":
        outer = leading
        while True:
            further = next(
                (c for c in draft.cues if c.frame == "raising" and c.target.i == outer.anchor.i),
                None,
            )
            if further is None or further is outer:
                break
            outer = further
        start, end = _matrix(outer.anchor)
        if not start <= target.i < end:
            start, end = syntax.clause_span(target)
    elif frame == "participle":
        start, end = _matrix(leading.anchor)
    elif frame == "predicative":
        predicate = syntax.clause_head(leading.anchor)
        while syntax.own_subject_of(predicate) is None:
            governor = syntax.governor_of(predicate)  # "is thought **likely**"
            if governor is None or governor.i >= predicate.i:
                break
            predicate = governor
        start, end = syntax.clause_span(predicate)
    elif frame == "control":
        start, end = syntax.clause_span(target)
        receiver = (
            syntax.object_of(leading.anchor)
            or syntax.indirect_object_of(leading.anchor)
            or syntax.subject_behind(leading.anchor)
        )
        if receiver is not None and leading.end <= receiver.i < target.i:
            start = min(start, syntax.phrase_span(receiver)[0])
    elif frame == "of" and syntax.is_object(leading.anchor) and syntax.is_predicate(target):
        # "the winner has a strong chance of becoming minister"
        start, end = syntax.clause_span(syntax.clause_head(leading.anchor.head))
    elif frame == "attributive" and syntax.copula_of(target) is not None:
        start, end = syntax.clause_span(target)  # "a pardon is a far-fetched idea"
    elif frame == "attributive" and syntax.is_subject(target) and _is_identity(target.head):
        start, end = syntax.clause_span(target.head)  # "the likely outcome is a draw"
    elif frame == "bare" and syntax.auxiliaries(target):
        start, end = syntax.clause_span(target)
    elif frame == "bare" and target.pos_ in ("ADJ", "ADV") and _states(target):
        start, end = syntax.clause_span(syntax.clause_head(target))
    elif frame == "of" and leading.row.form == "idiom" and syntax.copula_of(leading.anchor):
        start, end = syntax.clause_span(leading.anchor)  # "the mill is in danger of closing"
    elif frame in ("attributive", "object", "phrase", "bare") or not (
        syntax.is_predicate(target) or syntax.own_subject_of(target) is not None
    ):
        start, end = syntax.phrase_span(target, relative=True)
        if frame == "phrase":
            start = _with_preposition(target, start)
            if target.doc[end : end + 1].text == ",":  # "in Accra, **before Christmas**"
                later = _to_date_behind(target, end + 1, around)
                end = later if later > end + 1 else end
        end = _to_date_behind(target, end, around)
    else:
        start, end = syntax.clause_span(target)
    return start, end


def _behind_cue(cued: Cued, target: Token, start: int) -> int:
    """Where the content of a cue begins: behind it, and no earlier than its own marker.

    "**The question now is whether** it will hold", "**chances are** it was stolen", "**no surprise
    if** it was".
    """
    marker = syntax.marker_word_of(target)
    if marker is not None and marker.lower_ != "to" and cued.end <= marker.i < target.i:
        start = max(start, int(marker.i))
    return cued.end if cued.start <= start < cued.end <= target.i else start


def _with_antecedent(target: Token, start: int) -> int:
    """Where a relative clause begins with the noun that its "that" stands for: "**a treaty** that".

    "Which" and "who" stay as they are; they may add what does not belong to the claim.
    """
    subject = syntax.own_subject_of(target)
    if subject is None or subject.i != start or subject.lower_ != "that":
        return start
    noun = syntax.antecedent_of(subject)
    return start if noun is None or noun.i > start else syntax.phrase_span(noun)[0]


def _is_identity(predicate: Token) -> bool:
    """Whether a clause says which one its subject is: "the winner **is the left**"."""
    noun = predicate.pos_ in ("NOUN", "PROPN", "PRON") or not syntax.is_finite(predicate)
    said = syntax.copula_of(predicate) is not None or predicate.lemma_ == "be"
    return said and (noun or syntax.marker_of(predicate) == "that")


def _states(adjective: Token) -> bool:
    """Whether an adjective belongs to the predicate of a clause with a subject and a copula."""
    clause = syntax.clause_head(adjective)
    subject = syntax.own_subject_of(clause)
    return subject is not None and subject.i < adjective.i and syntax.copula_of(clause) is not None


def _with_preposition(noun: Token, start: int) -> int:
    """Where a noun phrase begins with its preposition: "perhaps **in Accra**, before Christmas"."""
    words = syntax.preposition_of(noun).split()
    first = start - len(words)
    return first if [word.lower_ for word in noun.doc[first:start]] == words else start


def _to_date_behind(noun: Token, end: int, around: Surroundings) -> int:
    """Where a noun phrase ends with a date ahead right behind it, whatever the parse hangs that on.

    "puts the chance of a raid **before June** at one in five"
    """
    doc = noun.doc
    behind = end < len(doc) and doc[end].pos_ == "ADP"
    for index in around.dates_in(end, end + 1 + behind):
        date = around.dates[index]
        if around.is_ahead(date) and not syntax.is_possessor(doc[date.span.end - 1]):
            return date.span.end
    return end


def _is_cue_alone(draft: Draft, start: int, end: int) -> bool:
    """Whether a stretch holds nothing but cues, articles and marks, which puts nothing forward."""
    cues = {at for cued in draft.cues for at in range(cued.start, cued.end)}
    if draft.leading.degree is not None:
        cues.update(range(draft.leading.degree_at, draft.leading.end))
    return all(
        token.i in cues or token.pos_ in ("DET", "PUNCT") for token in draft.target.doc[start:end]
    )


def _widened(target: Token, start: int, end: int) -> tuple[int, int]:
    """What a cue that stands alone is said of: an object before it, else the clause around it.

    "described **a deal as “conceivable”**", "**most likely, they knew**".
    """
    host, seen = target, set[int]()
    while host.i not in seen and not syntax.is_root(host):
        seen.add(host.i)
        outside = not start <= host.i < end
        if outside and (syntax.is_predicate(host) or syntax.object_of(host) is not None):
            break
        host = host.head
    thing = syntax.object_of(host)
    if thing is not None and thing.i < start and host.i < thing.i:
        return syntax.phrase_span(thing)[0], end
    return syntax.clause_span(host)


def _to_next_modal(draft: Draft, end: int) -> int:
    """Where a clause ends that shares its subject with a further modal, which is a further claim.

    "It may fall **and will not be missed**"; "it stands empty **and rots**" stays together, and so
    does what the same modal says ("they will stop **or they will leave**").
    """
    target, own = draft.target, {cued.anchor.i for cued in draft.cues}
    for other in syntax.conjuncts(target):
        modals = _modals(other)
        if other.i < target.i:
            continue
        if any(modal.i in own for modal in modals):
            end = max(end, syntax.clause_span(other)[1])
        elif syntax.own_subject_of(other) is None:
            for modal in modals:
                if target.i < modal.i < end:
                    end = modal.i
                    between = range(end - 1, max(target.i, end - _NEAR), -1)
                    end = next((at for at in between if target.doc[at].pos_ == "CCONJ"), end)
    return end


def _to_next_verb(anchor: Token, target: Token, end: int) -> int:
    """Where what a raising verb hedges ends: not with "it seems to hold **and is cheap**"."""
    for other in syntax.conjuncts(anchor):
        if other.i > target.i and syntax.is_finite(other):
            joint = syntax.coordinator_of(other)
            if joint is not None and target.i < joint.i < end:
                return int(joint.i)
    return end


def _modals(predicate: Token) -> list[Token]:
    return [auxiliary for auxiliary in syntax.auxiliaries(predicate) if auxiliary.tag_ == "MD"]


_NEAR = 6
"""Words before a modal among which its "and" stands, and a subject that the parse denies it."""


def _lost_subject(target: Token, start: int) -> int:
    """Where a clause begins whose subject the parse has given to a participle ("pumps ordered, …").

    A modal behind a comma needs a subject before it; without one of its own it is that of the verb
    which the parse makes its governor.
    """
    governor = syntax.governor_of(target)
    if governor is None or governor.i >= start or syntax.subject_of(target) is not None:
        return start
    subject = syntax.subject_of(governor)
    if subject is None or subject.i >= governor.i:
        return start
    first = syntax.phrase_span(subject)[0]
    between = target.doc[first:start]
    return start if any(token.text in _BREAKS or token.is_quote for token in between) else first


def _leads_in(token: Token) -> bool:
    """Whether a word is a marker or the "be" before it ("what they fear **is that** it falls")."""
    identifies = token.lemma_ == "be" and _is_marker(token.nbor())
    return identifies or _is_marker(token)


def _is_marker(token: Token) -> bool:
    """Whether a word only leads into a clause; in "**that** would be a mercy" it is the subject."""
    return token.lower_ in _LEADING_MARKS and token.tag_ != "DT"


_LEADING_MARKS = frozenset({"that", "of", "whether", "and", "but", "or"})
_CONCESSIVE = frozenset({"although", "though", "even though", "whereas"})
_BREAKS = frozenset({";", ":", ".", "?", "!"})
_DASHES = frozenset({"—", "–", "--"})


def _clipped(draft: Draft, start: int, end: int, around: Surroundings) -> tuple[int, int]:
    """A span cut where the text itself breaks off, whatever the parse joins.

    Breaks are the edges of the quotation that holds the proposition with its cues, semicolons,
    colons, dashes and full stops, a quotation mark without its pair, a concession, and what
    stands before the subject and a comma.
    """
    target = draft.target
    doc = target.doc
    content = around.content_at(target.i)
    inside = [cued.anchor.i for cued in draft.cues if cued.frame in ("clause", "raising")]
    if content is not None and all(content.start <= at < content.end for at in inside):
        if (subject := _marked_inside(target, content)) is not None:
            start = max(start, syntax.phrase_span(subject)[0])
        elif not _interrupted(target, content):
            start = max(start, content.start)
        end = min(end, content.end)
    outer = draft.leading.anchor if draft.frame == "raising" else target
    for marker, clause in (*syntax.adverbial_clauses(target), *syntax.adverbial_clauses(outer)):
        edge = int(clause.left_edge.i)
        if marker in _CONCESSIVE and target.i < edge < end:
            end = edge
    subject = syntax.own_subject_of(target)
    if subject is None and draft.frame == "raising":
        subject = syntax.own_subject_of(draft.leading.anchor)
    if subject is not None:
        edge = syntax.phrase_span(subject)[0]
        if start < edge < target.i and doc[edge - 1].text == ",":
            start = edge
    after = before = None
    dashes = [
        at
        for at in range(start + 1, end)
        if doc[at].text in _DASHES or (doc[at].text == "-" and doc[at - 1].whitespace_)
    ]
    closing = end < len(doc) and doc[end].is_quote  # trimmed off, but the pair of one inside
    for at in range(target.i + 1, end + closing):
        if doc[at].text in _BREAKS:
            end = at
            break
        if doc[at].is_quote:
            after = at if after is None else None
    for at in range(target.i - 1, start - 1, -1):
        if doc[at].text in _BREAKS:
            start = at + 1
            break
        if doc[at].is_quote:
            before = at if before is None else None
    ahead = [at for at in dashes if target.i < at < end]
    behind = [at for at in dashes if start <= at < target.i]
    if len(ahead) % 2:  # two are brackets: "the group will - or can - contain it"
        end = ahead[-1]
    if len(behind) % 2:
        start = behind[0] + 1
    if before is None and after is not None:
        end = after
    elif after is None and before is not None:
        start = before + 1
    return start, end


def _interrupted(target: Token, content: TokenSpan) -> bool:
    """Whether the words before reported speech cut it from its subject ("rates, **he says**,").

    Only without quotation marks: inside them nothing of the reporter's is part of the claim.
    """
    subject = syntax.own_subject_of(target)
    if subject is None or not subject.i < content.start <= target.i:
        return False
    doc = target.doc
    gap = doc[syntax.phrase_span(subject)[1] : content.start]
    edges = (gap[0].text, gap[-1].text) if len(gap) else ()
    return edges == (",", ",") and len(gap) <= _PARENTHESIS and not doc[content.start].is_quote


def _marked_inside(target: Token, content: TokenSpan) -> Token | None:
    """The subject of a clause of which a quotation holds a part ("A deal was **“likely”**").

    It stands before the marks, with nothing but auxiliaries, adverbs and the mark between.
    """
    subject = syntax.own_subject_of(target)
    if subject is None or not subject.i < content.start <= target.i:
        return None
    gap = target.doc[syntax.phrase_span(subject)[1] : content.start]
    inside = all(word.is_quote or word.pos_ in _LEADING_UP for word in gap)
    return subject if inside else None


_LEADING_UP = frozenset({"AUX", "ADV", "PART", "DET", "ADP"})
_PARENTHESIS = 7
"""Words and commas of "…, officials at the ministry say, …"; longer ones tell of their own."""


def _matrix(anchor: Token) -> tuple[int, int]:
    """The clause of a raising predicate with its subject, which may be the noun it describes."""
    start, end = syntax.clause_span(anchor)
    if anchor.doc[start].lower_ == "as" and syntax.own_subject_of(anchor) is None:
        anchor = syntax.modified_clause(anchor) or anchor  # "is seen **as likely**"
        start, end = syntax.clause_span(anchor)
    noun = syntax.noun_described_by(anchor)
    if noun is not None and syntax.own_subject_of(anchor) is None and noun.i < start:
        start = syntax.phrase_span(noun)[0]
    return start, end


def _without(target: Token, start: int, end: int, condition: TokenSpan) -> tuple[int, int]:
    """A proposition with the condition at its edge cut off."""
    opens = all(map(_is_marker, target.doc[start : condition.start]))  # "**and** were it to rise"
    if condition.end <= target.i and start < condition.end and opens:
        start = condition.end
    elif target.i < condition.start < end and end - condition.end <= 1:
        end = condition.start
    return min(start, int(target.i)), max(end, int(target.i) + 1)


def condition_of(draft: Draft) -> TokenSpan | None:
    """The first condition on a proposition, cut where it breaks off or the clause itself begins.

    A concession ("even if") is one only where nothing else is.
    """
    conditions = draft.conditions or draft.shared
    if not conditions:
        return None
    limits = [cued for cued in conditions if not cued.row.cue.startswith("even")]
    start, end = (limits or conditions)[0].span
    doc, target = draft.target.doc, draft.target.i
    subject = syntax.own_subject_of(draft.target)
    first = target if subject is None else min(target, syntax.phrase_span(subject)[0])
    for at in range(start + 1, end):
        # The parse may put what depends on the condition into it, or run on past a break.
        if doc[at].text in _BREAKS or (at == first and at - start > 2):
            end = at
            break
        behind = doc[at + 1 : at + 2]
        # “If we lose this one,” the coach said
        closing = any(word.is_quote for word in behind) or behind.text.lower() == "as"
        if doc[at].text == "," and (at <= first < end or closing):
            end = at
            break
    return TokenSpan(*syntax.trim(doc, start, end))
