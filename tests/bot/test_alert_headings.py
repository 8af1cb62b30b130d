"""What stands under headings is shown with them, in answers and in alerts, from a real library."""

from __future__ import annotations

from bot.conversation import layout
from bot.conversation.alerting import quote_of
from bot.render.text import plain_answer
from index.article import Draft, Question
from tests.bot.conftest import Newsroom

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


def test_headings_stand_in_lines_of_their_own(newsroom: Newsroom) -> None:
    draft = Draft("Bergfeld leisure centre", PRICES, "Bergfeld", None, address="prices.txt", lang="en")
    assert [outcome.state for outcome in newsroom.library.add([draft])] == ["added"]
    answer = newsroom.library.ask(Question("How much is a ticket for the pool?"))
    (quote,) = answer.quotes
    shown = layout.quotation(quote.sentence, quote.context)
    assert "".join(span.text for span in shown.spans) == "Pool\nPrices\nA day ticket costs 6 euros."
    assert plain_answer(answer).splitlines()[:2] == ["(context) Pool | Prices", "A day ticket costs 6 euros."]
