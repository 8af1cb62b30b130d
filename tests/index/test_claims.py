"""What is only claimed, or was taken back, is no answer; what its text says of it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.segment.headings import Kind, heading
from index.terms.claims import asks_for_claims, heads_a_claim, reports_a_claim, takes_back
from index.terms.verdicts import judges, tells_who_shared

CHECK = """Claim: Foam from the fire got into the drinking water of Harwick.

Verdict: False

Where the claim comes from

A video that two million people have seen shows a glass of brown water.

Rumour: Lifeguards will be armed from July. Fact: Lifeguards will carry radios, nothing else.

A post shared 14,000 times claims that the council has banned barbecues on all beaches. This is not true.

13:25 Correction: an earlier post said that two people had died in Penmarra. Police now say it was one."""

LIBRARY = """Claim: Ashwick library will close for good in April.

Verdict: False.

The message was first posted on a page called Ashwick Chat. Within two days 4,100 people had shared it.

In fact the library will shut for three weeks, while the roof is repaired.

Head librarian Joan Pettifer eats her lunch in the reading room. Nine people work in Ashwick library."""


@pytest.mark.parametrize(
    "sentence",
    [
        "Claim: Foam got into the water.",
        "Myth 3: Sharks live in the lake.",
        "A post shared 14,000 times on Facebook claims that barbecues are banned.",
        "Facebook users claim the bridge is closed.",
        "Correction: We reported that she had conceded.",
        "An earlier version of this article said that two firefighters had been injured.",
        "According to a rumour, the line will skip the hospital.",
        "It is often claimed that the town is broke.",
        "Behauptung: Die Schule schließt.",
        "Ein Beitrag auf Facebook behauptet, die Turnhalle sei geschlossen.",
        "Im Netz verbreitet sich ein Beitrag, wonach Hallbrück „ab Neujahr im Dunkeln“ liege.",
        "В соцсетях распространяют пост, в котором якобы обещают деньги.",
        "У соцмережах шириться допис про те, що нібито скасовують математику.",
        "Міф: У річці знайшли холеру.",
        "주장: 다리가 무너졌다.",
    ],
)
def test_a_sentence_only_reports_a_claim(sentence: str) -> None:
    assert reports_a_claim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The insurance claim was paid in May.",
        "In a message to the staff, the president claimed victory.",
        "In an earlier post, the mayor said that she would resign.",
        "The correction of the figures took a week.",
        "Rumours spread quickly in the town.",
        "He allegedly stole two bicycles.",
        "The earlier article is no longer online.",
        "Новый пост открыли на границе.",
    ],
)
def test_a_statement_is_no_claim(sentence: str) -> None:
    assert not reports_a_claim(sentence)


def test_a_heading_says_that_a_claim_follows() -> None:
    assert all(map(heads_a_claim, ("The claim", "Claim 2", "Behauptung", "Твердження:")))
    assert not any(map(heads_a_claim, ("The facts", "How to claim a refund", "Claims office")))


def test_who_wants_to_know_what_is_claimed_asks_so() -> None:
    assert asks_for_claims("What does the viral post say?")
    assert not asks_for_claims("Will the lifeguards be armed?")


@pytest.mark.parametrize(
    "text",
    [
        "Verdict: False.",
        "Fact: Lifeguards will carry radios.",
        "Wrong!",
        "This is not true.",
        "In fact the library will shut for three weeks.",
        "Urteil: Größtenteils falsch",
        "Das stimmt nicht.",
        "Tatsächlich wird die Strecke gesperrt.",
        "Вывод: Неправда.",
        "На самом деле роддом закрыли на мойку.",
        "Висновок: неправда",
        "Насправді обіди залишаються.",
        "En réalité, les parcs restent libres.",
        "Es falso.",
    ],
)
def test_a_verdict_judges_a_claim(text: str) -> None:
    assert judges(text)


@pytest.mark.parametrize(
    "text", ["The jury gave its verdict in May.", "False teeth were found.", "Facts matter to us.", "Nobody was hurt."]
)
def test_what_has_the_word_of_a_verdict_judges_nothing(text: str) -> None:
    assert not judges(text)


def test_a_correction_is_told_from_a_claim_of_others() -> None:
    assert takes_back("Correction: an earlier version of our article said that six workers were on the bridge.")
    assert not takes_back("A post claims that six workers were on the bridge.")


def test_who_shared_a_claim_is_told_from_what_is_so() -> None:
    assert tells_who_shared("Within two days 4,100 people had shared it.")
    assert tells_who_shared("За два дні його переслали понад 900 разів.")
    assert not tells_who_shared("The animals on the video are two huskies.")


def _under(text: str, sentence: str) -> str:
    at = text.index(sentence)
    found = heading(text[:at], at, sentence)
    return found.text if found else ""


def test_a_claim_reaches_its_verdict_the_paragraph_behind_it_and_where_the_truth_is_told() -> None:
    for reached in (
        "Verdict: False.",
        "The message was first posted on a page called Ashwick Chat.",
        "In fact the library",
    ):
        assert _under(LIBRARY, reached).startswith("Claim: Ashwick library")
    assert not _under(LIBRARY, "Head librarian Joan Pettifer eats her lunch in the reading room.")


def test_what_judges_a_claim_stands_under_it() -> None:
    at = CHECK.index("Verdict")
    found = heading(CHECK[:at], at, "Verdict: False")
    assert found
    assert found.kind is Kind.CLAIM
    assert found.text.startswith("Claim: Foam")
    at = CHECK.index("A video")
    section = heading(CHECK[:at], at, "A video that two million people have seen shows a glass of brown water.")
    assert section is None or section.kind is Kind.SECTION


@pytest.mark.parametrize(
    ("question", "start", "under"),
    [
        ("Did foam from the fire get into the drinking water?", "Verdict: False", "Claim: Foam"),
        ("Will lifeguards be armed?", "Fact: Lifeguards will carry radios", "Rumour: Lifeguards"),
        ("Did the council ban barbecues on all beaches?", "This is not true.", "A post shared"),
        ("How many people died in Penmarra?", "Police now say it was one.", "13:25 Correction"),
    ],
)
def test_a_claim_is_answered_with_what_its_text_says_of_it(
    checked: Library, question: str, start: str, under: str
) -> None:
    quote = checked.ask(Question(question)).quotes[0]
    assert quote.sentence.text.startswith(start)
    assert quote.context[-1].text.startswith(under)


@pytest.mark.parametrize(
    "question", ["Will teachers be armed?", "Did foam get into the river?", "Did 3 people die in Tarn?"]
)
def test_what_is_claimed_of_something_else_answers_nothing(checked: Library, question: str) -> None:
    assert not checked.ask(Question(question)).answered


@pytest.mark.parametrize(
    "question",
    ["Will Ashwick library close for good in April?", "Is it true that Ashwick library is closing for good?"],
)
def test_who_shared_a_claim_and_what_else_its_text_tells_are_no_answers(library: Library, question: str) -> None:
    said = [quote.sentence.text for quote in library.ask(Question(question)).quotes]
    assert said[0].startswith("In fact the library")
    assert {text.partition(" ")[0] for text in said} <= {"In", "Verdict:"}


def test_a_claim_does_not_stand_beside_what_answers_another_question(library: Library) -> None:
    quote = library.ask(Question("How many people work in Ashwick library?")).quotes[0]
    assert quote.sentence.text.startswith("Nine people")
    assert quote.context == ()


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return _library(tmp_path_factory.mktemp("checked"), "Rumours of the week, checked", CHECK)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return _library(tmp_path_factory.mktemp("library"), "Will Ashwick close its library", LIBRARY)


def _library(folder: Path, title: str, text: str) -> Library:
    from index.settings import LibrarySettings

    path = folder / "check.txt"
    path.write_text(f"Title: {title}\n\n{text}", encoding="utf-8")
    library = Library.open(LibrarySettings.load(data=folder / "data"))
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    return library
