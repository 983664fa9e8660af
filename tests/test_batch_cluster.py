"""Runs on a Dask cluster: the bytes of a run without it, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask_kubernetes
import jsonschema
import pytest
import trustme
import yaml
from dask_kubernetes.operator import make_cluster_spec

from pipeline.batch.cluster import Cluster
from pipeline.batch.formats import Format
from pipeline.batch.guard import Limits
from pipeline.batch.hosts import fitted
from pipeline.batch.job import Setup
from pipeline.errors import ConfigError, RunError

from .conftest import ROOT
from .kubernetes import Kubernetes, served
from .running import PLAIN, SHARDS, Runner, until
from .slurm import goes_on

SLOW = [f"{text} FAULT wait" for text in PLAIN]


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    # How long a scheduler may be silent; half a minute by default.
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "5s")
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION", "1.0")
    return Runner(tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def cluster(
    runner: Runner, *, workers: int = 2, protocol: str = "tcp"
) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and workers, each started by itself; its address, and their processes."""
    address = f"{protocol}://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    none = ["--no-dashboard"]
    commands = [
        ["scheduler", "--host", address, *none],
        *[["worker", address, "--nthreads", "1", *none] for _ in range(workers)],
    ]
    processes = [
        subprocess.Popen(
            [*dask, *command],
            cwd=runner.folder,
            env=runner.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield address, processes
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def alone(runner: Runner) -> dict[str, bytes]:
    """What a run without a cluster gives."""
    shutil.rmtree(runner.output.folder)
    runner.run("--workers", "1", *SHARDS)
    return runner.bytes()


def test_a_local_cluster_gives_the_same_bytes(runner: Runner) -> None:
    runner.rows(*PLAIN, " ")
    runner.run("--cluster", "local", "--workers", "2", *SHARDS, "--max-quarantine", "1")
    found = runner.bytes()
    assert len(runner.quarantined()) == 1
    shutil.rmtree(runner.output.folder)
    runner.run("--workers", "1", *SHARDS, "--max-quarantine", "1")
    assert runner.bytes() == found


def test_a_worker_that_dies_loses_and_doubles_nothing(runner: Runner) -> None:
    runner.rows(*SLOW)
    with cluster(runner) as (address, processes):
        process = runner.begin("--cluster", address, *SHARDS)
        until(runner.output.numbers)
        # The nanny and the worker, as when the machine fails; one is left.
        os.killpg(processes[1].pid, signal.SIGKILL)
        runner.end(process)
    found = runner.bytes()
    assert runner.written() == [f"n{n}" for n in range(12)]
    assert alone(runner) == found


def test_a_scheduler_that_dies_ends_the_run_which_can_be_gone_on_from(runner: Runner) -> None:
    runner.rows(*SLOW)
    with cluster(runner) as (address, processes):
        process = runner.begin("--cluster", address, *SHARDS)
        until(runner.output.numbers)
        os.killpg(processes[0].pid, signal.SIGKILL)
        said = runner.end(process, 1)
    assert "the cluster is lost" in said and "same command goes on" in said
    assert runner.state() == "stopped"
    runner.run(*SHARDS)
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_workers_that_are_silent_end_the_run(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are there when the run begins, and then do nothing, as on a machine that hangs."""
    monkeypatch.setattr("pipeline.batch.cluster._ANSWER_SECONDS", 3)
    setup = Setup(model=None, config={}, memory=1 << 30)
    with cluster(runner, workers=1) as (address, processes):
        crew = Cluster(address, 1, setup, Limits(), runner.output, Format.jsonl)
        try:
            os.killpg(processes[1].pid, signal.SIGSTOP)
            with pytest.raises(RunError, match="no worker of the cluster answered for 3 seconds"):
                crew.info()
        finally:
            os.killpg(processes[1].pid, signal.SIGCONT)
            crew.close()


def test_no_scheduler_is_a_wrong_command(runner: Runner) -> None:
    runner.rows(*PLAIN)
    said = runner.run("--cluster", "tcp://127.0.0.1:9", code=2)
    assert "no scheduler with a worker answers there" in said and "Traceback" not in said


def settings(folder: Path) -> dict[str, str]:
    """Certificates of an authority of our own, as settings of Dask."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    folder.mkdir()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    return {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true",
        f"{tls}CA_FILE": str(folder / "ca.pem"),
        **{
            f"{tls}{role}__{part.upper()}": str(folder / f"{part}.pem")
            for role in ("CLIENT", "SCHEDULER", "WORKER")
            for part in ("cert", "key")
        },
    }


def test_an_encrypted_cluster_gives_the_same_bytes_and_lets_nobody_else_in(
    runner: Runner, tmp_path: Path
) -> None:
    runner.rows(*PLAIN)
    plain = runner.environment
    runner.environment = plain | settings(tmp_path / "ours")
    with cluster(runner, protocol="tls") as (address, _):
        runner.run("--cluster", address, *SHARDS)
        found = runner.bytes()
        began = time.monotonic()
        # Without a certificate, with one of another authority, and without encryption.
        theirs = settings(tmp_path / "theirs")
        for more, name, said in (
            ({}, address, f"{address} needs distributed.comm.tls.ca-file"),
            (theirs, address, "client.key of Dask's configuration such as the scheduler takes"),
            ({}, address.replace("tls", "tcp"), "takes only TLS has an address in tls://"),
        ):
            runner.environment = plain | more
            told = runner.run("--cluster", name, *SHARDS, "--output", "other", code=2)
            assert said in told and "Traceback" not in told
        assert time.monotonic() - began < 120
    runner.environment = plain
    assert alone(runner) == found


@pytest.fixture
def slurm(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands like those of SLURM, before all others; where they keep their jobs."""
    home, commands = runner.folder / "slurm", runner.folder / "commands"
    home.mkdir()
    commands.mkdir()
    for name in ("sbatch", "squeue", "scancel"):
        (commands / name).write_text(
            f'#!/bin/sh\nexec {sys.executable} {ROOT / "tests" / "slurm.py"} {name} "$@"\n'
        )
        (commands / name).chmod(0o755)
    runner.environment |= {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "SLURM_HOME": str(home),
        # Of Dask's own settings for jobs.
        "DASK_JOBQUEUE__SLURM__QUEUE": "long",
        "DASK_JOBQUEUE__SLURM__WALLTIME": "04:00:00",
        "DASK_JOBQUEUE__SLURM__INTERFACE": "lo",
        "DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "1s",
    }
    return home


def running(home: Path) -> list[int]:
    """The jobs that go on."""
    jobs = (int(path.read_text()) for path in home.glob("*.pid"))
    return [job for job in jobs if goes_on(job)]


def test_jobs_of_slurm_give_the_same_bytes(runner: Runner, slurm: Path) -> None:
    runner.rows(*PLAIN)
    runner.run("--cluster", "slurm", "--workers", "2", *SHARDS)
    found = runner.bytes()
    scripts = [path.read_text() for path in sorted(slurm.glob("*.sh"))]
    assert len(scripts) == 2 and not running(slurm)
    for script in scripts:
        for line in ("-p long", "-t 04:00:00", "-n 1", "--cpus-per-task=1", "--mem=3G"):
            assert f"#SBATCH {line}\n" in script
        assert "--nthreads 1 " in script and "--tls-key" in script and " tls://127" in script
    # Nothing of what encrypts is left.
    assert not list(runner.output.logs.glob(".*"))
    assert any("distributed" in path.read_text() for path in runner.output.logs.glob("*.out"))
    assert alone(runner) == found


def test_a_job_that_ends_early_is_submitted_again(runner: Runner, slurm: Path) -> None:
    runner.rows(*SLOW)
    process = runner.begin("--cluster", "slurm", "--workers", "1", *SHARDS)
    until(runner.output.numbers)
    (job,) = running(slurm)
    os.killpg(job, signal.SIGKILL)
    runner.end(process)
    assert len(list(slurm.glob("*.sh"))) == 2
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_what_slurm_refuses_is_said(runner: Runner, slurm: Path) -> None:
    runner.rows(*PLAIN)
    begin = ("--cluster", "slurm", *SHARDS)
    assert "needs --workers: how many to start" in runner.run(*begin, code=2)
    runner.environment["DASK_JOBQUEUE__SLURM__QUEUE"] = "closed"
    said = runner.run(*begin, "--workers", "1", code=2)
    assert "sbatch refused" in said and "invalid partition" in said and "Traceback" not in said
    runner.environment["DASK_JOBQUEUE__SLURM__QUEUE"] = "long"
    runner.environment["DASK_JOBQUEUE__SLURM__PYTHON"] = "/no/python"
    said = runner.run(*begin, "--workers", "1", code=2)
    assert "all jobs ended before a worker answered" in said and "out/logs" in said
    runner.environment["PATH"] = os.environ["PATH"]
    said = runner.run(*begin, "--workers", "1", code=2)
    assert "no command sbatch on this machine" in said


def shown_manifest() -> dict[str, Any]:
    """The one in the docs."""
    text = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    manifest: dict[str, Any] = yaml.safe_load(block)
    return manifest


def test_a_manifest_is_fitted_to_the_run_and_stays_one_of_the_operator() -> None:
    operator = Path(dask_kubernetes.__file__).parent / "operator"
    crds = operator / "deployment" / "helm" / "dask-kubernetes-operator" / "crds"
    crd = yaml.safe_load((crds / "daskcluster.yaml").read_text())
    (version,) = crd["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    shown = shown_manifest()
    before = json.dumps(shown)
    spec = fitted(shown, 7, name="cluster.yaml")
    assert json.dumps(shown) == before
    jsonschema.validate(spec, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(fitted(shown, "7", name=""), schema)  # type: ignore[arg-type]
    worker, scheduler = spec["spec"]["worker"], spec["spec"]["scheduler"]
    (container,) = worker["spec"]["containers"]
    assert worker["replicas"] == 7
    assert container["args"][-4:] == ["--nthreads", "1", "--nworkers", "1"]
    assert container["image"] == shown["spec"]["worker"]["spec"]["containers"][0]["image"]
    assert container["volumeMounts"][0]["mountPath"] == "/shared"
    (container,) = scheduler["spec"]["containers"]
    saturation = {"name": "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION", "value": "1.0"}
    assert container["env"].count(saturation) == 1
    # What Dask makes itself is taken, too, and another saturation is not kept.
    made = make_cluster_spec(
        "x", image="i", resources={}, env={saturation["name"]: "1.1", "A": "b"}
    )
    spec = fitted(made, 1, name="cluster.yaml")
    jsonschema.validate(spec, schema)
    (container,) = spec["spec"]["scheduler"]["spec"]["containers"]
    assert container["env"] == [{"name": "A", "value": "b"}, saturation]


@pytest.mark.parametrize("text", ["", "3", "[]", "kind: Pod", "kind: DaskCluster\nspec: {}", "{"])
def test_what_is_no_manifest_is_said(runner: Runner, text: str) -> None:
    if text == "{":
        (runner.folder / "k.yaml").write_text(text)
        runner.environment["DASK_KUBERNETES__CUSTOM_CLUSTER_SPEC"] = "k.yaml"
        runner.rows(*PLAIN)
        said = runner.run("--cluster", "kubernetes", "--workers", "1", code=2)
        assert "k.yaml" in said and "Traceback" not in said
    else:
        with pytest.raises(ConfigError, match=r"k\.yaml: no manifest of a DaskCluster"):
            fitted(yaml.safe_load(text), 1, name="k.yaml")


def test_pods_of_kubernetes_give_the_same_bytes(runner: Runner) -> None:
    runner.rows(*PLAIN)
    port = free_port()
    manifest = shown_manifest()
    dask = [sys.executable, "-m", "dask"]
    for part, command in (
        ("scheduler", ["scheduler", "--host", f"tcp://127.0.0.1:{port}"]),
        ("worker", ["worker", "--name", "$(DASK_WORKER_NAME)"]),
    ):
        (container,) = manifest["spec"][part]["spec"]["containers"]
        container["args"] = [*dask, *command, "--no-dashboard"]
    (runner.folder / "k.yaml").write_text(yaml.safe_dump(manifest))
    plain = dict(runner.environment)
    runner.environment |= {
        "KUBECONFIG": str(runner.folder / "config"),
        "DASK_KUBERNETES__CUSTOM_CLUSTER_SPEC": "k.yaml",
    }
    kubernetes = Kubernetes(port, plain)
    with served(kubernetes, runner.folder / "config"):
        runner.run("--cluster", "kubernetes", "--workers", "2", *SHARDS)
    found = runner.bytes()
    (made,) = kubernetes.made
    assert made["spec"]["worker"]["replicas"] == 2
    # It was removed with the run.
    assert not kubernetes.clusters
    assert alone(runner) == found


def test_what_kubernetes_lacks_is_said(runner: Runner) -> None:
    runner.rows(*PLAIN)
    begin = ("--cluster", "kubernetes", "--workers", "1")
    said = runner.run(*begin, code=2)
    assert "kubernetes.custom-cluster-spec" in said and "must name a manifest" in said
    (runner.folder / "k.yaml").write_text(yaml.safe_dump(shown_manifest()))
    runner.environment |= {
        "KUBECONFIG": str(runner.folder / "config"),
        "DASK_KUBERNETES__CUSTOM_CLUSTER_SPEC": "k.yaml",
    }
    said = runner.run(*begin, code=2)
    assert "no cluster could be made" in said and "credentials" in said and "Traceback" not in said
    without = Kubernetes(free_port(), {}, operator=False)
    with served(without, runner.folder / "config"):
        said = runner.run(*begin, code=2)
    assert "daskclusters not found" in said and "Traceback" not in said


@pytest.mark.parametrize("name", ["slurm", "kubernetes"])
def test_what_is_not_installed_is_said(runner: Runner, name: str) -> None:
    runner.rows(*PLAIN)
    (runner.folder / "plugin" / "sitecustomize.py").write_text(
        "import sys\nsys.modules['dask_jobqueue'] = sys.modules['dask_kubernetes'] = None\n"
    )
    said = runner.run("--cluster", name, "--workers", "1", code=2)
    assert f"pip install 'claimline[{name}]'" in said and "Traceback" not in said
