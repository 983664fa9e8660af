"""Which changes are shown, and which of them make a comparison fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

import msgspec

from ..errors import ConfigError
from .changes import FAIL_ON, KINDS, SEVERITIES, Change, ChangeType, Kind, Severity, at_least

TYPES: tuple[ChangeType, ...] = get_args(ChangeType)
NEVER = "never"


class FailOn(msgspec.Struct, frozen=True):
    """What makes a comparison fail.

    Attributes:
        severity: changes at or above it; None for none.
        types: changes of these types, whatever their severity.
    """

    severity: Severity | None = FAIL_ON
    types: frozenset[ChangeType] = frozenset()

    def fails(self, change: Change) -> bool:
        """Whether this change is one; what is only read otherwise fails by its severity alone."""
        if self.severity is not None and at_least(change.severity, self.severity):
            return True
        reading = change.cause == "extractor" and change.severity == "info"
        return bool(self.types & set(change.types)) and not reading


def fail_on(words: Sequence[str]) -> FailOn:
    """Read what `--fail-on` was given: severities, types, beginnings of types, or "never".

    Args:
        words: each may hold several, separated by commas. Of severities the least one counts.

    Raises:
        ConfigError: a word is none of these.

    Example:
        >>> fail_on([]).severity, fail_on(["minor"]).severity
        ('major', 'minor')
        >>> sorted(fail_on(["speaker,moved"]).types)
        ['moved', 'speaker_changed', 'speaker_resolved', 'speaker_unresolved']
    """
    given = [word for part in words for word in part.replace(" ", "").split(",") if word]
    if not given:
        return FailOn()
    severities = [name for name in SEVERITIES if name in given]
    types: set[ChangeType] = set()
    for word in given:
        if word not in SEVERITIES and word != NEVER:
            types |= change_types(word)
    return FailOn(severities[0] if severities else None, frozenset(types))


def change_types(word: str) -> set[ChangeType]:
    """The types of that name, or whose name begins with it: "hedge" is all of `hedge_…`.

    Raises:
        ConfigError: there is none.
    """
    found = {name for name in TYPES if name == word or name.startswith(f"{word}_")}
    if not found:
        raise ConfigError(
            f"there is no change type or severity {word!r}; the types are {', '.join(TYPES)}, "
            f"the severities {', '.join(SEVERITIES)}"
        )
    return found


def selected(
    changes: Iterable[Change], *, kinds: Sequence[str] = (), types: Sequence[str] = ()
) -> list[Change]:
    """The changes of some kinds of records and of some types; all where none are given.

    Raises:
        ConfigError: there is no such kind or type.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ConfigError(f"there is no kind {kind!r} here; the kinds are {', '.join(KINDS)}")
    chosen: set[Kind] = {kind for kind in KINDS if kind in kinds or not kinds}
    wanted: set[ChangeType] = set().union(*map(change_types, types)) if types else set(TYPES)
    return [c for c in changes if c.kind in chosen and wanted & set(c.types)]
