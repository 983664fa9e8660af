"""A run over any number of articles: what is done is skipped, the rest is made and counted."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import msgspec

from ..config import as_overrides, load_config
from ..errors import ConfigError, RunError
from ..records import Pipeline
from .formats import Format
from .guard import Limits
from .inputs import Columns, find, jobs, size
from .job import Setup
from .output import Mark, Output
from .plan import Shard, shards
from .pools import Pool, Processes

_CHOICES = (
    "Choose another folder, --stale redo to make such shards again, or --stale keep to leave those "
    "of another version."
)

# Shards that wait for a free worker, for each: enough that none has to wait for the next.
_WAITING = 1


class Stale(StrEnum):
    """What to do with a finished shard of another version or of other articles.

    `refuse` stops; `redo` makes it again; `keep` leaves what another version made, so that the
    output mixes versions, and still stops where the articles are others.
    """

    refuse = "refuse"
    redo = "redo"
    keep = "keep"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What decides over the output, and what an article may cost.

    Attributes:
        model: a spaCy pipeline's name or path, None for the embedded model.
        settings: the resolved configuration, dotted path to value as JSON.
        columns: of rows.
        limits: what an article may cost.
        form: of the shards.
        shard_bytes: input of a shard; by default as `Format.shard_bytes` says.
    """

    model: str | None = None
    settings: dict[str, str] = {}
    columns: Columns = Columns()
    limits: Limits = Limits()
    form: Format = Format.jsonl
    shard_bytes: int | None = None


class Summary(msgspec.Struct, kw_only=True):
    """The counts of a run.

    Attributes:
        articles: how many came in: `written` and `quarantined` together.
        written: how many have records.
        quarantined: how many have none.
        words: of the reading text of those written.
        records: how many of each kind.
        shards: how many there are.
        skipped: how many of them had been done before.
        damaged: how many had been done, but their file was no longer as marked; made again.
        made_words: of the shards made now.
        seconds: since the start.
        cost: bytes of input that are done.
        total: bytes of input.
    """

    articles: int = 0
    written: int = 0
    quarantined: int = 0
    words: int = 0
    records: dict[str, int] = {}
    shards: int = 0
    skipped: int = 0
    damaged: int = 0
    made_words: int = 0
    seconds: float = 0.0
    cost: int = 0
    total: int = 0

    @property
    def rate(self) -> float:
        """Words a second."""
        return self.made_words / self.seconds if self.seconds else 0.0

    def add(self, mark: Mark, *, cost: int, made: bool) -> None:
        """Count a finished shard."""
        self.articles += mark.articles
        self.written += mark.written
        self.quarantined += len(mark.quarantined)
        self.words += mark.words
        self.records = dict(sorted((Counter(self.records) + Counter(mark.records)).items()))
        self.shards += 1
        self.cost += cost
        if made:
            self.made_words += mark.words
        else:
            self.skipped += 1


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """`run.json`.

    Attributes:
        state: "running", "complete", or "stopped" when something kept it from going on; a run that
            was killed still says "running", but holds no lock.
        inputs: as given.
        folder: the folder from which relative ones count.
        options: see `Options`.
        pipeline: what made the shards; the last one, where versions are mixed.
        versions: of Python and libraries.
        workers: how many worked at a time.
        started: when, UTC.
        summary: the counts.
    """

    state: str
    inputs: tuple[str, ...]
    folder: str
    options: Options
    pipeline: Pipeline
    versions: dict[str, str]
    workers: int
    started: str
    summary: Summary


def run(
    inputs: Sequence[str],
    folder: Path,
    options: Options,
    *,
    workers: int,
    cluster: str | None = None,
    stale: Stale = Stale.refuse,
    again: bool = False,
    watch: Callable[[Summary], object] | None = None,
) -> Summary:
    """Extract the articles of inputs into a folder; go on where a run before stopped.

    Args:
        inputs: files, folders, patterns (see `inputs.find`).
        folder: for the shards (see `docs/batch.md`).
        options: what decides over the output.
        workers: processes; they change nothing in the shards.
        cluster: address of a Dask scheduler, or "local", "slurm" or "kubernetes" to start one, in
            place of processes of our own.
        stale: what to do with shards of another version or of other articles.
        again: whether to make shards again that have quarantined articles.
        watch: told the counts after each shard.

    Raises:
        ConfigError: something asked for is wrong or not installed, another run writes there, or
            shards are stale or of another form.
        RunError: the run cannot go on; the same call continues it.
        KeyboardInterrupt: likewise.

    Example:
        >>> run(["news.jsonl.gz"], Path("found"), Options(), workers=2)  # doctest: +SKIP
        Summary(articles=20000, written=20000, quarantined=0, ...)
    """
    options.form.check()
    output = Output(folder)
    for name in (*inputs, str(Path.cwd())):
        if not name.isprintable() and name != name.encode("utf-8", "ignore").decode():
            raise ConfigError(
                f"{name}: its name is no UTF-8, so run.json cannot keep it; name the folder above "
                "it, or rename it"
            )
    paths = find(inputs, leave_out=folder)
    settings = options.settings or as_overrides(load_config())
    setup = Setup(model=options.model, config=settings, memory=options.limits.memory)
    with output.locked():
        before = output.read_run(Run)
        if before is not None and before.options.form is not options.form:
            raise ConfigError(
                f"{folder}: its shards are {before.options.form}, not {options.form}. Choose "
                f"another folder, or --format {before.options.form}."
            )
        pool = _pool(cluster, workers, setup, options, output)
        try:
            made_by = pool.info()
            _check_version(before, made_by, stale, folder)
            work = _Work(output, pool, made_by, stale, again, watch)
            record = Run(
                state="running",
                inputs=tuple(inputs),
                folder=str(Path.cwd()),
                options=msgspec.structs.replace(options, settings=settings),
                pipeline=made_by,
                versions=_versions(options.form),
                workers=workers,
                started=datetime.now(UTC).isoformat(timespec="seconds"),
                summary=work.summary,
            )
            output.write_run(record)
            try:
                work.summary.total = sum(map(size, paths))
                size_of_shard = options.shard_bytes or options.form.shard_bytes
                work.all(shards(jobs(paths, options.columns), size=size_of_shard))
            except BaseException as error:
                record = msgspec.structs.replace(record, state="stopped")
                # A wrong command changes nothing.
                if isinstance(error, ConfigError) and before is not None:
                    record = before
                # The disk may be what stopped it.
                with suppress(RunError):
                    output.write_run(record)
                raise
            output.write_run(msgspec.structs.replace(record, state="complete"))
        finally:
            pool.close()
    return work.summary


def retry(
    folder: Path,
    *,
    workers: int,
    cluster: str | None = None,
    limits: Limits | None = None,
    watch: Callable[[Summary], object] | None = None,
) -> Summary:
    """Make the shards of a run again that have quarantined articles, and those not done.

    Args:
        folder: of the run.
        workers: as in `run`.
        cluster: as in `run`.
        limits: what an article may cost now; by default what it might before.
        watch: as in `run`.

    Raises:
        ConfigError: there is no run, or it was begun from another folder.
        RunError, KeyboardInterrupt: as `run`.
    """
    before = Output(folder).read_run(Run)
    if before is None:
        raise ConfigError(f"{folder}: no run writes or wrote there: run.json is missing or damaged")
    relative = any(not Path(given).is_absolute() for given in before.inputs)
    if relative and Path(before.folder) != Path.cwd():
        raise ConfigError(f"the inputs were given from {before.folder}: go there first")
    options = before.options
    if limits is not None:
        options = msgspec.structs.replace(options, limits=limits)
    return run(
        before.inputs, folder, options, workers=workers, cluster=cluster, again=True, watch=watch
    )


def _pool(
    cluster: str | None, workers: int, setup: Setup, options: Options, output: Output
) -> Pool:
    if cluster is None:
        return Processes(workers, setup, options.limits, output, options.form)
    from .cluster import Cluster

    return Cluster(cluster, workers, setup, options.limits, output, options.form)


def _check_version(before: Run | None, made_by: Pipeline, stale: Stale, folder: Path) -> None:
    """Say at once what the first shard would say later."""
    if stale is Stale.refuse and before is not None:
        was = before.pipeline.fingerprint
        if was != made_by.fingerprint:
            raise ConfigError(
                f"{folder}: made by another version or configuration ({was}, now "
                f"{made_by.fingerprint}). {_CHOICES}"
            )


class _Work:
    """The shards of one run: what is done, what is to make, what came of it."""

    def __init__(
        self,
        output: Output,
        pool: Pool,
        made_by: Pipeline,
        stale: Stale,
        again: bool,
        watch: Callable[[Summary], object] | None,
    ) -> None:
        self._output = output
        self._pool = pool
        self._fingerprint = made_by.fingerprint
        self._stale = stale
        self._again = again
        self._watch = watch
        self._began = time.monotonic()
        self._costs: dict[int, int] = {}
        self.summary = Summary()

    def all(self, plan: Iterable[Shard]) -> None:
        """Make what is not done, and see that every article is accounted for."""
        came = planned = 0
        for shard in plan:
            planned += 1
            came += len(shard.jobs)
            cost = sum(job.cost for job in shard.jobs)
            mark = self._finished(shard)
            if mark is not None:
                self._count(mark, cost, made=False)
                continue
            while len(self._costs) >= self._pool.width * (1 + _WAITING):
                self._collect()
            self._costs[shard.number] = cost
            self._pool.submit(shard, self._fingerprint)
        while self._costs:
            self._collect()
        self._finish(planned)
        found = self.summary
        if came != found.written + found.quarantined:
            raise RunError(
                f"{came} articles came in, but {found.written} were written and "
                f"{found.quarantined} quarantined: a defect; please report it"
            )

    def _collect(self) -> None:
        mark = self._pool.next()
        self._count(mark, self._costs.pop(mark.shard), made=True)

    def _count(self, mark: Mark, cost: int, *, made: bool) -> None:
        self.summary.add(mark, cost=cost, made=made)
        self.summary.seconds = round(time.monotonic() - self._began, 3)
        if self._watch is not None:
            self._watch(self.summary)

    def _finished(self, shard: Shard) -> Mark | None:
        """The mark of a shard that need not be made; none where it must be."""
        mark = self._output.mark(shard.number)
        if mark is None:
            return None
        others = mark.digest != shard.digest
        if others or mark.fingerprint != self._fingerprint:
            if self._stale is Stale.redo:
                return None
            if others:
                raise ConfigError(
                    f"{self._output.mark_path(shard.number)}: made of other articles: the inputs "
                    f"or how they are read changed since. {_CHOICES}"
                )
            if self._stale is Stale.refuse:
                raise ConfigError(
                    f"{self._output.mark_path(shard.number)}: made by another version or "
                    f"configuration ({mark.fingerprint}). {_CHOICES}"
                )
        if self._again and mark.quarantined:
            self._output.unmark(shard.number)
            return None
        if not self._output.verified(mark):
            self.summary.damaged += 1
            return None
        return mark

    def _finish(self, planned: int) -> None:
        late = [number for number in self._output.numbers() if number >= planned]
        if late and self._stale is not Stale.redo:
            raise ConfigError(
                f"{self._output.folder}: {len(late)} shards more than the inputs give: the inputs "
                f"changed since. {_CHOICES}"
            )
        self._output.remove(late)
        # Of Dask workers that died meanwhile.
        self._output.sweep()
        self._output.write_quarantine()


def _versions(form: Format) -> dict[str, str]:
    libraries = ["spacy", "onnxruntime", "numpy", "msgspec"]
    if form is Format.parquet:
        libraries.append("pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in libraries}
