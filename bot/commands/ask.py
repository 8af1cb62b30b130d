"""`pullquote ask`: a question, or a file of them, answered with sourced sentences or with silence."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import JsonOption, library, print_json, typed, wrong_use
from index.article import Answer, ArticleId, Question

NO_ANSWER = 1


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question, in any language the model knows.", callback=typed)
    ] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="How many sentences at most.")] = 3,
    within: Annotated[str | None, typer.Option("--in", help="Only in the article of this id.", callback=typed)] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Only in articles of this source.", callback=typed)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only in articles published on this day or later.")
    ] = None,
    as_json: JsonOption = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of each score.")] = False,
    batch: Annotated[str | None, typer.Option("--batch", help="A JSONL file of questions; - is stdin.")] = None,
) -> None:
    """Answer a question with the sentences that answer it, each with its source.

    Exit code 0: answered; 1: nothing in the library answers that; 2: wrong use or bad input.

    Examples:

      pullquote ask "How many North Korean soldiers are in Russia?"

      pullquote ask "When did it land?" --since 2023-08-01 --json

      pullquote ask --batch questions.jsonl --json > answers.jsonl
    """
    if (question is None) == (batch is None):
        raise wrong_use('give one question, as in: pullquote ask "When did Chandrayaan-3 land?", or --batch FILE.')
    defaults = Question("", k, ArticleId(within) if within else None, source, day(since))
    if batch is not None:
        raise typer.Exit(_ask_batch(batch, defaults, explain))
    if not question or not question.strip():
        raise wrong_use("the question is empty.")
    with library(embedded=True) as opened:
        if within:
            opened.article(ArticleId(within))
        answer = opened.ask(Question(question, k, defaults.article, source, defaults.since))
        if as_json:
            from bot.render import json

            print_json(json.answer(None, answer, explain))
        else:
            _print(answer, explain, empty=not opened.articles())
    raise typer.Exit(0 if answer.answered else NO_ANSWER)


def day(text: str | None) -> date | None:
    """A day as people type it: 2024-10-31, 2024-10 or 2024."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(text, form).date() if text is not None else None
        except ValueError:
            continue
    raise wrong_use(f"{text!r} is no date; write it as 2024-10-31.")


def _print(answer: Answer, explain: bool, empty: bool) -> None:
    from bot.render import text

    if sys.stdout.isatty():
        from bot.commands.shared import console

        text.print_answer(console(), answer, explain)
    else:
        typer.echo(text.plain_answer(answer, explain))
    if empty:
        typer.echo("pullquote: the library is empty; add articles with: pullquote add FOLDER", err=True)


def _ask_batch(path: str, defaults: Question, explain: bool) -> int:
    """Streams answers in the order of the questions. A bad line is an error for that line alone."""
    from bot.batch import BadLine, answers, open_lines
    from bot.render import json

    answered = bad = False
    with open_lines(path) as lines, library(embedded=True) as opened:
        for result in answers(opened, lines, defaults):
            if isinstance(result, BadLine):
                bad = True
                print_json({"id": result.id, "line": result.number, "error": result.reason})
                typer.echo(f"pullquote: {Path(path).name}, line {result.number}: {result.reason}", err=True)
            else:
                answered = answered or result.answer.answered
                print_json(json.answer(result.id, result.answer, explain))
    return 2 if bad else 0 if answered else NO_ANSWER
