"""What a sentence stands under, and that it is read, answered and shown under it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer.context import question_before
from index.article import Question, SentenceId
from index.errors import NotFound
from index.library import Library
from index.lifts import ALLOWED, UNDER_QUESTION
from index.readers.plain import normalise
from index.segment import segment
from index.segment.headings import Heading, Kind, asks, heading, may_be_heading

PIECES = [
    "Is it?",
    "Who pays",
    "Hours",
    "Q: ",
    "1. ",
    " | ",
    "\n",
    "\n\n",
    " ",
    "He left. ",
    "Why? ",
    "다.",
    "а",
    "A: 5",
    "?",
    "…",
]
FAQ = """\
# Riverside Makerspace: frequently asked questions

## What are your opening hours?

Members can use the space around the clock with their key fob. Visitors are welcome on Tuesdays from 7 pm to 10 pm.

## Can I bring my dog?

Sorry, no. Assistance dogs are of course welcome.

## Prices

| Machine | Members | Visitors |
|---|---|---|
| Laser cutter | 6 pounds an hour | 12 pounds an hour |
| Pottery kiln | 9 pounds a firing | 20 pounds a firing |

## Lost property

It is kept in the office for three months.

## From the last meeting

1. Workshop. The lathe failed its inspection. A new one arrives in March.

2. Playground. The swings failed the inspection. Work is to start in January.
"""


def under(text: str, sentence: str) -> Heading | None:
    start = text.index(sentence)
    return heading(text[:start], start, text[start:].partition("\n")[0])


@pytest.mark.parametrize(
    ("text", "sentence", "kind", "above"),
    [
        ("Is there parking?\n\nBehind the house.", "Behind", Kind.QUESTION, "Is there parking?"),
        ("Q: Is there parking?\nA: Behind the house.", "A: Behind", Kind.QUESTION, "Is there parking?"),
        ("3. Is there parking?\n\nYes. Behind it.", "Behind", Kind.QUESTION, "Is there parking?"),
        ("Вопрос: Где вход?\nСо двора.", "Со двора", Kind.QUESTION, "Где вход?"),
        ("주차장은 있나요?\n\n지하에 있습니다.", "지하에", Kind.QUESTION, "주차장은 있나요?"),
        ("Is there parking? Yes, behind the house. It is free.", "It is free", Kind.OPENING, "Is there parking?"),
        ("What to bring\n\n- A torch\n\n- Warm socks", "- Warm", Kind.QUESTION, "What to bring"),
        ("What do I bring?\n\n" + "- a thing\n\n" * 6 + "- Warm socks", "- Warm", Kind.QUESTION, "What do I bring?"),
        ("who pays?\n\nThe guests do.", "The guests", Kind.QUESTION, "who pays?"),
        ("Intro.\n\nOpening hours\n\nOn weekdays from 9 to 5.", "On weekdays", Kind.SECTION, "Opening hours"),
        ("Intro.\n\nPARKING\n=======\nIt is free.", "It is free", Kind.SECTION, "PARKING"),
        ("Hours\n\nFrom 9 to 5.\n\nOn Sundays from 10.", "On Sundays", Kind.SECTION, "Hours"),
        ("Town\n\nClimate\n\nIt is mild.", "It is", Kind.SECTION, "Climate"),
        ("Bring:\n\nWater\n\nA torch\n\nWarm socks", "Warm socks", Kind.SECTION, "Bring:"),
        ("Act | Stage\n\nAda | Quay\n\nBo | Barn", "Bo | Barn", Kind.TABLE, "Act | Stage"),
        ("2. Playground. The swings failed. Work starts soon.", "Work starts", Kind.SECTION, "Playground"),
        ("§ 3 Quiet hours: None now. They begin at one.", "They begin", Kind.SECTION, "Quiet hours"),
        ("Maren Tolle: We lost a lot. It was the worst loss.", "It was", Kind.SECTION, "Maren Tolle"),
        ("Lost property. It is kept in the office.", "It is kept", Kind.SECTION, "Lost property"),
        ("Киев: Трое погибли. Ещё двое ранены.", "Ещё двое", Kind.SECTION, "Киев"),
    ],
)
def test_a_sentence_stands_under_what_names_it(text: str, sentence: str, kind: Kind, above: str) -> None:
    found = under(text, sentence)
    assert found is not None
    assert (found.kind, found.text) == (kind, above)
    assert above in text[found.start : text.index(sentence)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Nobody came home today. He slept.", "He slept"),
        ("He came, home. He slept.", "He slept"),
        ("He asked them\nwhy did you go?\nNobody knew.", "Nobody"),
        ("The ministers met in a hall\nby the sea. They left.", "They left"),
        ("Water\n\nA torch\n\nWarm socks\n\nThe bus leaves at nine.", "The bus"),
        ("Who won? Nobody did. He left. Dr. Roe said so.\n\nThe match was played again.", "The match"),
        ("Who knows?\n\n" + "A paragraph of the story.\n\n" * 5 + "The end.", "The end"),
        ("May I bring my dog?\n\nSorry, no.\n\nPrices", "Prices"),
        ("Act | Stage\n\nAda | Quay | 9 pm", "Ada"),
        ("Act | Stage", "Act"),
        ("1. boil the plums. Peel them.", "Peel them"),
        ("2. Everybody in the hall was asked what they thought. They left.", "They left"),
        ("1918. The war ended.", "The war"),
        ("He came, he said: Nothing. He left.", "He left"),
        ("", ""),
    ],
)
def test_it_stands_under_nothing_else(text: str, sentence: str) -> None:
    assert under(text, sentence) is None


PARTS = """\
Pool

Opening hours

From seven on.

Prices

A ticket costs 6 euros.

Sauna

It is heated with wood.

Opening hours

From two on.

Shoe hire

Shoes cost 4 euros.

Prices

It costs 14 euros.

Climbing hall

Prices

Adults 11 euros

Children 5 euros

Groups 9 euros

Opening hours

From ten on.

Contact

Call us.
"""
GROUPS = """\
Help

Delivery

How long does it take?

Three days. Sundays do not count.

What does it cost?

Five euros

What if I am out?

We leave a card.

Returns

How long does it take?

Two weeks.
"""


def path_of(text: str, sentence: str) -> str:
    """What a sentence stands under, as it is read."""
    start = text.index(sentence)
    end = start + len(sentence)
    found = heading(text[:start], start, sentence, text[end:])
    return found.path if found else ""


@pytest.mark.parametrize(
    ("sentence", "above"),
    [
        ("From seven on.", "Pool, Opening hours"),
        ("A ticket costs 6 euros.", "Pool, Prices"),
        ("It is heated with wood.", "Sauna"),
        ("From two on.", "Sauna, Opening hours"),
        ("Shoes cost 4 euros.", "Shoe hire"),
        ("It costs 14 euros.", "Prices"),  # of the sauna, or of what else begins with "Shoe hire"
        ("Children 5 euros", "Climbing hall, Prices"),
        ("Call us.", "Contact"),
    ],
)
def test_a_section_that_comes_in_several_parts_is_read_with_its_part(sentence: str, above: str) -> None:
    assert path_of(PARTS, sentence) == above


@pytest.mark.parametrize(
    ("sentence", "above"),
    [
        ("Three days.", "Delivery, How long does it take?"),
        ("Sundays do not count.", "Delivery, How long does it take?"),
        ("Five euros", "Delivery, What does it cost?"),
        ("We leave a card.", "Delivery, What if I am out?"),
        ("Two weeks.", "Returns, How long does it take?"),
    ],
)
def test_a_question_of_a_group_is_read_with_its_group(sentence: str, above: str) -> None:
    assert path_of(GROUPS, sentence) == above


def test_a_part_that_is_out_of_reach_is_left_out() -> None:
    start = PARTS.index("From two on.")
    cut = PARTS[PARTS.index("Opening hours", PARTS.index("Sauna")) - 2 : start]
    found = heading(cut, start, "From two on.", PARTS[start + len("From two on.") :])
    assert found is not None
    assert found.path == "Opening hours"
    assert found.starts == (PARTS.index("Opening hours", PARTS.index("Sauna")),)


NEWSLETTER = """\
Dogs
One dog per pitch is welcome for 4 euros a night. It has to be kept on a lead.
In July we take none.

6. Noise
No drilling on Sundays.

Dates for your diary
Monday 17 to Friday 21 November: book fair in the hall
Friday 19 December: last day of term

Next meeting on Thursday at 7 pm.
"""


@pytest.mark.parametrize(
    ("sentence", "above"),
    [
        ("One dog", "Dogs"),
        ("It has", "Dogs"),
        ("In July", "Dogs"),
        ("No drilling", "6. Noise"),
        ("Friday 19", "Dates for your diary"),
        ("Next meeting", ""),
    ],
)
def test_a_line_directly_above_a_text_heads_it_down_to_the_next_blank_line(sentence: str, above: str) -> None:
    assert path_of(NEWSLETTER, sentence) == above


def test_a_line_directly_above_a_text_is_of_the_part_right_above_it() -> None:
    assert (
        path_of("Sauna\n\nOpening hours\nFrom two on. On Sundays from ten on.", "On Sundays") == "Sauna, Opening hours"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Mandela met the committee of\nNelson Bay in its old hall.\nThey left.", "They left"),
        ("Rovers beat Town\nby three goals to two that night.\nThey left.", "They left"),
        ("The hall is closed\nIt opens again after the summer holidays. They left.", "They left"),
        ("We met in the hall.\nIt opens again after the summer holidays. They left.", "They left"),
        ("Milk\nBread\nTwelve eggs", "Twelve eggs"),
        ("Name: LAPACK\nFiles: all that begin with the letters of its name\nThey left.", "They left"),
        ("He came and\nDogs\nThey are not allowed in the house. They left.", "They left"),
    ],
)
def test_a_line_of_wrapped_text_of_a_list_or_of_fields_heads_nothing(text: str, sentence: str) -> None:
    assert path_of(text, sentence) == ""


def test_what_stands_directly_under_a_heading_is_found_and_shown_with_it(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "campsite.txt"
    path.write_text(f"Title: Rules of the Heron Lake campsite\n\n{NEWSLETTER}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    quote = library.ask(Question("Are dogs allowed in July at the campsite?")).quotes[0]
    assert quote.sentence.text == "In July we take none."
    assert quote.context[0].text == "Dogs"


def test_of_a_text_that_is_cut_the_first_line_is_no_heading() -> None:
    text = "x" * 2_000 + "\n\nIs there parking?\n\nYes."
    cut = text[-len(" there parking?\n\nYes.") :]
    assert heading(cut[:-4], len(text) - 4, "Yes.") is None
    assert heading(text[:-4], len(text) - 4, "Yes.") is not None


@pytest.mark.parametrize(
    ("above", "sentence", "below", "asking", "heads"),
    [
        ("", "Is there parking?", "\n\n", True, True),
        ("Hours\n", "Is there parking?", "\n", True, True),
        ("He asked: ", "Is there parking?", "\n\n", False, False),
        ("", "Is there parking?", " Y", True, True),
        ("", "How to find us", "\n\n", True, True),
        ("", "How to find us was a question.", "\n\n", False, False),
        ("Intro.\n\n", "Opening hours", "\n\n", False, True),
        ("Intro.\n\n", "It opens at nine.", "\n\n", False, False),
        ("Intro.\n\n", "Ada | Quay", "\n\n", False, False),
        ("Intro.\n\n", "Dogs", "\nIn July we take none.", False, True),
        ("Intro.\n\n", "Milk", "\nBread\nEggs", False, False),
        ("Intro.\n", "Dogs", "\nIn July we take none.", False, False),
        ("Intro.\n", "2. Playground.", " The swings", False, True),
        ("Intro.\n", "2. Playground.", "\n", False, False),
        ("Intro. ", "2. Playground.", " The swings", False, False),
        ("Intro.\n", "The old swings failed it.", " They", False, False),
    ],
)
def test_a_sentence_that_asks_or_heads_is_told_by_what_stands_around_it(
    above: str, sentence: str, below: str, asking: bool, heads: bool
) -> None:
    assert asks(above, sentence) is asking
    assert may_be_heading(above, sentence, below) is heads


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.integers(0, 60))
def test_whatever_the_text_a_heading_stands_in_it_above_the_sentence(text: str, known: int) -> None:
    text = normalise(text)
    for span in segment(text):
        sentence = text[span.start : span.end]
        above = text[max(0, span.start - known) : span.start]
        found = heading(above, span.start, sentence, text[span.end :])
        if found is not None:
            assert found.text.strip()
            assert found.text in text[found.start : span.start]
            assert list(found.starts) == sorted(found.starts)
            if found.part_of:
                assert found.part_of.text in text[found.part_of.start : found.start]
            assert sentence.split(" | ")[-1].strip() in found.over(sentence)


def test_a_cell_is_read_with_the_name_of_its_column() -> None:
    head = Heading("Time | Talk", 0, Kind.TABLE)
    assert head.over("11:00 | SQLite") == "Time: 11:00, Talk: SQLite"


def test_a_cell_that_says_nothing_is_not_read_and_the_others_keep_their_column() -> None:
    head = Heading("– | Single | Return", 0, Kind.TABLE)
    assert head.over("Bicycle | – | £5") == "Bicycle, Return: £5"
    found = under("– | Single | Return\n\nAdult | £9 | £16\n\nBicycle | – | £5", "Bicycle")
    assert found == head


def test_an_empty_cell_is_no_answer(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "ferry.md"
    rows = "| | Single | Return |\n|---|---|---|\n| Adult | £9 | £16 |\n| Bicycle | | £5 |\n| Car | £38 | £70 |\n"
    path.write_text(f"# Ferry to Skerra: fares\n\n{rows}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    single, back = (library.ask(Question(f"How much is a {way} ticket for a bicycle?")) for way in ("single", "return"))
    assert not single.answered
    assert back.ranked[0].sentence.text == "Bicycle | – | £5"
    assert back.confidence > 5 * single.confidence


@pytest.fixture
def faq(library: Library, tmp_path: Path) -> Library:
    path = tmp_path / "faq.md"
    path.write_text(FAQ, encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    return library


@pytest.mark.parametrize(
    ("question", "sentence", "beside"),
    [
        ("Can I bring my dog?", "Sorry, no.", "Can I bring my dog?"),
        ("what are the opening hours", "Visitors are welcome", "What are your opening hours?"),
        ("How much is the pottery kiln for visitors?", "Pottery kiln | 9 pounds", "Machine | Members | Visitors"),
        ("How long is lost property kept?", "It is kept in the office", "Lost property"),
        ("When does work on the playground start?", "Work is to start", "Playground."),
    ],
)
def test_an_answer_comes_from_under_its_heading_and_with_it(
    faq: Library, question: str, sentence: str, beside: str
) -> None:
    answer = faq.ask(Question(question))
    assert answer.quotes[0].sentence.text.startswith(sentence)
    assert [each.text for each in answer.quotes[0].context] == [beside]
    assert all(not each.sentence.text.endswith("?") for each in answer.quotes)
    assert not {each.sentence.text for each in answer.quotes} & {"Prices", "Lost property"}


@pytest.mark.parametrize("question", ["Can I bring my cat?", "What are your prices for wood?", "Is there a lift?"])
def test_a_heading_that_asks_something_else_answers_nothing(faq: Library, question: str) -> None:
    assert not faq.ask(Question(question)).answered


def test_what_stands_under_a_question_about_another_thing_gets_nothing_for_it(faq: Library) -> None:
    asked = "Can I bring my parrot to the town library?"
    dog = next(each for each in faq.ask(Question(asked, k=5)).ranked if each.sentence.text == "Sorry, no.")
    assert dog.parts["lift"] == ALLOWED["en"]
    asked = "Can I bring a dog to the makerspace?"
    dog = next(each for each in faq.ask(Question(asked, k=5)).ranked if each.sentence.text == "Sorry, no.")
    assert dog.parts["lift"] == UNDER_QUESTION["en"] + ALLOWED["en"]


def test_a_question_in_a_line_of_its_own_is_the_last_candidate_of_all(faq: Library) -> None:
    ranked = faq.ask(Question("Can I bring my dog?", k=50)).ranked
    lines = [place for place, each in enumerate(ranked) if each.sentence.text.endswith("?")]
    assert len(lines) == 2
    assert all(ranked[place].confidence < 0.01 for place in lines)


def test_the_part_that_is_asked_about_answers_and_stands_beside(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "leisure.txt"
    path.write_text(f"Title: Bergfeld leisure centre\n\n{PARTS}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    quote = library.ask(Question("How much is a ticket for the pool?")).quotes[0]
    assert quote.sentence.text == "A ticket costs 6 euros."
    assert [each.text for each in quote.context] == ["Pool", "Prices"]
    assert not library.ask(Question("How much is a ticket for the gym?")).answered


def test_a_sentence_is_told_with_its_headings(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "leisure.txt"
    path.write_text(f"Title: Bergfeld leisure centre\n\n{PARTS}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    (article,) = library.articles()
    sentences = {each.text: each for each in library.sentences(article.id)}
    opening = sentences["From two on."].id
    assert [each.text for each in library.beside(opening, "When is the sauna open?")] == ["Sauna", "Opening hours"]
    assert library.beside(opening, "What does it cost?") == ()
    assert library.beside(sentences["Pool"].id, "Where is the pool?") == ()
    with pytest.raises(NotFound):
        library.beside(SentenceId(10**9), "When is the sauna open?")


def test_a_question_directly_before_an_alert_stands_beside_it(faq: Library) -> None:
    (article,) = faq.articles()
    sentences = {each.text: each for each in faq.sentences(article.id)}
    before, _ = faq.around(sentences["Sorry, no."].id, 2)
    assert [each.text for each in question_before(before)] == ["Can I bring my dog?"]
    before, _ = faq.around(sentences["Assistance dogs are of course welcome."].id, 2)
    assert question_before(before) == ()


@pytest.mark.parametrize(
    "line", ["Harwick Rovers 3-2 Ostermere Town", "All ferries are cancelled", "Die Fähren sind ausgefallen"]
)
def test_a_short_line_that_says_something_heads_nothing(line: str) -> None:
    above = f"{line}\n\n"
    assert heading(above, len(above), "Captain Neil Sharrock was sent off.") is None


def test_a_heading_that_denies_says_something(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "rules.txt"
    path.write_text(
        "Title: Rules of the group\n\n1. No adverts. Small traders may post once a week.\n", encoding="utf-8"
    )
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    ranked = library.ask(Question("Are adverts allowed in the group?")).ranked
    assert ranked[0].sentence.text.endswith("No adverts.")
    assert ranked[0].confidence > 0.1


def test_what_answers_the_very_question_first_stands_first(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "biblioteca.txt"
    text = "¿Se puede comer dentro?\n\nSolo agua. Para lo demás hay una máquina de café y mesas en el patio."
    path.write_text(f"Title: Biblioteca\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    quotes = library.ask(Question("se puede comer dentro?")).quotes
    assert quotes[0].sentence.text == "Solo agua."


LEAFLET = """Your sight will be blurred for the first two days.

Do

- wear sunglasses outdoors

Don't

- rub or press the eye
- swim for four weeks"""


@pytest.mark.parametrize(
    "text", ["Don't", "Please don't", "Not allowed", "Foods to avoid", "Нельзя", "Не можна", "Verboten"]
)
def test_a_heading_rules_on_what_stands_under_it(text: str) -> None:
    assert Heading(text, 0, Kind.SECTION).rules


@pytest.mark.parametrize("text", ["Opening hours", "Rules", "No entry before noon", "What we found"])
def test_a_heading_that_names_something_does_not(text: str) -> None:
    assert not Heading(text, 0, Kind.SECTION).rules


def test_what_is_forbidden_is_never_shown_without_saying_so(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "leaflet.md"
    path.write_text(f"# After your cataract operation\n\n{LEAFLET.replace('Do', '## Do', 2)}\n", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    for question in ("Can I rub my eye after the cataract operation?", "Can I swim after the cataract operation?"):
        quote = library.ask(Question(question)).quotes[0]
        assert [each.text for each in quote.context] == ["Don't"], question


BIKES = """Vela City

The Vela is light and quiet. It has no lights of its own.

Torrent X

It is the only one of them with a GPS tracker. The battery charges in four hours.

Hob Cargo

The Hob carries two children or 80 kg of shopping."""


def test_a_title_that_names_several_things_says_nothing_of_the_one_of_a_section(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "bikes.txt"
    path.write_text(f"Title: Three e-bikes compared: Vela City, Torrent X and Hob Cargo\n\n{BIKES}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("Does the Hob Cargo have a GPS tracker?")).answered
    quote = library.ask(Question("Does the Torrent X have a GPS tracker?")).quotes[0]
    assert quote.sentence.text.startswith("It is the only one")
    assert quote.context[0].text == "Torrent X"


def test_who_asks_in_a_transcript_has_had_an_answer_when_it_is_their_turn_again() -> None:
    above = "HOST: Did the cheese go bad?\n\nAMADI: No, it kept.\n\nHOST: You sold the house in May."
    for text, asked in (("It kept.", True), ("The price was five million.", False)):
        before = above if not asked else above[: above.index("\n\nHOST: You")]
        found = heading(f"{before} ", len(before) + 1, text)
        assert (found is not None and found.kind is Kind.QUESTION) is asked


def test_a_question_in_the_text_answers_nothing(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("Title: Mara Lindholm\n\nShe grew up on a farm. Did she have music at home?", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("Did Mara Lindholm have music at home?")).answered
