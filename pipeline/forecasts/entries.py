"""What is answered: one line a prediction, and one for each thing that could not be used."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..records import Basis, HolderKind, Level, Orientation, Polarity, SpeechAct

State = Literal["open", "expired", "undated"]


class Forecast(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="prediction"):
    """One prediction with its links followed.

    Attributes:
        article, id: the key: ids of its article and of its record.
        start, end, text: its sentence, code points of the article file, and as read.
        proposition: what is put forward.
        cues: the words that mark it as not settled.
        hedged, orientation, polarity, level, low, high, basis, source: as in the record; `low` and
            `high` are percent that the event comes about.
        holder: whose it is: the entity's fullest name, the words of the text, or the article's
            authors; null where it is the author's and the article names none.
        holder_kind, holder_entity: as in the record.
        subject, condition: their words.
        horizon, earliest, latest: the date by or in which it comes true or false, and its bounds.
        due: its words.
        state: "expired" when the horizon has ended before the day asked about, "open" when it has
            not, "undated" when it has no end; null for what tells of past or present, and when no
            day was asked about.
    """

    article: str
    id: str
    start: int
    end: int
    text: str
    proposition: str
    cues: tuple[str, ...]
    hedged: bool
    orientation: Orientation
    polarity: Polarity
    level: Level
    low: float | None
    high: float | None
    basis: Basis | None
    source: str | None
    holder: str | None
    holder_kind: HolderKind
    holder_entity: str | None
    subject: str | None
    horizon: str | None
    earliest: str | None
    latest: str | None
    due: str | None
    condition: str | None
    speech_act: SpeechAct
    confidence: float
    state: State | None

    @property
    def percent(self) -> float | None:
        """The middle of `low` and `high`, null without them."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2


class Trouble(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="problem"):
    """Something that the records or the outcomes say and that cannot be used.

    `article` and `id` are null where it is not about one prediction.
    """

    article: str | None = None
    id: str | None = None
    message: str


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """The predictions that were asked for.

    Attributes:
        forecasts: by the end of their horizon, those without one last; then as their articles
            (by id) have them.
        unnumbered: how many more there are but for having no number, where a least or most percent
            was asked for.
        others: how many are not asked for.
        problems: what could not be used, by article and id.
    """

    forecasts: tuple[Forecast, ...]
    unnumbered: int
    others: int
    problems: tuple[Trouble, ...]
