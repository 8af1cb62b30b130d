"""The second stage: candidates are read again by a cross-encoder, and a small head (`index/head.py`) turns what it
says, and what it can't see, into the probability that a sentence answers the question."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.candidate import Candidate
from index.head import ACROSS, coverage, features, heads, log_odds
from index.lifts import ABOUT, FOLLOWED, HAPPENED, LIFT, LOOKED_FOR, lift_of
from index.steps import CROSS_ENCODER, step
from index.terms import only_keywords
from index.terms.speech import asked_speaker, is_named
from index.terms.tongue import asked_across, may_be_english
from index.terms.verdicts import may_be_judged

NEAR = 0.13
"""The probability below which the first candidates are not even near an answer, so that more may be read. On
development questions (SQuAD 2.0's hardest title) ten more there raised MRR from 0.768 to 0.778, and to 0.773 when done
up to the threshold of answering; silence fell (AUROC) from 0.751 to 0.747, and to 0.743."""
POINTING, CLOSE, DOUBT, GAIN = 6, 5, 1.5, 1.0
"""Which candidates are read again behind what stands before them: of the first POINTING those that point back, of the
first CLOSE those whose log-odds lie within DOUBT of the best. And by how much that logit must lie above that of what
stands before alone (and a title's above that of a sentence alone, to take the credit). On development questions
(SelQA's held-out articles; SQuAD 2.0's hardest title) this raised MRR from 0.905 to 0.915 and from 0.789 to 0.796, P@1
from 0.869 to 0.883 and from 0.747 to 0.756, and silence (AUROC) from 0.898 to 0.902, 0.969 to 0.972, 0.723 to 0.725.
Those that point back alone: MRR 0.911 and 0.794. Everything read again: 0.916 and 0.796. Without the last condition a
sentence takes the credit of the one before it: 0.898 and 0.789."""
FAR = 0.005
"""The probability below which a sentence is too far from an answer to look further for its sake: where no candidate
reaches it the others are not read, and one that does not is not read again behind what stands before it. Of 431
answerable development questions two are that far, neither with its answer among the others; of 42 candidates that far
and lifted by their context none came to be a right first one, while "hello" got 0.34."""
SUBJECT = 4
"""Words at the start of a sentence that may name who speaks in it: "Her brother Paul thought …"."""
CREDIT = 2.0
"""What a title that does better by itself than a sentence by itself may add to the sentence's logit, at most."""


class Surroundings(Protocol):
    """What stands before a candidate in its text."""

    def points_back(self, candidate: Candidate) -> bool:
        """Whether it can't be understood alone."""
        ...

    def before(self, candidate: Candidate) -> str:
        """The sentences that it points back to, else the one before it; "" where there is none."""
        ...


class Nothing:
    """Sentences of no text."""

    def points_back(self, candidate: Candidate) -> bool:
        return False

    def before(self, candidate: Candidate) -> str:
        return ""


class PairScorer(Protocol):
    """A cross-encoder."""

    fingerprint: str

    def scores(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """One logit for each pair of question and passage: (n,) float32."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with the probability that it answers, and the parts of that score by name. `before`: what it points
    back to and was read behind, where that says more than the sentence alone."""

    candidate: Candidate
    probability: float
    parts: Mapping[str, float]
    before: str = ""


class Ranker:
    """Scores candidates with the cross-encoders that are there; `scorers` maps a head's name to what opens its model,
    which happens when a question first needs it."""

    def __init__(
        self,
        scorers: Mapping[str, Callable[[], PairScorer]],
        surroundings: Surroundings | None = None,
        own: Mapping[str, str] | None = None,
        topics: Collection[str] = (),
    ) -> None:
        self._scorers = scorers
        self._surroundings = surroundings or Nothing()
        self._own = own or {}
        self._topics = frozenset(topics)

    def asked(self, own: Mapping[str, str], topics: Collection[str] = ()) -> Ranker:
        """The same for these questions: of follow-ups, `own` maps the whole question to what it asks by itself; both
        are read. `topics` ask nothing: a sentence need only be about them; one that is in both asks hardly more."""
        return Ranker(self._scorers, self._surroundings, own, topics) if own or topics else self

    def warm(self) -> None:
        """Opens the first of the models, which most questions need."""
        for scorer in list(self._scorers.values())[:1]:
            scorer()

    def strangers(self, encoder: str) -> list[str]:
        """The heads in use that were measured with other models than these: their confidence is not calibrated.
        `encoder` is the encoder's fingerprint."""
        models: dict[str, tuple[str, ...]] = {
            name: (encoder, scorer().fingerprint) for name, scorer in self._scorers.items()
        }
        if "multi" in models:
            models[ACROSS] = models["multi"]
        else:
            models["dense"] = (encoder,)
        return [name for name, used in models.items() if heads()[name].models != used]

    def ranked(self, questions: Sequence[str], candidates: Sequence[Sequence[Candidate]]) -> list[list[Scored]]:
        """Each question's candidates, the most probable first. All pairs of all questions are read in one batch."""
        parts = [
            [features(question, each) for each in found] for question, found in zip(questions, candidates, strict=True)
        ]
        routes = [
            [self._route(question, each) for each in found]
            for question, found in zip(questions, candidates, strict=True)
        ]
        pairs = [(question, each.text) for question, found in zip(questions, candidates, strict=True) for each in found]
        logits = self._logits(list(chain.from_iterable(routes)), pairs)
        for said, logit in zip(chain.from_iterable(parts), logits, strict=True):
            if not math.isnan(logit):
                said["cross"] = logit
        for n, question in enumerate(questions):
            for each, said, route in zip(candidates[n], parts[n], routes[n], strict=True):
                if "cross" in said and (lift := lift_of(question, each, _model(route))):
                    said[LIFT] = lift
        return [
            sorted(
                (_scored(each, route, said) for each, said, route in zip(found, parts[n], routes[n], strict=True)),
                key=lambda scored: -scored.probability,
            )
            for n, found in enumerate(candidates)
        ]

    def ranked_until_near(
        self,
        questions: Sequence[str],
        first: Sequence[Sequence[Candidate]],
        later: Sequence[Sequence[Candidate]],
    ) -> list[list[Scored]]:
        """As `ranked` with the `first` candidates of each question; the `later` ones are read only where none of those
        comes NEAR an answer, yet one is not FAR from it."""
        ranked = self.ranked(questions, first)
        doubtful = [n for n, scored in enumerate(ranked) if scored and FAR <= scored[0].probability < NEAR]
        more = self.ranked([questions[n] for n in doubtful], [later[n] for n in doubtful])
        for n, scored in zip(doubtful, more, strict=True):
            ranked[n] = sorted([*ranked[n], *scored], key=lambda each: -each.probability)
        return ranked

    def in_context(
        self,
        questions: Sequence[str],
        ranked: Sequence[Sequence[Scored]],
        pointing: int | None = POINTING,
        close: int = CLOSE,
    ) -> list[list[Scored]]:
        """The same candidates, some read again behind what stands before them: of a question's first `pointing` those
        that point back ("It cost …"), and its first `close` as far as the best is in doubt. One that points back
        counts as it reads there, any other by half: it is quoted alone."""
        lifted = [list(found) for found in ranked]
        again = [
            (n, m, found[m], before)
            for n, found in enumerate(ranked)
            for m in self._doubtful(found, pointing, close)
            if (before := self._surroundings.before(found[m].candidate))
        ]
        routes = [self._route(questions[n], each.candidate) for n, _, each, _ in again]
        contexts = [(questions[n], each.candidate.in_place(before)) for n, _, each, before in again]
        wholes = [(questions[n], each.candidate.behind(before)) for n, _, each, before in again]
        logits = self._logits([*routes, *routes], [*contexts, *wholes])
        read = zip(again, routes, logits[: len(again)], logits[len(again) :], strict=True)
        for (n, m, each, before), route, context, logit in read:
            bare, points_back = each.parts["cross"], self._surroundings.points_back(each.candidate)
            if logit > (bare if may_be_judged(before, each.candidate.said) else max(context + GAIN, bare)):
                parts = {**each.parts, "cross": logit if points_back else (bare + logit) / 2, "bare": bare}
                if points_back:
                    parts["coverage"] = coverage(
                        questions[n], each.candidate.behind(before), each.candidate.article.lang
                    )
                lifted[n][m] = Scored(each.candidate, _probability(route, parts), parts, before if points_back else "")
        return [sorted(found, key=lambda each: -each.probability) for found in lifted]

    def _doubtful(self, found: Sequence[Scored], pointing: int | None, close: int) -> list[int]:
        """The places of the candidates that are worth a second reading."""
        best = log_odds(found[0].probability) if found else 0.0
        near = {m for m, each in enumerate(found[:close]) if log_odds(each.probability) > best - DOUBT}
        back = {m for m, each in enumerate(found[:pointing]) if self._surroundings.points_back(each.candidate)}
        wanted = back | near if len(near) > 1 else back
        return [m for m in sorted(wanted) if "cross" in found[m].parts and found[m].probability >= FAR]

    def on_their_own(
        self, questions: Sequence[str], ranked: Sequence[Sequence[Scored]], each_at: float | None = None
    ) -> list[list[Scored]]:
        """The same candidates; one that owes its title what is said for it counts no more than CREDIT above what it
        says without: where the title by itself is NEAR an answer, and nearer (by GAIN) than the sentence by itself. Of
        each question the first is looked at, if it is NEAR, then the one that takes its place, until one stays; or
        each that answers at the rate of false answers `each_at`. Where somebody's words are asked for, those of others
        are held down as well."""
        stood = [list(found) for found in ranked]
        titles: dict[tuple[str, tuple[str, str]], float] = {}
        while unread := [
            (n, m, self._route(questions[n], each.candidate))
            for n, found in enumerate(stood)
            for m, each in enumerate(found[:1] if each_at is None else found)
            if _may_owe_its_title(each)
            and each.probability >= (NEAR if each_at is None else self.threshold(questions[n], each.candidate, each_at))
        ]:
            read = [(route, (questions[n], stood[n][m].candidate.stated)) for n, m, route in unread]
            new = [one for one in read if one not in titles]
            logits = self._logits([route for route, _ in new], [pair for _, pair in new])
            titles.update(zip(new, logits, strict=True))
            for (n, m, _), one in zip(unread, read, strict=True):
                stood[n][m] = replace(stood[n][m], parts={**stood[n][m].parts, "title": titles[one]})
            near = [(n, m, route) for n, m, route in unread if _title_is_near(stood[n][m], route)]
            alone = [(questions[n], stood[n][m].candidate.alone(stood[n][m].before)) for n, m, _ in near]
            logits = self._logits([route for _, _, route in near], alone)
            for (n, m, route), logit in zip(near, logits, strict=True):
                stood[n][m] = _on_its_own(stood[n][m], route, logit)
            stood = [sorted(found, key=lambda each: -each.probability) for found in stood]
        return self._by_whom_is_asked(questions, stood)

    def _by_whom_is_asked(self, questions: Sequence[str], ranked: Sequence[Sequence[Scored]]) -> list[list[Scored]]:
        """The same candidates. To "What did Putin say?" one that leaves open who speaks ("It was, he said, …") is no
        answer unless what it points back to, or its title, names him."""
        heard = [list(found) for found in ranked]
        for n, speaker in enumerate(map(asked_speaker, questions)):
            if speaker:
                heard[n] = sorted((self._by(speaker, each) for each in heard[n]), key=lambda each: -each.probability)
        return heard

    def _by(self, speaker: str, each: Scored) -> Scored:
        if each.probability < NEAR or not self._surroundings.points_back(each.candidate):
            return each
        article, before = each.candidate.article, self._surroundings.before(each.candidate)
        opening = " ".join(each.candidate.sentence.text.split()[:SUBJECT])
        if is_named(speaker, f"{article.title} {before} {opening}", article.lang):
            return each
        return replace(each, probability=NEAR, parts={**each.parts, "other": each.probability})

    def sound(
        self, questions: Sequence[str], ranked: Sequence[Sequence[Scored]], rates: Sequence[float]
    ) -> list[list[Scored]]:
        """What may be quoted of each question's candidates at its accepted rate of false answers; nothing where the
        first does not answer. Those after it that answer only because their title does are left out: a sentence at or
        above the threshold is read again without its title, and must stay there. One below it may still disagree with
        the first; not with the answer to a follow-up, of which another thing's cost comes as near as that."""
        least = [
            self.threshold(question, found[0].candidate, rate) if found else 1.0
            for question, found, rate in zip(questions, ranked, rates, strict=True)
        ]
        answered = [n for n, found in enumerate(ranked) if found and found[0].probability >= least[n]]
        kept: list[list[Scored]] = [[] for _ in ranked]
        for n in answered:
            kept[n].append(ranked[n][0])
        for n, each in self._standing_alone(questions, ranked, least, answered):
            kept[n].append(each)
        for n in answered:
            if questions[n] not in self._own:
                kept[n] += [each for each in ranked[n][1:] if each.probability < least[n]]
        return kept

    def _standing_alone(
        self,
        questions: Sequence[str],
        ranked: Sequence[Sequence[Scored]],
        least: Sequence[float],
        answered: Sequence[int],
    ) -> Iterator[tuple[int, Scored]]:
        """Candidates after the first that answer without their title too, each with its question's place. All pairs of
        all questions are read in one batch."""
        again = [
            (n, each, self._route(questions[n], each.candidate))
            for n in answered
            for each in ranked[n][1:]
            if each.probability >= least[n]
        ]
        pairs = [(questions[n], each.candidate.alone(each.before)) for n, each, _ in again]
        logits = self._logits([route for _, _, route in again], pairs)
        for (n, each, route), logit in zip(again, logits, strict=True):
            if math.isnan(logit):
                yield n, each
            elif _read_as(each, route, logit) >= least[n]:
                yield n, replace(each, parts={**each.parts, "alone": logit})

    def _logits(self, routes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The logit of each pair by the cross-encoder of its route, nan where there is none. All pairs of one are read
        in one batch, each once, and a cross-encoder is opened only where there are any."""
        found = [math.nan] * len(pairs)
        for name, scorer in self._scorers.items():
            places = [place for place, route in enumerate(routes) if _model(route) == name]
            if not places:
                continue
            once = list(dict.fromkeys(pair for place in places for pair in self._readings(*pairs[place])))
            with step(CROSS_ENCODER):
                logits = dict(zip(once, scorer().scores(once), strict=True))
            for place in places:
                read = [float(logits[pair]) for pair in self._readings(*pairs[place])]
                found[place] = self._together(name, pairs[place][0], read)
        return found

    def _together(self, model: str, question: str, read: Sequence[float]) -> float:
        """The logit of a pair: of a follow-up's two readings the mean; what is asked to have happened to something is
        credited with being about it."""
        if len(read) > 1 and question in self._topics:
            whole, about = read
            slack, most = HAPPENED[model]
            return whole + min(most, max(0.0, about - whole + slack))
        return sum(read) / len(read) + self._lift(model, question)

    def _lift(self, model: str, question: str) -> float:
        """What a question's logits get beside what a cross-encoder says."""
        if self._own.get(question):
            return FOLLOWED[model]
        if question in self._topics:
            return ABOUT[model]
        return LOOKED_FOR[model] if model in LOOKED_FOR and only_keywords(question) else 0.0

    def _readings(self, question: str, text: str) -> list[tuple[str, str]]:
        """What is read of a pair: the question, and what a follow-up asks by itself, or its topic."""
        own = self._own.get(question)
        return [(question, text), (own, text)] if own else [(question, text)]

    def threshold(self, question: str, best: Candidate, false_answers: float) -> float:
        """The least probability that is an answer, for the head that scored this candidate."""
        return heads()[self._route(question, best)].threshold(false_answers)

    def _route(self, question: str, candidate: Candidate) -> str:
        """The head that scores a candidate."""
        if not self._scorers:
            return "dense"
        lang = candidate.article.lang or "en"
        across = asked_across(question, candidate.sentence.text, lang)
        if lang == "en" and may_be_english(question) and not across and "en" in self._scorers:
            return "en"
        if "multi" not in self._scorers:
            return "dense"
        return ACROSS if across else "multi"


def _scored(candidate: Candidate, route: str, parts: Mapping[str, float]) -> Scored:
    """A candidate with its probability; one that `heads` is FAR from an answer whatever it says."""
    probability = _probability(route, parts)
    return Scored(candidate, min(probability, FAR / 2) if candidate.heads else probability, parts)


def _probability(route: str, parts: Mapping[str, float]) -> float:
    """Of a candidate's parts, LIFT among them."""
    lift = parts.get(LIFT, 0.0)
    return heads()[route].probability({**parts, "cross": parts["cross"] + lift} if lift else parts)


def _may_owe_its_title(each: Scored) -> bool:
    """Whether a candidate was read under a title, or a heading, that was not read by itself yet."""
    return bool(each.candidate.stated) and "cross" in each.parts and "title" not in each.parts


def _title_is_near(each: Scored, route: str) -> bool:
    """Whether the title of a candidate, which was read by itself, is NEAR an answer."""
    return _read_as(each, route, each.parts["title"]) >= NEAR


def _on_its_own(each: Scored, route: str, alone: float) -> Scored:
    """A candidate whose title was read by itself, now that the sentence was too, with this logit."""
    parts = {**each.parts, "alone": alone}
    if each.parts["title"] > alone + GAIN and each.parts["cross"] > alone + CREDIT:
        parts |= {"cross": alone + CREDIT, "titled": each.parts["cross"]}
    return replace(each, probability=_probability(route, parts), parts=parts)


def _read_as(each: Scored, route: str, logit: float) -> float:
    """The probability of a candidate, had the cross-encoder said this of it."""
    return _probability(route, {**each.parts, "cross": logit})


def _model(route: str) -> str:
    """The cross-encoder that a head was measured with."""
    return "multi" if route == ACROSS else route
