"""Many articles: planned in shards, extracted by guarded processes, committed one by one.

```
paths ─inputs▶ jobs ─plan▶ shards ─pools▶ guard ▶ worker process ─▶ records of one article
                                            └─output▶ shards/N.jsonl, then done/N.json
```

See `docs/batch.md` for the folder that a run writes.
"""

from .guard import Limits
from .inputs import Columns
from .output import Mark, Output, Quarantined
from .run import Options, Stale, Summary, retry, run
from .status import Status, status

__all__ = [
    "Columns",
    "Limits",
    "Mark",
    "Options",
    "Output",
    "Quarantined",
    "Stale",
    "Status",
    "Summary",
    "retry",
    "run",
    "status",
]
