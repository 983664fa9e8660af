"""Approved claims: how they are written, what is accepted, what is reported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.errors import PipelineError, RecordError
from pipeline.extraction import Extractor
from pipeline.reading import read_article
from pipeline.records import ArticleRecord, EntityRecord, ProblemRecord, QuoteRecord, Record, Span
from pipeline.revisions import Change, Version, approved, compare
from pipeline.revisions.baseline import (
    LOG,
    Acceptance,
    Baseline,
    Checked,
    Selection,
    State,
    file_name,
)

from .conftest import CORPUS, ROOT, corpus_articles
from .told import Claim, forecast, named, said, version

NOON = datetime(2028, 5, 5, 12, tzinfo=UTC)

FEES = forecast("The fees of the harbour", "may", "rise before the summer")
FEES_SURE = forecast("The fees of the harbour", "will probably", "rise before the summer")
QUAY = said("Greta Lind", "the northern quay stays open")
QUAY_SHUT = said("Greta Lind", "the northern quay stays shut")
JOBS = said("Olof Berg", "two hundred jobs go to another town")
TALKS = said("Ines Falk", "talks with the union begin in the autumn")
OWNER = named("Nordvik", "is a company, and ships come and go for")
OLD = (FEES, QUAY, OWNER, JOBS)


def accept(
    folder: Path, present: Version | Iterable[Version], selection: Selection | None = None
) -> list[Acceptance]:
    versions = [present] if isinstance(present, Version) else present
    baseline = Baseline(folder)
    checked = baseline.check({v.article: v for v in versions}, complete=True)
    return baseline.accept(checked, selection or Selection(), by="Ana", now=NOON, reason="why")


def check(folder: Path, *present: Version) -> list[Checked]:
    return Baseline(folder).check({v.article: v for v in present}, complete=True)


def changes(folder: Path, present: Version) -> list[Change]:
    (checked,) = check(folder, present)
    return list(checked.changes)


def types(found: Iterable[Change]) -> list[str]:
    return sorted(name for change in found for name in change.types)


def states(checked: Iterable[Checked]) -> dict[str, State]:
    return {one.article: one.state for one in checked}


# -- the file -----------------------------------------------------------------------------------


def read_back(made: Version) -> Version:
    head = made.records[0]
    assert isinstance(head, ArticleRecord)
    data = approved.encode(head, approved.lines_of(made.records))
    article, lines = approved.decode(data, source="x")
    return approved.version_of(article, lines, source="x")


def without_volatile(records: Iterable[Record]) -> list[dict[str, object]]:
    """What a baseline keeps of records."""
    kept = []
    for record in records:
        if isinstance(record, ArticleRecord | ProblemRecord):
            continue
        fields = msgspec.to_builtins(record)
        fields["confidence"] = 1.0
        if "alternatives" in fields:
            fields["alternatives"] = ()
        if "likelihood" in fields:
            fields["likelihood"]["source"] = None
        kept.append(fields)
    return kept


@pytest.mark.model
@pytest.mark.parametrize("path", corpus_articles()[::3], ids=lambda path: path.name)
def test_approved_records_are_the_extracted_ones(path: Path, extractor: Extractor) -> None:
    records = extractor.extract_article(read_article(path)).records
    head = records[0]
    assert isinstance(head, ArticleRecord)
    made = Version(
        article=head.article,
        records=records,
        text=None,
        sha256=head.sha256,
        fingerprint=head.pipeline.fingerprint,
        origin="x",
    )
    back = read_back(made)
    assert without_volatile(back.records) == without_volatile(records)
    assert (back.sha256, back.fingerprint) == (made.sha256, made.fingerprint)
    plain = approved.encode(head, approved.lines_of(records))
    assert len(plain) < 0.75 * len(jsonl.encode(records))


@given(
    words=st.text(st.characters(codec=None), min_size=1, max_size=12),
    before=st.text(max_size=12),
    longer=st.integers(0, 5),
    shift=st.integers(0, 50),
)
def test_any_span_comes_back(words: str, before: str, longer: int, shift: int) -> None:
    """Words that occur before, markup that makes a place longer, lone surrogates."""
    record = version(said("Ana Ruiz", "it rains")).records[1]
    assert isinstance(record, QuoteRecord)
    text = f"{before}{words} {words}"
    start = shift + len(before) + len(words) + 1
    content = Span(start=start, end=start + len(words) + longer, text=words)
    record = msgspec.structs.replace(
        record, start=shift, end=start + len(words) + longer, text=text, content=(content,)
    )
    made = version("It rains.")
    made = msgspec.structs.replace(made, records=(made.records[0], record))
    assert without_volatile(read_back(made).records) == without_volatile([record])


def lines_on_disk(made: Version) -> list[bytes]:
    head = made.records[0]
    assert isinstance(head, ArticleRecord)
    return approved.encode(head, approved.lines_of(made.records)).split(b"\n")[1:]


@given(st.integers(0, 4), st.text("abc ", min_size=1, max_size=40))
def test_a_sentence_without_a_claim_changes_one_line(at: int, words: str) -> None:
    old, new = list(OLD), list[Claim | str](OLD)
    new.insert(at, f"{words.strip() or 'a'}.")
    before, after = lines_on_disk(version(*old)), lines_on_disk(version(*new))
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= 1


def test_two_people_may_approve_different_passages(tmp_path: Path) -> None:
    """Git merges their baselines, and the merged one is that of the merged article."""
    tails = [said("Ana Ruiz", f"remark number {n} of the debate stands") for n in range(8)]
    base = (*OLD, *tails)

    def git(*arguments: str) -> None:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        identity = ["-c", "user.name=Ana", "-c", "user.email=a@b"]
        subprocess.run(
            ["git", *identity, *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            env=environment,
        )

    def commit(*claims: Claim) -> None:
        accept(tmp_path, version(*claims))
        git("add", "-A")
        git("commit", "-m", "x")

    (tmp_path / ".gitattributes").write_text(f"{LOG} merge=union\n")
    git("init", "-b", "main")
    commit(*base)
    git("checkout", "-b", "other")
    commit(FEES, QUAY_SHUT, OWNER, JOBS, *tails)
    git("checkout", "main")
    commit(*base, TALKS)
    # Both have another text, so the first lines do not merge; the claims do.
    shutil.copy(tmp_path / "port.approved.jsonl", tmp_path / "ours")
    subprocess.run(["git", "merge", "other"], cwd=tmp_path, capture_output=True, check=False)
    merged = (tmp_path / "port.approved.jsonl").read_text().split("\n")
    assert merged[0].startswith("<<<<<<<") and merged[2].startswith("=======")
    assert merged[4].startswith(">>>>>>>") and "<<<<" not in "".join(merged[5:])
    (tmp_path / "port.approved.jsonl").write_text("\n".join([merged[1], *merged[5:]]))
    assert changes(tmp_path, version(FEES, QUAY_SHUT, OWNER, JOBS, *tails, TALKS)) == []
    log = (tmp_path / LOG).read_text().strip().split("\n")
    assert [json.loads(line)["types"] for line in log[1:]] in (
        [{"added": 1}, {"quote_altered": 1}],
        [{"quote_altered": 1}, {"added": 1}],
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense\n",
        b"[]\n",
        b'{"kind":"article"}\n',
        b'{"kind":"quote","step":[0,0]}\n',
        b"\xff\xfe\n",
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "port.approved.jsonl").write_bytes(data)
    with pytest.raises(RecordError, match=r"port\.approved\.jsonl"):
        Baseline(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        '{"kind":"quote","step":[0,0],"id":"q","text":"x"}',
        '{"kind":"quote","step":[0],"id":"q","text":"x"}',
        '{"kind":"quote","step":"ab","id":"q","text":"x"}',
        '{"kind":"rumour","step":[0,0],"id":"q","text":"x"}',
        '{"kind":"entity","step":[0,-500000],"id":"q","text":"x","name":"x","type":"ORG"}',
        '{"kind":"entity","step":[0,0],"id":"q","text":5,"name":"x","type":"ORG"}',
        "<<<<<<< HEAD",
    ],
)
def test_a_damaged_line_is_one_clear_error(tmp_path: Path, line: str) -> None:
    accept(tmp_path, version(*OLD))
    path = tmp_path / "port.approved.jsonl"
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(RecordError, match="baseline accept"):
        check(tmp_path, version(*OLD))


@given(st.data())
def test_no_damage_is_more_than_an_error(data: st.DataObject) -> None:
    made = version(*OLD)
    head = made.records[0]
    assert isinstance(head, ArticleRecord)
    whole = approved.encode(head, approved.lines_of(made.records))
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + length :]
    try:
        article, lines = approved.decode(broken, source="x")
        read = approved.version_of(article, lines, source="x")
    except RecordError:
        return
    compare(read, made)


# -- accepting ----------------------------------------------------------------------------------


def test_what_was_approved_has_no_changes(tmp_path: Path) -> None:
    (acceptance,) = accept(tmp_path, version(*OLD))
    assert (acceptance.state, acceptance.by, acceptance.reason) == ("new", "Ana", "why")
    assert states(check(tmp_path, version(*OLD))) == {"port": "same"}
    # Other code that finds the same, and other places in the file, are no change of a claim.
    moved = version("Good morning.", *OLD, code="bbbb")
    assert states(check(tmp_path, moved)) == {"port": "same"}


def test_approving_the_same_again_writes_nothing(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert accept(tmp_path, version(*OLD, code="bbbb")) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_changes_have_a_cause(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    editorial = changes(tmp_path, version(FEES_SURE, QUAY, OWNER, JOBS))
    assert [change.cause for change in editorial] == ["editorial"]
    same_text = version(*OLD, code="bbbb")
    extractor = msgspec.structs.replace(same_text, records=same_text.records[:-1])
    assert [change.cause for change in changes(tmp_path, extractor)] == ["extractor"]


def test_only_the_chosen_change_is_accepted(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    new = version(FEES_SURE, QUAY_SHUT, OWNER, TALKS)
    assert types(changes(tmp_path, new)) == [
        "added",
        "hedge_strengthened",
        "quote_altered",
        "removed",
    ]
    before = (tmp_path / "port.approved.jsonl").read_text().split("\n")
    (acceptance,) = accept(tmp_path, new, Selection(types=frozenset({"hedge_strengthened"})))
    assert acceptance.types == {"hedge_strengthened": 1}
    after = (tmp_path / "port.approved.jsonl").read_text().split("\n")
    differ = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert [json.loads(after[i])["kind"] for i in differ] == ["prediction"]
    assert types(changes(tmp_path, new)) == ["added", "quote_altered", "removed"]
    accept(tmp_path, new, Selection(types=frozenset({"added"})))
    accept(tmp_path, new, Selection(types=frozenset({"removed"})))
    assert types(changes(tmp_path, new)) == ["quote_altered"]
    accept(tmp_path, new, Selection(kinds=frozenset({"quote"})))
    assert changes(tmp_path, new) == []


def test_claims_are_chosen_by_their_id(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    new = version(FEES_SURE, QUAY_SHUT, OWNER, JOBS)
    altered = next(c for c in changes(tmp_path, new) if "quote_altered" in c.types)
    assert altered.before is not None and altered.before.id is not None
    accept(tmp_path, new, Selection(ids=frozenset({altered.before.id})))
    assert types(changes(tmp_path, new)) == ["hedge_strengthened"]
    assert accept(tmp_path, new, Selection(ids=frozenset({"quote-none"}))) == []


def test_a_type_is_not_accepted_with_another_in_its_shadow(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    new = version(FEES, said("Olof Berg", "the northern quay stays shut"), OWNER, JOBS)
    (change,) = changes(tmp_path, new)
    assert {"quote_altered", "speaker_changed"} <= set(change.types)
    assert accept(tmp_path, new, Selection(types=frozenset({"quote_altered"}))) == []
    chosen = frozenset({"quote_altered", "speaker_changed"})
    assert len(accept(tmp_path, new, Selection(types=chosen))) == 1
    assert changes(tmp_path, new) == []


CLAIMS = (FEES, FEES_SURE, QUAY, QUAY_SHUT, JOBS, TALKS, OWNER)


@given(
    st.lists(st.sampled_from(CLAIMS), unique_by=id, min_size=1),
    st.lists(st.sampled_from(CLAIMS), unique_by=id, min_size=1),
    st.integers(0, 10),
)
def test_accepting_a_change_leaves_all_others(
    tmp_path_factory: pytest.TempPathFactory, old: list[Claim], new: list[Claim], which: int
) -> None:
    folder = tmp_path_factory.mktemp("approved")
    accept(folder, version(*old))
    present = version(*new)
    found = changes(folder, present)
    if not found:
        return
    change = found[which % len(found)]
    place = change.before or change.after
    assert place is not None and place.id is not None
    accept(folder, present, Selection(ids=frozenset({place.id})))

    def said_of(changes: Iterable[Change]) -> set[tuple[object, ...]]:
        """What is more than the order of claims, which hangs together."""
        return {
            (frozenset(c.types) - {"moved"}, c.before and c.before.text, c.after and c.after.text)
            for c in changes
            if c.severity != "info"
        }

    assert said_of(changes(folder, present)) == said_of(c for c in found if c is not change)
    accept(folder, present)
    assert changes(folder, present) == []


def test_twins_that_come_in_keep_their_ids_apart(tmp_path: Path) -> None:
    twin = said("Greta Lind", "the northern quay stays open", id="quote-1")
    other = said("Ines Falk", "the union is content with this", id="quote-1")
    accept(tmp_path, version(twin, JOBS))
    # The id of what is kept is that of what comes in: as with `-2`, when twins change places.
    new = version(JOBS, other)
    added = Selection(types=frozenset({"added"}))
    accept(tmp_path, new, added)
    ids = [
        line.id for line in next(iter(Baseline(tmp_path).check({}, complete=True))).approved.lines
    ]  # type: ignore[union-attr]
    assert len(set(ids)) == len(ids) == 3


def test_new_only_leaves_what_is_approved(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    other = version(TALKS, article="union")
    accepted = accept(tmp_path, [version(JOBS), other], Selection(new_only=True))
    assert [acceptance.article for acceptance in accepted] == ["union"]
    assert states(check(tmp_path, version(JOBS), other)) == {"port": "changed", "union": "same"}
    # A choice of changes says nothing of an article that has none.
    third = version(TALKS, article="third")
    chosen = Selection(types=frozenset({"added"}))
    assert accept(tmp_path, [version(*OLD), other, third], chosen) == []


def test_stale_baselines_are_reported_and_go(tmp_path: Path) -> None:
    accept(tmp_path, [version(*OLD), version(TALKS, article="union")])
    assert states(check(tmp_path, version(*OLD))) == {"port": "same", "union": "stale"}
    baseline = Baseline(tmp_path)
    # Of single files nobody knows whether they are all there are.
    assert states(baseline.check({"port": version(*OLD)}, complete=False)) == {"port": "same"}
    (acceptance,) = accept(tmp_path, version(*OLD))
    assert (acceptance.article, acceptance.state) == ("union", "stale")
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOG, "port.approved.jsonl"]


def test_the_log_says_who_when_why_and_what(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    first = (tmp_path / LOG).read_bytes()
    accept(tmp_path, version(FEES_SURE, QUAY, OWNER, JOBS))
    data = (tmp_path / LOG).read_bytes()
    assert data.startswith(first)
    line = json.loads(data[len(first) :])
    assert line["when"] == "2028-05-05T12:00:00+00:00"
    assert (line["by"], line["reason"], line["article"]) == ("Ana", "why", "port")
    assert line["types"] == {"hedge_strengthened": 1}
    (change,) = line["changes"]
    assert "may rise" in change["before"]["text"]
    assert "will probably rise" in change["after"]["text"]


def test_a_log_cut_short_is_not_run_together(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b'{"by": "me"}')
    accept(tmp_path, version(*OLD))
    lines = (tmp_path / LOG).read_bytes().split(b"\n")
    assert lines[0] == b'{"by": "me"}' and json.loads(lines[1])["by"] == "Ana"


@pytest.mark.parametrize(
    "id",
    [
        "../../evil",
        "/etc/passwd",
        "a\x00b",
        "",
        ".",
        "..",
        "CON",
        "nul.txt",
        "a/b",
        "é",
        "x" * 5000,
    ],
)
def test_no_id_leaves_the_folder(tmp_path: Path, id: str) -> None:
    folder = tmp_path / "approved"
    made = version(*OLD, article=id)
    accept(folder, made)
    assert [path.name for path in tmp_path.iterdir()] == ["approved"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([LOG, file_name(id)])
    assert states(check(folder, made)) == {id: "same"}


def test_names_of_files_are_one_an_article(tmp_path: Path) -> None:
    accept(tmp_path, version(*OLD))
    (tmp_path / "port.approved.jsonl").rename(tmp_path / "union.approved.jsonl")
    union = version(TALKS, article="union")
    accept(tmp_path, [version(*OLD), union])
    assert states(check(tmp_path, version(*OLD), union)) == {"port": "same", "union": "same"}
    shutil.copy(tmp_path / "union.approved.jsonl", tmp_path / "copy.approved.jsonl")
    with pytest.raises(RecordError, match="keep one"):
        Baseline(tmp_path)


def test_a_link_out_of_the_folder_is_replaced_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "approved"
    accept(folder, version(*OLD))
    outside = tmp_path / "outside"
    (folder / "port.approved.jsonl").rename(outside)
    before = outside.read_bytes()
    (folder / "port.approved.jsonl").symlink_to(outside)
    accept(folder, version(QUAY))
    assert outside.read_bytes() == before
    assert not (folder / "port.approved.jsonl").is_symlink()


def test_a_pipe_is_no_baseline(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "port.approved.jsonl")
    with pytest.raises(PipelineError, match="named pipe"):
        Baseline(tmp_path)


def test_what_cannot_be_written_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(tmp_path, version(*OLD))
    before = (tmp_path / "port.approved.jsonl").read_bytes()

    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if "approved" in target.name:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PipelineError, match="No space left"):
        accept(tmp_path, version(QUAY))
    assert (tmp_path / "port.approved.jsonl").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOG, "port.approved.jsonl"]


def test_every_version_of_an_entity_has_its_first_mention() -> None:
    made = version(OWNER)
    (entity,) = read_back(made).records[1:]
    assert isinstance(entity, EntityRecord)
    assert [mention.start for mention in entity.mentions] == [
        mention.start
        for mention in made.records[1].mentions  # type: ignore[union-attr]
    ]


# -- the commands -------------------------------------------------------------------------------

ARTICLE = """\
Harbour fees may rise by 2031, the port authority of Kalmar said on 4 May 2028.

"We will not close the northern quay," Greta Lind, the harbour master, told reporters.
"""


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1841140800")
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "port.txt").write_text(ARTICLE)
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["baseline", *map(str, arguments)])


@pytest.mark.model
def test_accept_and_check_on_the_command_line(news: Path) -> None:
    assert run("check", news).exit_code == 0
    assert "new, without a baseline" in run("check", news).stdout
    result = run("accept", news, "--by", "Ana", "--reason", "first")
    assert result.exit_code == 0 and result.stdout == "port: approved\n"
    log = json.loads((news / "approved" / LOG).read_text())
    assert (log["by"], log["reason"]) == ("Ana", "first")
    assert log["when"] == "2028-05-05T12:00:00+00:00"
    assert run("check", news).exit_code == 0
    (news / "port.txt").write_text(ARTICLE.replace("will not", "will"))
    result = run("check", news)
    assert result.exit_code == 1
    assert "quote_altered" in result.stdout and "port: " in result.stdout
    assert run("check", news, "--fail-on", "never").exit_code == 0
    assert run("check", news, "--fail-on", "moved").exit_code == 0
    lines = run("check", news / "port.txt", "--format", "jsonl").stdout
    assert {json.loads(line)["article"] for line in lines.split("\n") if line} == {"port"}
    result = run("accept", news, "--only", "quote_altered")
    assert result.exit_code == 0 and "1 quote_altered" in result.stdout
    assert "quote_altered" not in run("check", news).stdout
    assert run("accept", news, "--only", "speaker").exit_code == 1
    (news / "port.txt").rename(news / "pier.txt")
    result = run("check", news, "--fail-on", "never")
    assert result.exit_code == 1
    assert "port: stale" in result.stdout and "pier: new" in result.stdout


@pytest.mark.model
def test_records_have_baselines_too(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extracted = CliRunner().invoke(app, ["extract", str(news), "--output", str(out)])
    assert extracted.exit_code == 0
    assert run("accept", out, "--baseline", tmp_path / "kept").exit_code == 0
    assert run("check", out, "--baseline", tmp_path / "kept").exit_code == 0
    assert not (out / "approved").exists()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["check", "none"], "none"),
        (["check", ".", "--fail-on", "rumour"], "rumour"),
        (["accept", ".", "--only", "rumour"], "rumour"),
        (["accept", ".", "--kind", "rumour"], "rumour"),
        (["accept", ".", "--new-only", "--id", "x"], "--new-only"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    news: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], hint: str
) -> None:
    monkeypatch.chdir(news)
    result = run(*arguments)
    assert result.exit_code == 2
    assert hint in result.stderr and "Traceback" not in result.output


@pytest.mark.parametrize("command", ["accept", "check"])
def test_help_has_an_example(command: str) -> None:
    shown = " ".join(run(command, "--help").stdout.split())
    assert f"Example: claimline baseline {command}" in shown


@pytest.mark.model
def test_who_accepts_is_whom_git_knows(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(news)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Bo Ek")
    run("accept", news)
    assert json.loads((news / "approved" / LOG).read_text())["by"] == "Bo Ek"
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOGNAME", "cy")
    (news / "port.txt").write_text(ARTICLE.replace("will not", "will"))
    run("accept", news)
    last = (news / "approved" / LOG).read_text().strip().split("\n")[-1]
    assert json.loads(last)["by"] == "cy"


def test_every_article_of_the_corpus_has_a_baseline() -> None:
    names = {path.name.removesuffix(".approved.jsonl") for path in (CORPUS / "approved").iterdir()}
    assert names - {LOG} == {path.stem for path in corpus_articles()}


@pytest.mark.model
def test_the_hook_checks_the_files_it_is_given(news: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["id"] == "claimline-baseline" and hook["language"] == "python"
    program, *arguments = hook["entry"].split()
    assert program == "claimline"
    run("accept", news)
    path = news / "port.txt"
    assert CliRunner().invoke(app, [*arguments, str(path)]).exit_code == 0
    path.write_text(ARTICLE.replace("will not", "will"))
    assert CliRunner().invoke(app, [*arguments, str(path)]).exit_code == 1
