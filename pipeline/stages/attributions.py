"""Candidate attributions: every way in which a text may say who says what.

From a cue of the lexicon (or of the tagger) to its source and content by the parse, from a
quotation in marks to its cue by position, and from labels, dashes and colons. Recall comes first
here; `quotes` decides which candidates are true.
"""

from __future__ import annotations

from .cue_labels import of_blocks, of_labels
from .cue_marks import of_marks
from .cue_verbs import of_unknown, of_verb
from .cue_words import of_adjective, of_noun, of_owned, of_phrase
from .scene import Attribution, Scene


def find_attributions(scene: Scene) -> list[Attribution]:
    """All candidates of the Doc, in no particular order of merit; they may overlap."""
    found: list[Attribution] = []
    for match in scene.matches:
        token = scene.doc[match.head]
        form = match.row.form
        if form == "verb":
            found += of_verb(scene, token, match)
        elif form == "noun":
            found += of_noun(scene, token, match)
        elif form == "adjective":
            found += of_adjective(scene, token, match)
        elif form == "phrase":
            found += of_phrase(scene, match)
        elif form == "owned":
            found += of_owned(scene, token, match)
    found += of_unknown(scene)
    found += of_marks(scene)
    found += of_labels(scene)
    found += of_blocks(scene)
    return found
