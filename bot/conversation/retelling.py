"""What an alert or a digest must show once articles have changed: the wording that its chat was told, marked where it
has changed since; or, of what was not told yet, the wording that stands now, with a line that says it was corrected.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.conversation import proving
from bot.conversation.alerting import Found, quote_among, quote_of
from bot.conversation.library import QuoteLibrary
from bot.watches.alert import Alert
from bot.watches.watch import Watch
from bot.words import Words
from index.article import Sentence
from index.errors import NotFound
from index.evidence import Evidence, Version
from index.revise import Fate, Revision, became


def retold(library: QuoteLibrary, watch: Watch, alert: Alert, said: Words) -> Found:
    """An alert's quote as its chat was told it, or would be now. Raises NotFound where its article was withdrawn, or
    the sentence was gone before it was told."""
    if library.is_live(alert.sentence):
        return Found(watch, quote_of(library, watch.question, alert.sentence, alert.confidence, alert.also))
    evidence = library.evidence(alert.sentence, beside=False)
    if evidence.removed:
        raise NotFound("Its article was withdrawn.")
    told = _told(evidence, alert.sent_at)
    then = _fate(evidence.sentence, evidence.version, told, evidence)
    if then.new is None:
        raise NotFound("It was gone before it was told.")
    note = said.say("watch.corrected", what=proving.what(then, said)) if then.fate is Fate.CHANGED else ""
    newest = evidence.versions[-1]
    now = _fate(then.new, told, newest, evidence)
    quote = quote_among(library, watch.question, evidence.article, told.sentences, then.new, alert)
    if now.fate.matters or any(_fate(each, told, newest, evidence).fate.matters for each in quote.context):
        note = said.say("answer.changed")
    elif now.fate is Fate.UNCHANGED and now.new is not None:
        # It stands as it did, under the number that its newest snapshot gave it: the neighbours are those of today.
        quote = quote_of(library, watch.question, now.new.id, alert.confidence, alert.also)
    return Found(watch, quote, note)


def digested(library: QuoteLibrary, told: Iterable[tuple[Watch, Alert]], said: Words) -> tuple[list[Found], int]:
    """What a digest of these alerts shows, a sentence once for each watch, and how many can be quoted no more."""
    found: dict[tuple[str, int], Found] = {}
    gone = 0
    for watch, alert in told:
        try:
            one = retold(library, watch, alert, said)
        except NotFound:
            gone += 1
            continue
        key = (watch.ref, one.quote.sentence.id)
        # A sentence and the one that it was corrected into may both have been found: one place, with the note.
        if key not in found or (one.note and not found[key].note):
            found[key] = one
    return list(found.values()), gone


def dropped(gone: int, said: Words) -> list[str]:
    """The line of a digest that says what is missing in it, if anything is."""
    return [said.say("watch.dropped", n=gone)] if gone else []


def _told(evidence: Evidence, sent_at: float | None) -> Version:
    """The version that stood when the chat was told; the newest where it was not yet."""
    later = evidence.versions[evidence.place :]
    if sent_at is None:
        return later[-1]
    at = datetime.fromtimestamp(sent_at, UTC)
    return [later[0], *(version for version in later[1:] if version.snapshot.taken_at <= at)][-1]


def _fate(sentence: Sentence, before: Version, after: Version, evidence: Evidence) -> Revision:
    if before is after:
        return Revision(sentence, Fate.UNCHANGED, sentence)
    return became(before.sentences, sentence.ordinal, after.sentences, evidence.article.lang)
