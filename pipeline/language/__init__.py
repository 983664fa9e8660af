"""Article text to an annotated spaCy Doc."""
