"""Questions about the parse, asked in terms of meaning.

The only file that knows dependency labels. It reads Universal Dependencies (the embedded model, UD
v2 with English subtypes) and ClearNLP (``en_core_web_*``) alike; where the two schemes build a
clause differently, the functions bridge the gap. All take and return spaCy `Token`s or pairs of
token indices, half-open.

A *predicate* is the word that heads a clause: a verb, or in UD the adjective or noun of a copular
clause ("it is **likely**"), for which ClearNLP has the copula. Asked about the adjective or the
noun, every function here answers for its clause under both schemes.

Sources: universaldependencies.org (UD v2), the ClearNLP guidelines of Choi & Palmer (2012).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from spacy.attrs import DEP  # type: ignore[import-not-found]  # Cython, no stub
from spacy.tokens import Doc, Span, Token

Tense = Literal["past", "present", "future"]
Place = Literal[
    "subject",
    "object",
    "oblique",
    "modifier",
    "possessor",
    "apposition",
    "conjunct",
    "part",
    "expletive",
    "determiner",
    "else",
]
"""Where a noun stands in its clause or phrase; `part` is a further word of a name or compound."""

_SUBJECT = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "nsubjpass"})
_CLAUSAL_SUBJECT = frozenset({"csubj", "csubj:pass", "csubj:outer", "csubjpass"})
_PASSIVE_SUBJECT = frozenset({"nsubj:pass", "csubj:pass", "nsubjpass", "csubjpass"})
_PASSIVE_AUXILIARY = frozenset({"aux:pass", "auxpass"})
_AUXILIARY = frozenset({"aux", "aux:pass", "auxpass"})
_OBJECT = frozenset({"obj", "dobj"})
_INDIRECT_OBJECT = frozenset({"iobj", "dative"})
_COMPLEMENT = frozenset({"ccomp", "xcomp"})
_ADVERBIAL_CLAUSE = frozenset({"advcl", "advcl:relcl"})
_RELATIVE_CLAUSE = frozenset({"acl:relcl", "relcl"})
_NOUN_CLAUSE = frozenset({"acl", "acl:relcl", "relcl"})
_PREDICATIVE = frozenset({"acomp", "attr", "oprd"})  # ClearNLP: hangs on the copula
_OBLIQUE = frozenset({"obl", "obl:agent", "obl:tmod", "obl:npmod", "obl:unmarked", "npadvmod"})
_NOMINAL_MODIFIER = frozenset({"nmod", "nmod:desc", "nmod:unmarked", "nmod:tmod", "nmod:npmod"})
_POSSESSOR = frozenset({"nmod:poss", "poss"})
_NAME_PART = frozenset({"flat", "flat:foreign", "flat:name", "compound"})
_SIDE_CLAUSE = frozenset({"parataxis", "discourse", "vocative", "intj", "meta"})
_BELONGS_TO_PREDICATE = frozenset(
    {
        "aux",
        "aux:pass",
        "auxpass",
        "cop",
        "advmod",
        "neg",
        "mark",
        "compound:prt",
        "prt",
        "expl",
        "cc",
        "cc:preconj",
        "preconj",
    }
)
_CLAUSE = frozenset(
    {"ROOT", "root", "ccomp", "xcomp", "advcl", "advcl:relcl", "acl", "acl:relcl", "relcl"}
    | _CLAUSAL_SUBJECT
    | {"parataxis", "pcomp"}
)
_NEGATORS = frozenset(
    {"not", "n't", "n’t", "never", "neither", "nor", "no", "hardly", "scarcely", "barely", "nobody"}
)
_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
_POSSESSIVE_MARKS = frozenset({"'s", "’s", "'", "’"})
_FINITE_TAGS = frozenset({"VBD", "VBP", "VBZ", "MD"})
# Conjuncts followed back at most: a tree that chains them costs no more.
_WIDEST = 12


def _children(token: Token, relations: frozenset[str]) -> Iterator[Token]:
    return (child for child in token.children if child.dep_ in relations)


def _first(tokens: Iterator[Token]) -> Token | None:
    return next(tokens, None)


def _clause_verb(predicate: Token) -> Token:
    """The token on which the clause's dependents hang besides the predicate itself."""
    if predicate.dep_ in _PREDICATIVE:
        return predicate.head
    return predicate


def _dependents(predicate: Token, relations: frozenset[str]) -> Iterator[Token]:
    yield from _children(predicate, relations)
    verb = _clause_verb(predicate)
    if verb.i != predicate.i:
        yield from _children(verb, relations)


def is_root(token: Token) -> bool:
    """Whether the token heads its sentence."""
    return token.head.i == token.i


def own_subject_of(predicate: Token) -> Token | None:
    """The subject that stands in the predicate's own clause, or None."""
    noun = _first(_dependents(predicate, _SUBJECT))
    if noun is not None and _is_object_misread(noun):
        noun = None
    return noun or _first(_dependents(predicate, _CLAUSAL_SUBJECT))


def own_subjects_of(predicate: Token) -> list[Token]:
    """Every noun that stands as a subject in the predicate's own clause, in order."""
    found = {child.i: child for child in _dependents(predicate, _SUBJECT)}
    return [found[i] for i in sorted(found)]


def subject_of(predicate: Token) -> Token | None:
    """The surface subject; that of a governing clause where the clause shares it.

    Followed are coordination ("he came and **saw**"), open complements ("he wants to **go**"; the
    object of the governor where there is one: "told him to **go**"), participles on a noun ("the
    man **sitting** there") and adverbial clauses without a subject ("he left, **saying** so").
    Bounded by the depth of the tree.
    """
    current = predicate
    seen: set[int] = set()
    while current.i not in seen:
        seen.add(current.i)
        subject = own_subject_of(current)
        if subject is not None:
            return subject
        verb = _clause_verb(current)
        if is_root(verb):
            return None
        if verb.dep_ == "conj":
            current = verb.head
        elif verb.dep_ in ("xcomp", "ccomp") and not is_finite(current):
            receiver = object_of(verb.head) or indirect_object_of(verb.head)
            if receiver is not None and receiver.i < verb.i:
                return receiver
            current = verb.head
        elif verb.dep_ in _ADVERBIAL_CLAUSE and not is_finite(current):
            current = verb.head
        elif verb.dep_ in _NOUN_CLAUSE:
            return verb.head
        else:
            return None
    return None


def is_passive(predicate: Token) -> bool:
    """Whether the clause is in the passive voice (by auxiliary or by kind of subject)."""
    verb = _clause_verb(predicate)
    if verb.tag_ == "VBG":
        return False  # "have been warning", whatever the parse makes of "been"
    return any(
        child.dep_ in _PASSIVE_AUXILIARY or child.dep_ in _PASSIVE_SUBJECT
        for child in verb.children
    )


def is_passive_participle(predicate: Token) -> bool:
    """Whether the clause is a bare past participle ("the report **issued** in May").

    Further participles of a coordination follow the first ("was arrested and **held**").
    """
    verb = predicate
    for _ in range(_WIDEST):
        if own_subject_of(verb) is not None or object_of(verb) is not None:
            return False
        if verb.tag_ not in ("VBN", "VBD") or auxiliaries(verb):
            return False
        if verb.dep_ != "conj":
            break
        verb = verb.head
        if is_passive(verb):
            return predicate.tag_ == "VBN"
    # Taggers take the participle of a noun for a past tense, which it cannot be.
    return verb.dep_ == "acl" or (verb.tag_ == "VBN" and verb.dep_ in _ADVERBIAL_CLAUSE)


def object_of(predicate: Token) -> Token | None:
    """The direct object."""
    return _first(_children(predicate, _OBJECT)) or _first(
        filter(_is_object_misread, _children(predicate, _SUBJECT))
    )


def _is_object_misread(noun: Token) -> bool:
    """Whether what the parse takes for a subject follows a bare verb ("expect **it** to rise")."""
    verb = noun.head
    return bool(verb.i < noun.i and verb.tag_ == "VB" and verb.pos_ == "VERB")


def indirect_object_of(predicate: Token) -> Token | None:
    """The bare recipient ("told **reporters** that ...").

    UD calls the only object of "tell" an `obj` when a clause follows.
    """
    return _first(_children(predicate, _INDIRECT_OBJECT))


def agent_of(predicate: Token) -> Token | None:
    """The by-phrase of a passive, its noun."""
    for child in _children(predicate, frozenset({"obl:agent"})):
        return child
    for child in _children(predicate, frozenset({"agent"})):
        return _first(_children(child, frozenset({"pobj"})))
    if is_passive(predicate):
        return next((noun for prep, noun in obliques(predicate) if prep == "by"), None)
    return None


def complement_of(word: Token) -> Token | None:
    """The head of the clause that a verb, adjective or noun introduces, or None.

    "said that he **left**", "likely to **leave**", "it is likely that he **left**" (an extraposed
    subject clause), "the claim that he **left**". A fronted or inverted quotation ("'We **left**,'
    said he") is one too.
    """
    if word.pos_ in ("NOUN", "PROPN"):
        for child in _children(word, frozenset({"acl", "ccomp"})):
            if marker_word_of(child) or child.dep_ == "ccomp":
                return child
    for child in _dependents(word, _COMPLEMENT):
        # ClearNLP hangs a predicative clause beside the adjective on the copula.
        if child.i != word.i:
            return child
    for child in _dependents(word, _CLAUSAL_SUBJECT):
        if child.i > word.i:
            return child
    return None


def complements_of(word: Token) -> list[Token]:
    """Every clause head that the word introduces, in reading order (see `complement_of`)."""
    relations = _COMPLEMENT | _CLAUSAL_SUBJECT
    if word.pos_ in ("NOUN", "PROPN"):
        relations = relations | {"acl"}
    found = {
        child.i: child
        for child in _dependents(word, relations)
        if child.i != word.i
        and (child.dep_ not in _CLAUSAL_SUBJECT or child.i > word.i)
        and (child.dep_ != "acl" or marker_word_of(child))
    }
    return [found[i] for i in sorted(found)]


def is_open_complement(predicate: Token) -> bool:
    """Whether the clause shares a subject with its governor ("wants to **go**")."""
    return _clause_verb(predicate).dep_ == "xcomp"


def governor_of(predicate: Token) -> Token | None:
    """The word whose complement this clause is ("**said** he left"), or None.

    Coordinated clauses without a subject of their own have the governor of their first conjunct.
    """
    verb = _clause_verb(predicate)
    seen: set[int] = set()
    while verb.dep_ == "conj" and verb.i not in seen:
        seen.add(verb.i)
        verb = _clause_verb(verb.head)
    if is_root(verb):
        return None
    if verb.dep_ in _COMPLEMENT or (verb.dep_ == "acl" and marker_word_of(verb)):
        return verb.head
    if verb.dep_ in _CLAUSAL_SUBJECT and verb.head.i < verb.i:
        return verb.head
    return None


def is_side_clause(predicate: Token) -> bool:
    """Whether the clause stands beside its head without a conjunction."""
    return predicate.dep_ == "parataxis"


def is_predicate(token: Token) -> bool:
    """Whether the token heads a clause."""
    if token.is_space or token.is_punct:
        return False
    if token.dep_ in _AUXILIARY or token.dep_ in ("cop", "case", "mark", "fixed", "prep"):
        return False
    if token.dep_ in _PREDICATIVE:
        return True
    if any(
        child.dep_ in _SUBJECT or child.dep_ in _CLAUSAL_SUBJECT or child.dep_ in ("cop", "aux")
        for child in token.children
    ):
        return True
    if token.dep_ in _CLAUSE:
        return token.pos_ in ("VERB", "AUX", "ADJ") or not is_root(token)
    return token.pos_ == "VERB" and token.dep_ == "conj"


def predicate_of(token: Token) -> Token:
    """The predicate that a modal, auxiliary, copula, adverb, negator or marker belongs to.

    A token that belongs to none is returned itself.
    """
    seen: set[int] = set()
    while token.dep_ in _BELONGS_TO_PREDICATE and not is_root(token) and token.i not in seen:
        seen.add(token.i)
        token = token.head
    return token


def clause_head(token: Token) -> Token:
    """The nearest predicate at or above the token; the root where there is none."""
    seen: set[int] = set()
    while not is_predicate(token) and not is_root(token) and token.i not in seen:
        seen.add(token.i)
        token = token.head
    return token


def auxiliaries(predicate: Token) -> list[Token]:
    """The auxiliaries of the clause, in order, modals included."""
    found = {child.i: child for child in _dependents(predicate, _AUXILIARY)}
    return [found[i] for i in sorted(found)]


def copula_of(predicate: Token) -> Token | None:
    """The "be" of a copular clause, or None; not one before a marker ("the fear **is** that")."""
    if predicate.dep_ in _PREDICATIVE:
        return predicate.head
    copula = _first(_children(predicate, frozenset({"cop"})))
    marker = marker_word_of(predicate)
    if copula is not None and marker is not None and copula.i < marker.i:
        return None
    return copula


def predicative_of(verb: Token) -> Token:
    """The adjective or noun of a copular clause; the predicate itself in any other clause."""
    return _first(_children(verb, frozenset({"acomp", "attr"}))) or verb


def negations(predicate: Token) -> list[Token]:
    """The words that negate the clause: not, never, hardly, and "no" on its subject or object."""
    found: dict[int, Token] = {}
    for child in (*predicate.children, *_clause_verb(predicate).children):
        if child.dep_ in ("advmod", "neg", "det", "cc:preconj", "preconj", "cc") and (
            child.lower_ in _NEGATORS
        ):
            found[child.i] = child
        elif child.dep_ in _AUXILIARY or child.dep_ == "cop":
            for grandchild in child.children:
                if grandchild.dep_ in ("advmod", "neg") and grandchild.lower_ in _NEGATORS:
                    found[grandchild.i] = grandchild
        elif child.dep_ in _SUBJECT or child.dep_ in _OBJECT:
            if child.lower_ in ("nobody", "none", "nothing", "neither"):
                found[child.i] = child
            for grandchild in child.children:
                if grandchild.dep_ == "det" and grandchild.lower_ in ("no", "neither"):
                    found[grandchild.i] = grandchild
    return [found[i] for i in sorted(found)]


def is_negated(predicate: Token) -> bool:
    """Whether an odd number of negators applies to the clause."""
    return len(negations(predicate)) % 2 == 1


def adverbs(predicate: Token) -> list[Token]:
    """The adverbs that modify the clause, in order."""
    found = {child.i: child for child in _dependents(predicate, frozenset({"advmod", "neg"}))}
    return [found[i] for i in sorted(found)]


def particles_of(verb: Token) -> list[Token]:
    """The particles of a phrasal verb ("brushed it **aside**"), in order."""
    return list(_children(verb, frozenset({"compound:prt", "prt"})))


def modifiers_of(word: Token) -> list[Token]:
    """Adverbs and adjectives that modify a word ("**very** likely", "**remote** chance")."""
    relations = frozenset({"advmod", "amod", "det", "nummod", "neg", "quantmod", "compound"})
    return list(_children(word, relations))


def preposition_of(noun: Token) -> str:
    """The preposition of a noun, lower-cased, all its words ("according to"), or ""."""
    if noun.dep_ in ("pobj", "pcomp"):
        return _with_fixed(noun.head)
    cases = [
        child
        for child in noun.children
        if child.dep_ == "case" and child.i < noun.i and child.lower_ not in ("'s", "’s")
    ]
    return _with_fixed(cases[0]) if cases else ""


def _with_fixed(preposition: Token) -> str:
    """A preposition with the words fixed to it, lower-cased."""
    words = [preposition]
    # UD: according -fixed-> to; ClearNLP: according -prep-> to, because -pcomp-> of.
    words += [c for c in preposition.children if c.dep_ in ("fixed", "prep", "pcomp", "mwe")]
    if preposition.dep_ == "prep" and preposition.head.dep_ == "prep":
        words.insert(0, preposition.head)
    words.sort(key=lambda token: token.i)
    return " ".join(word.lower_ for word in words)


def prepositional_tokens(noun: Token) -> list[Token]:
    """The tokens of `preposition_of`, in order."""
    if noun.dep_ in ("pobj", "pcomp"):
        head = noun.head
        outer = [head.head] if head.dep_ == "prep" and head.head.dep_ == "prep" else []
        return [*outer, head]
    cases = [c for c in noun.children if c.dep_ == "case" and c.i < noun.i]
    if not cases:
        return []
    return [cases[0], *(c for c in cases[0].children if c.dep_ == "fixed")]


def obliques(word: Token) -> list[tuple[str, Token]]:
    """The prepositional and bare adverbial phrases of a word: (preposition or "", noun)."""
    found: list[tuple[str, Token]] = []
    for child in _dependents(word, _OBLIQUE | _NOMINAL_MODIFIER | {"prep", "agent", "dative"}):
        if child.dep_ in ("prep", "agent", "dative"):
            for noun in child.children:
                if noun.dep_ in ("pobj", "pcomp"):
                    found.append((_with_fixed(child), noun))
                elif noun.dep_ == "prep":
                    found += [(_with_fixed(noun), n) for n in noun.children if n.dep_ == "pobj"]
        else:
            found.append((preposition_of(child), child))
    return sorted(found, key=lambda pair: pair[1].i)


def phrase_governor(noun: Token) -> Token:
    """The word that a prepositional or adverbial phrase hangs on."""
    if noun.dep_ in ("pobj", "pcomp"):
        head = noun.head
        return head.head.head if head.head.dep_ == "prep" else head.head
    return noun.head


def conjuncts(token: Token) -> list[Token]:
    """The words coordinated with this one, in order, itself left out."""
    return sorted(token.conjuncts, key=lambda other: other.i)


def is_conjunct(token: Token) -> bool:
    """Whether the token is a second or later conjunct."""
    return token.dep_ == "conj"


def coordinator_of(conjunct: Token) -> Token | None:
    """The conjunction before a second or later conjunct ("and", "or"), None without one.

    Universal Dependencies hang it on the conjunct, ClearNLP on the first one.
    """
    words = [*conjunct.children, *conjunct.head.children]
    before = [w for w in words if w.dep_ == "cc" and conjunct.head.i < w.i < conjunct.i]
    return max(before, key=lambda word: word.i, default=None)


def appositions(noun: Token) -> list[Token]:
    """Heads of the appositions of a noun."""
    return list(_children(noun, frozenset({"appos"})))


def apposed_to(noun: Token) -> Token | None:
    """The noun that this one is an apposition of, or None."""
    return noun.head if noun.dep_ == "appos" else None


def relative_clauses(noun: Token) -> list[Token]:
    """Heads of the relative clauses of a noun."""
    return list(_children(noun, _RELATIVE_CLAUSE))


def noun_complements(noun: Token) -> list[Token]:
    """Heads of the clauses that give a noun's content ("the claim that he **left**")."""
    # A plain acl with a subject of its own is a content clause too ("fears they will leave").
    return [
        c
        for c in _children(noun, frozenset({"acl", "ccomp"}))
        if marker_word_of(c) or (c.dep_ == "acl" and own_subject_of(c) is not None)
    ]


def antecedent_of(pronoun: Token) -> Token | None:
    """The noun that a relative pronoun stands for, or None."""
    if pronoun.lower_ not in _RELATIVE_PRONOUNS:
        return None
    token = pronoun
    seen: set[int] = set()
    while not is_root(token) and token.i not in seen:
        seen.add(token.i)
        if token.dep_ in _RELATIVE_CLAUSE:
            return token.head
        token = token.head
    return None


def possessor_of(noun: Token) -> Token | None:
    """Whose it is: "**her** advice", "the **minister**'s advice"."""
    return _first(_children(noun, _POSSESSOR))


def is_possessor(noun: Token) -> bool:
    """Whether the noun or pronoun stands as a possessor."""
    return noun.dep_ in _POSSESSOR


def subject_behind(predicate: Token) -> Token | None:
    """A second subject right of a verb that has one ahead: "no one **expects him** to go"."""
    subjects = list(_children(predicate, _SUBJECT))
    ahead = [token for token in subjects if token.i < predicate.i]
    return next((t for t in subjects if t.i > predicate.i), None) if ahead else None


def is_subject(token: Token) -> bool:
    """Whether the token is the subject of a clause."""
    return token.dep_ in _SUBJECT


def is_object(token: Token) -> bool:
    """Whether the token is the direct object of a clause."""
    return token.dep_ in _OBJECT


def is_name_part(token: Token) -> bool:
    """Whether the token is a further word of a name or compound ("Madeleine **Albright**")."""
    return token.dep_ in _NAME_PART


def determiner_of(noun: Token) -> Token | None:
    """The article or other determiner of a noun."""
    return _first(_children(noun, frozenset({"det"})))


def expletive_of(predicate: Token) -> Token | None:
    """The "it" or "there" without a referent, or None."""
    found = _first(_dependents(predicate, frozenset({"expl"})))
    if found is None:
        # ClearNLP has "it is likely that" as nsubj; a clausal complement beside it tells.
        subject = own_subject_of(predicate)
        if subject is not None and subject.lower_ == "it" and complement_of(predicate) is not None:
            return subject
    return found


def adverbial_clauses(predicate: Token) -> list[tuple[str, Token]]:
    """The adverbial clauses of a clause: (marker lower-cased or "", head), in order."""
    found = {c.i: c for c in _dependents(predicate, _ADVERBIAL_CLAUSE)}
    return [(marker_of(found[i]), found[i]) for i in sorted(found)]


def noun_modified_by(word: Token) -> Token | None:
    """The noun that an adjective or participle stands before ("a **possible** strike"), or None."""
    return word.head if word.dep_ in ("amod", "compound", "nmod:desc") else None


def noun_described_by(predicate: Token) -> Token | None:
    """The noun that a clause without a marker describes ("laws **expected** in May"), or None.

    Relative clauses are included; a noun's content clause ("the claim that he **left**") is not.
    """
    if predicate.dep_ in _NOUN_CLAUSE and (
        predicate.dep_ != "acl"
        or marker_word_of(predicate) is None
        or has_infinitive_marker(predicate)
    ):
        return predicate.head
    return None


def identified_clause(noun: Token) -> Token | None:
    """The head of the clause that a noun is ("the fear is that it **ends**"), or None."""
    if noun.dep_ in ("nsubj:outer", "csubj:outer"):
        return noun.head
    if noun.dep_ in _SUBJECT and noun.head.lemma_ == "be":
        return _first(_children(noun.head, frozenset({"ccomp"})))
    return None


def modified_clause(predicate: Token) -> Token | None:
    """The predicate whose clause an adverbial clause modifies, or None for other clauses."""
    verb = _clause_verb(predicate)
    return verb.head if verb.dep_ in _ADVERBIAL_CLAUSE and not is_root(verb) else None


def introduced_by(word: Token) -> Token | None:
    """What a preposition or conjunction introduces: its noun or the head of its clause, or None."""
    if word.dep_ == "fixed":
        word = word.head
    if word.dep_ in ("case", "mark") or (word.dep_ == "advmod" and word.tag_ in ("IN", "WRB")):
        return word.head
    return _first(_children(word, frozenset({"pobj", "pcomp"})))


def marker_of(predicate: Token) -> str:
    """The conjunction that opens a clause ("if", "that", "as long as"), lower-cased, or ""."""
    marker = marker_word_of(predicate)
    if marker is None:
        opener = min(predicate.children, key=lambda t: t.i, default=None)
        adverb = opener is not None and opener.dep_ == "advmod" and opener.tag_ == "WRB"
        return opener.lower_ if opener is not None and adverb else ""
    words = [marker, *(c for c in marker.children if c.dep_ == "fixed")]
    return " ".join(word.lower_ for word in sorted(words, key=lambda t: t.i))


def marker_word_of(predicate: Token) -> Token | None:
    """The conjunction itself that opens a clause, or None (see `marker_of`)."""
    return _first(_dependents(predicate, frozenset({"mark"})))


def has_infinitive_marker(predicate: Token) -> bool:
    """Whether the clause is a to-infinitive."""
    return any(
        child.lower_ == "to" and child.dep_ in ("mark", "aux") and child.i < predicate.i
        for child in _clause_verb(predicate).children
    )


def is_finite(predicate: Token) -> bool:
    """Whether the clause has a finite verb (its own or an auxiliary)."""
    verbs = [predicate, *auxiliaries(predicate)]
    copula = copula_of(predicate)
    if copula is not None:
        verbs += [copula, *auxiliaries(copula)]
    return any(
        verb.tag_ in _FINITE_TAGS or "Fin" in verb.morph.get("VerbForm", []) for verb in verbs
    )


def tense(predicate: Token) -> Tense | None:
    """The time that the clause's own verbs express; None for a clause without a finite verb.

    "will leave" is future, "has left", "had left", "would have left" past; other modals present.
    """
    verbs = auxiliaries(predicate)
    copula = copula_of(predicate)
    if copula is not None and not any(child.dep_ == "nsubj:outer" for child in predicate.children):
        # "the chances **are** it left": an outer subject has the copula, not the clause
        verbs = sorted({*verbs, copula, *auxiliaries(copula)}, key=lambda t: t.i)
    words = {verb.lower_ for verb in verbs}
    if words & _FUTURE or (predicate.tag_ == "MD" and predicate.lower_ in _FUTURE):
        return "future"  # also of a modal with its verb left out: "and probably **will**"
    if any(verb.lemma_ == "have" or verb.lower_ in ("have", "has", "had", "'ve") for verb in verbs):
        return "past"
    for verb in (*verbs, predicate):
        if verb.tag_ == "VBD" or (
            "Past" in verb.morph.get("Tense", []) and "Fin" in verb.morph.get("VerbForm", [])
        ):
            return "past"
        if verb.tag_ in ("VBP", "VBZ", "MD") or (
            "Pres" in verb.morph.get("Tense", []) and ("Fin" in verb.morph.get("VerbForm", []))
        ):
            return "present"
    if predicate.tag_ == "VBN" and any(child.dep_ == "nsubj" for child in predicate.children):
        return "past"  # taggers take "the cells **ruptured** years ago" for a participle
    return None


def is_perfect(predicate: Token) -> bool:
    """Whether the clause has the perfect auxiliary ("has left", "could have left")."""
    return any(
        aux.lemma_ == "have"
        or (aux.lower_ in ("have", "has", "had", "'ve", "’ve", "'d", "’d") and aux.tag_ != "MD")
        for aux in auxiliaries(predicate)
        if aux.lower_ != "to"
    )


def pluperfect_auxiliary(predicate: Token) -> Token | None:
    """The "had" of a clause in the past perfect ("**had** left", "he**'d** left"), or None."""
    for aux in auxiliaries(predicate):
        if aux.tag_ == "MD" or aux.lower_ in _FUTURE:
            return None
        if aux.lower_ == "had" or (aux.lower_ in ("'d", "’d") and predicate.tag_ == "VBN"):
            return aux
    return None


def is_question(sentence: Span) -> bool:
    """Whether the sentence ends in a question mark (closing marks and brackets aside)."""
    for token in reversed(sentence):
        if token.text == "?":
            return True
        if not (token.is_punct or token.is_space):
            return False
    return False


def is_imperative(predicate: Token) -> bool:
    """Whether the clause is a command: a bare verb with no subject, at the head of its sentence."""
    if predicate.tag_ != "VB" and "Imp" not in predicate.morph.get("Mood", []):
        return False
    head = predicate
    seen: set[int] = set()
    while head.dep_ == "conj" and head.i not in seen:
        seen.add(head.i)
        head = head.head
    if not (is_root(head) or head.dep_ in ("parataxis", "ccomp")):
        return False
    if own_subject_of(predicate) is not None or has_infinitive_marker(predicate):
        return False
    return all(aux.lemma_ == "do" for aux in auxiliaries(predicate))


def subtree_span(token: Token) -> tuple[int, int]:
    """The tokens from the first to the last of the subtree, trimmed of edge punctuation."""
    return trim(token.doc, int(token.left_edge.i), int(token.right_edge.i) + 1)


def phrase_span(
    noun: Token, *, relative: bool = False, apposition: bool = False, coordinated: bool = True
) -> tuple[int, int]:
    """The tokens of a noun phrase, its preposition left out.

    Args:
        noun: the head.
        relative: keep relative clauses.
        apposition: keep appositions.
        coordinated: keep coordinated nouns.
    """
    left_out = {"parataxis", "case", "dep", "mark", "cop"} | _SUBJECT | _AUXILIARY
    if not relative:
        left_out |= _RELATIVE_CLAUSE
    if not apposition:
        left_out |= {"appos"}
    if not coordinated:
        left_out |= {"conj"}
    return _cut_span(noun, lambda child: child.dep_ in left_out and not _inside_name(child, noun))


def _inside_name(child: Token, noun: Token) -> bool:
    """A case mark inside a phrase does not end it ("the king **'s** men")."""
    return child.dep_ == "case" and child.lower_ in _POSSESSIVE_MARKS and child.i < noun.i


def clause_span(
    predicate: Token,
    *,
    coordinated: bool = False,
    adverbial: bool = True,
    relative: bool = True,
) -> tuple[int, int]:
    """The tokens of a clause with its subject, trimmed of edge punctuation and a leading "that".

    Args:
        predicate: its head.
        coordinated: keep coordinated clauses that have a subject of their own (those without one
            are always kept).
        adverbial: keep adverbial clauses.
        relative: keep a trailing relative clause.

    Returns:
        One contiguous stretch around the predicate; what is left out ends it on that side.
    """
    verb = _clause_verb(predicate)

    def outside(child: Token) -> bool:
        if child.dep_ in _SIDE_CLAUSE and not (child.dep_ == "discourse" and len(child.text) < 3):
            return True
        if child.dep_ == "conj":
            return not coordinated and (
                own_subject_of(child) is not None or expletive_of(child) is not None
            )
        if child.dep_ in _ADVERBIAL_CLAUSE:
            return not adverbial
        if child.dep_ in _RELATIVE_CLAUSE:
            return not relative
        return child.dep_ == "mark" and child.lower_ == "that"

    start, end = _cut_span(verb, outside)
    opener = verb.doc[start]
    if opener.lower_ == "that" and opener.dep_ == "mark" and start < min(verb.i, predicate.i):
        start, end = trim(verb.doc, start + 1, end)
    return start, end


def _cut_span(head: Token, outside: Callable[[Token], bool]) -> tuple[int, int]:
    """The subtree's extent, cut where a child that `outside` accepts begins or ends."""
    start, end = int(head.left_edge.i), int(head.right_edge.i) + 1
    for child in head.children:
        if not outside(child):
            continue
        if child.i > head.i:
            edge = int(child.left_edge.i)
            # ClearNLP hangs "and" on the first conjunct: it goes with what is cut.
            while edge - 1 > head.i and head.doc[edge - 1].dep_ in ("cc", "punct"):
                edge -= 1
            end = min(end, edge)
        else:
            start = max(start, int(child.right_edge.i) + 1)
    return trim(head.doc, min(start, int(head.i)), max(end, int(head.i) + 1))


def trim(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Take white space and punctuation off both ends; never empties the span.

    Brackets, currency, percent signs and the like stay; of nothing but punctuation a mark stays.
    """

    def loose(token: Token) -> bool:
        return bool(token.is_space) or (
            token.text in _EDGE or token.is_quote or (token.is_punct and token.text in "'’‘`")
        )

    while end - start > 1 and doc[start].is_space:
        start += 1
    while end - start > 1 and loose(doc[end - 1]):
        end -= 1
    while end - start > 1 and loose(doc[start]):
        start += 1
    return start, end


_EDGE = frozenset({*",;:.!?-–—\"“”‘’'«»*•…", "--", "...", "``", "''"})


def places(doc: Doc) -> list[Place]:
    """The place of every token, at the cost of one look-up a token; without a parse, "else"."""
    codes: list[int] = doc.to_array([DEP]).reshape(-1).tolist()  # type: ignore[assignment]
    found = {code: _PLACES.get(doc.vocab.strings[code], "else") for code in set(codes)}
    return [found[code] for code in codes]


_PLACES: dict[str, Place] = {
    **dict.fromkeys(_SUBJECT, "subject"),
    **dict.fromkeys(_OBJECT | _INDIRECT_OBJECT, "object"),
    **dict.fromkeys(_OBLIQUE | {"pobj"}, "oblique"),
    **dict.fromkeys(_NOMINAL_MODIFIER, "modifier"),
    **dict.fromkeys(_POSSESSOR, "possessor"),
    **dict.fromkeys(_NAME_PART, "part"),
    "appos": "apposition",
    "conj": "conjunct",
    "expl": "expletive",
    "det": "determiner",
}


def has_parse(doc: Doc) -> bool:
    """Whether the Doc has a dependency parse to ask about."""
    return bool(doc.has_annotation("DEP"))
