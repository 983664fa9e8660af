from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, SpanGroup

from pipeline.dates.calendar import Period, parse_edtf
from pipeline.extraction import Extractor
from pipeline.language import blank_nlp
from pipeline.lexicons import rows
from pipeline.records import PredictionRecord
from pipeline.stages import horizons, layers
from pipeline.stages.drafts import surroundings
from pipeline.stages.findings import (
    Context,
    ContextBlock,
    Date,
    Horizon,
    Prediction,
    Quote,
    Speaker,
    TokenSpan,
)
from pipeline.stages.hedges import Hedge, PseudoCue, find_cues
from pipeline.stages.predictions import PredictionFinder, candidates, make_predictions
from pipeline.stages.senses import VOTES, VerbClass, Votes, Weight

HEDGES = rows("hedges", Hedge)
PSEUDO = rows("pseudo_cues", PseudoCue)
NLP = blank_nlp()
FINDER = make_predictions(NLP, "claimline_predictions", threshold=0.45, yardstick="survey")
EVERYTHING = PredictionFinder(threshold=0.0, yardstick="survey")


def found(doc: Doc, finder: PredictionFinder = FINDER) -> list[Prediction]:
    return layers.get_predictions(finder(doc))


def text_of(doc: Doc, span: TokenSpan | None) -> str | None:
    return None if span is None else doc[span.start : span.end].text


# The lexicons ------------------------------------------------------------------------------------


def test_rows_are_unique_and_well_formed() -> None:
    keys = [(row.cue, row.form, row.governs, row.needs) for row in HEDGES]
    assert len(keys) == len(set(keys))
    for row in HEDGES:
        assert 0 < row.prior < 1
        assert row.example.count("[") == row.example.count("]") == 1, row.cue
        assert not (row.survey and row.like), row.cue
    assert len({row.cue for row in PSEUDO}) == len(PSEUDO)
    assert len(HEDGES) > 300


def test_verbs_and_weights_are_listed_once() -> None:
    verbs = [row.verb for row in rows("verb_classes", VerbClass)]
    assert len(verbs) == len(set(verbs))
    weights = [(row.group, row.feature) for row in rows("senses", Weight)]
    assert len(weights) == len(set(weights))
    assert {("vote", "bias"), ("vote", "score")} <= set(weights)


@pytest.mark.model
@pytest.mark.parametrize(
    "row", HEDGES, ids=lambda row: f"{row.cue}-{row.form}-{'+'.join(row.needs) or row.governs}"
)
def test_lexicon_example(row: Hedge, extractor: Extractor) -> None:
    text = row.example.replace("[", "").replace("]", "")
    start, end = row.example.index("["), row.example.index("]") - 1
    doc = extractor.nlp(text)

    def covers(span: TokenSpan) -> bool:
        words = doc[span.start : span.end]
        return words.start_char < end and start < words.end_char

    cues = [c for c in find_cues(doc) if covers(TokenSpan(c.start, c.end))]
    assert row.cue in [cued.row.cue for cued in cues]
    # The cue is in a record; where it mostly carries a prediction, one that counts.
    threshold = 0.45 if row.prior >= 0.75 else 0.0
    predictions = found(doc, PredictionFinder(threshold=threshold, yardstick="survey"))
    assert any(covers(cue.span) for prediction in predictions for cue in prediction.cues)


@pytest.mark.model
@pytest.mark.parametrize("row", PSEUDO, ids=lambda row: row.cue)
def test_pseudo_cue_example(row: PseudoCue, extractor: Extractor) -> None:
    assert extractor.extract(row.example).of("prediction") == ()


# Sentences by kind -------------------------------------------------------------------------------


def predictions(text: str, extractor: Extractor) -> list[PredictionRecord]:
    records = extractor.extract(text, published="2021-06-15").of("prediction")
    return [record for record in records if isinstance(record, PredictionRecord)]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I can swim.", id="ability"),
        pytest.param("The choir can sing in nine languages.", id="ability-of-many"),
        pytest.param("He could not lift the crate.", id="past-inability"),
        pytest.param("Pupils may leave the room when told to.", id="permission"),
        pytest.param("Members may use the library until nine.", id="permission-rule"),
        pytest.param("You must wear a helmet.", id="duty"),
        pytest.param("Drivers should check the brakes.", id="advice"),
        pytest.param("As a boy he would walk to the river every morning.", id="habit"),
        pytest.param("We would like to thank the crew.", id="politeness"),
        pytest.param("Could you open the door?", id="request"),
        pytest.param("Will the bridge hold?", id="bare-question"),
        pytest.param("The fair opened in May.", id="month"),
        pytest.param("The museum opens on Monday.", id="timetable"),
        pytest.param("The minister appeared on television.", id="appear-in-public"),
        pytest.param("He set to work at dawn.", id="set-to-work"),
        pytest.param("The clerk wrote his will.", id="will-noun"),
        pytest.param("The road was closed due to snow.", id="due-to"),
        pytest.param("She was going to the market.", id="going-somewhere"),
        pytest.param("The two papers are at odds.", id="at-odds"),
        pytest.param("Sales were better than expected.", id="than-expected"),
        pytest.param("Grace Will signed for Leeds.", id="name"),
        pytest.param("They called the barge Maybe.", id="name-of-a-thing"),
        pytest.param("The lift made it possible to reach the roof.", id="feasibility"),
        pytest.param("You think the lock is broken, but it is only stiff.", id="told-to-think"),
        pytest.param("The envoys discussed this possibility with the bank.", id="pointed-at"),
        pytest.param("She was late, and she could see the smoke and ran.", id="past-ability"),
        pytest.param("Everyone, save perhaps the cook, had slept.", id="focus"),
        pytest.param("By the clerk's reckoning three crates were lost.", id="noun-in-ing"),
        pytest.param("A tenant may keep one cat.", id="permission-for-whoever"),
        pytest.param("She certainly was at the fair.", id="emphasis"),
    ],
)
def test_no_prediction(text: str, extractor: Extractor) -> None:
    assert predictions(text, extractor) == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The river could burst its banks.", "could"),
        ("The dam might have been damaged.", "might"),
        ("He must have known of the plan.", "must"),
        ("Prices are going to rise.", "going to"),
        ("The glacier will melt.", "will"),
        ("The region may be running out of water.", "may"),
        ("The senator seems to have changed his mind.", "seems"),
        ("The yen is expected to weaken.", "expected"),
        ("A second strike is likely.", "likely"),
        ("The chances are slim.", "chances"),
        ("Perhaps the rains will come.", "Perhaps"),
        ("The row threatens to split the party.", "threatens"),
        ("The pilot reportedly fell asleep.", "reportedly"),
        ("The bill isn’t likely to pass.", "likely"),
        ("Prices won’t fall.", "wo"),
        ("It’ll rain, the forecasters say.", "’ll"),
        ("A second leak is not impossible.", "impossible"),
        ("Chances are that the levy will stay.", "Chances are"),
        ("The firm has the potential to ruin its rivals.", "potential"),
        ("She must be the new organist.", "must"),
        ("Could the lock have jammed in the frost?", "Could"),
        ("Many bakers are sceptical about finding buyers this year.", "sceptical"),
        ("There is no way that the club will sell its ground.", "no way"),
        # in front of its clause a word of hearsay weighs as much as inside
        ("By all accounts the tunnel was safe.", "By all accounts"),
        # who is named or known acts on purpose, and is not allowed to
        ("Mr Varga may name a deputy in the autumn.", "may"),
        ("The minister may dissolve the council next year.", "may"),
        # what should be so, of things
        ("Rents should be lower by the autumn.", "should"),
        ("He can't have known of the plan.", "ca"),
        ("What happens next is unclear.", "unclear"),
    ],
)
def test_prediction(text: str, cue: str, extractor: Extractor) -> None:
    records = predictions(text, extractor)
    assert cue in [c.text for record in records for c in record.cues]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "propositions"),
    [
        (
            "Exports will rise and prices will fall.",
            ["Exports will rise", "prices will fall"],
        ),
        ("The ministry said the toll could rise.", ["the toll could rise"]),
        ("Analysts doubt that the merger will succeed.", ["the merger will succeed"]),
        ("The mine is unlikely to reopen.", ["The mine is unlikely to reopen"]),
        ("It is likely that the king will abdicate.", ["the king will abdicate"]),
        ("Prices may rise, although the bank denies it.", ["Prices may rise"]),
        ("The strike could spread; nobody works today.", ["The strike could spread"]),
        ("The strike could spread (the union is large).", ["The strike could spread"]),
        ("Growers expect the harvest to fail.", ["the harvest to fail"]),
        ("There is a risk that the wall will fall.", ["the wall will fall"]),
        ("There is a risk of war.", ["war"]),
        (
            "More failures are likely before Christmas.",
            ["More failures are likely before Christmas"],
        ),
        ("A second strike cannot be ruled out.", ["A second strike cannot be ruled out"]),
        (
            "Rents in the valley, she reckons, will probably double.",
            ["Rents in the valley, she reckons, will probably double"],
        ),
        (
            "The trains ordered last year, and delivered in spring, may be too wide.",
            ["The trains ordered last year, and delivered in spring, may be too wide"],
        ),
        ("That would be a pity.", ["That would be a pity"]),
        ("A ban is not far-fetched.", ["A ban is not far-fetched"]),
        pytest.param(
            "Chances are the parcel was stolen.",
            ["the parcel was stolen"],
            marks=pytest.mark.xfail(strict=True, reason="parsed as one clause"),
        ),
        ("The clinic is in danger of closing.", ["The clinic is in danger of closing"]),
        ("The chance of a flood in any one year is one in fifty.", ["a flood"]),
        ("The likeliest result is a draw.", ["The likeliest result is a draw"]),
        (
            "The smugglers might think that the patrol will turn back.",
            [
                "The smugglers might think that the patrol will turn back",
                "the patrol will turn back",
            ],
        ),
        (
            "Unless rain comes by June, farms along the canal may have to close.",
            ["farms along the canal may have to close"],
        ),
        (
            "The well may run dry and will not be missed.",
            ["will not be missed", "The well may run dry"],
        ),
        (
            "Most likely, the crew never saw the light.",
            ["Most likely, the crew never saw the light"],
        ),
        (
            "A reopening this autumn is no longer thought likely.",
            ["A reopening this autumn is no longer thought likely"],
        ),
        (
            "She puts the chance of a strike before December at one in five.",
            ["a strike before December"],
        ),
        (
            "Had the pump failed, I think the cellar would be full.",
            ["the cellar would be full"],
        ),
        ("However, the crossing is likely to close.", ["the crossing is likely to close"]),
        ("What the traders fear is that rents will rise.", ["rents will rise"]),
        ("What they wonder is whether the wall could fall.", ["the wall could fall"]),
        ("What the port expects is a quiet year.", ["a quiet year"]),
        ("What comes next is unclear.", ["What comes next"]),
        ("Chances are slim that the envoys will meet.", ["the envoys will meet"]),
        ("It would be no surprise if the mill closed.", ["the mill closed"]),
        ("It is hard to see how the fund can survive.", ["the fund can survive"]),
        ("He is seen as likely to resign.", ["He is seen as likely to resign"]),
        (
            "The guild reportedly holds the gate, and may soon take the hall.",
            ["The guild reportedly holds the gate", "may soon take the hall"],
        ),
        ("It seems to hold and is cheap.", ["It seems to hold"]),
        (
            "The port appears to have closed, though nobody says so.",
            ["The port appears to have closed"],
        ),
        (
            "The bank forecasts a slump, having feared worse in March.",
            ["a slump", "worse in March"],
        ),
        ("They signed a pact that would halve the fees.", ["a pact that would halve the fees"]),
        ("The loss which we must expect is small.", ["The loss which we must expect"]),
        ("Perhaps in Accra, before Christmas.", ["in Accra, before Christmas"]),
        ("The likely winner is the left.", ["The likely winner is the left"]),
        ("The question now is whether the wall will hold.", ["the wall will hold"]),
        ("No one expects Mr Varga to resign.", ["Mr Varga to resign"]),
        ("The pact might hold, but only if the lords agree.", ["The pact might hold"]),
        ("The likely cost is high.", ["The likely cost"]),
        ("“If we lose this one,” she said, “I will resign.”", ["I will resign"]),
        (
            "In April it was thought lost, and every clerk, this one included, predicted a loss.",
            ["a loss"],
        ),
        ("Perhaps worse, the firm will lose its licence.", ["the firm will lose its licence"]),
        ("Perhaps more important, the dam may fail.", ["the dam may fail"]),
        (
            "Now that they're in power, it's unlikely the clans will disarm.",
            ["the clans will disarm"],
        ),
    ],
)
def test_proposition(text: str, propositions: list[str], extractor: Extractor) -> None:
    assert [record.proposition.text for record in predictions(text, extractor)] == propositions


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("The clubs will wait and will see.", [["will", "will"]]),
        ("The schools will raise their fees or they will close.", [["will", "will"]]),
        ("Prices will rise and will not fall.", [["will"], ["will"]]),
        ("Prices will rise, and sales will fall.", [["will"], ["will"]]),
        ("The fog may lift and may settle again.", [["may"], ["may"]]),
        ("The council will resist and would lose.", [["will"], ["would"]]),
    ],
)
def test_a_forecast_said_twice_is_one_claim(
    text: str, cues: list[list[str]], extractor: Extractor
) -> None:
    """Of one subject, or as an alternative; what may be and may be otherwise are two."""
    records = predictions(text, extractor)
    assert [[cue.text for cue in record.cues] for record in records] == cues
    if len(records) == 1:
        assert records[0].proposition.text == text.rstrip(".")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        (
            "A sale was “more likely than not”, the broker said.",
            "A sale was “more likely than not”",
        ),
        ("She told the council that rents will “soar”.", "rents will “soar”"),
        (
            "The owner said that a second bridge would be “a gift to the ferries”.",
            "a second bridge would be “a gift to the ferries”",
        ),
        ("The bank described a merger as “conceivable”.", "a merger as “conceivable”"),
        ("He said: “The mill will close.”", "The mill will close"),
    ],
)
def test_a_proposition_keeps_the_words_around_quotation_marks(
    text: str, proposition: str, extractor: Extractor
) -> None:
    """Marks around part of a clause cut nothing from it; both of a pair are kept."""
    (record,) = predictions(text, extractor)
    assert record.proposition.text == proposition


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("The governor may resign on Friday, according to the report.", "2021-06-18"),
        ("The governor may resign, according to a letter read in Lima on Friday.", None),
    ],
)
def test_horizon_is_not_the_date_of_the_telling(
    text: str, horizon: str | None, extractor: Extractor
) -> None:
    (record,) = predictions(text, extractor)
    assert (record.horizon.value if record.horizon else None) == horizon


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "horizon", "latest"),
    [
        ("The bridge could reopen within three weeks.", "../2021-07-06", "2021-07-06"),
        ("The bridge could reopen within eight months.", "../2022-02-15", "2022-02-15"),
        ("The bridge could reopen within two years.", "../2023-06-15", "2023-06-15"),
        ("The bridge could reopen even within ten days.", "../2021-06-25", "2021-06-25"),
        ("The bridge could reopen after a year.", "2022-06-15/..", None),
        ("The bridge could reopen within 36 hours.", "PT36H", None),
        ("The bridge could reopen within weeks.", None, None),
        ("The repairs could take a month.", "P1M", None),
        ("The repairs could go on for a month.", None, None),
    ],
)
def test_a_length_of_time_is_a_horizon_where_it_limits(
    text: str, horizon: str | None, latest: str | None, extractor: Extractor
) -> None:
    (record,) = predictions(text, extractor)
    got = record.horizon
    assert (got and got.value, got and got.latest) == (horizon, latest)


@pytest.mark.model
def test_a_length_of_time_counts_from_the_telling(extractor: Extractor) -> None:
    text = "In March 2019 the mayor predicted that the dam would crack within two years."
    (record,) = predictions(text, extractor)
    assert record.horizon is not None
    assert record.horizon.value == "2019-03/2021-03"
    assert (record.horizon.earliest, record.horizon.latest) == ("2019-03-01", "2021-03-31")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("She puts the odds of a strike at the harbour by August at one in four.", "../2021-08"),
        ("There is a slim chance of a second auction after September.", "2021-09/.."),
        ("He expects the death toll to pass 90 by Sunday.", "../2021-06-20"),
        ("The plan may see its debts double over the next few years.", "2021/"),
        ("A return to rationing before the 2022 elections is hard to imagine.", "../2022"),
        ("A visit, pencilled in for September 3, is likely to be put off.", "2021-09-03"),
        ("The talks planned for October might fail.", "2021-10"),
        ("The talks held in April might fail.", None),
        ("The bakery has been shut since May and may never reopen.", None),
        ("The court might rule before the year is out.", "../2021-12-31"),
        ("The 2022 harvest may fail.", "2022"),
        ("The 2020 harvest may have failed.", None),
        ("The council might reopen the road after the September vote.", "2021-09/.."),
        ("The council might reopen the road before the September vote.", "../2021-09"),
        ("The court moves out in 2023, when rents are likely to double.", "2023"),
        ("The nurses are likely to walk out when the board sits in August.", "2021-08"),
        ("The union will probably fight a plan which takes effect in August.", None),
        ("He put the probability of a default within two months at one in five.", "../2021-08-15"),
        ("Fears of a famine grew this year.", None),
        ('She wrote back two days later: "If we sail, the hull will crack."', None),
        ("If the well runs dry in August, the herd will die.", None),
        # begins at the publication, ends nobody knows when
        ("The council is unlikely to reopen the road anytime soon.", "2021-06-15/"),
        ("The road may well be open in the coming weeks.", "2021-06-15/"),
        ("The road may reopen some day.", None),
        ("The council may be dissolved within the month.", "../2021-07-15"),
        # an infinitive between "that" and its verb
        ("The odds that the council will fail to elect one in May are 50 to 1.", "2022-05"),
        # a limit right behind it, though the parse may give it to the telling
        ("She says the envoys will agree by July, and that the fair will be held.", "../2021-07"),
        # beyond a semicolon
        ("The road is likely to stay shut; in August the bridge shuts too.", None),
        # the subject is what is done by then, not what comes of it
        ("To build the bridge by 2030 would ruin the county.", None),
        ("Leaving in August would be a mistake.", None),
        # told in the present of a time ahead
        ("Next year the port expects a million crates.", "2022"),
        ("This year the port expects a million crates.", "2021"),
        ("It may prove the largest deal that the port makes this year.", "2021"),
        # a date before a noun that tells when
        ("The board could yield at next month's meeting.", "2021-07"),
        ("The mill may close as soon as the October review.", "2021-10"),
        ("Next month's vote may fail.", "2021-07"),
        # the year in which, not up to which
        ("The bus will serve until 2027, when a tram is expected.", "2027"),
        # a month that may be the last or the next
        ("There is a good chance of the mayor winning in May.", "2022-05"),
        ("The exhibition was expected to open in May.", None),
    ],
)
def test_horizon_stands_with_what_is_put_forward(
    text: str, horizon: str | None, extractor: Extractor
) -> None:
    record = predictions(text, extractor)[-1]
    assert (record.horizon.value if record.horizon else None) == horizon


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("In 2010 the guild said that the bridge would collapse in 2012.", "2012"),
        ("In 2010 brokers predicted a slump in 2012.", "2012"),
        ('In 2010 the mayor warned: "The dam will fail in 2012."', "2012"),
        ("In 2010 the guild said that the bridge, built in 2008, would collapse.", None),
        ("Brokers predicted a slump in 2012.", None),
    ],
)
def test_a_forecast_of_the_past_looks_ahead_from_its_own_day(
    text: str, horizon: str | None, extractor: Extractor
) -> None:
    """What lay ahead when it was told is its horizon, over by the publication or not."""
    (record,) = predictions(text, extractor)
    assert (record.horizon.value if record.horizon else None) == horizon


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "orientation"),
    [
        ("The envoy said that a truce was likely next week.", "future"),
        ("The envoy said that a truce was likely.", "future"),
        ("The mayor should and probably will resign.", "future"),
        ("The village may have been abandoned by 2040.", "future"),
        ("The village may have been abandoned by 1940.", "past"),
        ("If the dam had held, the village would have been safe next week.", "past"),
    ],
)
def test_a_date_ahead_tells_more_than_tense(
    text: str, orientation: str, extractor: Extractor
) -> None:
    (record,) = predictions(text, extractor)
    assert record.orientation == orientation


@given(
    start=st.dates(min_value=date(1, 1, 1)),
    length=st.from_regex(r"P[0-9]{1,4}[DWMY]", fullmatch=True),
)
def test_a_length_after_a_day_ends_no_earlier(start: date, length: str) -> None:
    extent = horizons.within(Period("day", start.toordinal()), length)
    if extent is not None:
        assert extent.earliest == start.toordinal()
        assert extent.latest is not None and extent.latest >= start.toordinal()


@pytest.mark.parametrize(
    ("start", "length", "extent"),
    [
        ("2021-01-31", "P1M", "2021-01-31/2021-02-28"),
        ("2024-02-29", "P1Y", "2024-02-29/2025-02-28"),
        ("2021-11", "P6W", "2021-11/2021-12"),
        ("1959", "P10Y", "1959/1969"),
        ("9990-01-01", "P90Y", None),
        ("2021-01-31", "P1.5Y", None),
        ("2021-01-31", "PT3H", None),
        ("2021-01-31", "P2W/P3W", None),
    ],
)
def test_a_length_is_counted_as_finely_as_the_start_is_known(
    start: str, length: str, extent: str | None
) -> None:
    day = parse_edtf(start)
    assert day is not None
    got = horizons.within(day, length)
    assert (got.edtf() if got else None) == extent


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "orientation"),
    [
        ("A merger seems inevitable.", "future"),
        ("The crew seems to have left.", "past"),
        ("The crew seems to be asleep.", "present"),
    ],
)
def test_an_adjective_tells_the_time_that_seem_leaves_open(
    text: str, orientation: str, extractor: Extractor
) -> None:
    (record,) = predictions(text, extractor)
    assert record.orientation == orientation


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "It seems likely that the levy will stay.",
        'A clerk spoke of "a real possibility" that the lock would be sold.',
        'The mayor has "no doubt whatsoever" that the lock will open on time.',
        "There is at best a one in five chance that the seed will sprout.",
    ],
)
def test_a_cue_takes_the_clause_that_its_that_opens(text: str, extractor: Extractor) -> None:
    (record,) = predictions(text, extractor)
    assert len(record.cues) >= 2
    assert record.proposition.text.startswith(("the levy", "the lock", "the seed"))


@pytest.mark.model
def test_concord_is_one_record(extractor: Extractor) -> None:
    (record,) = predictions("The firm would likely appeal.", extractor)
    assert [cue.text for cue in record.cues] == ["would", "likely"]
    assert (record.likelihood.level, record.likelihood.low) == ("likely", 67)
    assert record.hedged


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("If the levee breaks, thousands could drown.", "If the levee breaks"),
        ("Thousands could drown if the levee breaks.", "if the levee breaks"),
        ("Unless rain comes, the crop will be lost.", "Unless rain comes"),
        ("Should the vote fail, the cabinet would resign.", "Should the vote fail"),
        ("Were the bank to fail, the state would pay.", "Were the bank to fail"),
        ("Had it burst at noon, hundreds would have died.", "Had it burst at noon"),
        ("Without rain, the crop could fail.", "Without rain"),
        ("The plan might work, provided everyone pays.", "provided everyone pays"),
        ("In the event of a tie, the mayor would decide.", "In the event of a tie"),
        ("The truce could hold as long as both sides gain.", "as long as both sides gain"),
        ("Barring a miracle, the club will be sold.", "Barring a miracle"),
        ("The firm would have closed had anyone complained.", "had anyone complained"),
        ("Growers might lose the crop should the rains fail.", "should the rains fail"),
        ("And were the river to rise, the camp would be cut off.", "were the river to rise"),
        ("If the loan falls through they will sell the ferry.", "If the loan falls through"),
        (
            "Even if demand grows, prices will fall unless mines close.",
            "unless mines close",
        ),
    ],
)
def test_condition(text: str, condition: str, extractor: Extractor) -> None:
    (record,) = predictions(text, extractor)
    assert record.condition is not None and record.condition.text == condition
    assert record.hedged
    assert condition not in record.proposition.text


@pytest.mark.model
def test_a_condition_ends_with_its_quotation(extractor: Extractor) -> None:
    (record,) = predictions("“If we lose this one,” she said, “I will resign.”", extractor)
    assert record.condition is not None
    assert record.condition.text == "If we lose this one"


@pytest.mark.model
@pytest.mark.parametrize("text", ["The dam may burst if it rains,", "If it rains, it may burst,"])
def test_a_text_may_end_in_its_condition(text: str, extractor: Extractor) -> None:
    (record,) = predictions(text, extractor)
    assert record.condition is not None
    assert record.condition.text.lower() == "if it rains"


@pytest.mark.model
def test_if_before_a_noun_is_no_condition(extractor: Extractor) -> None:
    (record,) = predictions("Dozens, if not hundreds, of barges may sink.", extractor)
    assert record.condition is None


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Neither should the club think that it may win.",
        "What had the council feared might happen?",
        "The dealers had the cars washed and may sell them.",
        "The guards were the men who may have opened it.",
    ],
)
def test_an_auxiliary_after_its_subject_is_no_condition(text: str, extractor: Extractor) -> None:
    assert not any(record.condition for record in predictions(text, extractor))


@pytest.mark.model
def test_coordinated_clauses_share_the_condition_before_them(extractor: Extractor) -> None:
    text = "If the bank fails, the cabinet will fall and the currency will collapse."
    found = {record.proposition.text: record.condition for record in predictions(text, extractor)}
    assert {condition.text for condition in found.values() if condition} == {"If the bank fails"}
    assert found.keys() == {"the cabinet will fall", "the currency will collapse"}
    text = "The cabinet will fall if the bank fails, and the currency will collapse."
    later = [
        record for record in predictions(text, extractor) if "currency" in record.proposition.text
    ]
    assert [record.condition for record in later] == [None]


@pytest.mark.model
def test_without_beside_a_noun_is_no_condition(extractor: Extractor) -> None:
    (record,) = predictions("A town without water is unthinkable.", extractor)
    assert record.condition is None


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("The fair, wrote the editor, will draw crowds.", ["the editor"]),
        ("The tunnel will flood, two of the engineers said.", ["two of the engineers"]),
        ("The union sees a 40 percent chance of a strike.", ["The union"]),
        ("The win gives the club a chance of a title.", [None]),
        ("Diplomats consider early elections improbable.", ["Diplomats"]),
        ("Early elections are considered improbable.", [None]),
        ("The firm does not expect the ship to sail.", ["The firm"]),
        ("The broker who expects prices to fall sold everything.", ["The broker"]),
        ("The Danes may suspect that the firm will raise fares.", [None, "The Danes"]),
        ("Don't expect the drought to end.", [None]),
        ("This leads me to think that the dam will hold.", [None]),
        ("To the generals, a coup looks unlikely.", ["the generals"]),
        ("A coup seems unlikely to the eye of a layman.", [None]),
    ],
)
def test_holder(text: str, holders: list[str | None], extractor: Extractor) -> None:
    found = predictions(text, extractor)
    named = [r.holder.name if r.holder.text == "who" else r.holder.text for r in found]
    assert sorted(named, key=str) == sorted(holders, key=str)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Expect delays on the coast road.", "imperative"),
        ("Don't expect the tram to run on Sunday.", "imperative"),
        ("Traders expect delays on the coast road.", "assertion"),
    ],
)
def test_imperative(text: str, act: str, extractor: Extractor) -> None:
    (record,) = predictions(text, extractor)
    assert record.speech_act == act


@pytest.mark.model
def test_asking_if_is_no_condition(extractor: Extractor) -> None:
    for record in predictions("He asked if the bridge could hold.", extractor):
        assert record.condition is None


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "polarity", "level", "low", "high"),
    [
        ("The bank will probably cut rates.", "positive", "likely", 65, 80),
        ("The bank probably won't cut rates.", "negative", "likely", 20, 35),
        ("The firm is not likely to survive.", "negative", "unlikely", 10, 25),
        ("The firm is highly likely to survive.", "positive", "very-likely", 80, 90),
        ("The firm is unlikely to survive.", "negative", "unlikely", 10, 25),
        ("The truce may not hold.", "negative", "possible", 49, 70),
        ("Prices will not collapse.", "negative", "unspecified", None, None),
        ("Nobody will believe the general.", "negative", "unspecified", None, None),
        ("There is little chance that the talks will resume.", "negative", "very-unlikely", 5, 15),
        ("There is no chance that the talks will resume.", "negative", "almost-no-chance", 1, 5),
        ("There is a 30 percent chance that it will snow.", "positive", "unlikely", 30, 30),
        ("She puts the odds of a default at one in four.", "positive", "unlikely", 25, 25),
        ("A second strike cannot be ruled out.", "positive", "possible", 25, 50),
        ("It is far from certain that the treaty will pass.", "positive", "possible", None, None),
        ("A delay is more likely than not.", "positive", "likely", 55, 60),
        ("It is more likely than not that it will close.", "positive", "likely", 55, 60),
        ("The skipper is as likely as not to turn back.", "positive", "even", 50, 50),
        ("It is fifty-fifty whether the mayor will resign.", "positive", "even", 50, 50),
        ("There is no way the crew will agree.", "negative", "almost-no-chance", 1, 5),
        ("No doubt the tenants will appeal.", "positive", "almost-certain", 90, 97.75),
        ("A ban is far-fetched.", "negative", "very-unlikely", 3, 10),
        ("A ban is not far-fetched.", "positive", "possible", None, None),
        ("Chances are slim that the envoys will meet.", "positive", "unlikely", 5, 15),
        ("It would be no surprise if the mill closed.", "positive", "likely", 67, 80),
        ("It would be surprising if the mill closed.", "negative", "unlikely", 10, 25),
        ("The old lock may or may not hold.", "positive", "possible", 25, 50),
        ("A split is all but inevitable.", "positive", "almost-certain", 90, 98),
    ],
)
def test_polarity_and_likelihood(
    text: str,
    polarity: str,
    level: str,
    low: float | None,
    high: float | None,
    extractor: Extractor,
) -> None:
    (record,) = predictions(text, extractor)
    assert (record.polarity, record.likelihood.level) == (polarity, level)
    assert (record.likelihood.low, record.likelihood.high) == (low, high)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "orientation"),
    [
        ("The dam might have been damaged.", "past"),
        ("He must have known of the plan.", "past"),
        ("The region may be running out of water.", "present"),
        ("The senator seems to be ill.", "present"),
        ("The ship appears to have sunk.", "past"),
        ("The river could burst its banks.", "future"),
        ("The yen is expected to weaken.", "future"),
        ("The fire was probably set on purpose.", "past"),
        ("The gentleman probably knows it.", "present"),
        ("Had it burst at noon, hundreds would have died.", "past"),
        ("Another round is likely.", "future"),
        ("Heavy snow looks likely.", "future"),
        ("The cook might be asleep.", "present"),
        ("The cook might be asleep by ten on Friday.", "future"),
        ("The old bridge could be hollow.", "present"),
        ("The old bridge could be closed by Friday.", "future"),
        ("If the pier gives way, the bridge could be unsafe.", "future"),
        ("The trainees may have to sleep in the hall.", "future"),
        ("The clerks may not know the law.", "present"),
        ("The probability that the seal fails is 5 per cent.", "future"),
        ("It is possible that the seal is a copy.", "present"),
        ("If he had sold the farm, he would be rich.", "present"),
        ("The old lock may or may not hold.", "future"),
        ("What worries me is that the lock could fail.", "future"),
    ],
)
def test_orientation(text: str, orientation: str, extractor: Extractor) -> None:
    (record,) = predictions(text, extractor)
    assert record.orientation == orientation


@pytest.mark.model
def test_plain_future_is_not_hedged(extractor: Extractor) -> None:
    (record,) = predictions("Prices will collapse.", extractor)
    assert not record.hedged
    assert record.holder.kind == "author"


@pytest.mark.model
def test_holder_is_the_subject_of_the_cue(extractor: Extractor) -> None:
    (record,) = predictions("Growers expect the harvest to fail.", extractor)
    assert (record.holder.kind, record.holder.text) == ("source", "Growers")


@pytest.mark.model
def test_question_is_marked(extractor: Extractor) -> None:
    for record in predictions("Do you think the king will probably abdicate?", extractor):
        assert record.speech_act == "question"


# Built by hand -----------------------------------------------------------------------------------


def built(words: Sequence[tuple[str, str, str, str, str, int]]) -> Doc:
    """A Doc of one sentence: (text, lemma, tag, pos, relation, head) for each word."""
    text, lemmas, tags, pos, deps, heads = (list(column) for column in zip(*words, strict=True))
    return Doc(
        NLP.vocab,
        words=text,
        lemmas=lemmas,
        tags=tags,
        pos=pos,
        deps=deps,
        heads=heads,
        sent_starts=[True] + [False] * (len(words) - 1),
    )


def prices_may_rise() -> Doc:
    return built(
        [
            ("Prices", "price", "NNS", "NOUN", "nsubj", 2),
            ("may", "may", "MD", "AUX", "aux", 2),
            ("rise", "rise", "VB", "VERB", "ROOT", 2),
            ("in", "in", "IN", "ADP", "case", 4),
            ("July", "July", "NNP", "PROPN", "obl", 2),
            (".", ".", ".", "PUNCT", "punct", 2),
        ]
    )


def test_modal_in_universal_dependencies() -> None:
    doc = prices_may_rise()
    (prediction,) = found(doc)
    assert text_of(doc, prediction.proposition) == "Prices may rise in July"
    assert text_of(doc, prediction.subject) == "Prices"
    assert [cue.lemma for cue in prediction.cues] == ["may"]
    assert prediction.horizon is None


def test_raising_adjective_in_clearnlp() -> None:
    doc = built(
        [
            ("Prices", "price", "NNS", "NOUN", "nsubj", 1),
            ("are", "be", "VBP", "AUX", "ROOT", 1),
            ("unlikely", "unlikely", "JJ", "ADJ", "acomp", 1),
            ("to", "to", "TO", "PART", "aux", 4),
            ("rise", "rise", "VB", "VERB", "xcomp", 2),
            (".", ".", ".", "PUNCT", "punct", 1),
        ]
    )
    (prediction,) = found(doc)
    assert text_of(doc, prediction.proposition) == "Prices are unlikely to rise"
    assert (prediction.polarity, prediction.orientation) == ("negative", "future")
    assert prediction.likelihood.level == "unlikely"


def july(value: str, latest: str) -> Date:
    return Date(
        span=TokenSpan(4, 5),
        value=value,
        type="DATE",
        earliest=latest,
        latest=latest,
        precision="month",
        anchor="publication",
        confidence=1.0,
    )


def test_horizon_is_a_date_ahead() -> None:
    doc = prices_may_rise()
    layers.set_context(doc, Context(published="2021-06-15"))
    layers.set_dates(doc, [july("2021-07", "2021-07-31")])
    assert found(doc)[0].horizon == Horizon(
        date=0, value="2021-07", earliest="2021-07-31", latest="2021-07-31"
    )
    layers.set_dates(doc, [july("2020-07", "2020-07-31")])
    assert found(doc)[0].horizon is None


def test_a_date_right_after_a_cue_is_with_it_whatever_the_parse_hangs_it_on() -> None:
    doc = built(
        [
            ("Envoys", "envoy", "NNS", "NOUN", "nsubj", 1),
            ("call", "call", "VBP", "VERB", "parataxis", 7),
            ("war", "war", "NN", "NOUN", "obj", 1),
            ("unlikely", "unlikely", "JJ", "ADJ", "xcomp", 1),
            ("July", "July", "NNP", "PROPN", "obl:tmod", 7),
            ("because", "because", "IN", "SCONJ", "mark", 7),
            ("rain", "rain", "NN", "NOUN", "nsubj", 7),
            ("falls", "fall", "VBZ", "VERB", "ROOT", 7),
            (".", ".", ".", "PUNCT", "punct", 7),
        ]
    )
    layers.set_context(doc, Context(published="2021-06-15"))
    layers.set_dates(doc, [july("2021-07", "2021-07-31")])
    assert found(doc)[0].horizon is not None


@pytest.mark.parametrize(
    ("published", "first"), [("2021-06-15", "2021-06-15"), ("2021-06", "2021-06-01")]
)
def test_what_comes_soon_begins_with_the_publication(published: str, first: str) -> None:
    doc = built(
        [
            ("Prices", "price", "NNS", "NOUN", "nsubj", 2),
            ("may", "may", "MD", "AUX", "aux", 2),
            ("rise", "rise", "VB", "VERB", "ROOT", 2),
            ("very", "very", "RB", "ADV", "advmod", 4),
            ("soon", "soon", "RB", "ADV", "advmod", 2),
            (".", ".", ".", "PUNCT", "punct", 2),
        ]
    )
    layers.set_context(doc, Context(published=published))
    soon = Date(
        span=TokenSpan(3, 5),
        value="FUTURE_REF",
        type="DATE",
        precision="vague",
        anchor="publication",
        confidence=1.0,
    )
    layers.set_dates(doc, [soon])
    (prediction,) = found(doc)
    assert prediction.horizon == Horizon(date=0, value=f"{published}/", earliest=first)


def quote(start: int, end: int, name: str | None, **more: object) -> Quote:
    speaker = None if name is None else Speaker(span=TokenSpan(5, 6), name=name)
    return Quote(
        type="indirect",
        content=(TokenSpan(start, end),),
        speaker=speaker,
        confidence=1.0,
        **more,  # type: ignore[arg-type]
    )


def test_holder_is_the_innermost_source() -> None:
    doc = prices_may_rise()
    layers.set_quotes(doc, [quote(0, 6, "Outer"), quote(0, 5, "Inner")])
    holder = found(doc)[0].holder
    assert (holder.kind, holder.name, holder.quote) == ("source", "Inner", 1)


def test_holder_of_a_floating_quote_is_that_of_the_one_it_follows() -> None:
    doc = prices_may_rise()
    layers.set_quotes(doc, [quote(4, 6, "Before"), quote(0, 4, None, follows=0)])
    holder = found(doc)[0].holder
    assert (holder.name, holder.quote) == ("Before", 0)
    layers.set_quotes(doc, [quote(0, 4, None)])
    assert found(doc)[0].holder.kind == "author"


def test_title_is_a_headline() -> None:
    doc = prices_may_rise()
    layers.set_context(doc, Context(blocks=(ContextBlock(0, len(doc.text), "title"),)))
    assert found(doc)[0].speech_act == "headline"


def test_votes_change_the_confidence() -> None:
    def confidence(score: float | None) -> float:
        doc = prices_may_rise()
        if score is not None:
            spans = [doc[1:2]] if score else []
            scores = [score] if score else []
            doc.spans[VOTES] = SpanGroup(doc, name=VOTES, attrs={"scores": scores}, spans=spans)
            assert Votes(doc).of(1, 2) == score
        return found(doc, EVERYTHING)[0].confidence

    assert confidence(0.0) < confidence(0.9)
    assert 0 < confidence(None) < 1


def test_without_a_parse_nothing_is_found() -> None:
    assert found(NLP("Prices may rise.")) == []
    assert found(NLP("")) == []


def test_findings_survive_bytes() -> None:
    doc = FINDER(prices_may_rise())
    again = Doc(NLP.vocab).from_bytes(doc.to_bytes())
    assert layers.get_predictions(again) == layers.get_predictions(doc)
    encoded = msgspec.json.encode(layers.get_predictions(doc))
    assert msgspec.json.decode(encoded, type=list[Prediction]) == layers.get_predictions(doc)


def test_component_is_configured_by_name() -> None:
    nlp = spacy.blank("en")
    component = nlp.add_pipe("claimline_predictions", config={"threshold": 0.9})
    assert isinstance(component, PredictionFinder)
    assert component.threshold == 0.9
    with pytest.raises(ValueError, match="treshold"):
        nlp.add_pipe("claimline_predictions", name="wrong", config={"treshold": 0.9})


# Any Doc -----------------------------------------------------------------------------------------

CUE_WORDS = sorted({word for row in HEDGES for word in re.split(r"[ -]", row.cue)})
RELATIONS = [
    *("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "aux", "aux:pass", "cop", "mark", "case"),
    *("obj", "obl", "nmod", "xcomp", "ccomp", "advcl", "acl", "acl:relcl", "conj", "cc", "amod"),
    *("advmod", "det", "expl", "punct", "parataxis", "fixed", "attr", "acomp", "prep", "pobj"),
]
TAGS = [("MD", "AUX"), ("VB", "VERB"), ("VBN", "VERB"), ("VBD", "VERB"), ("NN", "NOUN")]
TAGS += [
    ("NNS", "NOUN"),
    ("JJ", "ADJ"),
    ("RB", "ADV"),
    ("IN", "ADP"),
    ("TO", "PART"),
    (",", "PUNCT"),
]
WORDS = st.sampled_from(
    [*CUE_WORDS, "not", "no", "to", "of", "that", ",", "?", '"', ";", "70", "%"]
)


@given(st.data())
def test_any_tree_is_taken(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    words = []
    for i in range(size):
        tag, pos = data.draw(st.sampled_from(TAGS))
        head = data.draw(st.integers(0, size - 1)) if i else 0
        # Heads that go to the left, or to the root: always a tree.
        head = head if head < i else 0
        relation = "ROOT" if i == 0 else data.draw(st.sampled_from(RELATIONS))
        word = data.draw(WORDS)
        words.append((word, word, tag, pos, relation, head))
    doc = built(words)
    for prediction in found(doc, EVERYTHING):
        spans = [prediction.proposition, prediction.subject, prediction.condition]
        for span in [*spans, *(cue.span for cue in prediction.cues)]:
            assert span is None or 0 <= span.start < span.end <= size
        assert prediction.cues
        assert 0 <= prediction.confidence <= 1
        likelihood = prediction.likelihood
        if likelihood.low is not None and likelihood.high is not None:
            assert 0 <= likelihood.low <= likelihood.high <= 100


def test_every_sentence_of_a_long_document() -> None:
    doc = Doc.from_docs([prices_may_rise() for _ in range(1_200)])
    assert len(found(doc)) == 1_200


def test_a_degree_that_opens_a_text_reaches_no_further_back(extractor: Extractor) -> None:
    doc = extractor.nlp("Very likely the pump needs a new seal.")
    [prediction] = layers.get_predictions(doc)
    assert doc[prediction.cues[0].span.start].i == 0


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Nobody can say what the town will look like in five years.", True),
        ("They argued over what effect the dam will have on the eels.", True),
        ("He asked how far the fever may spread.", True),
        ("She asked who would win.", True),
        ("He knows where the money will go.", True),
        ("The house where she will live is small.", False),
        ("A rival which will open in May may lure readers.", False),
        ("He says that the dam will hurt the eels.", False),
        ("What will the town look like?", False),
    ],
)
def test_embedded_questions(text: str, asked: bool, extractor: Extractor) -> None:
    doc = extractor.nlp(text)
    around = surroundings(doc)
    (first, *_) = [
        names
        for proposition in candidates(doc, around)
        for cued, names in proposition
        if cued.row.form == "modal" and cued.row.cue != "can"
    ]
    assert ("embedded-question" in first) is asked
