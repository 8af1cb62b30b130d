"""What is said around a question in a chat is not what is asked."""

from __future__ import annotations

import pytest

from index.article import Question
from index.library import Library
from index.restated import is_follow_up
from index.terms.courtesy import only_asks_source, only_greets, only_reacts, without_courtesy

SOLDIERS = "how many soldiers are in Russia?"


@pytest.mark.parametrize(
    "said",
    [
        "Hey bot, {}",
        "Hi! {}",
        "hello everyone\n{}",
        "Good morning all, {}",
        "Hi {}",
        "Can you please tell me {}",
        "could someone tell me {}",
        "Hello! Does anyone here know {}",
        "Do you know {}",
        "Any idea {}",
        "Please tell me: {}",
        "I'd like to know {}",
        "I’m just curious, {}",
        "So {}",
        "OK, {}",
        "{} Thanks!",
        "{} thank you so much",
        "  {} 🤔",
        "@anna {}",
        "{} Source?",
        "{} Any links please?",
        "{} #news #Kursk",
        "Hmm, {}",
        "Wait, {}",
        "Q: {}",
        "Has it been reported {}",
        "What do your sources say about {}",
        "According to the news, {}",
        "I'm not sure {}",
        "I can’t remember {}",
        "I have no idea {}",
        "Can I ask {}",
        "Does your archive say {}",
        "Let me know {}",
        "idk {}",
        "ok so {}",
        "guys {}",
        "Who can tell me {}",
        "Any information on {}",
        "{} thx :)",
        "{} https://example.org/x",
        "{} lol",
        "“{}”",
        '"{}"',
        "🇺🇦 Hi bot – quick question: {} Thanks in advance!!",
    ],
)
def test_english(said: str) -> None:
    assert without_courtesy(said.format(SOLDIERS)) == SOLDIERS


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hallo zusammen, weiß jemand, wie viele Soldaten dort sind?", "wie viele Soldaten dort sind?"),
        ("Kannst du mir bitte sagen, wann die Brücke fiel? Danke!", "wann die Brücke fiel?"),
        ("Здравствуйте! Подскажите, пожалуйста, сколько солдат в России?", "сколько солдат в России?"),
        ("Кто-нибудь знает, когда упал мост? Заранее спасибо!", "когда упал мост?"),
        ("Добрий день! Скажіть, будь ласка, скільки солдатів у Росії?", "скільки солдатів у Росії?"),
        ("Чи хтось знає, коли впав міст? Дякую", "коли впав міст?"),
        ("안녕하세요! 혹시 북한군이 몇 명인지 알려주세요.", "북한군이 몇 명인지"),
        ("다리가 언제 무너졌는지 아시는 분 계신가요?", "다리가 언제 무너졌는지"),
        ("Does anyone know if Sweden has joined NATO?", "Sweden has joined NATO?"),
        ("how many soldiers are there please?", "how many soldiers are there?"),
        ("I'm not sure whether Sweden joined NATO?", "Sweden joined NATO?"),
        ("guys is Sweden in NATO?", "is Sweden in NATO?"),
        ("Не помню, сколько солдат в России?", "сколько солдат в России?"),
        ("Хочу спросить, кто победил", "кто победил"),
        ("Не пам’ятаю, коли впав міст?", "коли впав міст?"),
        ("Хтось чув, скільки людей загинуло?", "скільки людей загинуло?"),
        ("Ich weiß nicht mehr, wie viele Soldaten dort sind", "wie viele Soldaten dort sind"),
        ("Ich bin nicht sicher, ob Schweden in der NATO ist", "Schweden in der NATO ist"),
        ("Has Sweden joined NATO yet?", "Has Sweden joined NATO?"),
        ("How many died so far?", "How many died?"),
        ("Who won the election again?", "Who won the election?"),
        ("Скільки солдатів у Росії? Джерело?", "Скільки солдатів у Росії?"),
        ("Anyone remember when it fell exactly?", "when it fell?"),
    ],
)
def test_other_languages_and_forms(said: str, asked: str) -> None:
    assert without_courtesy(said) == asked


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "Hi!",
        "thanks",
        "🤔",
        "",
        "Hello Kitty was made by whom?",
        "Please Please Me was recorded when?",
        "Who said thanks?",
        "Can you drink the water in Mexico?",
        "Do you know Kung Fu?",
        "So Long, Marianne: who wrote it?",
        "Dear John is by whom?",
        "Who knows how many soldiers there are?",
        "Goodbye Lenin, when was it filmed?",
        "Who wrote “Sorry, I Love You”?",
        "Спасибо",
        "#news",
        "@anna",
        "Who is @anna",
        "@anna bought what?",
        "Which song is #1",
        "Who is the source?",
        "Guess Who's Coming to Dinner was filmed when?",
        "Did Putin say when he would resign?",
        "Did he say when?",
        "Путин сказал, когда уйдёт?",
        "Он сказал, когда уйдёт?",
        "Die Polizei weiß, wer es war",
        "The police found who did it?",
        "The man who fell to Earth was played by whom?",
        "I know in which year it fell?",
        "Everyone dies when?",
        "Who will win again?",
        "When did it fall again?",
        "Everyone has left Kursk",
        "Help is on the way",
        "Help the Aged is what?",
        "What if he resigns?",
        "And who won the men's?",
        "What do the articles say about Kursk?",
        "What did the report say?",
        "According to the report",
        "Wait for Godot: who wrote it?",
        "Thank you, that was very helpful.",
        "Какого числа упал мост?",
    ],
)
def test_what_is_asked_stays(said: str) -> None:
    assert without_courtesy(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "Is it true that {}?",
        "Hi! Is it really true that {}? Thanks!",
        "Did you hear that {}?",
        "I read that {}.",
        "My neighbour says that {}.",
        "Fact check: {}",
        "True or false? {}",
        "{}, is that true?",
        "{}. Is it true?",
        "{}. True or false?",
        "{}, right?",
        "Правда ли, что {}?",
        "Чи правда, що {}?",
        "Stimmt es, dass {}?",
        "{}, oder?",
    ],
)
def test_of_a_claim_only_what_is_claimed_is_asked(said: str) -> None:
    claim = "the bridge was hit by a ship"
    assert without_courtesy(said.format(claim)).rstrip("?.") == claim


def test_a_claim_in_korean() -> None:
    assert without_courtesy("북한군이 러시아에 있다는 게 사실인가요?") == "북한군이 러시아에 있다"


@pytest.mark.parametrize(
    "said",
    ["Is it true?", "True or false?", "Is that right?", "Who is Mr. Right?", "They say that", "What is right, left?"],
)
def test_what_claims_nothing_stays(said: str) -> None:
    assert without_courtesy(said) == said


def test_a_claim_is_met_with_what_was_reported(shipped: Library) -> None:
    """Of 16 of our own true claims 3 were answered behind "Is it true that", 13 alone."""
    asked = shipped.ask(Question("Is it true that the Key Bridge was hit by a ship?"))
    assert asked.answered
    assert "Dali struck one of its main piers" in asked.quotes[0].sentence.text
    assert not shipped.ask(Question("Is it true that the Golden Gate Bridge was hit by a ship?")).answered


def test_long_runs_take_no_long_time() -> None:
    """A pattern that tries every start, and runs to the end from each, would take minutes for these."""
    for said in (
        "a" + " " * 100_000 + "b",
        "thanks " * 20_000,
        "!" * 100_000,
        "I know " * 20_000 + "who",
        "hi, " * 20_000 + "x",
        "a, true?" * 20_000,
    ):
        without_courtesy(said)


def test_a_polite_question_is_answered_like_a_bare_one(shipped: Library) -> None:
    """The greeting alone had taken the answer of all but one in a hundred questions."""
    bare = shipped.ask(Question("How many North Korean soldiers are in Russia?"))
    polite = shipped.ask(Question("Hey bot, how many North Korean soldiers are in Russia? Thanks!"))
    assert bare.answered
    assert [quote.sentence for quote in polite.quotes] == [quote.sentence for quote in bare.quotes]


@pytest.mark.parametrize("said", ["Hi, that was great", "Thanks, that helped!", "ok thanks", "Дякую, це цікаво"])
def test_who_only_thanks_is_not_answered_once_more(said: str) -> None:
    assert not is_follow_up(Question(said, previous="How many soldiers are in Russia?"))


def test_a_follow_up_may_be_polite_too(shipped: Library) -> None:
    said = Question("Thanks! And in Kursk?", previous="Hi, how many North Korean soldiers are in Russia?")
    answer = shipped.ask(said)
    assert answer.answered
    assert "Kursk" in answer.quotes[0].sentence.text
    assert answer.question is said


@pytest.mark.parametrize(
    "said",
    [
        "Thanks!",
        "Thank you for the quick answer!",
        "ok, great 👍",
        "👍",
        "…",
        "hahaha",
        "Good to know",
        "Спасибо большое!",
        "Дякую, це допомогло",
        "Danke, super!",
        "고맙습니다",
        "고마워",
        "спасибі",
        "щиро дякую!",
        "спс",
        "merci beaucoup",
        "gracias",
        "ㅋㅋㅋ",
    ],
)
def test_reactions(said: str) -> None:
    assert only_reacts(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "hello",
        "and in winter?",
        "Thanks. And when did it end",
        "thanks, now tell me how many ships there were",
        "Great Britain population",
        "Super Bowl winner",
        "ok computer release date",
        "No country for old men author",
        "Right bank of the river",
        "Gracias a Dios population",
        "Is that right?",
    ],
)
def test_what_asks_for_something_is_no_reaction(said: str) -> None:
    assert not only_reacts(said)


def test_a_greeting_has_nothing_behind_it() -> None:
    assert all(
        map(
            only_greets,
            ["hi", "Hello bot!", "Good morning everyone", "привет", "안녕하세요", "добридень", "bonjour", "hola!"],
        )
    )
    assert not any(map(only_greets, ["Hello Kitty", "hi, who won", "hello?", "", "bot"]))


@pytest.mark.parametrize(
    "said",
    [
        "source?",
        "Link?",
        "any sources?",
        "who said that?",
        "Thanks! Where is that from?",
        "звідки це?",
        "откуда это",
        "출처?",
    ],
)
def test_who_asks_for_the_source_asks_nothing_else(said: str) -> None:
    assert only_asks_source(said)


@pytest.mark.parametrize("said", ["source of the Nile?", "Who said that the war is over?", "Where is the ferry from?"])
def test_a_source_may_be_asked_of_something_else(said: str) -> None:
    assert not only_asks_source(said)


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("люди, коли закриють міст?", "коли закриють міст?"),
        ("слухайте, а коли закриють міст?", "коли закриють міст?"),
        ("пацаны, сколько стоят билеты?", "сколько стоят билеты?"),
        ("не в курсе, сколько стоят билеты?", "сколько стоят билеты?"),
        ("weiß zufällig jemand, wann der Hof offen hat?", "wann der Hof offen hat?"),
        ("bonjour, quelqu'un sait quand a lieu le festival ? merci", "quand a lieu le festival ?"),
        ("quand a lieu le festival svp ?", "quand a lieu le festival ?"),
        ("hola, ¿alguien sabe si se puede comer dentro?", "se puede comer dentro?"),
        ("해림시 인구 아시는 분 계세요?", "해림시 인구"),
        ("https://example.org/x How long does it take?", "How long does it take?"),
        ("люди живут на Марсе?", "люди живут на Марсе?"),
    ],
)
def test_how_people_ask_a_group_is_not_asked(message: str, question: str) -> None:
    assert without_courtesy(message) == question
