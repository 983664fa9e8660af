"""The timeline: the events of one or many articles in the order that dates and words give them.

Example:
    >>> from pathlib import Path
    >>> from pipeline import jsonl, timeline
    >>> records = jsonl.read(Path("outputs/report.jsonl"))  # doctest: +SKIP
    >>> for entry in timeline.build(records).entries:  # doctest: +SKIP
    ...     print(entry.value, entry.trigger, [later.event for later in entry.before])
"""

from .build import build
from .entries import Dropped, Entry, Following, Participant, Timeline
from .select import Selection

__all__ = ["Dropped", "Entry", "Following", "Participant", "Selection", "Timeline", "build"]
