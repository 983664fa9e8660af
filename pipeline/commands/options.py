"""Options and arguments that more than one command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="A spaCy pipeline's name or path in place of the embedded model."),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Configuration file over the defaults.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting over all files; repeatable."),
]
RecordFiles = Annotated[
    list[Path], typer.Argument(help="JSONL files, folders of them, or - for standard input.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write. [default: standard output]"),
]
AfterOption = Annotated[
    str | None,
    typer.Option("--after", help="Only what may lie in or after 2014, 2014-05 or 2014-05-07."),
]
BeforeOption = Annotated[
    str | None, typer.Option("--before", help="Only what may lie in or before this date.")
]
EntityOption = Annotated[
    list[str] | None,
    typer.Option("--entity", help="Only with this one, by any of its names; repeat."),
]
LeastOption = Annotated[
    float | None, typer.Option("--min", help="Only what is at least this likely, in percent.")
]
MostOption = Annotated[
    float | None, typer.Option("--max", help="Only what is at most this likely, in percent.")
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="TYPES|SEVERITY",
        help="What exit code 1 stands for: a severity (info, minor, major, critical), change "
        'types ("moved,hedge"), or never. [default: major]',
    ),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Extract anew what was extracted before.")
]
