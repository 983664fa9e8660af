"""`claimline schema`: what one line of output may hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .messages import refuse


class SchemaOf(StrEnum):
    """What one line holds."""

    records = "records"
    changes = "changes"


def schema(
    of: Annotated[
        SchemaOf, typer.Argument(help="Lines of `extract`, or of `diff --format jsonl`.")
    ] = SchemaOf.records,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Every field in words, in place of the schema.")
    ] = False,
) -> None:
    """Print the JSON Schema of one line of output.

    Example: claimline schema > record.schema.json
    """
    import json

    if of is SchemaOf.changes:
        from ..revisions import json_schema

        if markdown:
            refuse("--markdown has the records only")
        made = json_schema()
    elif markdown:
        from .. import reference

        typer.echo(reference.markdown(), nl=False)
        return
    else:
        from .. import records

        made = records.json_schema()
    typer.echo(json.dumps(made, indent=2))
