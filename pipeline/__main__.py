"""`python -m pipeline` is `claimline`."""

from .cli import app

app(prog_name="claimline")
