from __future__ import annotations

import json
import re

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import jsonl, records, reference
from pipeline.errors import RecordError

from .conftest import ROOT

TEXT = st.text(st.characters(codec=None), max_size=20)


def values(info: msgspec.inspect.Type) -> st.SearchStrategy[object]:
    """Any builtin value of a type, as a decoder would accept it."""
    match info:
        case msgspec.inspect.StrType():
            return TEXT
        case msgspec.inspect.IntType():
            return st.integers(0, 10**6)
        case msgspec.inspect.FloatType():
            return st.floats(0, 1)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.LiteralType():
            return st.sampled_from(info.values)
        case msgspec.inspect.UnionType():
            return st.one_of(*(values(kind) for kind in info.types))
        case msgspec.inspect.VarTupleType():
            return st.lists(values(info.item_type), max_size=3)
        case msgspec.inspect.DictType():
            return st.dictionaries(st.sampled_from(sorted(records.KINDS)), st.integers(0, 99))
        case msgspec.inspect.StructType():
            return structs(info)
    raise AssertionError(f"no strategy for {info}")


def structs(info: msgspec.inspect.StructType) -> st.SearchStrategy[dict[str, object]]:
    fields = st.fixed_dictionaries({f.encode_name: values(f.type) for f in info.fields})

    def repair(made: dict[str, object]) -> dict[str, object]:
        start = made.get("start")
        if isinstance(start, int):
            made["end"] = start + 1
        if "low" in made:
            made["low"] = made["high"] = 50.0
        if info.tag is not None:
            made[str(info.tag_field)] = info.tag
        return made

    return fields.map(repair)


@st.composite
def any_records(draw: st.DrawFn) -> list[records.Record]:
    kinds = draw(st.lists(st.sampled_from(sorted(records.KINDS)), max_size=4))
    made = []
    for kind in kinds:
        info = msgspec.inspect.type_info(records.KINDS[kind])
        assert isinstance(info, msgspec.inspect.StructType)
        made.append(msgspec.convert(draw(structs(info)), records.KINDS[kind]))
    return made


@given(any_records())
def test_jsonl_round_trip(made: list[records.Record]) -> None:
    # Lone surrogates and U+2028 are among the characters.
    data = jsonl.encode(made)
    assert jsonl.decode(data) == made
    assert data.count(b"\n") == len(made)
    assert jsonl.encode(jsonl.decode(data)) == data


@given(any_records())
def test_schema_accepts_every_record(made: list[records.Record]) -> None:
    validator = jsonschema.Draft202012Validator(records.json_schema())
    for line in jsonl.encode(made).split(b"\n")[:-1]:
        validator.validate(json.loads(line))


def test_schema_is_valid_and_rejects_what_is_no_record() -> None:
    schema = records.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert not validator.is_valid({"kind": "date", "id": "date-0"})
    assert not validator.is_valid({"kind": "rumour"})


def test_decode_names_source_line_and_field() -> None:
    good = jsonl.encode([])
    bad = b'{"kind":"problem","id":1}\n'
    with pytest.raises(RecordError, match=r"a\.jsonl, line 2: .*\$\.id"):
        jsonl.decode(good + b"\n" + bad, source="a.jsonl")


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'"x"', b"\xff", b'{"kind":"rumour"}', b"[" * 100000]
)
def test_decode_refuses_what_is_no_record(line: bytes) -> None:
    with pytest.raises(RecordError, match="line 1"):
        jsonl.decode(line)


def test_spans_are_never_empty() -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        records.Span(start=3, end=3, text="")


def test_likelihood_bounds_come_together() -> None:
    with pytest.raises(ValueError, match="come together"):
        records.Likelihood(level="likely", low=55, high=None, basis=None, source=None)


def test_every_field_says_what_it_is() -> None:
    for struct in records.structs():
        summary, fields = records.documented(struct)
        assert summary and set(fields) == set(struct.__struct_fields__), struct  # type: ignore[attr-defined]
        assert all(text.endswith(".") for text in fields.values()), struct
    assert {struct.__name__ for struct in records.structs()} == set(
        records.json_schema()["$defs"]  # type: ignore[call-overload]
    )


def test_the_schema_says_what_each_field_is() -> None:
    definitions = records.json_schema()["$defs"]
    assert isinstance(definitions, dict)
    for definition in definitions.values():
        told = definition["properties"].items()
        assert all("description" in field for name, field in told if name != "kind")
    assert "Attributes" not in json.dumps(definitions)


def test_the_reference_is_that_of_the_types() -> None:
    """`claimline schema --markdown > docs/records.md` makes it so."""
    page = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
    assert page == reference.markdown()


def test_the_reference_leads_to_every_part() -> None:
    page = reference.markdown()
    headings = {line.strip("# ").lower() for line in page.split("\n") if line.startswith("##")}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= headings
    for struct in records.structs():
        assert all(f"| `{name}` |" in page for name in struct.__struct_fields__)  # type: ignore[attr-defined]
    assert "| `low` | number or null |" in page
    assert "| `cues` | list of [PredictionCue](#predictioncue) |" in page
    assert "`survey`" in page and "Literal" not in page and "typing" not in page
