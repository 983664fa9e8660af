"""When a proposition comes about, seen from the text: ahead, now or before."""

from __future__ import annotations

from spacy.tokens import Token

from ..language import syntax
from ..records import Orientation
from .drafts import Draft
from .triggers import event_lexicon


def orientation_of(draft: Draft, *, dated: bool) -> Orientation:
    """The time of the proposition seen from the text, by tense, aspect and the cues' own time.

    Args:
        draft: the cues of the proposition.
        dated: whether its clause has a date by which it comes true, or a length of time until then.
    """
    target = draft.target
    rows = [cued.row.cue for cued in draft.cues]
    cues = {*rows, *(row.partition(" ")[0] for row in rows)}  # "may or may not"
    perfect = syntax.is_perfect(target)
    if cues & {"will", "shall"}:
        return "future"
    if perfect and cues & _MODALS:
        return "past"
    leading = draft.leading
    if leading.frame in ("clause", "content") and cues & _MODALS:
        return _under_modal(draft, cues, dated=dated)
    if cues & {"going to", "about to"}:
        return "future"
    if perfect:
        return "past"
    # "looks likely", "seemed unlikely": the word that leads in lends its own time to nothing.
    own = next((c.row for c in draft.cues if c.anchor.i == target.i), None)
    if own is not None and own.time == "future":
        return "future"  # "thought a truce **likely**", "said that a truce was **likely**"
    row = own or leading.row
    # A modal with its verb left out ("should and probably **will** resign") tells for itself.
    phrase = leading.frame == "phrase" and target.tag_ != "MD"
    nearest = syntax.clause_head(target) if phrase else target
    tense = syntax.tense(nearest)
    if leading.frame in ("clause", "phrase") or (leading.frame == "content" and tense):
        if tense in ("past", "future"):
            return tense
        ahead = row.time == "future" and leading.frame == "content" and not _is_state(target)
        return "future" if ahead or row.role == "prospective" else "present"
    if row.time == "clause" and not any(c.frame == "predicative" for c in draft.cues):
        if leading.frame in ("raising", "predicative"):
            past = syntax.tense(leading.anchor) == "past"
            return "past" if past and not syntax.is_passive(leading.anchor) else "present"
        return "past" if row.role == "evidential" else "present"
    return "future"


_MODALS = frozenset({"may", "might", "could", "can", "must", "would", "should", "ought to"})
_POSSIBLE = frozenset({"may", "might", "could", "can", "must"})


def _under_modal(draft: Draft, cues: set[str], *, dated: bool) -> Orientation:
    """The time of what stands under a modal and is not perfect.

    It lies ahead but for states and what is going on: "may **be asleep**", "might **be bluffing**".
    These lie ahead too where a word of time or a condition says so and where an event is given its
    place in a row ("the vote may be the last"); so does what one may have to do. After a condition
    that is known not to hold ("if he **had read** it"), a state under "would" is one of today. What
    a kind of thing can do ("a dry spring **can** empty the lake") it can do now.
    """
    target = draft.target
    state = _is_state(target)
    if "must" in cues:
        return "present"
    if "would" in cues:
        return "present" if state and _is_counterfactual(draft) else "future"
    subject = syntax.subject_of(target)
    if draft.leading.row.cue == "can" and subject is not None and _is_generic(subject):
        return "present"
    if not cues & _POSSIBLE or not state:
        return "future"
    event = subject is not None and subject.lower_ in event_lexicon().nouns
    usual = bool(cues & {"may", "can"})  # these tell of what holds on a condition, too
    ahead = (
        (bool(draft.conditions) and not usual)
        or (dated and not usual)
        or target.lower_ in _LATER_STATES
        or any(word.lower_ in _LATER for word in syntax.adverbs(target))
        or (event and _is_ranked(target))
        or (not usual and target.tag_ == "JJR")  # "a second wave could be **worse**"
        or ("could" in cues and target.lemma_ == "have")
        or (syntax.expletive_of(target) is not None and not usual)
    )
    return "future" if ahead else "present"


_LATER = frozenset({"soon", "eventually", "ultimately", "later", "yet", "tomorrow", "next"})
_LATER_STATES = frozenset({"able", "ready", "due"})


def _is_generic(subject: Token) -> bool:
    """Whether a subject stands for a kind: "**a** dry spring", "**rumours**", "**any** error"."""
    determiner = syntax.determiner_of(subject)
    if subject.pos_ != "NOUN" or syntax.possessor_of(subject) is not None:
        return False
    return determiner is None or determiner.lower_ in ("a", "an", "any")


def _is_ranked(predicate: Token) -> bool:
    """Whether a predicate gives a place in a row: "the **worst**", "the **last** vote"."""
    words = (predicate, *syntax.modifiers_of(predicate))
    return any(word.tag_ == "JJS" or word.lower_ in ("first", "last") for word in words)


def _is_state(predicate: Token) -> bool:
    """Whether a clause tells how things are or what is going on, not what happens."""
    if syntax.copula_of(predicate) is not None or predicate.lemma_ in _STATES:
        return True
    if predicate.lemma_ == "be":
        return not syntax.is_conjunct(predicate)  # "it will be repaid, the next may not be"
    if predicate.lemma_ == "have":
        return syntax.complement_of(predicate) is None  # "have to share"
    return predicate.tag_ == "VBG" and bool(syntax.auxiliaries(predicate))


_STATES = frozenset(
    {
        *("know", "believe", "think", "assume", "understand", "hope", "fear", "doubt", "suspect"),
        *("belong", "contain", "resemble", "own", "exist"),
    }
)


def _is_counterfactual(draft: Draft) -> bool:
    """Whether the condition is one of the past: "if he **had read** it"."""
    for cued in draft.conditions:
        clause = syntax.introduced_by(cued.anchor)
        if clause is not None and syntax.pluperfect_auxiliary(clause) is not None:
            return True
    return False
