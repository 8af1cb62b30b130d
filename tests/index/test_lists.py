"""A list is known in the text, and is read and quoted whole where the whole answers, by its item where that does."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Question, Quote
from index.library import Library
from index.segment import segment
from index.segment.headings import Kind, heading
from index.segment.lists import LONGEST_LIST, MOST_ITEMS, Listing, listing
from index.store.sentences import ABOVE, BELOW

DOCUMENT = """# Long-stay visas at the Corvane consulate

The consulate handles applications on weekdays between nine and noon, without an appointment.

To apply for a long-stay visa you need to hand in the following documents:

- A passport that is valid for at least six more months
- Two recent photographs, 35 by 45 mm
- The rental contract of your flat
- Proof of health insurance

The decision takes about six weeks.

## How to renew a visa

1. Fill in the renewal form at the front desk.
2. Pay the fee of 40 crowns at the bank next door.
3. Hand in the form together with the receipt.

## House rules

- No phones in the waiting room
- Bags stay in the lockers
- Children must not be left alone

Lockers take a coin of one crown.
"""


def of(text: str, sentence: str) -> Listing | None:
    start = text.index(sentence)
    end = start + len(sentence)
    return listing(text[max(0, start - ABOVE) : start], start, sentence, text[end : end + BELOW])


NEEDS = "Bring this:\n\n- a torch\n- warm\n  socks\n- a map"


@pytest.mark.parametrize(
    ("text", "sentence", "lead", "items"),
    [
        (NEEDS, "a torch", "Bring this:", ("a torch", "warm socks", "a map")),
        (NEEDS, "a map", "Bring this:", ("a torch", "warm socks", "a map")),
        (NEEDS, "Bring this:", "Bring this:", ("a torch", "warm socks", "a map")),
        ("It is far. Bring this:\n- a torch\n- a map\nDogs stay.", "a map", "Bring this:", ("a torch", "a map")),
        ("Intro.\n\n1. Go in.\n2. Ring. Wait.\n\nEnd.", "Ring.", "", ("Go in.", "Ring. Wait.")),
        ("Do the following.\n\n1) Go in.\n2) Ring.", "Ring.", "Do the following.", ("Go in.", "Ring.")),
        ("It is cold. Then you need\n\n- a torch\n- a map", "a map", "Then you need", ("a torch", "a map")),
        ("It is cold. Then you need\n\n- a torch\n- a map", "Then you need", "Then you need", ("a torch", "a map")),
        ("It is cold.\n\n- a torch\n- a map", "a map", "", ("a torch", "a map")),
        ("- a torch\n\n- a map", "a map", "", ("a torch", "a map")),
        ("- a torch\n  - a red one\n- a map", "a red one", "", ("a torch", "a red one", "a map")),
        ("- clothes:\n  - a cap\n  - socks\n- a map", "clothes:", "", ("clothes:", "a cap", "socks", "a map")),
        ("Нужно взять:\n— паспорт;\n— карту.", "Нужно взять:", "Нужно взять:", ("паспорт;", "карту.")),
        (
            "Hours\n\nMonday 9 to 5\nTuesday 9 to 6\nSunday closed",
            "Sunday closed",
            "",
            ("Monday 9 to 5", "Tuesday 9 to 6", "Sunday closed"),
        ),
        (
            "Open at:\nMonday 9 to 5\nTuesday 9 to 6\nSunday closed\n\nEnd.",
            "Open at:",
            "Open at:",
            ("Monday 9 to 5", "Tuesday 9 to 6", "Sunday closed"),
        ),
    ],
)
def test_a_list_has_its_items_and_what_leads_to_it(text: str, sentence: str, lead: str, items: tuple[str, ...]) -> None:
    found = of(text, sentence)
    assert found is not None
    assert (found.lead, found.items) == (lead, items)
    assert found.has(text.index(sentence)) is (sentence != lead)
    assert text[found.lead_start : found.lead_end] == lead or not lead


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It is cold. Bring a torch.", "Bring a torch."),
        ("Bring this: a torch and a map.\n\nEnd.", "Bring this: a torch and a map."),
        ("Bring this:\n\nA torch is best.\n\nSo is a map.", "Bring this:"),
        ("Intro.\n\n- only one thing\n\nEnd.", "only one thing"),
        ("— Когда это было?\n— Вчера вечером.\n— И что?", "Вчера вечером."),
        ("The council met on\nMonday and decided\nto go on.", "Monday and decided"),
        ("Ada\nBo", "Bo"),
        ("\n".join(f"- thing {n}" for n in range(MOST_ITEMS + 1)), "thing 3"),
        ("\n".join(f"- {'long ' * 40}{n}" for n in range(LONGEST_LIST // 150)), "long long"),
    ],
)
def test_what_is_no_list_or_too_long_a_one_is_read_by_its_sentences(text: str, sentence: str) -> None:
    assert of(text, sentence) is None


def test_an_item_stands_under_what_leads_to_its_list() -> None:
    lead = "To apply for a long-stay visa you need to hand in all of the following documents at the counter:"
    text = f"Visas\n\nIt takes long. {lead}\n\n- a passport\n- two photographs"
    start = text.index("two")
    found = heading(text[:start], start, text[start:])
    assert found is not None
    assert (found.kind, found.text, found.start) == (Kind.LEAD, lead, text.index(lead))
    question = f"What do I hand in?\n\n{text.partition('. ')[2]}"
    start = question.index("two")
    asked = heading(question[:start], start, question[start:])
    assert asked is not None
    assert asked.kind is Kind.QUESTION


@given(st.lists(st.sampled_from(["- ", "1. ", "a\n", "\n", "Bring:\n", "  ", "B c. ", "— ", "x" * 90]), max_size=30))
def test_whatever_the_text_a_list_is_of_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    for span in segment(text, "en"):
        found = of(text, text[span.start : span.end])
        if found is not None:
            assert 0 <= found.start < found.end <= len(text)
            assert all(line in text for item in found.items for line in item.split())


def test_a_long_text_is_not_read_for_a_list() -> None:
    """Once for each of 60 candidates: the time does not grow with what stands around."""

    def seconds(count: int) -> float:
        text = "\n".join(f"- thing {n}" for n in range(count))
        began = time.perf_counter()
        for _ in range(20):
            listing(text, len(text) + 3, "a last thing", text)
        return time.perf_counter() - began

    assert seconds(100_000) < 20 * max(seconds(1_000), 0.005)


@pytest.fixture
def consulate(library: Library, tmp_path: Path) -> Library:
    path = tmp_path / "visas.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    return library


def shown(quote: Quote) -> list[str]:
    return [each.text for each in (*quote.before, quote.sentence, *quote.rest)]


@pytest.mark.parametrize(
    ("question", "first", "last", "lines"),
    [
        ("What documents do I need for a long-stay visa?", "To apply for", "Proof of health insurance", 5),
        ("How do I renew my visa?", "How to renew a visa", "Hand in the form", 4),
    ],
)
def test_a_list_that_answers_as_a_whole_is_quoted_whole_in_its_order(
    consulate: Library, question: str, first: str, last: str, lines: int
) -> None:
    answer = consulate.ask(Question(question))
    (quote, *others) = answer.quotes
    said = shown(quote)
    assert said[0].startswith(first)
    assert said[-1].startswith(last)
    assert len(said) == lines
    assert not {each.sentence.text for each in others} & set(said)
    text = consulate.snapshot(quote.sentence.snapshot).text
    assert all(text[each.start : each.end] == each.text for each in (quote.sentence, *quote.context))


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("How much is the fee for renewing a visa?", "Pay the fee of 40 crowns"),
        ("How large must the photographs for the visa be?", "Two recent photographs"),
        ("How long does a decision on a visa take?", "The decision takes"),
    ],
)
def test_an_item_that_answers_by_itself_is_quoted_alone(consulate: Library, question: str, start: str) -> None:
    quote = consulate.ask(Question(question)).quotes[0]
    assert quote.sentence.text.startswith(start)
    assert not quote.rest


@pytest.mark.parametrize(
    "question", ["What documents do I need for a work permit?", "How do I renew my driving licence?"]
)
def test_a_list_for_another_thing_is_no_answer(consulate: Library, question: str) -> None:
    assert not consulate.ask(Question(question)).answered


def test_a_list_is_one_alert_by_what_leads_to_it(consulate: Library) -> None:
    (article,) = consulate.articles()
    ids = [each.id for each in consulate.sentences(article.id)]
    told = [
        match for match in consulate.match(["What documents do I need for a long-stay visa?"], ids) if match.answers
    ]
    assert [match.quote.sentence.text.split()[0] for match in told] == ["To"]


def test_what_leads_to_a_list_is_told_with_it(consulate: Library) -> None:
    (article,) = consulate.articles()
    sentences = {each.text.partition(" ")[0]: each for each in consulate.sentences(article.id)}
    beside = consulate.beside(sentences["To"].id, "What documents does a long-stay visa need?")
    assert [each.text.split()[0] for each in beside] == ["A", "Two", "The", "Proof"]
