"""What each paragraph is: title, dek, byline, date line, caption, credit, heading, note or body.

Markup that says so is believed. For the rest a paragraph is judged by its form (length, last
character, capitals), by cue words (`lexicons/reading_cues.jsonl`) and by where it stands: before
the first running prose (the head), within it, or at the very end. In doubt it is body, since body
text loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from ..lexicons import rows
from ..records import Section
from .datelines import agency_dateline, date_line, is_clock_line, trailing_date_line
from .drafts import Draft

_HEAD_BLOCKS = 12
_TAIL_BLOCKS = 6
_PROSE_LENGTH = 200
_MAX_UNSIGNED_HEAD = 3
_MAX_TITLE_LENGTH = 200
_MAX_TITLE_WORDS = 28
_MAX_DEK_LENGTH = 320
_MAX_BYLINE_LENGTH = 250
_MAX_CAPTION_LENGTH = 600
_MAX_CREDIT_WORDS = 12
_MAX_HEADING_LENGTH = 90
_MAX_HEADING_WORDS = 12
_MAX_HEADINGS_IN_A_ROW = 2
_MAX_NOTE_LENGTH = 900
_MAX_ROLE_DISTANCE = 14

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|\Z)")
_STOPPED = re.compile(r"[.:;,—–-]\s?[\"'”’)\]]*\Z")
_ENDED = re.compile(r"[.!?…]\s?[\"'”’)\]]*\Z")
# A speaker's turn in a transcript: "MR. MOE: Yes."
_TURN = re.compile(r"[A-Z][A-Z.' -]{2,30}:\s(?=.*[a-z])|.*\]\Z")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_NAME_WORD = re.compile(r"(?:[A-Z]\.){1,4}|[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*\.?")
# White space counts from its first character on, or a long run of it takes time of its square.
_NAME_SEPARATOR = re.compile(r"(?<!\s)\s+(?:and|with)\s+|(?:(?<!\s)\s+)?[,;&|(/]\s*", re.IGNORECASE)
_PROFESSES = re.compile(
    r"(?P<name>[^\s,]+(?:\s[^\s,]+){1,5}?)(?:,\s[^,.]{1,80},)?\s(?:is|are)\s(?:also\s|currently\s)?"
    r"(?:an?\s|the\s|one\sof\s)?"
)


class _Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrase: str
    kind: Literal[
        "byline",
        "credit",
        "credit_by",
        "credit_link",
        "agency",
        "caption",
        "role",
        "particle",
        "note",
        "note_start",
        "note_heading",
    ]
    example: str


class Known(NamedTuple):
    """What is known of the article before its text is looked at."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None


class Structure(NamedTuple):
    """The paragraphs with their sections, and what the head of the text says.

    Attributes:
        drafts: each with a section; a caption and its credit, or a title and the date that ran
            into it, are two.
        title: text of the title block.
        subtitle: text of the dek.
        authors: names in the bylines.
        date: of the first date line or byline that gives one, in the head.
        dateline: day of the agency dateline that opens the body.
    """

    drafts: tuple[Draft, ...]
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    date: str | None
    dateline: str | None


class _Cues(NamedTuple):
    byline: re.Pattern[str]
    credit: re.Pattern[str]
    agency: re.Pattern[str]
    caption: re.Pattern[str]
    links: frozenset[str]
    roles: frozenset[str]
    particles: frozenset[str]
    note: tuple[str, ...]
    note_start: tuple[str, ...]
    note_heading: frozenset[str]


@cache
def _cues() -> _Cues:
    cues = rows("reading_cues", _Cue)

    def phrases(*kinds: str) -> list[str]:
        return sorted((cue.phrase for cue in cues if cue.kind in kinds), key=len, reverse=True)

    def either(*kinds: str) -> str:
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in phrases(*kinds))

    flags = re.IGNORECASE | re.ASCII
    return _Cues(
        byline=re.compile(rf"[-–—•]?\s?(?:{either('byline')}):?\s+(?=\S)", flags),
        credit=re.compile(
            rf"(?<!\S)\(?(?:(?:{either('credit')})\s*[:;|]\s*|(?:{either('credit_by')})\s+)"
            rf"(?P<who>\S.{{0,100}})\Z",
            flags,
        ),
        agency=re.compile(rf"(?<![^\W_])(?:{either('agency')})(?![^\W_])", flags),
        caption=re.compile(
            rf"(?:{either('caption')})(?:\.?\s+\d[\d.]{{0,6}}(?:[a-z]\b)?[.:]?|\s*:|\s+\((?:left|right|top|bottom)\b)",
            flags,
        ),
        links=frozenset(phrases("credit_link", "particle")),
        roles=frozenset(phrases("role")),
        particles=frozenset(phrases("particle")),
        note=tuple(phrases("note")),
        note_start=tuple(phrases("note_start")),
        note_heading=frozenset(phrases("note_heading")),
    )


def find_structure(drafts: Sequence[Draft], known: Known) -> Structure:
    r"""Give every paragraph its section.

    Args:
        drafts: the paragraphs in reading order.
        known: what a sidecar, front matter or metadata say.

    Example:
        >>> from .plain import read_plain
        >>> drafts = read_plain("Rain at last\n\nBy Ida Moe\n\nIt rained. " + "Hard. " * 40)
        >>> structure = find_structure(drafts, Known())
        >>> [draft.section for draft in structure.drafts], structure.authors
        (['title', 'byline', 'body'], ('Ida Moe',))
    """
    blocks = [part for draft in drafts for part in _divided(draft, known)]
    labels = [draft.section for draft in blocks]
    body_start = _label_head(blocks, labels, known)
    _label_rest(blocks, labels, body_start)
    _label_tail(blocks, labels, body_start, known.authors or _authors(blocks, labels))
    return Structure(
        drafts=tuple(
            draft._replace(section=label or "body")
            for draft, label in zip(blocks, labels, strict=True)
        ),
        title=_first(blocks, labels, "title"),
        subtitle=_first(blocks, labels, "dek"),
        authors=known.authors or _authors(blocks, labels),
        date=_head_date(blocks, labels, body_start),
        dateline=_body_dateline(blocks[body_start : body_start + 3], known.published),
    )


def _divided(draft: Draft, known: Known) -> Iterator[Draft]:
    """The draft, cut where a credit follows a caption or a date line was pasted onto a title."""
    text = draft.text
    if draft.section in (None, "caption") and len(text) <= _MAX_CAPTION_LENGTH:
        cut = _credit_start(text)
        if cut is not None:
            if cut:
                yield draft._replace(passage=draft.passage.cut(0, cut), section="caption")
            credit = draft.passage.cut(cut, len(text))
            yield draft._replace(
                passage=credit, section="credit", follows_removed=draft.follows_removed and not cut
            )
            return
    if draft.section in (None, "title") and len(text) <= _MAX_TITLE_LENGTH:
        cut = trailing_date_line(text)
        if cut is not None and not _STOPPED.search(text[:cut].rstrip()):
            yield draft._replace(passage=draft.passage.cut(0, cut))
            yield Draft(draft.passage.cut(cut, len(text)), section="dateline")
            return
    yield draft


def _credit_start(text: str) -> int | None:
    """Where the credit begins with which a caption ends, 0 when there is nothing else."""
    cues = _cues()
    labelled = cues.credit.search(text)
    if labelled is not None:
        who = labelled["who"]
        if (
            any(map(str.isupper, who))
            and len(who.split()) <= _MAX_CREDIT_WORDS
            and _names_only(who)
        ):
            return labelled.start()
    # "… on Sept. 15. JANE DOE/AFP VIA GETTY IMAGES": what follows the last full stop, or a bracket.
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    bracket = text.rfind("(")
    if bracket > 0 and text.endswith(")"):
        starts.append(bracket)
    for start in sorted(starts, reverse=True):
        tail = text[start:].strip()
        if not tail:
            continue
        words = tail.split()
        if len(words) > _MAX_CREDIT_WORDS:
            return None
        if _is_credit(tail):
            return start
    return None


def _is_credit(tail: str) -> bool:
    if tail.endswith(":"):
        return False
    inner = tail.strip("().[] ")
    if not _cues().agency.search(inner) or not _names_only(inner):
        return False
    if "/" in inner or re.search(r"\bvia\b", inner, re.IGNORECASE):
        return True
    return _cues().agency.fullmatch(inner) is not None and inner.isupper() and tail[0] != "("


def _names_only(text: str) -> bool:
    """Whether all words are capitalised but the few that link names in a credit."""
    links = _cues().links
    return all(not word[0].islower() or word.rstrip(".") in links for word in _WORD.findall(text))


def _label_head(blocks: Sequence[Draft], labels: list[Section | None], known: Known) -> int:
    """Label what stands before the first prose; return the index of that."""
    end = 0
    while end < min(len(blocks), _HEAD_BLOCKS) and (labels[end] or not _is_prose(blocks[end].text)):
        end += 1
    for index in range(end):
        if labels[index] is None:
            labels[index] = _furniture(blocks[index].text, known.authors)
    title = labels.index("title") if "title" in labels[:end] else None
    if title is None:
        title = _title_index(blocks, labels, end, known.title)
    if title is not None:
        labels[title] = "title"
        dek = title + 1
        if dek < end and labels[dek] is None and _is_dek(blocks[dek].text, labels[dek + 1 : end]):
            labels[dek] = "dek"
    # Short paragraphs behind the head's last sign are the beginning of the body.
    while end and labels[end - 1] is None:
        end -= 1
    return end


def _is_prose(text: str) -> bool:
    if len(text) >= _PROSE_LENGTH:
        return True
    return len(text) > 100 and len(_SENTENCE_END.findall(text)) >= 2


def _furniture(text: str, authors: Sequence[str]) -> Section | None:
    """Date lines, bylines and captions, which are told by their form wherever they stand."""
    if date_line(text) or (any(map(str.isdigit, text)) and is_clock_line(text)):
        return "dateline"
    if is_byline(text) or any(_folded(text) == _folded(author) for author in authors):
        return "byline"
    if len(text) <= _MAX_CAPTION_LENGTH and _cues().caption.match(text):
        return "caption"
    return None


def _title_index(
    blocks: Sequence[Draft], labels: Sequence[Section | None], end: int, title: str | None
) -> int | None:
    candidates = [index for index in range(end) if labels[index] is None]
    if title is not None:
        wanted = _folded(title)
        for index in candidates:
            if _folded(blocks[index].text) == wanted:
                return index
    if not candidates or candidates[0] + 1 >= len(blocks):
        return None
    first = candidates[0]
    text = blocks[first].text
    if blocks[first].level == 1 or (blocks[first].level is not None and title is None):
        return first
    signed = any(label in ("byline", "dateline", "dek") for label in labels[first + 1 : end])
    if not _is_title(text, lenient=signed):
        return None
    # Unsigned, it needs prose close behind it, or a transcript's first line would be one.
    return first if signed or (end - first <= _MAX_UNSIGNED_HEAD and title is None) else None


def _is_title(text: str, *, lenient: bool) -> bool:
    words = text.split()
    if not (words and len(text) <= _MAX_TITLE_LENGTH and len(words) <= _MAX_TITLE_WORDS):
        return False
    if text[0].islower() or not any(map(str.isalpha, text)):
        return False
    if lenient:
        return len(_SENTENCE_END.findall(text)) <= 1 and not _STOPPED.search(text)
    return len(words) >= 2 and not _STOPPED.search(text) and not _ENDED.search(text)


def _is_dek(text: str, following: Sequence[Section | None]) -> bool:
    signed = any(label in ("byline", "dateline", "caption", "credit") for label in following)
    return signed and len(text) <= _MAX_DEK_LENGTH and len(_SENTENCE_END.findall(text)) <= 3


def _byline_names(text: str) -> tuple[str, ...]:
    """The names of a byline ("By Ida Moe, staff writer"), or nothing when it is none."""
    match = _cues().byline.match(text)
    if match is None or len(text) > _MAX_BYLINE_LENGTH or not text[0].isupper():
        return ()
    names: list[str] = []
    rest = text[match.end() :]
    for part in _NAME_SEPARATOR.split(rest):
        words = part.rstrip(".").split()
        if not _is_name(words):
            break
        names.append(" ".join(words))
    if not names:
        return ()
    # "By Monday Night, the talks had failed." opens like a byline and goes on like a sentence.
    described = rest[rest.find(names[-1].split()[-1]) + len(names[-1].split()[-1]) :].lstrip(
        ",;(| "
    )
    if described and _ENDED.search(text) and not _describes(described):
        return ()
    return tuple(names)


def is_byline(text: str) -> bool:
    """Whether a text is a byline by its form: "By Ida Moe", "Written by the foreign desk"."""
    if _byline_names(text):
        return True
    match = _cues().byline.match(text)
    spelled_out = match is not None and len(match[0].split()) > 1
    return spelled_out and len(text) <= _MAX_BYLINE_LENGTH and not _ENDED.search(text)


def split_names(text: str) -> list[str]:
    """The names in "By Ida Moe and Ola Berg"; the text as one name when its parts are none.

    Example:
        >>> split_names("Ida Moe, Ola Berg"), split_names("The Foreign Desk, Oslo")
        (['Ida Moe', 'Ola Berg'], ['The Foreign Desk, Oslo'])
    """
    match = _cues().byline.match(text)
    rest = text[match.end() :] if match else text
    parts = [part.strip() for part in _NAME_SEPARATOR.split(rest)]
    return parts if all(_is_name(part.split()) for part in parts) else [rest]


def _is_name(words: Sequence[str]) -> bool:
    if not 1 <= len(words) <= 6 or date_line(" ".join(words)):
        return False
    if len(words) == 1:  # an agency, or a name all in capitals
        return _cues().agency.fullmatch(words[0]) is not None
    particles = _cues().particles
    return words[0][0].isupper() and all(
        word in particles or _NAME_WORD.fullmatch(word) for word in words
    )


def _describes(text: str) -> bool:
    """Whether a text says what someone is: a role among its first words, no verb before it."""
    words = [word.lower().rstrip(".") for word in _WORD.findall(text)][:_MAX_ROLE_DISTANCE]
    return any(word in _cues().roles for word in words) or text.rstrip(".").isupper()


def _label_rest(blocks: Sequence[Draft], labels: list[Section | None], start: int) -> None:
    for index in range(start, len(blocks)):
        if labels[index] is None:
            labels[index] = _furniture(blocks[index].text, ())
        elif labels[index] == "dek":
            labels[index] = "body"  # a page's style for the subtitle of a chart or a box
    run = 0
    for index in range(start, len(blocks)):
        if labels[index] is not None or not _is_heading(blocks[index]):
            run = 0
            continue
        run += 1
        under_heading = 1 < run <= _MAX_HEADINGS_IN_A_ROW and labels[index - 1] == "heading"
        if under_heading or (run == 1 and _leads_to_prose(blocks, labels, index)):
            labels[index] = "heading"


def _is_heading(draft: Draft) -> bool:
    text = draft.text
    if draft.level is not None:
        return True
    if len(text) > _MAX_HEADING_LENGTH or len(text.split()) > _MAX_HEADING_WORDS:
        return False
    if text[0].islower() or not any(map(str.isalpha, text)) or _TURN.match(text):
        return False
    return draft.emphasised or not (
        _STOPPED.search(text) or _ENDED.search(text) or text[0] in "\"“'‘-–—•*("
    )


def _leads_to_prose(blocks: Sequence[Draft], labels: Sequence[Section | None], index: int) -> bool:
    """Whether prose follows, behind one more heading at most."""
    if blocks[index].level is not None:
        return True
    for following in range(index + 1, min(len(blocks), index + 1 + _MAX_HEADINGS_IN_A_ROW)):
        if labels[following] in ("caption", "credit", "dateline"):
            return True
        if not _is_heading(blocks[following]):
            return len(blocks[following].text) > _MAX_HEADING_LENGTH or bool(
                _ENDED.search(blocks[following].text)
            )
    return False


def _label_tail(
    blocks: Sequence[Draft], labels: list[Section | None], start: int, authors: Sequence[str]
) -> None:
    """Label the notes with which a text ends: about the author, the paper, corrections."""
    tail = max(start + 1, len(blocks) - _TAIL_BLOCKS)
    for index in range(tail, len(blocks)):
        if _folded_phrase(blocks[index].text).rstrip(":") in _cues().note_heading:
            for noted in range(index, len(blocks)):
                labels[noted] = "note"
            break
    for index in range(len(blocks) - 1, tail - 1, -1):
        if labels[index] not in (None, "note", "byline"):
            break
        if labels[index] is None and not _is_note(blocks, labels, index, authors):
            break
        labels[index] = "note"


def _is_note(
    blocks: Sequence[Draft], labels: list[Section | None], index: int, authors: Sequence[str]
) -> bool:
    text = blocks[index].text
    if len(text) > _MAX_NOTE_LENGTH:
        return False
    folded = _folded_phrase(text)
    if folded.startswith(_cues().note_start) or any(phrase in folded for phrase in _cues().note):
        return True
    if any(folded.startswith(_folded_phrase(author)) for author in authors):
        return True
    # "Ida Moe is a professor …" at the end, of someone whom the text never mentions, or mentions
    # only by a line with the name alone: that line is the byline.
    match = _PROFESSES.match(text)
    if match is None or not _describes(text[match.end() :]):
        return False
    words = match["name"].split()
    if not _is_name(words):
        return False
    mentions = [other for other in range(index) if words[-1] in blocks[other].text]
    alone = [other for other in mentions if _folded(blocks[other].text) == _folded(match["name"])]
    if mentions != alone:
        return False
    for other in alone:
        labels[other] = "byline"
    return True


def _authors(blocks: Sequence[Draft], labels: Sequence[Section | None]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for draft, label in zip(blocks, labels, strict=True):
        if label == "byline":
            alone = (draft.text,) if _is_name(draft.text.split()) else ()
            names.update(dict.fromkeys(_byline_names(draft.text) or alone))
    return tuple(names)


def _head_date(
    blocks: Sequence[Draft], labels: Sequence[Section | None], body_start: int
) -> str | None:
    for draft, label in zip(blocks[:body_start], labels, strict=False):
        if label == "dateline":
            value = date_line(draft.text)
            if value is not None:
                return value
        elif label == "byline":
            for part in re.split(r"[,|(•·—–)]\s*", draft.text)[1:]:
                value = date_line(part)
                if value is not None:
                    return value
    return None


def _body_dateline(blocks: Sequence[Draft], published: str | None) -> str | None:
    for draft in blocks:
        value = agency_dateline(draft.text, published)
        if value is not None:
            return value
    return None


def _first(
    blocks: Sequence[Draft], labels: Sequence[Section | None], wanted: Section
) -> str | None:
    for draft, label in zip(blocks, labels, strict=True):
        if label == wanted:
            return draft.text
    return None


def _folded(text: str) -> str:
    """Letters and digits alone, for comparing names and titles; never for offsets."""
    return "".join(filter(str.isalnum, text)).casefold()


def _folded_phrase(text: str) -> str:
    return " ".join(text[:_MAX_NOTE_LENGTH].split()).casefold()
