"""Two sets of records in, aligned and classified changes out."""

from .changes import Change, FieldChange, Passage, Place, at_least, json_schema, severity_of
from .compare import compare, compare_all
from .versions import Version, load_versions

__all__ = [
    "Change",
    "FieldChange",
    "Passage",
    "Place",
    "Version",
    "at_least",
    "compare",
    "compare_all",
    "json_schema",
    "load_versions",
    "severity_of",
]
