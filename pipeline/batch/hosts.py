"""Who runs the workers of a Dask cluster: others, this machine, SLURM or Kubernetes.

Of those that we start, each worker has one thread, and the scheduler gives it no shard before it
is free: were several waiting at one that dies, all of them would be blamed.
"""

from __future__ import annotations

import copy
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from ..errors import ConfigError
from .guard import Limits
from .output import Output

_SATURATION = {"distributed.scheduler.worker-saturation": 1.0}
_QUIET = "CRITICAL"
# What a Dask worker and the process that it guards hold beside an article.
_WORKER_BYTES = 1 << 30
_LOOK_SECONDS = 10
# An image may have to be fetched, and a machine to be added, before the first pod runs.
_POD_SECONDS = 900
TLS = "distributed.comm.tls.ca-file, client.cert and client.key of Dask's configuration"
_MANIFEST = "kubernetes.custom-cluster-spec"


class Host(Protocol):
    """Who runs the workers.

    Attributes:
        target: what a Dask client connects to.
    """

    target: Any

    def wait(self, client: Any) -> None:
        """Wait for the first worker.

        Raises:
            TimeoutError: none came.
            ConfigError: none will come.
        """
        ...

    def close(self) -> None:
        """Stop what was started."""
        ...


def host(name: str, workers: int, limits: Limits, output: Output) -> Host:
    """Start what a name asks for.

    Args:
        name: "local", "slurm", "kubernetes", or the address of a scheduler that runs already.
        workers: how many to start.
        limits: what an article may cost.
        output: where shards are committed; SLURM's logs go there, too.

    Raises:
        ConfigError: something that it needs is missing, or refuses.
    """
    if name == "local":
        return _Local(workers)
    if name == "slurm":
        return _Slurm(workers, limits, output)
    if name == "kubernetes":
        return _Kubernetes(workers)
    return _Others(name)


class _Others:
    """A scheduler with workers that somebody else started."""

    def __init__(self, address: str) -> None:
        self.target = address
        if not address.startswith("tls://"):
            return
        import distributed

        try:
            context = distributed.Security().get_connection_args("client")["ssl_context"]
        except (OSError, ValueError) as error:
            raise ConfigError(f"--cluster {address}: {TLS} cannot be read: {error}") from error
        if context is None:
            raise ConfigError(f"--cluster {address} needs {TLS}")

    def wait(self, client: Any) -> None:
        import dask

        client.wait_for_workers(1, timeout=dask.config.get("distributed.comm.timeouts.connect"))

    def close(self) -> None:
        pass


class _Local:
    """Workers on this machine."""

    def __init__(self, workers: int) -> None:
        import dask
        import distributed

        with dask.config.set(_SATURATION):
            self.target = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=_QUIET,
            )

    def wait(self, client: Any) -> None:
        client.wait_for_workers(1)

    def close(self) -> None:
        self.target.close()


class _Slurm:
    """A job for each worker; the scheduler is in this process.

    The connections are encrypted, with a key that is made for the run and that only its user can
    read. Whatever `jobqueue.slurm` of Dask's configuration says counts, save for the cores.
    """

    def __init__(self, workers: int, limits: Limits, output: Output) -> None:
        _need("slurm", "dask_jobqueue", "cryptography")
        for command in ("sbatch", "scancel", "squeue"):
            if shutil.which(command) is None:
                raise ConfigError(f"--cluster slurm: there is no command {command} on this machine")
        import dask
        import dask_jobqueue
        from tornado.ioloop import PeriodicCallback

        def asked(setting: str, default: Any) -> Any:
            return dask.config.get(f"jobqueue.slurm.{setting}", None) or default

        self._logs = asked("log-directory", str(output.logs.resolve()))
        with dask.config.set(_SATURATION):
            self.target = dask_jobqueue.SLURMCluster(
                cores=1,
                processes=1,
                memory=asked("memory", f"{limits.memory + _WORKER_BYTES} B"),
                log_directory=self._logs,
                security=True,
                shared_temp_directory=asked("shared-temp-directory", str(output.logs.resolve())),
                # What anybody can open who reaches this machine.
                scheduler_options={"dashboard": False, **asked("scheduler-options", {})},
                silence_logs=_QUIET,
            )
        for _ in range(workers):
            self.target.worker_spec.update(self.target.new_worker_spec())
        try:
            self.target.sync(_settled, self.target)
        except (OSError, RuntimeError, ValueError) as error:
            self.close()
            said = [line for line in str(error).splitlines() if line]
            raise ConfigError(f"--cluster slurm: sbatch refused: {' '.join(said)}") from error
        # A job that has reached its time limit is submitted again.
        self._again = PeriodicCallback(lambda: self.target.scale(workers), _LOOK_SECONDS * 1000)
        self.target.loop.add_callback(self._again.start)

    def wait(self, client: Any) -> None:
        # Jobs may queue for hours.
        while True:
            with suppress(TimeoutError):
                client.wait_for_workers(1, timeout=_LOOK_SECONDS)
                return
            if not self._queued():
                raise ConfigError(
                    "--cluster slurm: all jobs ended before a worker answered. What they said is "
                    f"in {self._logs}."
                )

    def _queued(self) -> bool:
        """Whether any job waits or runs."""
        jobs = ",".join(str(job.job_id) for job in self.target.workers.values())
        command = ["squeue", "--noheader", "--format=%i", f"--jobs={jobs}"]
        return bool(subprocess.run(command, capture_output=True, check=False).stdout.strip())

    def close(self) -> None:
        if hasattr(self, "_again"):
            self.target.loop.add_callback(self._again.stop)
        # Of jobs that were refused Dask asserts that they had begun.
        with suppress(OSError, RuntimeError, AssertionError):
            self.target.close()


async def _settled(cluster: Any) -> None:
    await cluster


class _Kubernetes:
    """A `DaskCluster` of the Dask operator, made for the run from a manifest and removed after it.

    The manifest is a file that `kubernetes.custom-cluster-spec` of Dask's configuration names.
    """

    def __init__(self, workers: int) -> None:
        _need("kubernetes", "dask_kubernetes")
        import dask
        import dask_kubernetes.operator
        import kr8s
        import yaml

        given = dask.config.get(_MANIFEST, None)
        if not given:
            raise ConfigError(
                f"--cluster kubernetes: {_MANIFEST} of Dask's configuration must name a manifest "
                "of a DaskCluster, with the image and the volume of the output (docs/batch.md "
                "shows one)"
            )
        try:
            manifest = yaml.safe_load(Path(given).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ConfigError(f"--cluster kubernetes: {given}: {error}") from error
        spec = fitted(manifest, workers, name=str(given))
        self._name = spec["metadata"]["name"]
        try:
            # Refuses where there is no Kubernetes, or no operator; Dask, when the run ends.
            list(kr8s.get("daskclusters.kubernetes.dask.org"))
            self.target = dask_kubernetes.operator.KubeCluster(
                custom_cluster_spec=spec, quiet=True, shutdown_on_close=True
            )
        # What the clients of Kubernetes raise is of no one kind.
        except Exception as error:
            raise ConfigError(
                f"--cluster kubernetes: no cluster could be made: {type(error).__name__}: {error}"
            ) from error

    def wait(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=_POD_SECONDS)
        except TimeoutError as error:
            raise ConfigError(
                f"--cluster kubernetes: no worker after {_POD_SECONDS} seconds; see `kubectl "
                f"describe pods -l dask.org/cluster-name={self._name}`"
            ) from error

    def close(self) -> None:
        self.target.close()


def fitted(manifest: Any, workers: int, *, name: str) -> dict[str, Any]:
    """A manifest of a DaskCluster with so many workers, each of one thread.

    Args:
        manifest: as YAML gives it.
        workers: how many pods.
        name: of its file, for messages.

    Raises:
        ConfigError: it is none of a DaskCluster.
    """
    spec = copy.deepcopy(manifest)
    try:
        if spec["kind"] != "DaskCluster":
            raise KeyError("kind: DaskCluster")
        spec["metadata"]["name"]
        worker = spec["spec"]["worker"]
        worker["replicas"] = workers
        (container, *_) = worker["spec"]["containers"]
        # The last one counts.
        container["args"] = [*container["args"], "--nthreads", "1", "--nworkers", "1"]
        (container, *_) = spec["spec"]["scheduler"]["spec"]["containers"]
        setting = "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION"
        others = [entry for entry in container.get("env") or [] if entry["name"] != setting]
        container["env"] = [*others, {"name": setting, "value": "1.0"}]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"--cluster kubernetes: {name}: no manifest of a DaskCluster: {error} is missing or "
            "wrong"
        ) from error
    found: dict[str, Any] = spec
    return found


def _need(extra: str, *modules: str) -> None:
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise ConfigError(
            f"--cluster {extra} needs {' and '.join(missing)}: pip install 'claimline[{extra}]'"
        )
