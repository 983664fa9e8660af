"""The pipeline of an article: the embedded model or any spaCy pipeline, then the stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import spacy
from confection import ConfigValidationError
from spacy.language import Language

from ..config import load_config
from ..errors import ConfigError, ModelError
from .encoder import Encoder
from .network import ENCODER
from .tokenizer import TOKENIZER

MAX_CHARACTERS = 1 << 30
"""spaCy's own bound for a tokenizer; the embedded model has none, its windows are bounded."""

# What the stages read, by the component of a spaCy pipeline that usually writes it.
_NEEDED = {"DEP": "parser", "TAG": "tagger", "POS": "attribute_ruler", "LEMMA": "lemmatizer"}
_PROBE = "Ana said that rates may rise."


def blank_nlp() -> Language:
    """An English pipeline with the tokenizer of the embedded model and nothing else.

    Example:
        >>> [token.text for token in blank_nlp()("U.S.-led")]
        ['U.S.', '-', 'led']
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.max_length = MAX_CHARACTERS
    return nlp


def load_language(model: str | None = None, settings: Mapping[str, Any] | None = None) -> Language:
    """The language model with the stages of the configuration after it.

    Args:
        model: None for the embedded model; else the name of an installed spaCy pipeline or the
            path of one, whose own tokenizer, tagger, parser and entities then serve the stages.
            Its dependencies may be Universal Dependencies or ClearNLP's (`en_core_web_*`).
        settings: the resolved configuration; the defaults where None.

    Raises:
        ModelError: the model is missing, damaged, not English, or lacks what the stages read.
        ConfigError: the configuration names a component that does not exist, or a knob is wrong.
    """
    settings = load_config() if settings is None else settings
    names = list(settings["nlp"]["pipeline"])
    if model is None:
        nlp = blank_nlp()
    else:
        nlp = _load_other(model)
        names = [name for name in names if name != ENCODER]
    for name in names:
        _add(nlp, name, dict(settings["components"].get(name, {})))
    if model is None and nlp.has_pipe(ENCODER):
        meta = cast(Encoder, nlp.get_pipe(ENCODER)).meta
        nlp.meta["name"], nlp.meta["version"] = meta.name, meta.version
    return nlp


def _add(nlp: Language, name: str, config: dict[str, Any]) -> None:
    try:
        nlp.add_pipe(config.pop("factory", name), name=name, config=config)
    except ConfigValidationError as error:
        raise ConfigError(f"components.{name}: {error}") from error
    # E002: spaCy knows no such factory; its own message explains components at length.
    except ValueError as error:
        if "E002" not in str(error):
            raise
        raise ConfigError(
            f"nlp.pipeline: there is no component {name!r}; `claimline config` shows the defaults"
        ) from error


def _load_other(model: str) -> Language:
    try:
        nlp = spacy.load(model)
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"cannot load the spaCy pipeline {model!r}: {error} "
            "Install it into the same environment, or give the path of its folder."
        ) from error
    if nlp.lang != "en":
        raise ModelError(f"{model}: its language is {nlp.lang!r}; the stages know English only")
    doc = nlp(_PROBE)
    lacking = [f"{part} ({what})" for what, part in _NEEDED.items() if not doc.has_annotation(what)]
    if lacking:
        raise ModelError(f"{model}: the stages need what these would write: {', '.join(lacking)}")
    return nlp
