"""A proof as a web page: drawn on the server, with no script, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.proof.address import public
from bot.proof.proof import Proof, Step
from bot.words import LANGUAGES, Words, words
from index.article import Article
from index.revise import Fate

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

WEB = ("http://", "https://")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("bot.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )


@cache
def style() -> str:
    """The style sheet, which stands in the page itself."""
    return (files("bot.render") / "templates" / "quote.css").read_text(encoding="utf-8")


@cache
def policy(framed: bool = True) -> str:
    """The Content-Security-Policy of a page: its own style by its hash, and nothing else. `framed`: Telegram on the web
    shows a Mini App in a frame (a policy inside a file can't speak of frames)."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    said = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"{said}; frame-ancestors https://web.telegram.org" if framed else said


def page(proof: Proof, lang: str, json_address: str | None = None, standalone: bool = False) -> str:
    """The page in a language of the interface. The text of an article that was removed is left out. `standalone`: for a
    file, which has no other languages to go to and carries its policy itself."""
    from markupsafe import Markup

    evidence, say = proof.evidence, words(lang)
    snapshot = evidence.version.snapshot
    return _template().render(
        proof=proof,
        evidence=evidence,
        article=evidence.article,
        snapshot=snapshot,
        removed=say.date(evidence.removed_at.date()) if evidence.removed_at and not standalone else None,
        before=snapshot.text[: proof.sentence.start],
        after=snapshot.text[proof.sentence.end :],
        address=_address(snapshot.address or ""),
        say=_Saying(say),
        cited=lambda article: cited(article, say),
        moment=lambda at: moment(at, say),
        fate=lambda step: fate(step, say),
        style=Markup(style()),  # noqa: S704 - a file of ours
        policy=policy(framed=False),
        standalone=standalone,
        json_address=json_address,
        languages=() if standalone else [(code, words(code).say("language.name")) for code in LANGUAGES],
    )


class _Saying:
    """The words of a language, called from the template."""

    def __init__(self, words: Words) -> None:
        self.lang = words.lang
        self._say: Callable[..., str] = words.say

    def __call__(self, key: str, **values: object) -> str:
        return self._say(key, **values)


@cache
def _template() -> Template:
    return _environment().get_template("quote.html")


def _address(address: str) -> Markup:
    """Where it was fetched: a link for the web; of a file its name alone, since folders are nobody's business."""
    if address.startswith(WEB):
        return _link(address, address)
    from markupsafe import escape

    return escape(public(address))


def _link(address: str, label: str) -> Markup:
    from markupsafe import Markup

    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(address, label)


def cited(article: Article, say: Words) -> Markup:
    """Title — source — date; the title is a link where the article has an address on the web."""
    from markupsafe import Markup, escape

    url = article.url or ""
    parts = [_link(url, article.title) if url.lower().startswith(WEB) else escape(article.title)]
    parts += [escape(article.source)] if article.source else []
    parts += [escape(say.date(article.published))] if article.published else []
    return Markup(" — ").join(parts)


def moment(at: datetime, say: Words) -> str:
    """A day and a time, in UTC."""
    there = at.astimezone(UTC)
    return f"{say.date(there.date())}, {there:%H:%M} UTC"


def fate(step: Step, say: Words) -> str:
    """How the quote reads in a version, in words; what changed is named."""
    if step.quoted:
        return say.say("proof.quoted")
    return told(step.revision.fate, [str(what) for what in step.revision.what], say)


def told(fate: Fate, what: list[str], say: Words) -> str:
    """A fate in words."""
    if fate is Fate.CHANGED:
        return say.say("proof.changed", what=", ".join(say.say(f"changed.{one}") for one in what))
    return say.say(f"proof.{fate}")
