"""Claimline: claims with their exact place in the text, out of articles, offline.

>>> import pipeline
>>> extraction = pipeline.extract("Rates may rise by 2023, the bank said.")  # doctest: +SKIP
>>> [record.kind for record in extraction.records]  # doctest: +SKIP
"""

__version__ = "0.1.0"
