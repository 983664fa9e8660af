"""The configuration: `configs/default.cfg`, a user's file over it, single values over both."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from confection import Config

from .errors import ConfigError


@cache
def _default_text() -> str:
    return files(__package__).joinpath("configs/default.cfg").read_text(encoding="utf-8")


def load_config(path: Path | None = None, overrides: Mapping[str, str] | None = None) -> Config:
    """The resolved configuration.

    Args:
        path: a file in the same form, of which only the differing values need be given.
        overrides: dotted path to value, as JSON or plain text:
            ``{"components.claimline_quotes.threshold": "0.6"}``.

    Returns:
        Sections and values, every value present.

    Raises:
        ConfigError: the file cannot be read, or a section or value in it does not exist.
    """
    config = Config().from_str(_default_text())
    if path is not None:
        try:
            given = Config().from_str(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
        except (ValueError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not a configuration file: {error}") from error
        for dotted, value in _leaves(given):
            _set(config, dotted, value, source=str(path))
    for dotted, text in (overrides or {}).items():
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        _set(config, dotted, value, source="--set")
    return config


def defaults(component: str) -> dict[str, Any]:
    """The default knobs of one component, without its factory; what its factory falls back on.

    Example:
        >>> sorted(defaults("claimline_encoder"))[-1]
        'threads'
    """
    section = Config().from_str(_default_text())["components"][component]
    return {key: value for key, value in section.items() if key != "factory"}


def as_overrides(config: Config) -> dict[str, str]:
    """All values of a configuration as `load_config` takes them for overrides.

    Example:
        >>> as_overrides(load_config())["components.claimline_quotes.threshold"]
        '0.4'
    """
    return {dotted: json.dumps(value) for dotted, value in _leaves(config)}


def _leaves(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _set(config: Config, dotted: str, value: object, *, source: str) -> None:
    known = dict(_leaves(config))
    if dotted not in known:
        near = difflib.get_close_matches(dotted, known, n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise ConfigError(
            f"{source}: there is no setting {dotted!r}.{hint} `claimline config` lists all."
        )
    expected = known[dotted]
    number = isinstance(expected, float) and isinstance(value, int) and not isinstance(value, bool)
    if number:
        value = float(value)  # type: ignore[arg-type]
    if type(value) is not type(expected):
        raise ConfigError(
            f"{source}: {dotted} = {value!r} should be a {type(expected).__name__}, "
            f"such as {expected!r}."
        )
    *sections, key = dotted.split(".")
    place: Any = config
    for section in sections:
        place = place[section]
    place[key] = value
