"""Article text to an annotated spaCy Doc."""

from .load import blank_nlp, load_language

__all__ = ["blank_nlp", "load_language"]
