"""Plain text: paragraphs out of lines, remains of markup, and what each paragraph is."""

from __future__ import annotations

import pytest

from pipeline.reading import Article, read_text

PROSE = (
    "The harbour froze for the first time in forty years, and the ferries stayed where they were. "
    "Nobody on the quay could say when they would sail again, though everybody had a theory. "
    "The mayor asked for patience."
)


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.section, article.text[block.start : block.end]) for block in article.blocks]


def read(*paragraphs: str, **options: str) -> Article:
    return read_text("\n\n".join(paragraphs), **options)  # type: ignore[arg-type]


# Paragraphs


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The harbour froze for the first time in forty years, and\n"
        "the ferries stayed where they were. Nobody on the quay\n"
        "could say when they would sail again, though everybody\n"
        "had a theory.\n"
        "The mayor, who has a theory about most things, asked for\n"
        "patience and for salt, in this order, and got neither of\n"
        "the two.\n"
    )
    article = read_text(wrapped)
    assert len(article.blocks) == 2
    assert article.text.startswith("The harbour froze for the first time in forty years, and the")


def test_lines_that_are_paragraphs_stay_apart() -> None:
    lines = [PROSE, PROSE, "Short one.", PROSE]
    assert len(read_text("\n".join(lines)).blocks) == 4
    names = "Ida Moe\nOla Berg\nA somewhat longer name of a person\nEli Dahl\nUna Vik\nAsk Lie"
    assert len(read_text(names).blocks) == 6


def test_a_list_is_one_block_an_item() -> None:
    article = read_text(f"{PROSE}\n\n• salt;\n• sand;\n• patience.\n\n1. First\n2. Second")
    assert [text for _, text in blocks(article)][1:] == [
        "salt;",
        "sand;",
        "patience.",
        "1. First",
        "2. Second",
    ]


def test_a_sentence_cut_by_a_page_break_is_mended() -> None:
    cut = PROSE.index("sail again")
    source = f"{PROSE[:cut].rstrip()}\n\n\n{PROSE[cut:]}"
    article = read_text(source)
    assert article.text == PROSE
    start = article.text.index("would sail")
    (span,) = article.map.to_source(start, start + 10)
    assert source[slice(*span)] == "would\n\n\nsail"


def test_a_short_paragraph_is_not_mended() -> None:
    assert len(read("Boats in the harbour", "pilgrims at the gate in 2008.", PROSE).blocks) == 3


def test_rules_and_ornaments_are_no_text() -> None:
    assert len(read(PROSE, "* * *", PROSE, "----------", PROSE).blocks) == 3


# Remains of markup


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Several <u>analyses</u> say so.", "Several analyses say so."),
        ('A <a href="http://x.example/a?b=1&c=2">link</a> here.', "A link here."),
        ("One<br>two<BR/>three", "One two three"),
        ("By **Ida Moe**, a writer", "By Ida Moe, a writer"),
        ("wrote in *Foreign Policy*, and left", "wrote in Foreign Policy, and left"),
        ("the _Aurelia Sund_ sank", "the Aurelia Sund sank"),
        ("***All of it.***", "All of it."),
        ("a [report](https://x.example/y) says", "a report says"),
        ("5 &lt; 6 &mdash; so&nbsp;what", "5 < 6 — so what"),
    ],
)
def test_markup_goes(source: str, text: str) -> None:
    assert read_text(source).text == text


@pytest.mark.parametrize(
    "source",
    [
        "a f*ed horse and a d*mn fool",
        "2 * 3 * 4 makes 24",
        "Prices* rose. *Adjusted for inflation.",
        "saem_aero-ga and yheggy_ga wrote",
        "see http://x.example/nat_rep/nat_repe.htm_1",
        "AT&T, R&D; and S&M",
        "if a < b and c > d then",
        "write to <ida@x.example> soon",
        "---->===}*{===<----",
        "#IStandWithAhmed is #2 of 3",
        "[He] said [so]",
        "____ and **** stay",
        "5 **",
    ],
)
def test_what_only_looks_like_markup_stays(source: str) -> None:
    assert read_text(source).text == source


# What each paragraph is


def test_the_parts_of_a_pasted_article() -> None:
    article = read(
        "Why the Ferries Won't Sail",
        "Don't expect the ice to go before the mayor does.",
        "By **Ida Moe**, a lecturer in cold regions at Vik College, and Ola Berg",
        "Ferries lie in the ice at Vik, on Feb. 3. UNA DAHL/AFP VIA GETTY IMAGES",
        "FEBRUARY 4, 2019, 4:02 PM",
        PROSE,
        "What comes next",
        PROSE,
        "Ida Moe is a lecturer in cold regions at Vik College. She is the author of *Ice*.",
    )
    assert [section for section, _ in blocks(article)] == [
        *("title", "dek", "byline", "caption", "credit", "dateline", "body", "heading", "body"),
        "note",
    ]
    assert article.title == "Why the Ferries Won't Sail"
    assert article.subtitle == "Don't expect the ice to go before the mayor does."
    assert article.authors == ("Ida Moe",)
    assert (article.published, article.dateline) == ("2019-02-04", None)


def test_a_date_line_of_another_day_is_a_dateline() -> None:
    article = read("Ferries Stay", "Monday, 4 February 2019", PROSE, published="2019-02-06")
    assert (article.published, article.dateline) == ("2019-02-06", "2019-02-04")
    assert blocks(article)[1] == ("dateline", "Monday, 4 February 2019")


@pytest.mark.parametrize(
    ("opening", "published", "dateline"),
    [
        ("VIK, Feb. 3 (Northern Press) — The", "2019-02-04", "2019-02-03"),
        ("VIK, Norway, Dec 31 - The", "2019-01-01", "2018-12-31"),
        ("VIK, Norway (March 3, World Wire) -- The", "2019", "2019-03-03"),
        ("**Vik, 3 February 2019.** The", "2019-02-04", "2019-02-03"),
        ("VIK, Feb. 3—The", None, None),
        ("VIK — The", "2019-02-04", None),
        ("In Vik, on Feb. 3 - a Sunday - the", "2019-02-04", None),
    ],
)
def test_agency_datelines(opening: str, published: str | None, dateline: str | None) -> None:
    article = read_text(f"{opening} harbour froze. {PROSE}", published=published)
    assert article.dateline == dateline
    assert [section for section, _ in blocks(article)] == ["body"]


@pytest.mark.parametrize(
    "line",
    [
        *("February 4, 2019", "4 Feb 2019", "Feb. 4th, 2019", "2019-02-04", "25/02/2019"),
        *("Published: Monday 4 February 2019 at 10:02 a.m. GMT", "Vik, 4 February 2019"),
        "Updated 4:02 PM EST, Mon February 4, 2019",
    ],
)
def test_date_lines(line: str) -> None:
    article = read("Ferries Stay", line, PROSE)
    assert blocks(article)[1][0] == "dateline"
    assert article.published in ("2019-02-04", "2019-02-25")


@pytest.mark.parametrize("line", ["February 30, 2019", "04/02/2019", "2019", "Since Feb. 4, 2019"])
def test_what_is_no_clear_date_line(line: str) -> None:
    assert read("Ferries Stay", line, PROSE).published is None


def test_a_date_pasted_onto_the_title_is_cut_off() -> None:
    article = read("Harbour master on the ice Monday, February 4, 2019", PROSE)
    assert blocks(article)[:2] == [
        ("title", "Harbour master on the ice"),
        ("dateline", "Monday, February 4, 2019"),
    ]


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ida Moe", ("Ida Moe",)),
        ("BY IDA MOE", ("IDA MOE",)),
        ("By Ida Moe and Ola van der Berg", ("Ida Moe", "Ola van der Berg")),
        ("By Ida Moe, Ola Berg | Staff writers", ("Ida Moe", "Ola Berg", "Staff writers")),
        ("Researched and written by Ida Moe, February 2019", ("Ida Moe",)),
        ("By J.D. O'Neill-Vik, senior fellow at the Ice Centre.", ("J.D. O'Neill-Vik",)),
        ("By Reuters", ("Reuters",)),
    ],
)
def test_bylines(byline: str, authors: tuple[str, ...]) -> None:
    article = read("Ferries Stay", byline, PROSE)
    assert blocks(article)[1][0] == "byline"
    assert article.authors[:2] == authors[:2]


@pytest.mark.parametrize(
    "text",
    [
        "By Monday Night, the talks had failed.",
        "By Tuesday",
        "By the time Ida Moe arrived",
        "By Obama's count it was enough",
    ],
)
def test_what_is_no_byline(text: str) -> None:
    article = read("Ferries Stay", text, PROSE)
    assert article.authors == ()
    assert "byline" not in [section for section, _ in blocks(article)]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Ferries at Vik in 2008.", "Image: Una Dahl."),
        ("Ferries at Vik", "(AP Photo/Una Dahl)"),
        ("Ferries at Vik.", "Una Dahl / Reuters"),
        ("Ferries at Vik.", "Photograph by Una Dahl for Northern Press"),
        ("", "Photo courtesy of the National Archives"),
    ],
)
def test_captions_and_credits(caption: str, credit: str) -> None:
    article = read("Ferries Stay", "By Ida Moe", PROSE, f"{caption} {credit}".strip(), PROSE)
    expected = [("caption", caption)] * bool(caption) + [("credit", credit)]
    assert blocks(article)[3:-1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ice will hold until May, the mayor told Reuters.",
        "Here is the photo: it shows a ferry in the ice.",
        "The picture was taken by Una Dahl, who works for AFP via the agency's Oslo office.",
    ],
)
def test_body_that_names_agencies_and_pictures(text: str) -> None:
    assert blocks(read("Ferries Stay", "By Ida Moe", PROSE, text, PROSE))[3] == ("body", text)


def test_a_transcript_has_no_title_and_no_headings() -> None:
    turns = ["Okay, the next case?", "Right here.", "Okay.", "Sit on this side here.", "Sure --"]
    assert {section for section, _ in blocks(read(*turns, PROSE, *turns))} == {"body"}


def test_turns_of_speakers_are_no_headings() -> None:
    turns = ["MR. MOE: I have the clipping right here", "MS. BERG: No, no. [Laughter]"]
    assert {section for section, _ in blocks(read(PROSE, *turns, PROSE))} == {"body"}


def test_a_byline_without_a_name() -> None:
    article = read("Ferries Stay", "Written by the foreign desk, November 2008", PROSE)
    assert blocks(article)[1][0] == "byline"
    assert (article.authors, article.published) == ((), "2008-11")


def test_a_list_of_names_is_no_row_of_headings() -> None:
    names = ["Michael Tien", "Alvin Yeung", "Nathan Law", "Claudia Mo", "Wu Chi-wai"]
    assert {section for section, _ in blocks(read(PROSE, *names, PROSE))[1:]} == {"body"}


@pytest.mark.parametrize(
    "note",
    [
        "Una Vik contributed to this report.",
        "Reporting by Una Vik; editing by Ask Lie",
        "Una Vik, an expert on ice, is professor of geography at Vik College.",
        "© 2019 Northern Press",
    ],
)
def test_closing_notes(note: str) -> None:
    assert blocks(read("Ferries Stay", "By Ida Moe", PROSE, PROSE, note))[-1] == ("note", note)


def test_someone_in_the_story_is_no_closing_note() -> None:
    story = f"{PROSE} Una Vik called it a disgrace."
    article = read("Ferries Stay", "By Ida Moe", story, "Una Vik is a professor at Vik College.")
    assert blocks(article)[-1][0] == "body"


def test_the_line_with_a_name_is_the_byline_when_the_note_explains_it() -> None:
    article = read(PROSE, "Una Vik", PROSE, PROSE, "Una Vik is a professor at Vik College.")
    assert article.authors == ("Una Vik",)
    assert blocks(article)[1] == ("byline", "Una Vik")


def test_the_stated_title_is_found_in_the_text() -> None:
    article = read("‘Nobody sails’: the mayor", PROSE)
    assert article.title == "‘Nobody sails’: the mayor"


# Size


@pytest.mark.parametrize(
    "source",
    [
        "word " * 200_000,
        '"' * 100_000,
        "*a " * 100_000,
        "[" * 300_000 + "x",
        "Ab cd\n\n" * 20_000,
        " " * 1_000_000 + "a",
        "By Ida Moe\n\n" * 10_000,
        "(" * 200_000 + "x)",
    ],
    ids=["line", "quotes", "stars", "brackets", "blocks", "space", "by", "paren"],
)
def test_hostile_sizes(source: str) -> None:
    assert read_text(source).text == source.strip()


def test_hostile_sizes_of_tags_and_lines() -> None:
    assert read_text("<b>" * 100_000 + "x").text == "x"
    assert read_text("a\r\n" * 50_000).text == "\n\n".join(["a"] * 50_000)


def test_ten_megabytes() -> None:
    article = read_text("\n\n".join([PROSE] * 47_000))
    assert len(article.text) > 9_900_000
    start = len(article.text) - 9
    (span,) = article.map.to_source(start, start + 8)
    assert article.map.clean(*span) == "patience"
