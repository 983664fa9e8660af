"""Commands of `claimline` that stand in modules of their own; `cli.py` mounts them."""
