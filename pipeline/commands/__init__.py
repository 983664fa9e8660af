"""The commands of `claimline`, a module each or a small family; `cli.py` puts them together.

Beside them stands what several need: `options`, `loading` (the extractor), `inputs` (files and
records), `output` (standard output and files) and `messages` (standard error and exit codes).
"""
