"""The extractor, as a command's options ask for it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..extraction import Extractor


def load_extractor(
    model: str | None, config: Path | None, settings: list[str] | None, *, lazy: bool = False
) -> Extractor:
    """An extractor with a model of its own, a configuration file and settings over both.

    Raises:
        ConfigError: a setting or the file is wrong.
        ModelError: the model is missing or damaged.
    """
    # Nearly all that loading makes stays to the end of the process, and to look for garbage in it
    # again and again takes a tenth of the time until the first record.
    gc.disable()
    try:
        from ..extraction import load

        return load(model, config=config, overrides=overrides_of(settings), lazy=lazy)
    finally:
        gc.freeze()
        gc.enable()


def overrides_of(settings: list[str] | None) -> dict[str, str]:
    """What was given with --set, by key.

    Raises:
        ConfigError: one is not KEY=VALUE.
    """
    overrides = {}
    for setting in settings or []:
        key, equals, value = setting.partition("=")
        if not equals:
            raise ConfigError(f"--set {setting!r}: write KEY=VALUE, such as --set {key}=0.5")
        overrides[key.strip()] = value.strip()
    return overrides
