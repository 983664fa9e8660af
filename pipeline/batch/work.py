"""One shard: extract its articles, write their records, commit."""

from __future__ import annotations

from collections import Counter

from ..errors import RecordError, RunError
from .formats import Format
from .guard import Guard
from .job import Done, Failed
from .output import Mark, Output, Quarantined
from .plan import Shard


def do(shard: Shard, guard: Guard, output: Output, *, form: Format, fingerprint: str) -> Mark:
    """Make a shard and commit it; articles that cannot be done are in its mark.

    Raises:
        RunError: the shard cannot be written, the process not be started, or it has another
            version of the pipeline than the run began with.
        Stopped: the guard was closed.
    """
    if guard.info.fingerprint != fingerprint:
        raise RunError(
            f"a worker has the pipeline {guard.info.fingerprint}, the run began with "
            f"{fingerprint}: install the same version everywhere"
        )
    records: Counter[str] = Counter()
    quarantined = []
    words = 0
    with output.draft() as draft:
        writer = form.writer(draft, shard.number)
        for job in shard.jobs:
            answer = guard.extract(job)
            if isinstance(answer, Done):
                try:
                    writer.add(answer.records)
                except RecordError as error:
                    answer = Failed(stage="writing", reason=str(error))
            if isinstance(answer, Failed):
                quarantined.append(
                    Quarantined(
                        id=job.id,
                        path=job.name,
                        sha256=job.sha256,
                        stage=answer.stage,
                        reason=answer.reason,
                        attempts=answer.attempts,
                        shard=shard.number,
                    )
                )
                continue
            records.update(answer.counts)
            words += answer.words
        writer.finish()
        mark = Mark(
            shard=shard.number,
            digest=shard.digest,
            fingerprint=fingerprint,
            files=draft.files,
            articles=len(shard.jobs),
            written=len(shard.jobs) - len(quarantined),
            words=words,
            records=dict(sorted(records.items())),
            quarantined=tuple(quarantined),
        )
        output.commit(draft, mark)
    return mark
