"""When a proposition comes about, seen from the text: ahead, now or before."""

from __future__ import annotations

from ..language import syntax
from ..records import Orientation
from .drafts import Draft


def orientation_of(draft: Draft) -> Orientation:
    """The time of the proposition seen from the text, by tense, aspect and the cues' own time.

    Modals as gold/train and gold/written have them: future but for the perfect ("may have left")
    and for states under may, can and must ("may be asleep"; "might be" is as often future).
    """
    target = draft.target
    cues = {cued.row.cue for cued in draft.cues}
    perfect = syntax.is_perfect(target)
    if cues & {"will", "shall"}:
        return "future"
    if perfect and cues & _MODALS:
        return "past"
    leading = draft.leading
    row = leading.row
    if leading.frame in ("clause", "content") and cues & _MODALS:
        state = syntax.copula_of(target) is not None or target.lemma_ in ("be", "have")
        state = state or (target.tag_ == "VBG" and bool(syntax.auxiliaries(target)))
        if "must" in cues or (state and cues & {"may", "can"} and target.lower_ != "able"):
            return "present"
        return "future"
    if cues & {"going to", "about to"}:
        return "future"
    if perfect:
        return "past"
    nearest = syntax.clause_head(target) if leading.frame == "phrase" else target
    tense = syntax.tense(nearest)
    if leading.frame in ("clause", "phrase") or (leading.frame == "content" and tense):
        if tense in ("past", "future"):
            return tense
        return "future" if row.role == "prospective" else "present"
    if row.time == "clause" and not any(c.frame == "predicative" for c in draft.cues):
        if leading.frame in ("raising", "predicative"):
            past = syntax.tense(leading.anchor) == "past"
            return "past" if past and not syntax.is_passive(leading.anchor) else "present"
        return "past" if row.role == "evidential" else "present"
    return "future"


_MODALS = frozenset({"may", "might", "could", "can", "must", "would", "should", "ought to"})
