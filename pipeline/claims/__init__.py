"""Findings on a Doc become records: the boundary that no spaCy object passes."""

from .assemble import make_records

__all__ = ["make_records"]
