"""What stands under headings is shown with them, in answers and in alerts, and beside figures that differ as well."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from bot.conversation import layout
from bot.conversation.alerting import quote_of
from bot.render.text import plain_answer, print_answer
from index.article import Draft, Question
from tests.bot.conftest import Newsroom
from tests.bot.scripted import ScriptedLibrary

HOURS = "Pool\n\nOpening hours\n\nFrom seven on.\n\nSauna\n\nOpening hours\n\nFrom two on. It closes at ten."
PRICES = "Pool\n\nPrices\n\nA day ticket costs 6 euros.\n\nSauna\n\nPrices\n\nThree hours cost 14 euros."


def test_an_alert_shows_what_its_sentence_stands_under(newsroom: Newsroom) -> None:
    library = newsroom.library
    draft = Draft("Bergfeld leisure centre", HOURS, "Bergfeld", None, address="hours.txt", lang="en")
    assert [outcome.state for outcome in library.add([draft])] == ["added"]
    (article,) = library.articles()
    sentences = {each.text: each.id for each in library.sentences(article.id)}
    quote = quote_of(library, "When is the sauna open?", sentences["From two on."], 0.9)
    assert [each.text for each in quote.context] == ["Sauna", "Opening hours"]
    quote = quote_of(library, "When is the sauna open?", sentences["It closes at ten."], 0.9)
    assert [each.text for each in quote.context] == ["Sauna", "Opening hours", "From two on."]


def test_another_figure_is_told_with_its_context_and_who_said_it() -> None:
    library = ScriptedLibrary()
    (rival,) = library.ask(Question("What did the mayor say about the timetable?")).quotes
    answer = library.ask(Question("How often does the ferry run?"))
    answer = replace(answer, quotes=(replace(answer.quotes[0], conflicts=(rival,)),))
    screen = io.StringIO()
    print_answer(Console(file=screen, width=300), answer)
    line = (
        "differs: (context) Mayor Ida Holm presented the new timetable on Monday. “She called it “the best that a town"
        " of our size can pay for.”” said by Mayor Ida Holm, The island ferry and its timetable — Coast Courier"
    )
    assert line in plain_answer(answer)
    assert line in screen.getvalue()


def test_headings_stand_in_lines_of_their_own(newsroom: Newsroom) -> None:
    draft = Draft("Bergfeld leisure centre", PRICES, "Bergfeld", None, address="prices.txt", lang="en")
    assert [outcome.state for outcome in newsroom.library.add([draft])] == ["added"]
    answer = newsroom.library.ask(Question("How much is a ticket for the pool?"))
    (quote,) = answer.quotes
    shown = layout.quotation(quote.sentence, quote.context)
    assert "".join(span.text for span in shown.spans) == "Pool\nPrices\nA day ticket costs 6 euros."
    assert plain_answer(answer).splitlines()[:2] == ["(context) Pool | Prices", "A day ticket costs 6 euros."]
