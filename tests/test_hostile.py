"""Over 700 hostile files through the real command, with the real model: nothing is lost or leaks.

`docs/hostile.md` says which test shows what. `make hostile` has the large files as large as the
project promises to take.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pyarrow
import pyarrow.parquet
import pytest

from pipeline import jsonl
from pipeline.batch import Columns, Mark, Output
from pipeline.batch.inputs import find, jobs
from pipeline.batch.job import Job
from pipeline.batch.worker import _read
from pipeline.errors import ArticleError
from pipeline.evaluate.invariants import violations
from pipeline.reading import read_article, read_text, safe_id
from pipeline.records import ArticleRecord, ProblemRecord, Record
from pipeline.spreadsheet import guarded, unguarded

from . import hostile
from .hostile import SENTENCE, Case, Refused, Written

pytestmark = pytest.mark.model

# Of names that no encoder takes the escapes are shown.
COMMAND = [sys.executable, "-m", "pipeline"]
_COUNT = re.compile(r"^\s*(articles in|written|quarantined|done before|shards)\s+([\d,]+)", re.M)


def shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def call(folder: Path, *arguments: str, code: int = 0) -> str:
    """What a command says, after it has ended with this code and without a defect."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, timeout=3000, check=False
    )
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode == code, said[-3000:]
    assert "Traceback" not in said, said[-3000:]
    return said


def everything(folder: Path, but: Path) -> dict[str, tuple[int, int, int]]:
    """Everything in a folder with what tells whether it was touched."""
    found = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(root, name) != but]
        for name in (*folders, *names):
            status = os.lstat(Path(root, name))
            found[os.path.join(root, name)] = (  # noqa: PTH118 - names of any bytes
                status.st_ino,
                status.st_size,
                status.st_mtime_ns if not os.path.isdir(os.path.join(root, name)) else 0,  # noqa: PTH112, PTH118
            )
    return found


class Ran(NamedTuple):
    """Both runs over all files."""

    folder: Path
    cases: list[Case]
    output: Output
    said: str
    again: str
    bytes_before: dict[str, bytes]
    touched: bool

    def marks(self) -> list[Mark]:
        return [mark for n in self.output.numbers() if (mark := self.output.mark(n)) is not None]

    def articles(self) -> Iterator[list[Record]]:
        """The records of each article that has any."""
        for path in sorted(self.output.shards.iterdir()):
            records: list[Record] = []
            for record in jsonl.read(path):
                if isinstance(record, ArticleRecord) and records:
                    yield records
                    records = []
                records.append(record)
            if records:
                yield records


def all_bytes(output: Output) -> dict[str, bytes]:
    paths = [*output.shards.iterdir(), *output.marks.iterdir(), output.quarantine]
    return {str(path.relative_to(output.folder)): path.read_bytes() for path in paths}


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The corpus, run twice with one command."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    cases = hostile.write(folder / "in")
    output = Output(folder / "out")
    before = everything(folder, output.folder)
    limits = ("--article-seconds", "300", "--workers", "2")
    said = call(folder, "run", "in", "--output", "out", *limits, code=1)
    first = all_bytes(output)
    again = call(folder, "run", "in", "--output", "out", *limits, code=1)
    touched = before != everything(folder, output.folder)
    return Ran(folder, cases, output, said, again, first, touched)


@pytest.fixture(scope="session")
def found(ran: Ran) -> dict[str, list[tuple[str, Any]]]:
    """What became of each article, by file, in the order of the articles in it."""
    places: list[tuple[str, tuple[str, Any]]] = []
    for records in ran.articles():
        head = records[0]
        assert isinstance(head, ArticleRecord)
        problems = [record.message for record in records if isinstance(record, ProblemRecord)]
        places.append((head.path, ("written", problems)))
    for line in ran.output.quarantine.read_bytes().splitlines():
        row = json.loads(line)
        places.append((row["path"], ("refused", row)))
    by_file: dict[str, list[tuple[int, tuple[str, Any]]]] = {}
    for path, outcome in places:
        # "#" may be part of the name, so only what a place looks like is cut off.
        cut = re.fullmatch(r"(.*\.(?:jsonl|parquet|warc)(?:\.gz)?)#(\d+|rest)(?: .*)?", path, re.S)
        name, number = (cut[1], cut[2]) if cut else (path, "0")
        order = int(number) if number.isdecimal() else 10**9
        by_file.setdefault(name, []).append((order, outcome))
    return {
        name.removeprefix("in/"): [outcome for _, outcome in sorted(rows, key=lambda row: row[0])]
        for name, rows in by_file.items()
    }


def becomes(ran: Ran, found: dict[str, list[tuple[str, Any]]], group: str) -> int:
    """See that each file of a group became what it should; how many there are."""
    cases = [case for case in ran.cases if case.name.startswith(f"{group}/")]
    wrong = []
    for case in cases:
        outcomes = found.get(shown(case.name), [])
        if len(outcomes) != len(case.outcomes):
            wrong.append(f"{case.name!a}: {len(case.outcomes)} articles, not {outcomes!a:.300}")
            continue
        for expected, (kind, told) in zip(case.outcomes, outcomes, strict=True):
            match expected:
                case Written(problem):
                    fine = kind == "written" and (
                        not problem or any(problem in message for message in told)
                    )
                case Refused(reason, stage, attempts):
                    fine = kind == "refused" and (
                        reason in told["reason"]
                        and (told["stage"], told["attempts"]) == (stage, attempts)
                    )
            if not fine:
                wrong.append(f"{case.name!a}: {expected!a}, not {kind} {told!a:.300}")
    assert not wrong, "\n".join(wrong)
    return len(cases)


# The run as a whole


def test_all_of_it_is_counted_and_nothing_is_a_defect(ran: Ran) -> None:
    assert len(ran.cases) > 700
    expected = Counter(type(outcome) for case in ran.cases for outcome in case.outcomes)
    counts = {name: int(number.replace(",", "")) for name, number in _COUNT.findall(ran.said)}
    assert counts["articles in"] == expected.total()
    assert (counts["written"], counts["quarantined"]) == (expected[Written], expected[Refused])
    marks = ran.marks()
    assert sum(mark.articles for mark in marks) == expected.total()
    assert sum(mark.written + len(mark.quarantined) for mark in marks) == expected.total()
    logs = "".join(path.read_text(encoding="utf-8") for path in ran.output.logs.iterdir())
    assert "Traceback" not in logs and "Error" not in logs, logs[-3000:]


def test_a_second_run_makes_nothing_again(ran: Ran) -> None:
    counts = {name: int(number.replace(",", "")) for name, number in _COUNT.findall(ran.again)}
    assert counts["done before"] == counts["shards"] == len(ran.marks())
    assert all_bytes(ran.output) == ran.bytes_before
    call(ran.folder, "status", "out", "--verify")


def test_nothing_is_written_outside_of_the_output(ran: Ran) -> None:
    assert not ran.touched
    names = {
        path.relative_to(ran.output.folder).as_posix() for path in ran.output.folder.rglob("*")
    }
    fixed = {"shards", "done", "logs", "quarantine.jsonl", "run.json", ".lock"}
    for name in names - fixed:
        assert re.fullmatch(r"(shards/\d{6}\.jsonl|done/\d{6}\.json|logs/worker-\d\.log)", name)


def test_records_are_json_lines_in_utf_8_of_the_schema(ran: Ran) -> None:
    for path in (*ran.output.shards.iterdir(), ran.output.quarantine):
        data = path.read_bytes()
        *lines, rest = data.decode("utf-8").split("\n")
        assert not rest
        for line in lines:
            json.loads(line)
            assert not any(unicodedata.category(char) == "Cc" and char < " " for char in line)
    identifiers = [records[0].article.lower() for records in ran.articles()]  # type: ignore[union-attr]
    assert len(set(identifiers)) == len(identifiers)


def test_every_span_is_exact(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ran.folder)
    articles: dict[str, Job] = {}
    for job in jobs(find(["in"], leave_out=ran.output.folder), Columns()):
        assert job.name not in articles
        articles[job.name] = job
    count = 0
    for records in ran.articles():
        head = records[0]
        assert isinstance(head, ArticleRecord)
        job = articles[head.path]
        assert violations(_read(job), records) == []
        count += 1
    assert count == sum(mark.written for mark in ran.marks())


# Each kind of input


def test_wrong_and_mixed_encodings_are_told_or_refused(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "encodings") > 80


@pytest.mark.parametrize(
    "name", ["utf-16", "utf-32-be", "cp037", "utf-7", "unicode_escape", "raw_unicode_escape",
             "idna", "punycode", "zlib", "undefined"]
)  # fmt: skip
def test_a_declared_encoding_that_cannot_be_is_not_believed(name: str) -> None:
    page = f"<meta charset={name}><p>José said “it may rain” in Málaga.".encode("cp1252")
    article = read_article(None, data=page)
    assert article.encoding == "cp1252" and "José said “it may rain” in Málaga." in article.text


def test_controls_and_odd_characters_keep_their_places(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "characters") > 120


def test_huge_empty_and_one_line_files(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "sizes") > 40


def test_bombs_and_damaged_packed_files(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "packed") > 30


def test_entity_bombs_and_hostile_pages(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "pages") > 60
    secret = Path("/etc/passwd").read_bytes().splitlines()[0]
    assert all(secret not in data for data in ran.bytes_before.values())


def test_deep_markdown_is_read_to_the_ground(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "markdown") > 25


@pytest.mark.parametrize(
    "text",
    [
        "> " * 60 + "word0 may rain.",
        "- " * 60 + "word0 may rain.",
        "".join("> " * n + f"word{n} may rain.\n" for n in range(60)),
        "".join("  " * n + f"- word{n} may rain.\n" for n in range(60)),
        "word0\n\n" + "1. " * 60 + "word1\n\nword2",
    ],
)
def test_nothing_is_passed_over_where_markdown_is_nested_too_deeply(text: str) -> None:
    article = read_text(text, media_type="text/markdown")
    assert set(re.findall(r"word\d+", article.text)) == set(re.findall(r"word\d+", text))
    assert any("nested too deeply" in notice.message for notice in article.notices)
    place = article.text.rindex("word")
    ((start, end),) = article.map.to_source(place, len(article.text))
    assert text[start:end] == article.text[place:]


@pytest.mark.parametrize("tag", ["template", "noscript", "object", "svg", "button"])
def test_a_hidden_element_ends_at_its_end_tag(tag: str) -> None:
    page = f"<{tag}><div><p>No.</{tag}><p>It may rain.</p>"
    assert read_article(None, data=page.encode(), media_type="text/html").text == "It may rain."


def test_yaml_bombs_and_tags(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "front-matter") > 40


def test_broken_sidecars_cost_their_article_alone(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "sidecars") > 30


def test_names_of_files_never_become_paths(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "names") > 70


def test_only_regular_files_of_the_folder_are_read(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "links") >= 20
    assert all(b"SECRET" not in data for data in all_bytes(ran.output).values())


def test_what_is_named_may_be_a_link_to_anywhere(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(SENTENCE)
    (tmp_path / "in").mkdir()
    link = tmp_path / "in" / "a.txt"
    link.symlink_to("../real")
    for inputs, refused in (
        (["in"], True),
        (["in/a.txt"], False),
        (["in/*.txt"], False),
        (["in", "in/a.txt"], False),
        (["in/a.txt", "in"], False),
    ):
        paths = find([str(tmp_path / one) for one in inputs], leave_out=tmp_path / "out")
        (job,) = jobs(paths, Columns())
        assert (job.refused is not None) == refused


def test_a_file_that_vanishes_costs_itself(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl", "c.txt"):
        (tmp_path / name).write_text(json.dumps({"text": SENTENCE}))
    paths = find([str(tmp_path)], leave_out=tmp_path / "out")
    for name in ("a.txt", "b.jsonl"):
        (tmp_path / name).unlink()
    reasons = [job.refused for job in jobs(paths, Columns())]
    assert ["no such file" in (reason or "") for reason in reasons] == [True, True, False]


def test_a_file_without_permission_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    opening = os.open

    def refuse(name: Any, *arguments: Any, **more: Any) -> int:
        if name == path:  # root may read everything
            raise PermissionError(13, "Permission denied", str(path))
        return opening(name, *arguments, **more)

    monkeypatch.setattr(os, "open", refuse)
    (job,) = jobs({path: None}, Columns())
    assert job.refused is not None and "no permission to read it" in job.refused


def test_broken_rows_and_hostile_ids(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "rows") > 40


@pytest.mark.parametrize("depth", range(880, 1010, 10))
def test_a_value_as_deep_as_python_goes_costs_its_row_at_most(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "a.jsonl"
    deep = '{"text": "a", "id": ' + "[" * depth + "]" * depth + "}\n"
    path.write_text(deep + '{"text": "b"}\n')
    assert len(list(jobs({path: None}, Columns()))) == 2


def test_names_of_columns_that_no_encoder_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"\\ud800": 1, "' + "x" * 10_000 + '": 2}\n')
    _, job = jobs({path: None}, Columns())
    assert job.refused is not None and len(job.refused) <= 500
    job.refused.encode()


def test_broken_tables(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "tables") > 20


def test_a_table_that_unpacks_too_far(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = pyarrow.table({"text": ["a" * (33 << 20), "b" * (33 << 20)]})
    pyarrow.parquet.write_table(texts, path, compression="zstd", use_dictionary=False)
    (job,) = jobs({path: None}, Columns())
    assert job.refused is not None and "as no text does" in job.refused and not job.data


def test_a_text_that_stands_for_many_rows_is_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    many = pyarrow.table(
        {"text": [SENTENCE, "It may rain."] * 100, "id": [f"n{n}" for n in range(200)]}
    )
    pyarrow.parquet.write_table(many, path)
    found = list(jobs({path: None}, Columns()))
    assert [job.id for job in found] == [f"n{n}" for n in range(200)]
    assert {job.data.decode() for job in found[::2]} == {SENTENCE}


def test_broken_crawls(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "crawls") > 20


def test_texts_that_would_act_and_far_too_many_marks(ran: Ran, found: Any) -> None:
    assert becomes(ran, found, "texts") > 80


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "C:\\x", "a\0b", "..", "~", "-rf", "x" * 9999, "‥∕／x",
     "a..", "\ud800", "\u202ex", "a/./b", "語" * 999, "", " \n", "CON", "nul.x", "Com1"],
)  # fmt: skip
def test_ids_are_names_of_files_everywhere(name: str) -> None:
    safe = safe_id(name, "origin")
    assert re.fullmatch(r"\w[\w.-]*", safe) and not safe.endswith(".")
    assert len(safe.encode()) <= 160
    assert safe.split(".")[0].lower() not in ("con", "nul", "com1")


# What other commands make of it


@pytest.fixture(scope="session")
def extracted(ran: Ran) -> Path:
    """A sample, extracted to a folder of records by the other command."""
    groups = [f"in/{group}" for group in ("texts", "names", "links", "sidecars", "front-matter")]
    said = call(ran.folder, "extract", *groups, "--output", "single", code=1)
    failed = [line for line in said.splitlines() if line.startswith("failed: ")]
    assert f"{len(failed)} failed" in said
    reasons = [line for line in failed if "links/" in line or "sidecars/" in line]
    assert len(reasons) >= 30
    assert not set("\x1b\x07\u202e\x9b") & set(said)
    assert "SECRET" not in said
    return ran.folder / "single"


def test_extract_gives_what_run_gives(ran: Ran, extracted: Path) -> None:
    inside = {path.name for path in extracted.iterdir() if path.is_file()}
    assert len(inside) == len(list(extracted.iterdir()))
    of_run = {
        records[0].path: records  # type: ignore[union-attr]
        for records in ran.articles()
    }
    count = 0
    for path in extracted.iterdir():
        records = jsonl.read(path)
        head = records[0]
        assert isinstance(head, ArticleRecord) and path.name == f"{head.article}.jsonl"
        same = of_run[shown(head.path)]
        # Ids of articles differ where two in the larger set have one name.
        assert [type(record) for record in records] == [type(record) for record in same]
        count += 1
    assert count > 200


def test_formulas_are_text_in_every_sheet(ran: Ran, extracted: Path) -> None:
    call(ran.folder, "export", "csv", "single", "--output", "tables")
    call(ran.folder, "predictions", "single", "--format", "csv", "--output", "tables/p.csv")
    call(ran.folder, "stats", "single", "--csv", "--output", "tables/s.csv")
    tables = list((ran.folder / "tables").glob("*.csv"))
    cells = guards = 0
    for path in tables:
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for cell in row:
                cells += 1
                number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                assert number or cell == guarded(unguarded(cell))
                assert number or cell.lstrip("'\t\r \n")[:1] not in tuple("=+-@") or cell[0] == "'"
                guards += cell.startswith(("'=", "'+", "'-", "'@"))
    assert cells > 10_000 and guards > 10


class _Outline(HTMLParser):
    """The elements of a page, with the names of their attributes; texts do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.shapes |= {(tag, name) for name, _ in attributes} | {(tag, "")}
        self.addresses += [value or "" for name, value in attributes if name in ("href", "src")]


def outline(page: str) -> _Outline:
    parser = _Outline()
    parser.feed(page)
    parser.close()
    return parser


def test_no_markup_of_an_article_reaches_the_page(ran: Ran, extracted: Path) -> None:
    call(ran.folder, "report", "single", "--source", "in/texts", "--output", "hostile.html")
    (ran.folder / "plain").mkdir()
    (ran.folder / "plain" / "a.txt").write_text(SENTENCE)
    call(ran.folder, "extract", "plain", "--output", "plain-found")
    call(ran.folder, "report", "plain-found", "--source", "plain", "--output", "plain.html")
    page = outline((ran.folder / "hostile.html").read_text(encoding="utf-8"))
    plain = outline((ran.folder / "plain.html").read_text(encoding="utf-8"))
    # The data of each article stand in an element of their own.
    assert page.scripts - plain.scripts == len(list(extracted.iterdir())) - 1
    foreign = {"img", "image", "iframe", "object", "embed", "base", "meta", "form", "frame"}
    assert not {tag for tag, _ in page.shapes - plain.shapes} & foreign
    assert not [name for _, name in page.shapes if name.startswith("on") or name == "srcdoc"]
    for address in page.addresses:
        assert address.startswith(("#", "https://", "http://")) or address in plain.addresses


def test_no_markup_of_an_article_reaches_a_picture(ran: Ran, extracted: Path) -> None:
    call(ran.folder, "timeline", "single", "--format", "svg", "--output", "t.svg")
    tree = ElementTree.parse(ran.folder / "t.svg")
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert not names & {"script", "foreignObject", "image", "iframe", "a", "use", "set", "animate"}
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]


@pytest.mark.parametrize(
    "command",
    [("show",), ("stats",), ("timeline",), ("predictions",), ("show", "--source", "in/texts")],
    ids=" ".join,
)
def test_no_terminal_obeys_an_article(ran: Ran, extracted: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    said = call(ran.folder, name, "single", *options)
    odd = {
        char for char in said if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")
    }
    assert not odd, sorted(map(ascii, odd))
    assert len(said) > 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "no\x1b[31m.txt", "--output", "x"),
        ("extract", "no\x1b[31m.txt", "--output", "x"),
        ("show", "no\x1b[31m.jsonl"),
        ("timeline", "no\x1b[31m.jsonl"),
        ("export", "csv", "no\x1b[31m.jsonl", "--output", "x"),
        ("status", "no\x1b[31m"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_messages_hold_no_terminal_escapes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in (1, 2) and "x1b[31m" in said
    assert "\x1b" not in said and "Traceback" not in said


def test_an_input_whose_name_is_no_utf_8_is_a_wrong_command(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text(SENTENCE)
    said = call(tmp_path, "run", name, "--output", "out", code=2)
    assert "is no UTF-8" in said and "name the folder above it" in said


def test_a_link_out_of_the_folder_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET may rain.")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").symlink_to("../secret")
    (tmp_path / "in" / "b.txt").write_text(SENTENCE)
    (tmp_path / "in" / "b.meta.json").symlink_to("../secret")
    with pytest.raises(ArticleError, match=r"b\.meta\.json: a link to outside of"):
        read_article(tmp_path / "in" / "b.txt")
