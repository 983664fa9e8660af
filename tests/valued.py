"""What the value of a date may be: EDTF by the `edtf` package, the rest by the contract."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache

from edtf import EDTFParseException, parse_edtf

_CLOCK = r"T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?"
_DAY = r"-?\d{4}-\d\d-\d\d"
_HOUR = rf"(?:{_DAY})?{_CLOCK}"
_LENGTH = r"P(?=.)(?:[0-9X.]+[YMWD])*(?:T(?:[0-9X.]+[HMS])+)?"

TIME = re.compile(
    rf"{_HOUR}(?:/{_HOUR}|/\.\.)?|\.\./{_HOUR}|{_DAY}(?:/{_DAY})?|T(?:MO|MI|AF|EV|NI)"
)
DURATION = re.compile(rf"{_LENGTH}(?:/{_LENGTH})?")
SET = re.compile(rf"R/{_LENGTH}")
VAGUE = re.compile(r"(?:PAST|PRESENT|FUTURE)_REF")

# EDTF has no season without its year; XXXX-22 is what is known of "the summer" without one.
_SEASON_WITHOUT_YEAR = re.compile(r"XXXX-2[1-4]")


def is_valid(value: str, kind: str) -> bool:
    """Whether a value is one that a date of a type (DATE, TIME, DURATION, SET) may have."""
    if kind == "SET":
        return bool(SET.fullmatch(value))
    if VAGUE.fullmatch(value) or (kind == "TIME" and TIME.fullmatch(value)):
        return True
    if kind == "DURATION":
        # An anchored one has its interval, which is one date when no finer one is known.
        return bool(DURATION.fullmatch(value)) or is_edtf(value)
    return is_edtf(value)


@cache
def is_edtf(value: str) -> bool:
    """Whether a value is EDTF: a date, or two (one of them may be open or unknown) and a slash.

    `edtf` does not know every interval whose ends it knows: "../199X" is a TypeError,
    "198X~/1990~" an error. So the ends are asked for one by one.
    """
    ends = [end for end in value.split("/") if end not in ("", "..")]
    if value.count("/") == 1 and ends:
        return all(map(is_edtf, ends))
    if _SEASON_WITHOUT_YEAR.fullmatch(value):
        return True
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            parse_edtf(value)
    except (EDTFParseException, TypeError):
        return False
    return True
