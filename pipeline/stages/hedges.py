"""Cues of uncertainty and of the future: which words, and what they govern.

The cue words are data (`lexicons/hedges.jsonl`, one row a cue with an example that is its test), so
are the phrases that only look like cues (`pseudo_cues.jsonl`) and the words of degree before a cue
(`degrees.jsonl`). This module finds them in a Doc and asks the parse what each governs; whether a
cue has the sense of a prediction is decided in `senses`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

from ..language import syntax
from ..lexicons import rows
from ..records import CueForm, CueRole, Level
from .likelihood import Base, Degree, degrees

Governs = Literal["clause", "complement", "condition"]
Need = Literal[
    "clause",
    "finite",
    "infinitive",
    "argument",
    "object",
    "passive",
    "denied",
    "attributive",
    "predicative",
    "predicated",
    "fronted",
]
Frame = Literal[
    "clause",
    "phrase",
    "content",
    "raising",
    "control",
    "object",
    "of",
    "predicative",
    "participle",
    "attributive",
    "bare",
    "condition",
]


class Hedge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `hedges.jsonl`.

    Attributes:
        cue: the words as they stand in a dictionary. Verbs are found in all regular forms, nouns
            in the plural; no lemmatizer is asked.
        form: grammatical form, role: what it does to the claim (see records.md).
        level: the phrase's own level of likelihood.
        governs: "clause", the clause it stands in; "complement", what it introduces (a clause, an
            object, the noun it stands before, its own clause when it is a predicate);
            "condition", a condition on the clause that it modifies.
        needs: what must be there for it to count.
        pos: coarse parts of speech of its head word; empty for any.
        survey: the row of `likelihood.jsonl` that covers the phrase; like: one that it resembles.
        negative: it forecasts that the event does not come about ("unlikely", "doubt").
        denied: the row of `likelihood.jsonl` that its negation resembles.
        holder: "subject" when whoever is its subject holds the prediction ("growers expect").
        time: orientation of what it introduces when the clause does not tell.
        forms: irregular forms and further spellings.
        prior: how often it carries a prediction, as a share (counted on gold/train and
            gold/written where it occurs there ten times, else by likeness).
        example: a sentence with the cue in brackets.
    """

    cue: str
    form: CueForm
    role: CueRole
    level: Level
    governs: Governs
    needs: tuple[Need, ...] = ()
    pos: tuple[str, ...] = ()
    survey: str = ""
    like: str = ""
    negative: bool = False
    denied: str = ""
    holder: Literal["", "subject"] = ""
    time: Literal["future", "clause"] = "future"
    forms: tuple[str, ...] = ()
    prior: float
    example: str

    @property
    def base(self) -> Base:
        """What the cue says of likelihood before anything modifies it."""
        return Base(
            level=self.level,
            phrase=self.cue,
            survey=self.survey,
            like=self.like,
            negative=self.negative,
            denied=self.denied,
        )


class PseudoCue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `pseudo_cues.jsonl`: a phrase that holds a cue word and is no cue."""

    cue: str
    sense: str
    example: str


@dataclass(frozen=True, slots=True)
class Cued:
    """A cue in the text and what it governs.

    Attributes:
        row: its row of the lexicon.
        start: first token; end: the token after its last.
        anchor: the word of the cue that the parse hangs on.
        target: the head of what it governs: the predicate of a clause or a noun.
        frame: how it governs that.
        denied: the cue is negated and that is not part of its sense ("**not** likely").
        degree: the word of degree before it, if any, at token `degree_at`.
        span: tokens of the condition (only where `frame` is "condition").
    """

    row: Hedge
    start: int
    end: int
    anchor: Token
    target: Token
    frame: Frame
    denied: bool = False
    degree: Degree | None = None
    degree_at: int = -1
    span: tuple[int, int] = (0, 0)


_Entry = tuple[tuple[int, ...], Hedge | PseudoCue]


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the text that are those of a row, tokens `start` to `end`.

    `cued` is the cue that they are, None where the row's needs are not met or it is a pseudo-cue.
    """

    row: Hedge | PseudoCue
    start: int
    end: int
    cued: Cued | None


@lru_cache(maxsize=1)
def _index() -> dict[int, list[_Entry]]:
    """Cue phrases as string ids by the id of their first word, longest first, in file order."""
    index: dict[int, list[_Entry]] = {}

    def add(cue: str, row: Hedge | PseudoCue) -> None:
        # A tokenizer may leave a hyphen inside the word, and apostrophes come in two shapes.
        spellings = {cue: None, cue.replace("'", "’"): None}
        for words in dict.fromkeys(
            words for text in spellings for words in (tuple(_words(text)), tuple(text.split()))
        ):
            ids = tuple(get_string_id(word) for word in words)
            index.setdefault(ids[0], []).append((ids, row))

    for pseudo in rows("pseudo_cues", PseudoCue):
        add(pseudo.cue, pseudo)
    # "assuming" is a condition where it can be one, else a form of "assume".
    for hedge in sorted(rows("hedges", Hedge), key=lambda row: row.governs != "condition"):
        for cue in spellings(hedge):
            add(cue, hedge)
    for entries in index.values():
        # "reasonable to expect" is a cue before "that", and else what one may ask of someone.
        entries.sort(key=lambda entry: (-len(entry[0]), isinstance(entry[1], PseudoCue)))
    return index


def spellings(row: Hedge) -> tuple[str, ...]:
    """The words of a row in every form that is looked for, each once."""
    return tuple(dict.fromkeys((row.cue, *row.forms, *_inflected(row))))


def _inflected(row: Hedge) -> Iterator[str]:
    """The regular forms of a verb's first word or a noun's last."""
    first, _, rest = row.cue.partition(" ")
    if row.form == "verb" and not row.cue.endswith("ed"):
        stem = first[:-1] if first.endswith("e") else first
        y = first.endswith("y") and first[-2] not in "aeiou"
        past = first[:-1] + "ied" if y else stem + "ed"
        third = first[:-1] + "ies" if y else first + ("es" if first[-2:] in _SIBILANT else "s")
        for form in (third, past, stem + "ing"):
            yield f"{form} {rest}".rstrip()
    elif row.form == "noun" and not row.cue.endswith("s"):
        yield row.cue[:-1] + "ies" if row.cue.endswith("y") else row.cue + "s"


_SIBILANT = frozenset({"ss", "sh", "ch", "x", "zz"})


_CLITIC = re.compile(r"(['’][sm]\b)")


def _words(cue: str) -> Iterator[str]:
    for word in _CLITIC.sub(r" \1", cue).split():
        for i, part in enumerate(word.split("-")):
            if i:
                yield "-"
            yield part


_INVERTED = {
    word: Hedge(
        cue=word,
        form="conditional",
        role="hedge",
        level="unspecified",
        governs="condition",
        prior=0.5,
        example="",
    )
    for word in ("should", "were", "had")
}
"""Auxiliaries that make a condition before their subject ("Should it rain, ...")."""


def find_cues(doc: Doc) -> list[Cued]:
    """The cues of a Doc with what each governs, in reading order; linear in its length."""
    return [match.cued for match in matches(doc) if match.cued is not None]


def matches(doc: Doc) -> Iterator[Match]:
    """The rows whose words stand in a Doc, in reading order, up to the one that takes the words.

    Where several rows match, the longest phrase whose needs are met wins; a pseudo-cue that is
    longer takes its words out.
    """
    index = _index()
    ids: list[int] = doc.to_array(["LOWER"]).reshape(-1).tolist()  # type: ignore[assignment]
    inverting = frozenset(map(get_string_id, _INVERTED))
    taken = 0
    for at in [at for at, word in enumerate(ids) if word in index or word in inverting]:
        if at < taken:
            continue
        if ids[at] in inverting and (inverted := _inverted(doc[at])) is not None:
            yield Match(inverted.row, at, at + 1, inverted)
            continue
        for words, row in index.get(ids[at], []):
            end = at + len(words)
            if len(words) > 1 and tuple(ids[at:end]) != words:
                continue
            cued = _resolve(row, doc, at, end) if isinstance(row, Hedge) else None
            yield Match(row, at, end, cued)
            if cued is not None or isinstance(row, PseudoCue):
                taken = end
                break


def hidden(doc: Doc, match: Match) -> list[Hedge]:
    """The rows whose words a pseudo-cue takes out, in reading order."""
    words = [get_string_id(token.lower_) for token in doc[match.start : match.end]]
    return [
        row
        for at, word in enumerate(words)
        for phrase, row in _index().get(word, [])
        if isinstance(row, Hedge) and tuple(words[at : at + len(phrase)]) == phrase
    ]


def _inverted(token: Token) -> Cued | None:
    """The condition that an auxiliary before its subject makes, or None.

    Its words tell, whatever the parse: "**should** it rain", "**were** they to leave", "**had**
    anyone asked", at the head of a clause or behind one with a modal. It limits the clause with the
    modal that follows it, else the one before.
    """
    row = _INVERTED.get(token.lower_)
    if row is None:
        return None
    doc, sentence = token.doc, token.sent
    before = doc[sentence.start : token.i]
    opens = all(word.is_quote or word.is_space for word in before)
    predicate = syntax.predicate_of(token)
    subject = syntax.own_subject_of(predicate)
    behind = subject is not None and subject.i > token.i
    verb = _inverted_verb(token, sentence.end, opens=opens)
    if behind and syntax.modified_clause(predicate) is not None:
        verb = max(verb or 0, predicate.i)
    if verb is None or syntax.is_question(sentence):
        return None
    if not opens and not (before[-1].is_punct or before[-1].lower_ in _CLAUSE_OPENERS):
        if subject is not None and not behind:
            return None
        if before[-1].tag_ not in _CLAUSE_ENDS or not any(word.tag_ == "MD" for word in before):
            return None
    end = next((t.i for t in doc[verb + 1 : sentence.end] if t.text in _SET_OFF), sentence.end)
    after = next((word for word in doc[verb + 1 : sentence.end] if word.tag_ == "MD"), None)
    modal = after or next((word for word in reversed(before) if word.tag_ == "MD"), None)
    host = syntax.predicate_of(token if modal is None else modal)
    span = syntax.trim(doc, token.i, end)
    return Cued(row, token.i, token.i + 1, token, host, "condition", span=span)


def _inverted_verb(auxiliary: Token, stop: int, *, opens: bool) -> int | None:
    """Where the verb of an auxiliary stands that comes before a subject of some words, or None."""
    doc, word = auxiliary.doc, auxiliary.lower_
    begin = auxiliary.i + 1
    if begin >= stop or doc[begin].pos_ not in _SUBJECTS or doc[begin].tag_ in ("WP", "WDT"):
        return None
    tags = _VERBS_AFTER[word] if opens else _VERBS_AFTER[word] - {"VBD"}
    for token in doc[begin + 1 : min(begin + _LONGEST_SUBJECT, stop)]:
        if word == "were" and token.lower_ == "to" and token.i + 1 < stop:
            return int(token.i) + 1
        if token.tag_ in tags or (token.lower_ == "not" and doc[token.i + 1].is_punct):
            return int(token.i)
        glued = token.text == "-" and not doc[token.i - 1].whitespace_
        if (token.text in _SET_OFF and not glued) or token.tag_ in _FINITE:
            return None
    return None


_VERBS_AFTER = {
    "should": frozenset({"VB"}),
    "had": frozenset({"VBN", "VBD"}),
    "were": frozenset({"VBN"}),
}
_LONGEST_SUBJECT = 10
_SUBJECTS = frozenset({"DET", "PRON", "PROPN", "NOUN", "ADJ", "NUM"})
_CLAUSE_OPENERS = frozenset({"and", "but", "or", "that", "because", "as", "then"})
_CLAUSE_ENDS = frozenset(
    ["NN", "NNS", "NNP", "NNPS", "PRP", "VB", "VBN", "VBG", "RB", "RBR", "RP", "JJ", "JJR", "CD"]
)


def _anchor(doc: Doc, start: int, end: int) -> Token:
    """The token of a phrase whose head lies outside it, or which heads its sentence."""
    for token in doc[start:end]:
        if not start <= token.head.i < end or syntax.is_root(token):
            return token
    return doc[start]


def _resolve(row: Hedge, doc: Doc, start: int, end: int) -> Cued | None:
    """The cue with what it governs, or None where its needs are not met."""
    anchor = _anchor(doc, start, end)
    if (row.pos and _pos(row, anchor) not in row.pos) or _is_name(doc, start):
        return None
    if row.form == "modal" and _is_noun(doc, start, end):
        return None
    if row.form == "verb" and end - start == 1 and _is_gerund(doc, start):
        return None
    if row.governs == "condition":
        return _condition(row, doc, start, end)
    if row.governs == "clause":
        found = _own_clause(row, anchor, start, end)
    else:
        found = _complement(row, anchor, start, end)
    if found is None:
        return None
    target, frame = found
    denied = False
    degree, at = _degree(anchor, start)
    if row.governs == "complement":
        # The parse may hang the negation of an idiom on any of its words ("not far-fetched").
        words = doc[start:end] if row.form == "idiom" or "-" in row.cue else (anchor,)
        negators = sorted(
            {n.i for word in words for n in syntax.negations(word) if not start <= n.i < end}
        )
        if "denied" in row.needs:
            if len(negators) % 2 == 0:
                return None
            degree, at = None, -1
        else:  # "no chance" is a degree of chance
            negators = [i for i in negators if degree is None or not at <= i < start]
            denied = len(negators) % 2 == 1
    return Cued(row, start, end, anchor, target, frame, denied, degree, at)


def _pos(row: Hedge, anchor: Token) -> str:
    """The part of speech of a cue's head; an adverb that is a predicate is an adjective.

    Taggers take "likely" in "rain is **likely**" and "a strike looks **likely**" for an adverb,
    and disagree on "fears" in "fell on **fears** that".
    """
    pos: str = anchor.pos_
    if pos == "VERB" and anchor.tag_ in ("NN", "NNS"):
        return "NOUN"
    if pos != "ADV" or row.form not in ("adjective", "adverb"):
        return pos
    predicate = syntax.is_predicate(anchor) and syntax.own_subject_of(anchor) is not None
    return "ADJ" if predicate or _linking(anchor) is not None else pos


def _linking(adjective: Token) -> Token | None:
    """The linking verb just before a predicate that the parse takes for its adverb, or None."""
    verb = adjective.head
    just_before = verb.i < adjective.i and verb.lemma_ in _LINKING and verb.pos_ == "VERB"
    return verb if just_before and not syntax.is_conjunct(adjective) else None


_LINKING = frozenset({"look", "seem", "appear", "remain", "become", "sound", "feel"})


def _is_name(doc: Doc, at: int) -> bool:
    """Whether a cue word is written as a name is: capital where its sentence has small letters."""
    token, sentence = doc[at], doc[at].sent
    near = doc[max(sentence.start, at - _NEAR) : min(sentence.end, at + _NEAR)]
    if not token.text[:1].isupper() or at == sentence.start:
        return False
    before = doc[at - 1]
    if before.is_punct or before.is_space or before.is_quote:
        return False
    return any(
        word.is_lower and word.pos_ in ("VERB", "AUX", "NOUN", "ADJ", "ADV") for word in near
    )


_NEAR = 30
"""Words on either side that tell a heading in capitals from a sentence."""


def _is_noun(doc: Doc, start: int, end: int) -> bool:
    """Whether what looks like a modal cannot be one: "by **its** might", "might **made** right"."""
    if start and doc[start - 1].lower_ in _BEFORE_NOUNS:
        return True
    if end >= len(doc):
        return False
    after = doc[end]
    past = after.tag_ in ("VBZ", "VBD", "VBN") and after.lemma_ not in ("have", "be")
    return past and after.lemma_ != after.lower_


def _is_gerund(doc: Doc, at: int) -> bool:
    """Whether a form in -ing is a noun that belongs to someone ("by the vet's **reckoning**")."""
    owned = at > 0 and doc[at - 1].tag_ in ("POS", "PRP$")
    return owned and doc[at].lower_.endswith("ing")


_BEFORE_NOUNS = frozenset({"a", "an", "the", "my", "your", "his", "its", "our", "their", "whose"})


def _condition(row: Hedge, doc: Doc, start: int, end: int) -> Cued | None:
    """A condition with its extent; the target is itself where the parse gives it no host."""
    for token in doc[start:end]:
        governed = syntax.introduced_by(token)
        if governed is None or start <= governed.i < end:
            continue
        if "clause" in row.needs and not syntax.is_predicate(governed):
            return None  # "dozens, **if** not hundreds"
        host = syntax.modified_clause(governed)
        if host is None and not syntax.is_predicate(governed):
            word = syntax.phrase_governor(governed)
            if "fronted" in row.needs and not syntax.is_predicate(word):
                return None  # "a treaty **without inspections**"
            host = syntax.clause_head(word)
        elif host is None and (governor := syntax.governor_of(governed)) is not None:
            if not start <= governor.i < end:
                return None  # "they asked if"
            host = syntax.clause_head(syntax.phrase_governor(governor))  # "in the event that"
        left, right = syntax.subtree_span(governed)
        if not left <= end <= right:
            continue
        if host is None or start <= host.i < end:
            host = governed
        if "fronted" in row.needs and host.i < start:
            return None
        if "denied" in row.needs and not syntax.is_negated(host):
            return None
        return Cued(row, start, end, token, host, "condition", span=(start, right))
    return _condition_by_words(row, doc, start, end)


def _condition_by_words(row: Hedge, doc: Doc, start: int, end: int) -> Cued | None:
    """A condition set off by commas, where the parse has another view of its first word."""
    sentence = doc[start].sent
    opens = all(token.is_quote or token.is_space for token in doc[sentence.start : start])
    set_off = opens or doc[start - 1].text in _SET_OFF or end - start > 1
    if set(row.needs) & {"denied", "clause"} or not set_off:
        return None
    stop = next((t.i for t in doc[end : sentence.end] if t.text in _SET_OFF), sentence.end)
    alone = stop == end or (stop == sentence.end and opens)
    participle = doc[start].tag_ == "VBD" and not _opens_clause(doc, end, stop)
    if participle or (alone and "permitting" not in row.cue):
        return None
    span = syntax.trim(doc, start, max(stop, end))
    return Cued(row, start, end, doc[start], doc[start], "condition", span=span)


def _opens_clause(doc: Doc, start: int, end: int) -> bool:
    """Whether a stretch of words is a subject and its finite verb ("nobody reads it")."""
    verb = next((token for token in doc[start:end] if token.tag_ in _FINITE), None)
    subject = None if verb is None else syntax.own_subject_of(syntax.predicate_of(verb))
    return subject is not None and start <= subject.i < end


_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_SET_OFF = frozenset({",", ";", ":", "-", "–", "—", "--", "("})


def _own_clause(row: Hedge, anchor: Token, start: int, end: int) -> tuple[Token, Frame] | None:
    """The clause that a modal, adverb or adverbial phrase stands in."""
    if end - start > 1:
        contents = syntax.noun_complements(anchor)
        following = syntax.complement_of(anchor)
        if not contents and following is not None and anchor.pos_ == "NOUN":
            contents = [following]  # "no doubt the owners will appeal"
        if not contents and (clause := _that_after(anchor.doc, end)) is not None:
            contents = [clause]
        if contents:
            return contents[0], "content" if syntax.is_finite(contents[0]) else "of"
    target = syntax.predicate_of(anchor)
    if row.form == "modal" and syntax.own_subject_of(anchor) is not None:
        return anchor, "clause"  # "the pumps won't", whatever it hangs on
    if target.i == anchor.i and row.form in ("modal", "semi-modal"):
        # "ought to", a modal with its verb left out, and parsers that make the modal the head
        complement = syntax.complement_of(anchor)
        if complement is not None:
            return complement, "clause"
        return (anchor, "clause") if syntax.own_subject_of(anchor) is not None else None
    if start <= target.i < end:
        target = anchor.head if not syntax.is_root(anchor) else anchor
    commented = _commented(target)
    if commented is not None:
        return commented, "clause"
    if syntax.is_predicate(target) or row.form == "modal":
        return target, "clause"
    if row.form == "idiom" or target.pos_ in ("ADV", "ADP", "SCONJ", "CCONJ", "PUNCT"):
        return syntax.clause_head(target), "clause"
    return target, "phrase"


def _commented(adjective: Token) -> Token | None:
    """The clause that a comparison comments on, or None: "perhaps **worse**, the dam **leaks**"."""
    compared = adjective.tag_ in ("JJR", "JJS") or any(
        word.tag_ in ("RBR", "RBS") for word in syntax.adverbs(adjective)
    )
    behind = adjective.i + 1
    if not compared or behind >= len(adjective.doc) or adjective.doc[behind].text != ",":
        return None
    if syntax.own_subject_of(adjective) is not None or syntax.copula_of(adjective) is not None:
        return None
    if adjective.head.i > behind and syntax.own_subject_of(adjective.head) is not None:
        return adjective.head
    clauses = (word for word in adjective.children if word.i > behind)
    return next((clause for clause in clauses if syntax.own_subject_of(clause) is not None), None)


def _complement(row: Hedge, anchor: Token, start: int, end: int) -> tuple[Token, Frame] | None:
    """What a verb, adjective or noun introduces."""
    needs = row.needs
    passive = syntax.is_passive(anchor)
    host = syntax.noun_described_by(anchor)
    if "passive" in needs and not passive and not (host is not None and anchor.tag_ == "VBN"):
        return None
    if "attributive" in needs:
        noun = syntax.noun_modified_by(anchor)
        return (noun, "attributive") if noun is not None else None
    clause = _clause_of(anchor, start, end)
    if "finite" in needs and not (clause is not None and syntax.is_finite(clause)):
        return None
    infinitive = clause is not None and syntax.has_infinitive_marker(clause)
    if "infinitive" in needs and not infinitive and _to_after(anchor.doc, end) is None:
        return None
    if clause is None and "argument" in needs and row.form == "verb":
        infinitive_after = _object_with_infinitive(anchor)
        if infinitive_after is not None:
            return infinitive_after, "control"
    if clause is not None and "object" not in needs and "predicative" not in needs:
        return clause, _clause_frame(row, anchor, clause, passive)
    thing = syntax.object_of(anchor)
    aside = row.holder and syntax.is_side_clause(anchor) and (thing is None or thing.i < end)
    if aside and anchor.head.i != anchor.i:
        return syntax.clause_head(anchor.head), "clause"  # "the plan, I think, will fail"
    if "clause" in needs:
        return None
    if row.form == "idiom":
        predicate = syntax.clause_head(anchor)
        found = syntax.subject_of(predicate) is not None
        return predicate, "predicative" if found else "bare"
    if anchor.pos_ in ("NOUN", "PROPN"):
        return _noun_argument(row, anchor)
    noun = syntax.noun_modified_by(anchor)
    if noun is None and anchor.tag_ in ("RBS", "JJS") and anchor.head.i == end:
        noun = anchor.head if anchor.head.pos_ == "NOUN" else None  # "the **likeliest** result"
    if noun is not None:
        return (noun, "attributive") if not needs else None
    needs = tuple(need for need in needs if need != "predicated")
    if host is not None and row.form == "verb" and _is_identified(host):
        return host.head, "object"  # "what they expect is **a recession**"
    if thing is not None and not passive and row.form in ("verb", "evidential"):
        return syntax.antecedent_of(thing) or thing, "object"
    for preposition, thing in syntax.obliques(anchor):
        if end - start > 1 and anchor.doc[end - 1].lower_ == preposition:
            return thing, "object"
    if "object" in needs:
        return None
    if host is not None or (anchor.tag_ == "VBN" and not syntax.auxiliaries(anchor)):
        return anchor, "participle"
    if row.form in ("verb", "evidential") and not passive and "predicative" not in needs:
        return None
    if syntax.subject_of(anchor) is not None:
        return anchor, "predicative"
    verb = _linking(anchor)
    if verb is not None and syntax.subject_of(verb) is not None:
        return verb, "predicative"
    return (anchor, "bare") if not needs else None


def _is_identified(pronoun: Token) -> bool:
    """Whether a copula says which thing "what" is."""
    subject = pronoun.tag_ == "WP" and syntax.is_subject(pronoun)
    return subject and syntax.copula_of(pronoun.head) is not None


def _object_with_infinitive(anchor: Token) -> Token | None:
    """The infinitive that follows a verb's object, for the parse a purpose ("expect **it to go**").

    Nothing may stand between the object's phrase and its "to".
    """
    thing = syntax.object_of(anchor)
    if thing is None:
        return None
    after = syntax.phrase_span(thing)[1]
    for _, clause in syntax.adverbial_clauses(anchor):
        if syntax.has_infinitive_marker(clause) and clause.left_edge.i == after:
            return clause
    return None


def _clause_of(anchor: Token, start: int, end: int) -> Token | None:
    """The clause that any word of a cue introduces, outside the cue itself."""
    for token in anchor.doc[start:end]:
        if token.pos_ in ("NOUN", "PROPN"):
            clause = syntax.identified_clause(token)
            if clause is None and end - start == 1:
                clause = _weighed_clause(token)
            if clause is not None and not start <= clause.i < end:
                return clause
            contents = syntax.noun_complements(token)
            # A relative clause that opens with a conjunction is a content clause misread.
            contents += [
                c
                for c in syntax.relative_clauses(token)
                if syntax.marker_of(c) == "that" or (end - start > 1 and _stands_alone(c, end))
            ]
            if contents:
                return contents[0]
        # What comes before a cue is another verb's where something comes behind it, too: "had it
        # rained, I **think** the dam would be full", "the poll over, they **expect** growth".
        contents = [c for c in syntax.complements_of(token) if not start <= c.i < end]
        behind = next((c for c in contents if c.i >= end and not _is_beside(c)), None)
        if behind is not None:
            return behind
        thing = syntax.object_of(token)
        if contents and (thing is None or thing.i < end):
            return contents[0]
        for marker, clause in syntax.adverbial_clauses(token):
            opened = marker in ("that", "whether", "of", "about") and not _is_cause(clause, end)
            if opened or start < clause.left_edge.i < end < clause.i:
                return clause
    host = syntax.noun_described_by(anchor)
    if host is not None and host.tag_ == "WP":  # "what they fear is **that it falls**"
        clause = syntax.identified_clause(host)
        if clause is not None and syntax.marker_of(clause):
            return clause
    subject = syntax.own_subject_of(anchor)
    if subject is not None and syntax.is_predicate(subject) and syntax.marker_of(subject):
        return subject
    if subject is not None and subject.tag_ == "WP":  # "**what happens next** is unclear"
        return next(iter(syntax.relative_clauses(subject)), None)
    clause = _that_after(anchor.doc, end)
    if clause is not None:
        return clause
    at = _to_after(anchor.doc, end)
    if at is not None:
        # The parse may hang "to" and its verb elsewhere; they follow the cue all the same.
        clause = syntax.predicate_of(anchor.doc[at])
        return clause if clause.i > at else anchor.doc[at + 1]
    return None


def _weighed_clause(noun: Token) -> Token | None:
    """The clause behind the predicate that gives its odds: "**chances** are slim that it ends"."""
    if not syntax.is_subject(noun):
        return None
    predicate = syntax.predicative_of(syntax.clause_head(noun))
    row = degrees().get(predicate.lower_)
    if row is None or row.effect != "set" or predicate.i < noun.i:
        return None
    clauses = (c for c in syntax.complements_of(predicate) if c.i > predicate.i)
    return next((c for c in clauses if syntax.is_finite(c)), None)


def _is_beside(clause: Token) -> bool:
    """Whether a clause tells what is so besides: "expects growth, **having** feared the worst"."""
    words = clause.doc[max(clause.left_edge.i - 1, clause.sent.start) : clause.i + 1]
    comma = next((word.i for word in words[:2] if word.text == ","), None)
    if comma is None or syntax.is_finite(clause):
        return False
    return any(word.tag_ == "VBG" for word in clause.doc[comma + 1 : comma + 2])


def _is_cause(clause: Token, end: int) -> bool:
    """Whether a clause ahead of a cue ending at `end` gives a reason: "**now** that they rule"."""
    first = int(clause.left_edge.i)
    if clause.i >= end or first == clause.sent.start:
        return False
    return not clause.doc[first - 1].is_punct


def _stands_alone(clause: Token, end: int) -> bool:
    """Whether a clause right after a phrase has its own subject and no pronoun for the noun."""
    subject = syntax.own_subject_of(clause)
    return (
        subject is not None
        and clause.left_edge.i == end
        and syntax.antecedent_of(subject.doc[end]) is None
    )


def _that_after(doc: Doc, end: int) -> Token | None:
    """The head of the clause that a "that" after a cue opens, wherever the parse hangs it.

    Between them may stand a closing mark or an adverb (a "real **possibility**" that …, no
    **doubt** whatsoever that …, a real **danger**, too, that …).
    """
    sentence_end = min(len(doc), doc[end - 1].sent.end)
    at = end
    while at < sentence_end and at - end < _BETWEEN and _passed_over(doc[at]):
        at += 1
    if at == sentence_end or doc[at].lower_ != "that" or doc[at].tag_ != "IN":
        return None
    clause = syntax.introduced_by(doc[at])
    # The parse may give "that" to an infinitive ("the odds **that** they fail to **elect** her").
    for _ in range(_DEEPEST):
        if clause is None or syntax.is_finite(clause) or not syntax.is_open_complement(clause):
            break
        clause = syntax.governor_of(clause)
    finite = clause is not None and clause.i > at and syntax.is_finite(clause)
    return clause if finite else None


def _passed_over(word: Token) -> bool:
    """Whether a word may stand between a cue and its "that"."""
    return word.is_quote or word.text == "," or word.pos_ == "ADV"


_BETWEEN = 3
"""Words at most between a cue and the "that" of its clause."""
_DEEPEST = 3
"""Infinitives at most between that "that" and its verb, in whatever parse."""


def _to_after(doc: Doc, end: int) -> int | None:
    """The "to" of an infinitive that ends a cue or follows it."""
    for at in (end - 1, end):
        if at + 1 < len(doc) and doc[at].lower_ == "to":
            clause = syntax.predicate_of(doc[at])
            if clause.i > at or doc[at + 1].tag_ == "VB":
                return at
    return None


def _clause_frame(row: Hedge, anchor: Token, clause: Token, passive: bool) -> Frame:
    if syntax.is_finite(clause) or syntax.own_subject_of(clause) is not None:
        return "content"
    if anchor.pos_ in ("NOUN", "PROPN"):
        return "of"
    if row.holder and row.form == "verb" and not passive:
        described = (
            syntax.noun_described_by(anchor) is not None and syntax.own_subject_of(anchor) is None
        )
        return "raising" if described else "control"
    return "raising"


def _noun_argument(row: Hedge, anchor: Token) -> tuple[Token, Frame] | None:
    for preposition, noun in syntax.obliques(anchor):
        if preposition in ("of", "for") and noun.i > anchor.i:
            return noun, "of"
    following = anchor.i + 1
    if following < len(anchor.doc) and anchor.doc[following].lower_ == "of":
        governed = syntax.introduced_by(anchor.doc[following])
        if governed is not None and governed.i > following:
            # "the chance **of** a breach in a given winter": for the parse of the winter
            nearest = next((n for _, n in syntax.obliques(anchor) if n.i > following), governed)
            return (nearest if nearest.i < governed.i else governed), "of"
    if row.needs:
        return None
    if syntax.is_predicate(anchor) and syntax.subject_of(anchor) is not None:
        return anchor, "predicative"
    return anchor, "bare"


def _degree(anchor: Token, start: int) -> tuple[Degree | None, int]:
    """The word of degree that modifies a cue, nearest first, with its first token."""
    table = degrees()
    doc = anchor.doc
    noun = anchor.pos_ in ("NOUN", "PROPN")
    modifiers = {word.i for word in syntax.modifiers_of(anchor)}
    for at in range(start - 1, max(start - 4, -1), -1):
        if at not in modifiers and not (at == start - 1 and at + 1 in modifiers):
            continue
        for length in range(min(3, at + 1), 0, -1):
            first = at - length + 1
            row = table.get(" ".join(word.lower_ for word in doc[first : at + 1]))
            # Negation of a predicate is asked of the parse; "set" words are those of nouns.
            if row is None or row.word == "not" or (row.effect == "set" and not noun):
                continue
            if row.word == "most" and first > 0 and doc[first - 1].lower_ != "the":
                return table["very"], first
            return row, first
    if noun and syntax.is_subject(anchor):
        # "the chances are slim"
        predicate = syntax.predicative_of(syntax.clause_head(anchor))
        row = table.get(predicate.lower_)
        if row is not None and row.effect == "set" and predicate.i > anchor.i:
            return row, int(predicate.i)
    if noun and anchor.lower_ in ("odds", "chance", "chances"):
        # "the odds of a strike are no better than even"
        sentence_end = min(anchor.sent.end, anchor.i + 16)
        for at in range(anchor.i + 1, sentence_end - 1):
            for length in (4, 3, 2):
                if at + length > sentence_end:
                    continue
                row = table.get(" ".join(word.lower_ for word in doc[at : at + length]))
                if row is not None and row.effect == "set":
                    return row, at
    return None, -1
