"""Claims followed through many versions of an article: first seen, each change, last seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from ..records import DateRecord, EntityRecord, EventRecord, PredictionRecord, QuoteRecord
from .align import Alignment, align
from .changes import KINDS, Change, ChangeType, FieldChange, Kind, Place, Severity
from .compare import compare
from .items import Compared, Item, View, content_of
from .versions import Version

Happening = Literal["first", "changed", "gone", "back"]
"""first: it is there. changed: in other words, or says something else. gone: it is not there any
more. back: it is there again, after one version or more without it."""

# In so many earlier versions is looked for a claim that comes back, the last ones first, so that
# the time grows with the number of versions and not with its square.
_LOOKED_BACK = 20


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a version did to a claim.

    Attributes:
        version: its number, from 0.
        origin: what the version is called.
        happening: see `Happening`.
        types: of the changes, as `claimline diff` has them; against the version where the claim was
            last seen.
        severity: of the change; None when it is there from the first version on.
        claim: its words, in this version, or, when it is gone, in the one before.
        place: where they stand; None when it is gone.
        fields: what differs, see `Change`.
    """

    version: int
    origin: str
    happening: Happening
    types: tuple[ChangeType, ...]
    severity: Severity | None
    claim: str
    place: Place | None
    fields: dict[str, FieldChange]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One claim through all versions.

    Attributes:
        kind: of the claim.
        claim: its words when last seen.
        first: name of the version where it was first seen.
        last: name of the version where it was last seen.
        versions: numbers of the versions that it is in.
        steps: what happened to it, in order; a version that left it as it was has none.
    """

    kind: Kind
    claim: str
    first: str
    last: str
    versions: tuple[int, ...]
    steps: tuple[Step, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything ever happened to it."""
        return len(self.steps) > 1 or self.steps[0].version > 0


class _Thread:
    """A claim that is being followed."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.seen: list[tuple[int, Item]] = []
        self.steps: list[Step] = []

    @property
    def item(self) -> Item:
        """As it was last seen."""
        return self.seen[-1][1]

    @property
    def last(self) -> int:
        """The version where it was last seen."""
        return self.seen[-1][0]

    @property
    def place(self) -> tuple[int, int, int]:
        """Where its story begins: version, place there, kind."""
        version, item = self.seen[0]
        return version, item.record.start, KINDS.index(self.kind)

    def story(self, names: Sequence[str]) -> Story:
        return Story(
            kind=self.kind,
            claim=words_of_claim(self.item.record),
            first=names[self.seen[0][0]],
            last=names[self.last],
            versions=tuple(version for version, _ in self.seen),
            steps=tuple(self.steps),
        )


class _Changes:
    """The changes between two versions, to be asked for by the records that they are about."""

    def __init__(self, old: Version, new: Version) -> None:
        self._pairs: dict[tuple[Kind, str, str], Change] = {}
        self._gone: dict[tuple[Kind, str], Change] = {}
        self._come: dict[tuple[Kind, str], Change] = {}
        for change in compare(old, new):
            before = change.before.id if change.before else None
            after = change.after.id if change.after else None
            if before and after:
                self._pairs[change.kind, before, after] = change
            if before:
                self._gone[change.kind, before] = change
            if after:
                self._come[change.kind, after] = change

    def of_pair(self, old: Item, new: Item) -> Change | None:
        return self._pairs.get((old.kind, old.record.id, new.record.id))

    def of_gone(self, old: Item) -> Change | None:
        return self._gone.get((old.kind, old.record.id))

    def of_come(self, new: Item) -> Change | None:
        return self._come.get((new.kind, new.record.id))


def follow(versions: Sequence[Version], names: Sequence[str] | None = None) -> list[Story]:
    """The story of every claim of an article.

    Args:
        versions: of one article, the oldest first; what each of them is called as an article does
            not matter.
        names: what to call them, by default their origins.

    Returns:
        In the order of the version where each claim is first seen, then of its place there.

    Example:
        ``[story.claim for story in follow(versions) if story.is_changed]``
    """
    named = list(names) if names is not None else [version.origin for version in versions]
    if not versions:
        return []
    following = _Following(versions, named)
    for number in range(len(versions)):
        following.take(number)
    return [t.story(named) for t in sorted(following.threads, key=lambda thread: thread.place)]


def chosen(
    stories: Iterable[Story], *, kinds: Collection[Kind] = (), words: str | None = None
) -> list[Story]:
    """The stories of some kinds, of claims that held these words in any version, whatever the case.

    Example:
        ``chosen(follow(versions), kinds=["prediction"], words="interest rate")``
    """
    sought = words.casefold() if words else ""
    return [
        story
        for story in stories
        if (not kinds or story.kind in kinds)
        and any(sought in step.claim.casefold() for step in story.steps)
    ]


def words_of_claim(record: Compared) -> str:
    """What a reader knows a claim by.

    Example:
        of a prediction its proposition, of a quote what is quoted, of an entity its name
    """
    match record:
        case EntityRecord():
            return record.name
        case PredictionRecord():
            return record.proposition.text
        case QuoteRecord():
            return content_of(record)
        case DateRecord() | EventRecord():
            return record.text


class _Following:
    """All claims up to a version."""

    def __init__(self, versions: Sequence[Version], names: Sequence[str]) -> None:
        self._versions = versions
        self._names = names
        self._views = [View(version) for version in versions]
        self.threads: list[_Thread] = []
        # By the identity of items: ids of records that others wrote may occur twice.
        self._here: dict[int, _Thread] = {}
        self._gone: list[_Thread] = []

    def take(self, number: int) -> None:
        """Follow the claims into the next version."""
        if number == 0:
            for kind in KINDS:
                for item in self._views[0].items[kind]:
                    self._begin(0, item, None)
            return
        before, self._here = self._here, {}
        changes = _Changes(self._versions[number - 1], self._versions[number])
        added: list[Item] = []
        for alignment in self._alignments(number - 1, number):
            for old, new in alignment.pairs:
                self._go_on(before[id(old)], number, new, changes, "changed")
            for old, new in (*alignment.splits, *alignment.merges):
                thread = before[id(old)]
                if id(new) in self._here:
                    self._end(thread, number, changes.of_pair(old, new))
                elif thread.last == number:
                    self._begin(number, new, changes.of_pair(old, new))
                else:
                    self._go_on(thread, number, new, changes, "changed")
            for old in (*alignment.ambiguous_old, *alignment.removed):
                self._end(before[id(old)], number, changes.of_gone(old))
            added += [*alignment.ambiguous_new, *alignment.added]
        for new in self._not_back(number, added):
            self._begin(number, new, changes.of_come(new))

    def _alignments(self, old: int, new: int) -> Iterator[Alignment]:
        for kind in KINDS:
            yield align(kind, self._views[old].items[kind], self._views[new].items[kind])

    def _not_back(self, number: int, added: Sequence[Item]) -> list[Item]:
        """Go on with the claims that come back; the added ones that are none of those."""
        left = {id(item): item for item in added}
        earlier = sorted({thread.last for thread in self._gone if thread.last < number - 1})
        for version in earlier[: -_LOOKED_BACK - 1 : -1] if left else ():
            gone = {id(thread.item): thread for thread in self._gone if thread.last == version}
            pairs = [
                pair
                for alignment in self._alignments(version, number)
                for pair in alignment.pairs
                if id(pair.old) in gone and id(pair.new) in left
            ]
            if not pairs:
                continue
            changes = _Changes(self._versions[version], self._versions[number])
            for old, new in pairs:
                thread = gone[id(old)]
                self._gone.remove(thread)
                self._go_on(thread, number, left.pop(id(new)), changes, "back")
        return list(left.values())

    def _begin(self, number: int, item: Item, change: Change | None) -> None:
        thread = _Thread(item.kind)
        self.threads.append(thread)
        self._see(thread, number, item)
        self._note(thread, number, "first", change)

    def _go_on(
        self, thread: _Thread, number: int, item: Item, changes: _Changes, happening: Happening
    ) -> None:
        change = changes.of_pair(thread.item, item)
        self._see(thread, number, item)
        if change is not None or happening == "back":
            self._note(thread, number, happening, change)

    def _end(self, thread: _Thread, number: int, change: Change | None) -> None:
        self._gone.append(thread)
        self._note(thread, number, "gone", change)

    def _see(self, thread: _Thread, number: int, item: Item) -> None:
        thread.seen.append((number, item))
        self._here[id(item)] = thread

    def _note(
        self, thread: _Thread, number: int, happening: Happening, change: Change | None
    ) -> None:
        record = thread.item.record
        here = Place(id=record.id, start=record.start, end=record.end, text=record.text)
        thread.steps.append(
            Step(
                version=number,
                origin=self._names[number],
                happening=happening,
                types=change.types if change else (),
                severity=change.severity if change else None,
                claim=words_of_claim(record),
                place=None if happening == "gone" else here,
                fields=dict(change.fields) if change else {},
            )
        )
