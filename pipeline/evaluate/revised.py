"""Revisions with known changes: what an editor did to an article, and what that changed in it.

A file of revisions is plain text and bears the name of its article: `NAME.txt` has revisions of
`NAME.txt`, `NAME.md` or `NAME.html`. `#` begins a comment line. A revision is a head line with its
kind, what is done, and what is then to be reported:

    === hedge weakened
    - the mill will close
    + the mill may close
    --- hedge_weakened prediction

- `- WORDS` and `+ WORDS`: the words, which stand in the article just once, become others. A `+`
  alone takes them out; lines without a mark go on with the line before, and `¶` is an empty line.
- `* NAME => NAME`: the same wherever the name stands.
- `~ WORDS | before | WORDS` (or `after`): the paragraph that begins with the first words is moved
  before the one that begins with the others.
- `--- TYPE KIND`: a change (`ChangeType`) of a record of that kind, or of any where none is given.
  It is looked for where the words were changed, or at `| old: WORDS` and `| new: WORDS`, words of
  the old and the new version.
- `--- may TYPE KIND`: a change on which editors differ: neither demanded nor counted against.

A kind that begins with "harmless" says that nothing that matters was changed.

Articles are compared in parts of some hundred words, the paragraphs around what was changed, so
that many revisions are extracted in little time; a web page always as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import msgspec

from ..errors import PipelineError
from ..reading import read_article
from ..revisions.changes import ChangeType, Kind

MediaType = Literal["text/plain", "text/markdown", "text/html"]
Spans = tuple[tuple[int, int], ...]

HARMLESS = "harmless"
_TYPES: frozenset[str] = frozenset(get_args(ChangeType))
_KINDS: frozenset[str] = frozenset(get_args(Kind))
_PARAGRAPH = re.compile(r"(?:^[^\S\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# The least words of a part: what a source or a pronoun stands for is mostly within reach.
_PART_WORDS = 120
_OPENING = "\"“‘'"
_ENDINGS = (".txt", ".md", ".html")


class Edit(msgspec.Struct, frozen=True):
    """Words that become others: where they stand just once, or `everywhere`."""

    old: str
    new: str
    everywhere: bool = False


class Shift(msgspec.Struct, frozen=True):
    """A paragraph that is moved, and the one beside which it then stands, by their first words."""

    paragraph: str
    side: Literal["before", "after"]
    beside: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A change that a revision makes.

    Attributes:
        type: what it is.
        kind: of the record; None for any.
        old: words of the old version at which it is reported; None: where the edits are.
        new: the same of the new version.
        optional: whether it may be left out.
        edits: those that make it, by their number in the revision; None for all.
    """

    type: ChangeType
    kind: Kind | None = None
    old: str | None = None
    new: str | None = None
    optional: bool = False
    edits: tuple[int, ...] | None = None


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What is done to an article, and what it changes."""

    id: str
    kind: str
    article: str
    edits: tuple[Edit, ...]
    shifts: tuple[Shift, ...]
    wanted: tuple[Wanted, ...]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An article as it is before revision.

    Attributes:
        article: its id.
        text: the file as decoded.
        published: publication date in EDTF, or None.
        media_type: what the file is written in.
    """

    article: str
    text: str
    published: str | None
    media_type: MediaType

    def parts(self) -> Spans:
        """The parts that are compared, each whole paragraphs, in order."""
        if self.media_type == "text/html":
            return ((0, len(self.text)),)
        parts: list[tuple[int, int]] = []
        start, words = None, 0
        for first, last in paragraphs(self.text):
            if start is None and parts and self.text[first] in _OPENING:
                # What goes on with a quotation is not torn from it.
                start = parts.pop()[0]
            start = first if start is None else start
            words += len(self.text[first:last].split())
            if words >= _PART_WORDS:
                parts.append((start, last))
                start, words = None, 0
        if start is not None:
            # What is left over is too short to stand alone.
            start = parts.pop()[0] if parts else start
            parts.append((start, paragraphs(self.text)[-1][1]))
        return tuple(parts)


class Piece(msgspec.Struct, frozen=True):
    """`text` stands in the new version for `start` to `end` of the old one."""

    start: int
    end: int
    text: str


class Cut(NamedTuple):
    """Words that become others: `start` to `end` of the old version becomes `text`."""

    start: int
    end: int
    text: str


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A wanted change with its places in both versions; one is enough."""

    type: ChangeType
    kind: Kind | None
    before: Spans
    after: Spans
    optional: bool


class Revised(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Two versions of a part of an article, and what changed.

    Attributes:
        id: of the revision.
        kind: of the revision.
        source: the article.
        old: the old version.
        pieces: what it became, in the order of the new version; all of the old one is in them.
        wanted: what changed.
        media_types: what the old and the new version are written in.
        rewritten: of each edit, all from the first to the last word that is another, in the old
            and in the new version.
    """

    id: str
    kind: str
    source: Source
    old: str
    pieces: tuple[Piece, ...]
    wanted: tuple[Expected, ...]
    media_types: tuple[MediaType, MediaType]
    rewritten: tuple[Spans, Spans] = ((), ())

    @property
    def harmless(self) -> bool:
        """Whether nothing that matters was changed."""
        return self.kind.startswith(HARMLESS)

    @cached_property
    def new(self) -> str:
        """The new version."""
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def changed(self) -> tuple[Spans, Spans]:
        """Where the words were changed, in the old and in the new version."""
        old, new = [], []
        for piece, at in zip(self.pieces, self._starts, strict=True):
            if self.old[piece.start : piece.end] != piece.text:
                old.append((piece.start, piece.end))
                new.append((at, at + len(piece.text)))
        return tuple(old), tuple(new)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(accumulate((len(piece.text) for piece in self.pieces), initial=0))[:-1]

    @cached_property
    def _by_place(self) -> list[tuple[int, int, Piece]]:
        """Start in the old version, start in the new one and piece, without those put in."""
        both = zip(self.pieces, self._starts, strict=True)
        return sorted((piece.start, at, piece) for piece, at in both if piece.end > piece.start)

    def now(self, start: int, end: int) -> tuple[int, int] | None:
        """Where what is left of a stretch of the old version stands in the new one.

        Words that were changed count with what they became. None when nothing is left, or it was
        torn apart.
        """
        index = max(0, bisect_right(self._by_place, start, key=lambda entry: entry[0]) - 1)
        found = []
        for first, at, piece in self._by_place[index:]:
            if first >= end:
                break
            if piece.end <= start or not piece.text:
                continue
            if self.old[first : piece.end] == piece.text:
                found.append((at + max(start, first) - first, at + min(end, piece.end) - first))
            else:
                found.append((at, at + len(piece.text)))
        if not found or found[0][0] >= found[-1][1]:
            return None
        return found[0][0], found[-1][1]

    def untouched(self, start: int, end: int) -> bool:
        """Whether nothing was changed within a stretch of the old version."""
        return not any(
            (first < end and start < last) or start < first == last < end
            for first, last in self.changed[0]
        )


def load_source(folder: Path, article: str) -> Source:
    """An article by its id, from the folder that holds it.

    Raises:
        PipelineError: there is none, or it cannot be read.
    """
    paths = [folder / f"{article}{ending}" for ending in _ENDINGS]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        raise PipelineError(f"{folder}: no article {article}.txt, .md or .html for its revisions")
    read = read_article(path)
    return Source(
        article=article, text=read.source, published=read.published, media_type=read.media_type
    )


def paragraphs(text: str) -> Spans:
    r"""The stretches between empty lines.

    Example:
        >>> paragraphs("One.\\nMore.\\n\\nTwo.")
        ((0, 10), (12, 16))
    """
    return tuple(
        (match.start(), match.start() + len(match[0].rstrip()))
        for match in _PARAGRAPH.finditer(text)
    )


def load_revisions(path: Path) -> tuple[Revision, ...]:
    """Read a file of revisions.

    Raises:
        PipelineError: the file cannot be read, or a revision is not well formed; names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path}: cannot be read: {error}") from error
    lines = [line for line in lines if not line.startswith("#")]
    heads = [n for n, line in enumerate(lines) if line.startswith("=== ")]
    if any(line.strip() for line in lines[: heads[0] if heads else None]):
        raise PipelineError(f"{path}: a file of revisions begins with `=== KIND`")
    numbers: Counter[str] = Counter()
    found = []
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        kind = lines[head][4:].strip()
        numbers[kind] += 1
        name = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")
        id = f"{path.stem}/{name}-{numbers[kind]}"
        try:
            found.append(_revision(id, kind, path.stem, lines[head + 1 : end]))
        except ValueError as error:
            raise PipelineError(f"{path}: {id}: {error}") from error
    return tuple(found)


def _revision(id: str, kind: str, article: str, lines: Sequence[str]) -> Revision:
    entries: list[tuple[str, list[str]]] = []
    for line in lines:
        mark, _, rest = line.partition(" ")
        if mark in ("-", "+", "*", "~", "---"):
            entries.append((mark, [rest]))
        elif entries and line.strip():
            entries[-1][1].append(line)
    edits: list[Edit] = []
    shifts: list[Shift] = []
    wanted: list[Wanted] = []
    old: str | None = None
    for mark, part in entries:
        words = "\n".join(part).strip().replace("¶", "\n\n")
        if (mark == "+") != (old is not None):
            raise ValueError(f"`-` and `+` do not go together at {words[:40]!r}")
        if mark == "-":
            old = words
        elif mark == "+" and old is not None:
            edits.append(Edit(old, words))
            old = None
        elif mark == "*":
            name, _, other = words.partition(" => ")
            edits.append(Edit(name, other, everywhere=True))
        elif mark == "~":
            paragraph, side, beside = (word.strip() for word in words.split("|"))
            if side not in ("before", "after"):
                raise ValueError(f"{side!r} is neither before nor after")
            shifts.append(Shift(paragraph, "before" if side == "before" else "after", beside))
        else:
            wanted.append(_wanted(words))
    if old is not None or not (edits or shifts):
        raise ValueError("nothing is done")
    return Revision(
        id=id,
        kind=kind,
        article=article,
        edits=tuple(edits),
        shifts=tuple(shifts),
        wanted=tuple(wanted),
    )


def _wanted(line: str) -> Wanted:
    start, *rest = (field.strip() for field in line.split("|"))
    names = start.split()
    optional = names[0] == "may"
    name, kind = [*names[optional:], None][:2]
    places = dict(field.split(": ", 1) for field in rest)
    if name not in _TYPES or (kind is not None and kind not in _KINDS) or places.keys() - _SIDES:
        raise ValueError(f"{line!r} is no `TYPE KIND | old: WORDS | new: WORDS`")
    return msgspec.convert({"type": name, "kind": kind, "optional": optional, **places}, Wanted)


_SIDES = {"old", "new"}


def combined(revisions: Sequence[Revision], *, id: str, kind: str) -> Revision:
    """Several revisions of an article in one."""
    wanted: list[Wanted] = []
    before = 0
    for revision in revisions:
        own = tuple(range(before, before + len(revision.edits)))
        wanted += (msgspec.structs.replace(item, edits=own) for item in revision.wanted)
        before += len(revision.edits)
    return Revision(
        id=id,
        kind=kind,
        article=revisions[0].article,
        edits=tuple(edit for revision in revisions for edit in revision.edits),
        shifts=tuple(shift for revision in revisions for shift in revision.shifts),
        wanted=tuple(wanted),
    )


def revise(revision: Revision, source: Source) -> Revised:
    """Do to an article what a revision says.

    Raises:
        ValueError: words do not stand just once where they should, or edits overlap.
    """
    text = source.text
    edited = [_occurrences(edit, source) for edit in revision.edits]
    blocks = paragraphs(text)
    shifted = [
        (_beginning(blocks, text, shift.paragraph), _beginning(blocks, text, shift.beside))
        for shift in revision.shifts
    ]
    places = [place for spans in edited for place in spans]
    places += [blocks[index] for pair in shifted for index in pair]
    places += [_only(item.old, text) for item in revision.wanted if item.old is not None]
    touched = [
        part
        for part in source.parts()
        if any(start < part[1] and part[0] <= start for start, _ in places)
    ]
    if not touched:
        raise ValueError("what is changed stands outside of the article's paragraphs")
    begin, end = touched[0][0], touched[-1][1]
    old = text[begin:end]

    inside = [index for index, block in enumerate(blocks) if begin <= block[0] < end]
    order = list(inside)
    for (moved, beside), shift in zip(shifted, revision.shifts, strict=True):
        order.remove(moved)
        order.insert(order.index(beside) + (shift.side == "after"), moved)
    own = [(blocks[index][0] - begin, blocks[index][1] - begin) for index in inside]
    base = in_order(own, [index - inside[0] for index in order], len(old))

    cuts: list[Cut] = []
    hulls: list[Spans] = []
    for spans, edit in zip(edited, revision.edits, strict=True):
        hull = []
        for first, last in spans:
            made = list(_differences(old, first - begin, last - begin, edit.new))
            if made:
                hull.append((made[0].start, made[-1].end))
            cuts += made
        hulls.append(tuple(hull))
    pieces = made_of(old, base, cuts)
    bare = Revised(
        id=revision.id,
        kind=revision.kind,
        source=source,
        old=old,
        pieces=pieces,
        wanted=(),
        media_types=(source.media_type, source.media_type),
    )
    everything = range(len(hulls))
    moves = tuple(own[index - inside[0]] for pair in shifted for index in pair)
    wanted = []
    for item in revision.wanted:
        hull_spans = [
            s for n in (everything if item.edits is None else item.edits) for s in hulls[n]
        ]
        before: Spans = (*hull_spans, *moves)
        after = tuple(_became(bare, span) for span in before)
        if item.old is not None:
            before = (_only(item.old, old),)
        if item.new is not None:
            after = (_only(item.new, bare.new),)
        wanted.append(
            Expected(
                type=item.type,
                kind=item.kind,
                before=before,
                after=after,
                optional=item.optional,
            )
        )
    edges = tuple(span for hull in hulls for span in hull)
    return msgspec.structs.replace(
        bare, wanted=tuple(wanted), rewritten=(edges, tuple(_became(bare, span) for span in edges))
    )


def _became(revised: Revised, span: tuple[int, int]) -> tuple[int, int]:
    """Where a changed stretch stands in the new version; a place when it was taken out."""
    new = [
        (at, at + len(piece.text))
        for piece, at in zip(revised.pieces, revised._starts, strict=True)
        if span[0] <= piece.start and piece.end <= span[1]
    ]
    return (min(start for start, _ in new), max(end for _, end in new)) if new else (0, 0)


def _occurrences(edit: Edit, source: Source) -> Spans:
    if not edit.everywhere:
        return (_only(edit.old, source.text),)
    found = tuple(
        (match.start(), match.end())
        for match in re.finditer(rf"\b{re.escape(edit.old)}\b", source.text)
    )
    if not found:
        raise ValueError(f"{edit.old!r} does not stand in the article")
    return found


def _only(words: str, text: str) -> tuple[int, int]:
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = [(match.start(), match.end()) for match in re.finditer(pattern, text)]
    if len(found) != 1:
        raise ValueError(f"{words!r} stands {len(found)} times, not once")
    return found[0]


def _beginning(blocks: Spans, text: str, words: str) -> int:
    found = [n for n, (start, _) in enumerate(blocks) if text.startswith(words, start)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} paragraphs begin with {words!r}, not one")
    return found[0]


def in_order(
    blocks: Sequence[tuple[int, int]], order: Sequence[int], length: int
) -> list[tuple[int, int]]:
    """All of a text as stretches, with its paragraphs in another order and the gaps in theirs."""
    spans: list[tuple[int, int]] = []
    at = 0
    for (start, end), index in zip(blocks, order, strict=True):
        spans += [(at, start), blocks[index]]
        at = end
    return [*spans, (at, length)]


def exchanged(number: int, one: int, other: int) -> list[int]:
    """The order of so many paragraphs with two of them one for the other."""
    order = list(range(number))
    order[one], order[other] = other, one
    return order


def _differences(text: str, start: int, end: int, new: str) -> Iterator[Cut]:
    """The words in which a stretch of the text differs from what it becomes."""
    old = _TOKEN.findall(text[start:end])
    words = _TOKEN.findall(new)
    places = list(accumulate((len(token) for token in old), initial=start))
    for name, a, b, c, d in SequenceMatcher(None, old, words, autojunk=False).get_opcodes():
        if name != "equal":
            yield Cut(places[a], places[b], "".join(words[c:d]))


def made_of(old: str, base: Iterable[tuple[int, int]], cuts: Iterable[Cut]) -> tuple[Piece, ...]:
    """The pieces of a new version.

    Args:
        old: the old version.
        base: all of it as stretches, in the order of the new version.
        cuts: stretches with the text that they become; they lie within those of `base`.

    Raises:
        ValueError: two of the stretches overlap.

    Example:
        >>> [piece.text for piece in made_of("a b", [(0, 3)], [Cut(2, 3, "c")])]
        ['a ', 'c']
    """
    left = sorted(cuts)
    for one, other in pairwise(left):
        if other.start < one.end:
            raise ValueError(f"two edits overlap at {old[other.start : one.end]!r}")
    pieces = []
    for first, last in base:
        at = first
        ends = last + (last == len(old))
        inside = [cut for cut in left if first <= cut.start < ends and cut.end <= last]
        left = [cut for cut in left if cut not in inside]
        for cut in inside:
            pieces += [Piece(at, cut.start, old[at : cut.start]), Piece(*cut)]
            at = cut.end
        pieces.append(Piece(at, last, old[at:last]))
    if left:
        raise ValueError(f"an edit goes over the border of a paragraph at {left[0].text!r}")
    return tuple(piece for piece in pieces if piece.text or piece.end > piece.start)


_MIRRORED: dict[ChangeType, ChangeType] = {
    "added": "removed",
    "split": "merged",
    "hedge_strengthened": "hedge_weakened",
    "hedge_added": "hedge_removed",
    "condition_added": "condition_removed",
    "date_narrowed": "date_widened",
    "quote_to_paraphrase": "paraphrase_to_quote",
    "speaker_resolved": "speaker_unresolved",
}
MIRROR: dict[ChangeType, ChangeType] = {
    **_MIRRORED,
    **{other: name for name, other in _MIRRORED.items()},
}
"""What a change is called with the versions the other way round, where it has another name."""


def taken_back(revised: Revised) -> Revised:
    """The same revision from the new version to the old one."""
    both = zip(revised.pieces, revised._starts, strict=True)
    pieces = sorted(
        (
            (piece.start, piece.end, n),
            Piece(at, at + len(piece.text), revised.old[piece.start : piece.end]),
        )
        for n, (piece, at) in enumerate(both)
    )
    return Revised(
        id=f"{revised.id}-taken-back",
        kind=f"{revised.kind}, taken back",
        source=revised.source,
        old=revised.new,
        pieces=tuple(piece for _, piece in pieces),
        wanted=tuple(
            Expected(
                type=MIRROR.get(item.type, item.type),
                kind=item.kind,
                before=item.after,
                after=item.before,
                optional=item.optional,
            )
            for item in revised.wanted
        ),
        media_types=(revised.media_types[1], revised.media_types[0]),
        rewritten=(revised.rewritten[1], revised.rewritten[0]),
    )
