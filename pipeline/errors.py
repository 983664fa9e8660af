"""The errors that the pipeline raises: each message says what is wrong, where, and what to do."""

from __future__ import annotations


class PipelineError(Exception):
    """Any failure that the person at the keyboard can act on.

    Catch this one to catch them all; everything else that escapes is a defect.
    """


class ArticleError(PipelineError):
    """One article cannot be read or processed; the others are unaffected."""


class ConfigError(PipelineError):
    """The configuration, an override or a command-line value is wrong."""


class LexiconError(PipelineError):
    """A row of a lexicon is malformed; the message names the file and the line."""


class ModelError(PipelineError):
    """A language model is missing, damaged or lacks what the stages need."""


class RunError(PipelineError):
    """A run over many articles cannot go on; what it has finished stays finished."""


class RecordError(PipelineError):
    """A JSONL line is not a record of this schema; the message names the file and the line."""
