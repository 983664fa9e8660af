"""Claimline: claims with their exact place in the text, out of articles, offline.

Example:
    >>> import pipeline
    >>> found = pipeline.extract("Rates may rise, the bank said.")  # doctest: +SKIP
    >>> found.of("prediction")[0].cues[0].text  # doctest: +SKIP
    'may'
"""

from .errors import PipelineError
from .export import frames
from .extraction import Extraction, Extractor, extract, load

__version__ = "0.1.0"

__all__ = ["Extraction", "Extractor", "PipelineError", "extract", "frames", "load"]
