"""`pullquote proof`, and `pullquote verify QUOTE`: what proves one quote, for a file or for the terminal."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.shared import library, print_json, typed, wrong_use
from index.article import SentenceId, hash_of
from index.errors import NotFound, ReadError

if TYPE_CHECKING:
    from bot.proof import Proof, Step
    from index.evidence import Found, Within
    from index.library import Library
    from index.revise import Revision

NOT_PROVED = 1
LANG = "en"


def proof(
    quote: Annotated[str, typer.Argument(help="A quote, word for word, or a sentence's id.", callback=typed)],
    out: Annotated[Path, typer.Option("--out", help="Where to: FILE.html for people, FILE.json for programs.")],
) -> None:
    """Write what proves a quote: a page to read and a JSON file that anyone can check (docs/proof.md says how).

    Exit code 1: no article ever said so.

    Example:

      pullquote proof "Eight workers were on the bridge when it collapsed." --out bridge
    """
    from bot.proof import bundle, prove
    from bot.render.page import page

    with library() as opened:
        found = _found(opened, quote)
        if not found.sentences:
            raise typer.Exit(_no_sentence(opened, found.within))
        proved = prove(opened.evidence(found.sentences[0]))
    base = out.with_suffix("") if out.suffix in (".html", ".json") else out
    written = {
        base.with_name(f"{base.name}.html"): page(proved, LANG, standalone=True),
        base.with_name(f"{base.name}.json"): json_module.dumps(bundle(proved), ensure_ascii=False, indent=1) + "\n",
    }
    for path, text in written.items():
        try:
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise wrong_use(f"{path} can't be written ({error.strerror}); choose another --out.") from None
        typer.echo(str(path))


def verify_quote(quote: str, today: bool, as_json: bool) -> int:
    """Prints what proves a quote, or each sentence of neighbouring ones that were quoted together; the exit code."""
    with library() as opened:
        found = _found(opened, quote)
        whole = found.within.sentences if found.within and found.within.whole else ()
        ids = found.sentences[:1] or [each.id for each in whole]
        if not ids:
            return _no_sentence(opened, found.within)
        sound = True
        for number, id in enumerate(ids):
            if number and not as_json:
                typer.echo()
            sound &= _verified(opened, id, today, as_json)
    return 0 if sound else NOT_PROVED


def _verified(opened: Library, id: SentenceId, today: bool, as_json: bool) -> bool:
    """Prints what proves one sentence; whether it does."""
    from bot.proof import bundle, prove

    proved = prove(opened.evidence(id))
    said = _today(opened, proved) if today else None
    sound = _sound(proved)
    if as_json:
        print_json({**bundle(proved), "sound": sound, **({"today": said} if said else {})})
    else:
        for line in _lines(proved, sound, said):
            typer.echo(line)
    return sound


def _found(opened: Library, quote: str) -> Found:
    from index.evidence import Found

    if quote.isascii() and quote.isdigit():
        return Found((SentenceId(int(quote)),))
    return opened.look_up(quote)


def _no_sentence(opened: Library, within: Within | None) -> int:
    """Says what the text is instead, in one line; the exit code."""
    from bot.render.text import source_line

    if within is None:
        said = "no article here ever said that, word for word."
    else:
        article = opened.evidence(within.sentences[0].id, beside=False).article
        text = " ".join(each.text for each in within.sentences)
        each = ", ".join(str(sentence.id) for sentence in within.sentences)
        what = "that is several sentences" if within.whole else "no sentence here is that, but it stands in"
        said = f"{what}: “{text}” {source_line(article)}; prove it by number: {each}."
    typer.echo(f"pullquote: {said}", err=True)
    return NOT_PROVED


def _sound(proved: Proof) -> bool:
    """Whether the snapshot has its hash and the quote is its slice."""
    snapshot, sentence = proved.evidence.version.snapshot, proved.sentence
    return hash_of(snapshot.text) == snapshot.hash and snapshot.text[sentence.start : sentence.end] == sentence.text


def _today(opened: Library, proved: Proof) -> dict[str, Any]:
    """What the source says now: {"fate", "changed", "sentence"}, or {"error"} where it can't be asked."""
    try:
        revision = opened.today(proved.evidence)
    except (ReadError, NotFound) as error:
        return {"error": str(error)}
    return _told(revision)


def _told(revision: Revision) -> dict[str, Any]:
    new = revision.new.text if revision.new else None
    return {"fate": str(revision.fate), "changed": [str(what) for what in revision.what], "sentence": new}


def _lines(proved: Proof, sound: bool, today: dict[str, Any] | None) -> Iterator[str]:
    from bot.render.page import moment
    from bot.render.text import source_line
    from bot.words import words

    say, evidence, sentence = words(LANG), proved.evidence, proved.sentence
    snapshot = evidence.version.snapshot
    before, after = proved.around()
    yield from (f"  {line.text}" for line in before)
    yield f"> {sentence.text}"
    yield from (f"  {line.text}" for line in after)
    yield source_line(evidence.article)
    yield f"snapshot    {snapshot.hash} ({'the text has this hash' if sound else 'THE TEXT DOES NOT MATCH'})"
    yield f"characters  {sentence.start}-{sentence.end}; sentence {sentence.id}"
    yield f"fetched     {moment(snapshot.taken_at, say)}{f' from {snapshot.address}' if snapshot.address else ''}"
    if evidence.removed_at is not None:
        yield f"withdrawn   {moment(evidence.removed_at, say)}"
    for step in proved.steps if proved.count > 1 else ():
        yield from _version(step)
    for name, others in (("also in", evidence.also), ("corrects", evidence.corrects)):
        yield from (f"{name:11s} {source_line(other)}" for other in others)
    yield from (f"corrected by {source_line(other)}" for other in evidence.corrected_by)
    if today is not None:
        yield f"today       {today.get('error') or _in_words(today)}"


def _version(step: Step) -> Iterator[str]:
    from bot.render.page import moment
    from bot.words import words

    told = "this was quoted" if step.quoted else _in_words(_told(step.revision))
    yield f"version     {moment(step.version.snapshot.taken_at, words(LANG))}: {told}"


def _in_words(told: dict[str, Any]) -> str:
    if told["fate"] != "changed":
        return str(told["fate"])
    return f"changed ({', '.join(told['changed'])}): {told['sentence']}"
