"""Many articles: planned in shards, extracted by guarded processes, committed one by one.

```
paths ─inputs▶ jobs ─plan▶ shards ─pools▶ guard ▶ worker process ─▶ records of one article
                                            └─formats▶ shards/N.jsonl, or tables/…/N.parquet
                                              output▶ then done/N.json
```

See `docs/batch.md` for the folder that a run writes.
"""

from .formats import Format
from .guard import Limits
from .inputs import Columns
from .output import Mark, Output, Quarantined
from .run import Options, Stale, Summary, retry, run
from .status import Status, status

__all__ = [
    "Columns",
    "Format",
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
