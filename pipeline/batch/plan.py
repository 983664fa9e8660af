"""Jobs to shards: which articles go together follows from the input alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from ..reading import short_digest
from .job import Job

MAX_ARTICLES = 1000


class Shard(msgspec.Struct, frozen=True):
    """Articles that are committed together.

    Attributes:
        number: from 0.
        jobs: its articles, at least one.
        digest: of everything that goes into its records, save the pipeline.
    """

    number: int
    jobs: tuple[Job, ...]
    digest: str


def shards(jobs: Iterable[Job], *, size: int) -> Iterator[Shard]:
    """Shards of about `size` bytes of input, in order, as the jobs come.

    Ids that an article before had, letter case aside, get a digest of where the article is from.
    """
    taken: set[bytes] = set()
    waiting: list[Job] = []
    number = held = 0
    for job in jobs:
        job = _unlike(job, taken)
        if waiting and (held + len(job.data) > size or len(waiting) == MAX_ARTICLES):
            yield _shard(number, waiting)
            number, waiting, held = number + 1, [], 0
        waiting.append(job)
        held += len(job.data)
    if waiting:
        yield _shard(number, waiting)


def _unlike(job: Job, taken: set[bytes]) -> Job:
    if _short(job.id) in taken:
        job = msgspec.structs.replace(job, id=f"{job.id}-{short_digest(job.name)}")
    taken.add(_short(job.id))
    return job


def _short(article_id: str) -> bytes:
    # Of millions of ids only this is kept; two alike merely give a longer id.
    return hashlib.blake2b(article_id.lower().encode(), digest_size=8).digest()


def _shard(number: int, jobs: list[Job]) -> Shard:
    digest = hashlib.sha256()
    for job in jobs:
        # The cost depends on how a library reads ahead, and changes no record.
        digest.update(msgspec.msgpack.encode(msgspec.structs.replace(job, cost=0)))
    return Shard(number, tuple(jobs), digest.hexdigest())
