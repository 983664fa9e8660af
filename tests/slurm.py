"""Stands in for SLURM: the same three commands, each job a process of this machine.

As the real ones do, `sbatch` keeps the script, reads its `#SBATCH` lines, and gives a number.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HOME = Path(os.environ.get("SLURM_HOME", "."))


def sbatch(path: str) -> None:
    script = Path(path).read_text()
    if "#SBATCH -p closed" in script:
        sys.exit("sbatch: error: invalid partition specified: closed")
    number = len(list(HOME.glob("*.sh"))) + 1
    # Of several at once only one gets a number.
    while True:
        try:
            with (HOME / f"{number}.sh").open("x") as file:
                file.write(script)
            break
        except FileExistsError:
            number += 1
    printed = re.search(r"^#SBATCH -o (.+)$", script, re.MULTILINE)
    assert printed is not None
    with Path(printed[1].replace("%J", str(number))).open("wb") as log:
        job = subprocess.Popen(
            ["bash", str(HOME / f"{number}.sh")],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"SLURM_JOB_ID": str(number)},
        )
    (HOME / f"{number}.pid").write_text(str(job.pid))
    print(f"Submitted batch job {number}")


def goes_on(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    # One that ended may wait for somebody to ask how.
    return state.rpartition(")")[2].split()[0] != "Z"


def squeue(*options: str) -> None:
    (jobs,) = (option.removeprefix("--jobs=") for option in options if "--jobs=" in option)
    for job in jobs.split(","):
        if goes_on(int((HOME / f"{job}.pid").read_text())):
            print(job)


def scancel(job: str) -> None:
    try:
        os.killpg(int((HOME / f"{job}.pid").read_text()), signal.SIGKILL)
    except ProcessLookupError:
        sys.exit("scancel: error: Invalid job id specified")


if __name__ == "__main__":
    {"sbatch": sbatch, "squeue": squeue, "scancel": scancel}[sys.argv[1]](*sys.argv[2:])
