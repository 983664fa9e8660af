"""One record per real thing: names of one thing come together, those of two stay apart.

Each case is a text and, for some of its entities, the fullest name, the type and every mention by
name.
"""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.extraction import Extractor, load
from pipeline.records import EntityRecord


@cache
def extractor() -> Extractor:
    return load()


CASES: list[tuple[str, dict[tuple[str, str], list[str]]]] = [
    (
        "Osama bin Laden hid in a cave. Later Bin Ladin fled, and bin Laden's men followed.",
        {("Osama bin Laden", "PERSON"): ["Osama bin Laden", "Bin Ladin", "bin Laden"]},
    ),
    (
        "Al Qaeda planned it for years. The al-Qaida leader fled. Al Qaida denied it.",
        {("Al Qaeda", "ORG"): ["Al Qaeda", "al-Qaida", "Al Qaida"]},
    ),
    (
        "The Taliban came at dawn. The Taleban closed the schools.",
        {("Taliban", "ORG"): ["Taliban", "Taleban"]},
    ),
    (
        "The U.S. State Department's Bureau of Intelligence and Research wrote the paper.",
        {
            ("U.S. State Department's Bureau of Intelligence and Research", "ORG"): [
                "U.S. State Department's Bureau of Intelligence and Research"
            ]
        },
    ),
    (
        "Trade in Central and South Asia grew. Central Asia is dry.",
        {
            ("Central Asia", "LOC"): ["Central", "Central Asia"],
            ("South Asia", "LOC"): ["South Asia"],
        },
    ),
    (
        "Moscow rejected the plan. Russian officials then left Moscow.",
        {("Moscow", "GPE"): ["Moscow", "Moscow"], ("Russian", "NORP"): ["Russian"]},
    ),
    (
        "Afghan soldiers left Afghanistan. The Afghans were tired.",
        {
            ("Afghan", "NORP"): ["Afghan", "Afghans"],
            ("Afghanistan", "GPE"): ["Afghanistan"],
        },
    ),
    (
        "The Lake Vessa Fishing Commission (LVFC) met in May. The LVFC voted.",
        {
            ("Lake Vessa Fishing Commission", "ORG"): [
                "Lake Vessa Fishing Commission",
                "LVFC",
                "LVFC",
            ]
        },
    ),
    (
        "The African Union sent soldiers. The AU paid for the ships.",
        {("African Union", "ORG"): ["African Union", "AU"]},
    ),
    (
        "Peter Holm met Laura Holm in May. Mrs. Holm thanked Mr. Holm.",
        {
            ("Peter Holm", "PERSON"): ["Peter Holm", "Holm"],
            ("Laura Holm", "PERSON"): ["Laura Holm", "Holm"],
        },
    ),
    (
        "George Holm and Laura Holm voted. Laura left.",
        {
            ("George Holm", "PERSON"): ["George Holm"],
            ("Laura Holm", "PERSON"): ["Laura Holm", "Laura"],
        },
    ),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "expected"), CASES, ids=lambda value: str(value)[:30])
def test_names_of_one_thing(text: str, expected: dict[tuple[str, str], list[str]]) -> None:
    found = {
        (record.name, record.type): [m.text for m in record.mentions if m.form == "name"]
        for record in extractor().extract(text).records
        if isinstance(record, EntityRecord)
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        (
            "Then-U.S. Secretary of State Colin Powell spoke.",
            "Colin Powell",
            "Then-U.S. Secretary of State",
        ),
        (
            "Mara Holm, an associate professor of government at Selby College, agreed.",
            "Mara Holm",
            "associate professor of government at Selby College",
        ),
        ("Mara Holm is the chairwoman of the union.", "Mara Holm", "chairwoman of the union"),
    ],
)
def test_roles_by_place_in_the_sentence(text: str, name: str, role: str) -> None:
    records = [r for r in extractor().extract(text).records if isinstance(r, EntityRecord)]
    assert {r.name: r.roles for r in records}[name] == (role,)
