"""Stands in for Kubernetes with the Dask operator: its interface, each pod a process of this
machine.

It holds `DaskCluster` resources and acts on them as the operator does: a scheduler, so many
workers that are told where it is, a service; with the resource they go.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

OPERATOR = "kubernetes.dask.org/v1"


class Kubernetes:
    """The state of the cluster.

    Args:
        port: of the scheduler, on this machine.
        environment: of the pods, besides what the manifest says.
        operator: whether the Dask operator is installed.
    """

    def __init__(self, port: int, environment: dict[str, str], *, operator: bool = True) -> None:
        self.port = port
        self.environment = environment
        self.operator = operator
        self.made: list[dict[str, Any]] = []
        self.clusters: dict[str, dict[str, Any]] = {}
        self.pods: list[subprocess.Popen[bytes]] = []

    def create(self, manifest: dict[str, Any]) -> dict[str, Any]:
        name = manifest["metadata"]["name"]
        manifest["metadata"] |= {"namespace": "default", "uid": name}
        self.made.append(json.loads(json.dumps(manifest)))
        self.clusters[name] = manifest | {"status": {"phase": "Running"}}
        self._run(manifest["spec"]["scheduler"], {})
        for number in range(manifest["spec"]["worker"]["replicas"]):
            address = f"tcp://127.0.0.1:{self.port}"
            names = {"DASK_WORKER_NAME": f"w{number}", "DASK_SCHEDULER_ADDRESS": address}
            self._run(manifest["spec"]["worker"], names)
        return self.clusters[name]

    def _run(self, part: dict[str, Any], told: dict[str, str]) -> None:
        (container,) = part["spec"]["containers"]
        own = {entry["name"]: entry["value"] for entry in container.get("env", [])} | told
        command = [re.sub(r"\$\((\w+)\)", lambda m: own[m[1]], word) for word in container["args"]]
        self.pods.append(
            subprocess.Popen(
                command,
                env=self.environment | own,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    def delete(self, name: str) -> dict[str, Any]:
        self.stop()
        return self.clusters.pop(name)

    def stop(self) -> None:
        while self.pods:
            pod = self.pods.pop()
            os.killpg(pod.pid, signal.SIGKILL)
            pod.wait()

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """What the interface gives for a request; None where there is nothing of the kind."""
        path, _, query = path.partition("?")
        path = path.strip("/")
        ours = f"apis/{OPERATOR}"
        if path.startswith(ours) and not self.operator:
            return None
        # The kind and the name of what is asked for, where it is in the namespace.
        kind, _, name = path.partition("/namespaces/default/")[2].partition("/")
        match method, kind or path:
            case "GET", "version":
                return {"major": "1", "minor": "33", "gitVersion": "v1.33.0"}
            case "GET", "api":
                return {"kind": "APIVersions", "versions": ["v1"]}
            case "GET", "apis":
                found = [{"name": "kubernetes.dask.org", "versions": [{"groupVersion": OPERATOR}]}]
                return {"kind": "APIGroupList", "groups": found if self.operator else []}
            case "GET", "api/v1":
                return _kinds("v1", ("pods", "Pod"), ("services", "Service"))
            case "POST", "daskclusters":
                return self.create(json.loads(body))
            case "DELETE", "daskclusters" if name in self.clusters:
                return self.delete(name)
            case "GET", "daskclusters":
                return _chosen(self.clusters, name, query)
            case "GET", "pods":
                ready = {"phase": "Running", "conditions": [_yes("Ready"), _yes("ContainersReady")]}
                names = [f"{name}-scheduler" for name in self.clusters]
                return _chosen({n: _of_kind("Pod", n, status=ready) for n in names}, name, query)
            case "GET", "services":
                ports = [
                    {"name": name, "port": self.port, "targetPort": self.port}
                    for name in ("tcp-comm", "http-dashboard")
                ]
                chosen = {"dask.org/component": "scheduler"}
                spec = {"type": "LoadBalancer", "ports": ports, "selector": chosen}
                status = {"loadBalancer": {"ingress": [{"ip": "127.0.0.1"}]}}
                names = [f"{name}-scheduler" for name in self.clusters]
                services = {n: _of_kind("Service", n, spec=spec, status=status) for n in names}
                return _chosen(services, name, query)
        if (method, path) == ("GET", ours):
            return _kinds(OPERATOR, ("daskclusters", "DaskCluster"))
        return None


def _chosen(items: dict[str, dict[str, Any]], name: str, query: str) -> dict[str, Any] | None:
    """The one of a name, or a list of all, or of the one whose name is asked for."""
    if name:
        return items.get(name)
    wanted = re.search(r"metadata\.name(?:%3D|=)([\w-]+)", query)
    found = [item for key, item in items.items() if wanted is None or wanted[1] == key]
    return {"kind": "List", "metadata": {}, "items": found}


def _kinds(version: str, *kinds: tuple[str, str]) -> dict[str, Any]:
    found = [
        {"name": name, "singularName": kind.lower(), "kind": kind, "namespaced": True}
        for name, kind in kinds
    ]
    return {"kind": "APIResourceList", "groupVersion": version, "resources": found}


def _yes(condition: str) -> dict[str, str]:
    return {"type": condition, "status": "True"}


def _of_kind(kind: str, name: str, **more: Any) -> dict[str, Any]:
    about = {"name": name, "namespace": "default", "uid": name}
    return {"apiVersion": "v1", "kind": kind, "metadata": about, **more}


@contextmanager
def served(kubernetes: Kubernetes, config: Path) -> Iterator[None]:
    """Answer on a port of this machine; a file for `KUBECONFIG` says which."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = kubernetes.answer(self.command, self.path, body)
            missing = {"kind": "Status", "code": 404, "message": "not found"}
            data = json.dumps(missing if found is None else found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_PATCH = handle_any

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    config.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "here",
                "clusters": [{"name": "here", "cluster": {"server": address}}],
                "users": [{"name": "me", "user": {"token": "t"}}],
                "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
            }
        )
    )
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        kubernetes.stop()
