"""Corrected Label Studio tasks as gold files, which `claimline evaluate` scores against."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from ..errors import ArticleError, PipelineError
from ..reading import Article
from ..records import EntityType
from .label_studio import MARK
from .texts import file_name, read_again, source_files

_WHITE = re.compile(r"\s+|\\n")
_FOLD = str.maketrans("‘’“”–—", "''\"\"--")


class _Value(msgspec.Struct, frozen=True):
    """What a result says; of regions alone `start` and `end` are there."""

    start: int | None = None
    end: int | None = None
    text: str | tuple[str, ...] | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


class _Result(msgspec.Struct, frozen=True):
    """A region, what was chosen or typed for one, or a relation between two."""

    type: str
    id: str | None = None
    from_name: str | None = None
    value: _Value = _Value()
    from_id: str | None = None
    to_id: str | None = None
    direction: str | None = None
    labels: tuple[str, ...] | None = None


class _Annotation(msgspec.Struct, frozen=True):
    result: tuple[_Result, ...] = ()
    was_cancelled: bool = False
    ground_truth: bool = False


class _Data(msgspec.Struct, frozen=True):
    text: str
    article: str
    sha256: str
    path: str
    media_type: str
    title: str | None = None
    published: str | None = None


class _Task(msgspec.Struct, frozen=True):
    data: _Data
    annotations: tuple[_Annotation, ...] = ()


class Region(msgspec.Struct, kw_only=True):
    """A marked place of the reading text, with all that was said of it."""

    start: int
    end: int
    label: str
    said: dict[str, list[str]] = {}
    relations: dict[str, list[Region]] = {}

    def one(self, control: str) -> str | None:
        """What was chosen or typed first, if anything was."""
        return next((text for text in self.said.get(control, ()) if text), None)


def gold_files(
    tasks: Path, folders: Sequence[Path], failures: list[str]
) -> Iterator[tuple[str, bytes]]:
    """`ARTICLE.json`, a gold file in the form of `pipeline.evaluate.gold`, for every task.

    Of a task the one annotation counts that was not skipped, or that is ground truth. A task of
    which none does, or that fits no article file, goes to `failures`. Offsets in `spans` are code
    points of the article file; `sentence` is the paragraph.

    Args:
        tasks: what Label Studio exports as JSON.
        folders: where the article files are; without any, at the paths in the tasks.
        failures: gets a message a task that is left out.

    Raises:
        PipelineError: the file cannot be read or is no export of such tasks.
    """
    try:
        read = msgspec.json.decode(tasks.read_bytes(), type=tuple[_Task, ...])
    except OSError as error:
        raise PipelineError(f"{tasks}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PipelineError(
            f"{tasks}: no tasks that were made by `claimline export label-studio` and exported "
            f"as JSON: {error}"
        ) from error
    found = source_files(folders)
    done: set[str] = set()
    for task in read:
        try:
            if task.data.article in done:
                raise ArticleError(f"{task.data.article}: two tasks, where one is wanted.")
            done.add(task.data.article)
            gold = _gold(task, found if folders else None)
        except PipelineError as error:
            failures.append(str(error))
        else:
            data = json.dumps(gold, indent=1, ensure_ascii=False) + "\n"
            yield file_name(task.data.article, ".json"), data.encode("utf-8", "replace")


def _gold(task: _Task, found: dict[str, Path] | None) -> dict[str, object]:
    data = task.data
    done = [annotation for annotation in task.annotations if not annotation.was_cancelled]
    if len(done) > 1:
        done = [annotation for annotation in done if annotation.ground_truth] or done
    if len(done) != 1:
        raise ArticleError(
            f"{data.article}: {len(done)} annotations, where one is wanted. Submit one, or mark "
            "one as ground truth."
        )
    article = read_again(
        Path(data.path) if found is None else found.get(data.sha256),
        id=data.article,
        sha256=data.sha256,
        media_type=data.media_type,
    )
    if article.text != data.text:
        raise ArticleError(
            f"{data.article}: the task's text is not the article's. Export it again, by this "
            "version, and correct it there."
        )
    regions = _regions(done[0].result, article)
    return _Gold(article, regions).made(data)


def _regions(results: Iterable[_Result], article: Article) -> list[Region]:
    """The regions in reading order, with what was said of each and where relations lead."""
    marked: dict[str, _Result] = {}
    results = tuple(results)
    for result in results:
        if result.type == "labels" and result.from_name == MARK and result.id is not None:
            marked[result.id] = result
    count = _counting(marked.values(), article)
    regions = {}
    for id, result in marked.items():
        start, end = (count[edge] for edge in _edges(result, article.id))
        while start < end and article.text[start].isspace():
            start += 1
        while start < end and article.text[end - 1].isspace():
            end -= 1
        if start < end and result.value.labels:
            regions[id] = Region(start=start, end=end, label=result.value.labels[0])
    for result in results:
        if result.type in ("choices", "textarea") and result.id in regions:
            value = result.value
            given = value.choices if result.type == "choices" else value.text or ()
            texts = [given] if isinstance(given, str) else list(given)
            said = regions[result.id].said
            said.setdefault(result.from_name or "", []).extend(text.strip() for text in texts)
        elif result.type == "relation":
            ends = (result.from_id, result.to_id)
            # An arrow drawn from the other end has the direction "left".
            source, target = reversed(ends) if result.direction == "left" else ends
            if source in regions and target in regions:
                for label in result.labels or ():
                    relations = regions[source].relations
                    relations.setdefault(label, []).append(regions[target])
    return sorted(regions.values(), key=lambda region: (region.start, region.end))


def _edges(result: _Result, article: str) -> tuple[int, int]:
    start, end = result.value.start, result.value.end
    if start is None or end is None or not 0 <= start <= end:
        raise ArticleError(f"{article}: region {result.id} has no place in the text")
    return start, end


def _counting(marked: Iterable[_Result], article: Article) -> Sequence[int]:
    """Code points by what the regions count: code points, or the UTF-16 units of old releases.

    Raises:
        ArticleError: by neither do the regions stand where their words do.
    """
    text = article.text
    marked = list(marked)
    points = range(len(text) + 1)
    units = [0]
    for index, char in enumerate(text, start=1):
        units += [index] * (2 if char > "\uffff" else 1)
    wrong = ""
    for count in (points, units):
        for result in marked:
            start, end = _edges(result, article.id)
            words = result.value.text
            if end >= len(count):
                wrong = f"{start}..{end} is not in the text"
            elif isinstance(words, str) and _bare(words) != _bare(text[count[start] : count[end]]):
                wrong = f"{start}..{end} is not {words!r}"
            else:
                continue
            break
        else:
            return count
    raise ArticleError(f"{article.id}: a region is not where it says: {wrong}")


def _bare(text: str) -> str:
    """Without white space, which the editor writes in its own way."""
    return _WHITE.sub("", text)


class _Gold:
    """Gold items out of the regions of one article."""

    def __init__(self, article: Article, regions: list[Region]) -> None:
        self._article = article
        self._regions = regions
        self._paragraphs = list(_paragraphs(article.text))
        self._of = {
            label: [region for region in regions if region.label == label]
            for label in {region.label for region in regions}
        }

    def made(self, data: _Data) -> dict[str, object]:
        return {
            "doc": data.article,
            "document": {"title": data.title, "published": data.published},
            "entities": self._entities(),
            "dates": [self._date(region) for region in self._of.get("Date", ())],
            "events": [self._event(region) for region in self._of.get("DatedEvent", ())],
            "predictions": [self._prediction(region) for region in self._of.get("Prediction", ())],
            "quotes": self._quotes(),
        }

    def _entities(self) -> list[dict[str, object]]:
        """One for each name and type.

        What it is also called is what was typed, and what was marked and is not merely another
        spelling of that.
        """
        named: dict[tuple[str, str], list[str]] = {}
        marked: dict[tuple[str, str], list[str]] = {}
        for region in self._regions:
            if region.label in get_args(EntityType):
                own = self._words(region)
                key = (region.one("name") or own, region.label)
                typed = [alias for alias in region.said.get("aliases", ()) if alias]
                named.setdefault(key, []).extend(typed)
                marked.setdefault(key, []).append(own)
        made: list[dict[str, object]] = []
        for (name, label), typed in named.items():
            aliases = list(dict.fromkeys(alias for alias in typed if alias != name))
            known = {_folded(known) for known in (name, *aliases)}
            for alias in marked[name, label]:
                if _folded(alias) not in known:
                    known.add(_folded(alias))
                    aliases.append(alias)
            made.append({"name": name, "type": label, "aliases": aliases})
        return made

    def _date(self, region: Region) -> dict[str, object]:
        return {
            **self._anchor(region),
            "text": self._words(region),
            "value": region.one("value") or "",
            "type": region.one("date_type") or "DATE",
            "spans": self._spans(text=[region]),
        }

    def _event(self, region: Region) -> dict[str, object]:
        dates = region.relations.get("date", [])
        return {
            **self._anchor(region),
            "trigger": self._words(region),
            "date": self._when(region, "date", "event_date") or "",
            "date_text": self._joined(dates),
            "who": self._joined(region.relations.get("agent", [])),
            "whom": self._joined(region.relations.get("patient", [])),
            "where": self._joined(region.relations.get("place", [])),
            "polarity": region.one("event_polarity") or "positive",
            "status": region.one("event_status") or "occurred",
            "spans": self._spans(trigger=[region]),
        }

    def _prediction(self, region: Region) -> dict[str, object]:
        cues = _ordered(region.relations.get("cue", []))
        subject = region.relations.get("subject", [])
        condition = region.relations.get("condition", [])
        return {
            **self._anchor(region),
            "cue": [self._words(cue) for cue in cues],
            "proposition": self._words(region),
            "orientation": region.one("orientation") or "future",
            "likelihood": region.one("likelihood") or "unspecified",
            "polarity": region.one("polarity") or "positive",
            "holder": region.one("holder") or "author",
            "subject": self._joined(subject),
            "horizon": self._when(region, "horizon", "horizon_value"),
            "condition": self._joined(condition),
            "spans": self._spans(
                cue=cues, proposition=[region], subject=subject, condition=condition
            ),
        }

    def _quotes(self) -> list[dict[str, object]]:
        whole: list[list[Region]] = []
        # By identity: two regions may be alike.
        taken: dict[int, int] = {}
        pieces = self._of.get("Quote", [])
        later = {id(piece) for region in pieces for piece in region.relations.get("continues", ())}
        # Those that continue nothing first; what is left goes in a circle and begins somewhere.
        for region in sorted(pieces, key=lambda region: id(region) in later):
            found: list[Region] = []
            waiting = [region]
            while waiting:
                piece = waiting.pop()
                if id(piece) not in taken and piece.label == "Quote":
                    taken[id(piece)] = len(whole)
                    found.append(piece)
                    waiting += piece.relations.get("continues", ())
            if found:
                whole.append(found)
        order = sorted(range(len(whole)), key=lambda index: min(p.start for p in whole[index]))
        numbers = {index: number for number, index in enumerate(order, start=1)}
        made = []
        for index in order:
            region = whole[index][0]
            parents = [
                numbers[taken[id(parent)]]
                for parent in region.relations.get("within", ())
                if id(parent) in taken
            ]
            made.append(
                {
                    "id": numbers[index],
                    **self._quote(region, _ordered(whole[index])),
                    "parent": parents[0] if parents else None,
                }
            )
        return made

    def _quote(self, region: Region, pieces: list[Region]) -> dict[str, object]:
        content = [self._words(piece) for piece in pieces]
        parts = {
            name: region.relations.get(name, [])
            for name in ("speaker", "cue", "venue", "addressee")
        }
        return {
            **self._anchor(region),
            "type": region.one("quote_type") or "direct",
            "content": content[0] if len(content) == 1 else content,
            "speaker": self._joined(parts["speaker"]),
            "speaker_name": region.one("speaker_name") or self._joined(parts["speaker"]),
            "cue": self._joined(parts["cue"]),
            "venue": self._joined(parts["venue"]),
            "date": self._when(region, "date", "quote_date"),
            "addressee": self._joined(parts["addressee"]),
            "spans": self._spans(content=pieces, **parts),
        }

    def _when(self, region: Region, relation: str, control: str) -> str | None:
        """The value that was typed, else that of the date to which a relation leads."""
        dates = region.relations.get(relation, ())
        return region.one(control) or next(
            (value for date in dates if (value := date.one("value"))), None
        )

    def _words(self, region: Region) -> str:
        return " ".join(self._article.text[region.start : region.end].split())

    def _joined(self, regions: Iterable[Region]) -> str | None:
        return ", ".join(self._words(region) for region in _ordered(regions)) or None

    def _spans(self, **fields: Iterable[Region]) -> dict[str, object]:
        made: dict[str, object] = {}
        for field, regions in fields.items():
            spans = [
                list(span)
                for region in _ordered(regions)
                for span in self._article.map.to_source(region.start, region.end)
            ]
            if spans:
                made[field] = spans
        return made

    def _anchor(self, region: Region) -> dict[str, object]:
        """The paragraph that holds a region, and which of several equal ones it is."""
        _, paragraph, occurrence = self._paragraphs[
            bisect_right(self._paragraphs, region.start, key=lambda one: one[0]) - 1
        ]
        return {
            "sentence": " ".join(paragraph.split()),
            **({"occurrence": occurrence} if occurrence > 1 else {}),
        }


def _paragraphs(text: str) -> Iterator[tuple[int, str, int]]:
    """Start and text of each paragraph, and how many equal ones there are up to it."""
    seen: dict[str, int] = {}
    start = 0
    for paragraph in text.split("\n\n"):
        seen[paragraph] = seen.get(paragraph, 0) + 1
        yield start, paragraph, seen[paragraph]
        start += len(paragraph) + 2


def _ordered(regions: Iterable[Region]) -> list[Region]:
    return sorted(regions, key=lambda region: (region.start, region.end))


def _folded(text: str) -> str:
    return text.translate(_FOLD).casefold()
