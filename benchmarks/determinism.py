"""How many labels change when the embedded model runs on another class of CPU.

    python -m benchmarks.determinism TEXTS.jsonl [--documents 40] [--model FOLDER]

TEXTS.jsonl holds one JSON object with a "text" a line. The same texts are annotated by processes
from which `cpu_mask.c` hides instruction sets, and compared with those of the CPU as it is. Needs
Linux, an Intel CPU with CPUID faulting and a C compiler. See docs/determinism.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.language import blank_nlp

MASKS = ("avx512-vnni", "avx512", "avx2-vnni", "avx2", "sse")


def annotate(texts: Path, documents: int, model: str) -> list[dict[str, Any]]:
    """Everything the model says of the texts, by document."""
    nlp = blank_nlp()
    nlp.add_pipe("claimline_encoder", config={"model": model})
    with texts.open(encoding="utf-8") as lines:
        docs = [nlp(json.loads(line)["text"]) for line in islice(lines, documents)]
    return [
        {
            "words": [
                (t.pos_, t.tag_, str(t.morph), t.lemma_, t.head.i, t.dep_, bool(t.is_sent_start))
                for t in doc
            ],
            "spans": [
                *((entity.start, entity.end, entity.label_, 0.0) for entity in doc.ents),
                *(
                    (span.start, span.end, span.label_, score)
                    for group in doc.spans.values()
                    for span, score in zip(group, group.attrs["scores"], strict=True)
                ),
            ],
        }
        for doc in docs
    ]


def masked(library: Path, mask: str, arguments: list[str]) -> list[dict[str, Any]]:
    """The annotation by a process that sees no more than `mask` of the CPU."""
    environment = os.environ | {"LD_PRELOAD": str(library), "CPU_MASK": mask}
    command = [sys.executable, "-m", "benchmarks.determinism", "--print", *arguments]
    finished = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: list[dict[str, Any]] = json.loads(finished.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--model", default="", help="a model folder; the embedded one by default")
    parser.add_argument("--print", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    # Through JSON, so that both sides of the comparison have gone the same way.
    own = json.loads(json.dumps(annotate(options.texts, options.documents, options.model)))
    if options.print:
        json.dump(own, sys.stdout)
        return
    words = sum(len(document["words"]) for document in own)
    print(f"{words:,} words in {len(own)} documents, against this CPU as it is:")
    source = Path(__file__).with_name("cpu_mask.c")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "cpu_mask.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
        for mask in MASKS:
            other = masked(library, mask, sys.argv[1:])
            pairs = list(zip(own, other, strict=True))
            changed = sum(
                a != b for x, y in pairs for a, b in zip(x["words"], y["words"], strict=True)
            )
            spans = sum(
                len({*map(tuple, x["spans"])} ^ {*map(tuple, y["spans"])}) for x, y in pairs
            )
            print(
                f"{mask:12} words with another label {100 * changed / words:.3f} %, "
                f"spans or scores changed {spans}"
            )


if __name__ == "__main__":
    main()
