"""All targets by name."""

from __future__ import annotations

from . import decoding, language, reading, revisions, views
from .target import Target

TARGETS: dict[str, Target] = {
    **reading.TARGETS,
    **language.TARGETS,
    **revisions.TARGETS,
    **decoding.TARGETS,
    **views.TARGETS,
}
