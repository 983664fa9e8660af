"""Records to other formats, and back: tables, databases, annotations.

Each format is a function that gives files: `csv_files`, `parquet_files`, `sqlite_files` and
`ftm_files` from records alone, `w3c_files`, `label_studio_files`, `brat_files` and `docbin_files`
with the article's text. See `docs/exports.md`.
"""

from .collect import Collected, collect
from .files import FORMATS, export, import_gold
from .frames import frames

__all__ = ["FORMATS", "Collected", "collect", "export", "frames", "import_gold"]
