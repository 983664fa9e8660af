"""Predictions as CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .. import spreadsheet
from ..forecasts import Forecast
from .terminal import visible


def predictions_csv(forecasts: Sequence[Forecast]) -> bytes:
    """The predictions in their order, a row each, the fields of `Forecast` as columns.

    Cues stand in one cell, semicolons between them. No text acts as a formula, and none holds a
    control character.
    """
    names = [field.name for field in msgspec.structs.fields(Forecast)]
    rows = ([_cell(getattr(forecast, name)) for name in names] for forecast in forecasts)
    return spreadsheet.encode(names, rows)


def _cell(value: object) -> str | float | bool | None:
    if isinstance(value, tuple):
        value = "; ".join(value)
    if isinstance(value, str):
        return visible(value)
    assert value is None or isinstance(value, bool | int | float)
    return value
