"""The table of movable feasts, `lexicons/dates_feasts.jsonl`, made from the `holidays` package.

The dates are facts; `holidays` (MIT, vacanza/holidays) keeps them: the Islamic ones by the Umm
al-Qura calendar of Saudi Arabia, the Jewish ones by the Hebrew calendar, Chinese and Hindu ones as
observed and computed, Nowruz by the Iranian calendar. They are written once, so that extraction
needs neither the package nor its start-up time.

    python -m pipeline.train.feasts
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import msgspec
from holidays.calendars.chinese import _ChineseLunisolar
from holidays.calendars.hebrew import _HebrewLunisolar
from holidays.calendars.hindu import _HinduLunisolar
from holidays.calendars.islamic import _IslamicLunar
from holidays.calendars.persian import _Persian

from .. import lexicons
from ..dates.words import Feast

YEARS = range(1900, 2101)
TABLE = Path(lexicons.__file__).parent / "dates_feasts.jsonl"

Starts = Callable[[int], Iterable[date]]


def _islamic(name: str) -> Starts:
    calendar = _IslamicLunar()
    return lambda year: [day for day, _ in getattr(calendar, f"{name}_dates")(year)]


def _one(calendar: object, name: str) -> Starts:
    def starts(year: int) -> list[date]:
        told = getattr(calendar, name)(year)
        found = told[0] if isinstance(told, tuple) else told
        return [] if found is None else [found]

    return starts


def _hanukkah(year: int) -> list[date]:
    return sorted(_HebrewLunisolar().hanukkah_date(year))


def _diwali(year: int) -> list[date]:
    """The new moon between mid-October and mid-November.

    For years before 2001 and after 2035 `holidays` computes it, and takes the next one where that
    falls before 21 October (1998: 18 November for 19 October); a lunation earlier is right to a
    day.
    """
    calendar = _HinduLunisolar()
    told = calendar.diwali_india_date(year)[0] or calendar.diwali_date(year)[0]
    if told is not None and (told.month, told.day) > (11, 14):
        told -= timedelta(29)
    return [] if told is None else [told]


def _feasts() -> Iterable[tuple[str, bool, int, Starts]]:
    """Name, whether it differs by a day from place to place, days, first days by year."""
    hebrew, chinese, hindu = _HebrewLunisolar(), _ChineseLunisolar(), _HinduLunisolar()
    yield "ramadan", True, 0, _islamic("ramadan_beginning")
    for name, of in (
        ("eid al-fitr", "eid_al_fitr"),
        ("eid al-adha", "eid_al_adha"),
        ("ashura", "ashura"),
        ("arbaeen", "arbaeen"),
        ("mawlid", "mawlid"),
        ("islamic new year", "hijri_new_year"),
    ):
        yield name, True, 1, _islamic(of)
    for name, days in (("passover", 7), ("shavuot", 1), ("sukkot", 7), ("yom kippur", 1)):
        yield name, False, days, _one(hebrew, f"{name.replace(' ', '_')}_date")
    yield "rosh hashanah", False, 2, _one(hebrew, "rosh_hashanah_date")
    yield "purim", False, 1, _one(hebrew, "purim_date")
    yield "tisha b'av", False, 1, _one(hebrew, "tisha_bav_date")
    yield "hanukkah", False, 8, _hanukkah
    yield "lunar new year", False, 1, _one(chinese, "lunar_new_year_date")
    yield "mid-autumn festival", False, 1, _one(chinese, "mid_autumn_date")
    yield "dragon boat festival", False, 1, _one(chinese, "dragon_boat_date")
    yield "diwali", True, 1, _diwali
    yield "holi", True, 1, _one(hindu, "holi_date")
    yield "nowruz", True, 1, _one(_Persian(), "new_year_date")


def make_feasts() -> list[Feast]:
    """The rows of the table; the last day of Ramadan is the one before Eid al-Fitr."""
    eid = [day for year in YEARS for day in _islamic("eid_al_fitr")(year)]
    found = []
    for name, approximate, days, starts in _feasts():
        dates = []
        for first in sorted({day for year in YEARS for day in starts(year)}):
            length = days or next(((day - first).days for day in eid if day > first), 30)
            last = first + timedelta(length - 1)
            dates.append(first.isoformat() if last == first else f"{first}/{last}")
        found.append(Feast(name=name, approximate=approximate, dates=tuple(dates)))
    return found


if __name__ == "__main__":
    TABLE.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in make_feasts()))
