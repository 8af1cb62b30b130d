"""What is added to a cross-encoder's logit for what it does not see or was not taught, and how much that was worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from index.candidate import Candidate
from index.no_answer.anyone import denies_of_one
from index.no_answer.counts import counts_none
from index.no_answer.formerly import held_it_once
from index.no_answer.kin import tells_of_a_relative
from index.no_answer.margins import tells_only_a_margin
from index.no_answer.reasons import gives_no_reason
from index.no_answer.succession import tells_the_other_side
from index.no_answer.supposed import only_supposes
from index.segment.headings import ASKS, Heading, Kind
from index.terms.follow_ups import asking_words
from index.terms.ruling import asks_what_is_allowed, says_what_is_allowed

FOLLOWED = {"en": 2.0, "multi": 1.0}
"""What a follow-up's logit lies above the mean of its two readings, by cross-encoder: the logits of one span twice as
much as those of the other. Of the whole question ("How much did it cost (the Webb telescope launched)?") a sentence
that is about the same comes too near an answer, and of what it asks by itself one that is about something else. Of 52
follow-ups made of development questions (`benchmarks/follow_ups.py`) 40 % are answered so, 2 % without their answers;
31 and 0 % with 1.5, 50 and 4 % with 2.5. Of 26 of our own in Russian, Ukrainian and German ten of 16 are, and none of
ten without an answer; six with 0, and twelve and one with 2."""
UNDER_QUESTION, UNDER_THE_SAME = {"en": 2.0}, {"en": 3.0, "multi": 1.0}
"""What the logit of a sentence gets beside that stands under a question in a line of its own, and under the very one
that is asked, by cross-encoder: a short reply ("Sorry, no.") is trusted less than a statement, though it is told from
those to other questions as well. Of 80 questions over documents of our own (`benchmarks/questions/headings.jsonl`) 48
were answered without it, 51 with 1, 53 with 2, 56 with 3, all rightly; of 50 others that are nearly asked in English
lists none, then one. The replies that the multilingual model reads are trusted enough."""
OPENS = 1.0
"""What the first sentence under the very question gets beside that: an answer is told in its order, and "Solo agua."
says more to "¿Se puede comer dentro?" than the coffee machine behind it."""
UNDER_A_HEADING = {"en": 1.0}
"""What the logit of a sentence gets beside that stands under a section's heading: "Cash or card." says less than what a
question's words do. Of 32 questions in English whose right sentence stands so in `headings.jsonl` 16 were answered
without it, 19 with 0.5 and with 1, 22 with 1.5; of 42 that nothing there answers none (the nearest at 0.45 with 1)."""
ITEM = {"en": 1.0, "multi": 0.8}
"""What the logit of an item of a list gets that has all the words of content of a question, with what stands above it:
like a short reply it is trusted less than a statement. Of 29 questions over ten documents of our own whose answer is
one item 13 were answered without it, 17 so; of 60 that ask something else with an item's very words three without, and
four so."""
ALLOWED = {"en": 1.0}
"""What the logit of a sentence gets beside that speaks of what may or must be where that is asked, by cross-encoder: of
247 questions over 15 documents of rules and manuals nine more were answered rightly, one wrongly; of 128 near them none
(one before and after)."""
MISSED = 2
"""From so many words of content on that a sentence and all it stands under lack, the question is about another thing:
"Are there late fees?" of a library is not asked by who wants those of the tennis club."""
ABOUT = {"en": 1.5, "multi": 0.8}
"""What a topic ("the bridge", of "Any news about the bridge?") gets beside its logit, by cross-encoder: a sentence need
only be about it. Of 31 such requests over our own articles, in five languages, 9 were answered without it, 16 with 1
and 0.5, 19 so, 20 with 2 and 1; of 34 about what is not in them, though near it, none (the nearest at 0.69 with 2)."""
HAPPENED = {"en": (2.0, 2.5), "multi": (1.5, 1.5)}
"""What a sentence gets for being about what is asked to have happened to something: what its logit for the topic lies
above that for the question, this much more, at most so much. Of 24 such questions in English (`happened.jsonl`) two
were answered without it, 11 rightly and two with something else so; with the mean of both and 2 twelve and three, and
fewer were ordered rightly (18 in place of 19); as topics alone what is no event answers."""
LOOKED_FOR = {"en": 0.5}
"""What a question of nothing but keywords gets beside its logit, by cross-encoder: their sentences are found as well as
those of whole questions, and said with less confidence. Development questions without their function words: MRR 0.897
(0.922 as they stand), answered 44 % (64), with 4.2 % false answers without their own (6.1); so 55 % and 5.6 %."""
OPPOSITE = {"en": -2.0, "multi": -1.5}
"""What the logit of a sentence loses that has "previous" where "next" is asked for, by cross-encoder: of 1,280 first
candidates of English development questions two that had come near an answer, both wrong; of 480 right first ones of
other languages none, and of 8,497 French and Russian answers to training questions six."""
OTHER_DAY = {"en": -3.0, "multi": -1.5}
"""What the logit of a sentence loses that tells of other days than the one that is asked about."""
OTHER_NUMBER = {"en": -3.0, "multi": -1.5}
"""What the logit of a sentence loses that speaks of "Pondr 4.0" where "Pondr 4.1" is asked about: of 259 answers to
SQuAD's questions with such a name (`bench/train/en-paragraphs.jsonl`) six do, three of them to a wrong premise."""
OTHER_NAME = {"en": -3.0}
"""What the logit of an English sentence loses that says of its own name what is asked of one that only its title names:
of 18,636 answers to SQuAD's questions (`bench/train/en-paragraphs.jsonl`) 23 do."""
SUPPOSED = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that only supposes what is asked about: of 19,768 answers to SQuAD's questions
(`bench/train/en-paragraphs.jsonl`) five do."""
NO_REASON = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that has the words of a question for a reason, and gives none: of 268 sentences
that answer one of SQuAD's (`bench/train/en-paragraphs.jsonl`) three do so."""
UNNAMED = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that only counts or mentions what is asked which it is ("two of its pubs"): of
4,691 sentences that answer such a question of SQuAD's (`bench/train/en-paragraphs.jsonl`) one does, of 174 of SelQA's
development questions none."""
HELD_ONCE = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that tells who held an office once where it is asked who holds it: of 38 answers
to SQuAD's questions for one (`bench/train/en-paragraphs.jsonl`) and 40 to French ones none does."""
RELATIVE = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that tells of a relative of the one who is asked about: of 19,768 answers to
SQuAD's questions (`bench/train/en-paragraphs.jsonl`) one does, to one for "granparents"; of 7,711 French ones none."""
COUNTS_NONE = {"multi": -2.0}
"""What the logit of a sentence loses that names what is to be counted, and has no number that may count it: of 242 that
do so of those which answer French and Russian questions (`bench/train/languages`) one counts by a list. English
ones are told by their own model."""
OF_ONE = {"en": -2.0, "multi": -1.5}
"""What the logit of a sentence loses that denies of one what is asked of anyone. SQuAD asks nothing so."""
MARGIN = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that tells by how much where it is asked how much: of 1,301 answers to such
questions of SQuAD (`bench/train/en-paragraphs.jsonl`) none does, of the sentences around them 22."""
OTHER_SIDE = {"en": -3.0}
"""What the logit of an English sentence loses that says who came after somebody where it is asked who came before, or
the other way round: of 31,474 answers to training questions (`bench/train/en-*.jsonl`; 55 ask so) none does."""
LIFT = "lift"
"""The part of a score that says what its logit gets for what it stands under, or loses for what it says."""


_LOWERED: tuple[tuple[Mapping[str, float], Callable[[str, Candidate], bool]], ...] = (
    (OTHER_DAY, lambda question, it: it.of_another_day(question)),
    (OTHER_NUMBER, lambda question, it: it.of_another_number(question)),
    (OTHER_NAME, lambda question, it: it.of_another_name(question)),
    (SUPPOSED, lambda question, it: only_supposes(question, it.sentence.text)),
    (NO_REASON, lambda question, it: gives_no_reason(question, it.sentence.text, it.article.lang)),
    (UNNAMED, lambda question, it: it.leaves_unnamed(question)),
    (HELD_ONCE, lambda question, it: held_it_once(question, it.sentence.text, it.article.lang)),
    (RELATIVE, lambda question, it: tells_of_a_relative(question, it.sentence.text)),
    (OTHER_SIDE, lambda question, it: tells_the_other_side(question, it.sentence.text)),
    (OF_ONE, lambda question, it: denies_of_one(question, it.sentence.text, it.article.lang)),
    (MARGIN, lambda question, it: tells_only_a_margin(question, it.sentence.text)),
    (COUNTS_NONE, lambda question, it: counts_none(question, it.sentence.text, it.article.lang)),
    (OPPOSITE, lambda question, it: it.says_the_opposite(question)),
)
"""What a logit loses, by cross-encoder, and whether a candidate says to a question what it loses it for; the first
counts."""
_UNDER = {Kind.QUESTION: UNDER_QUESTION, Kind.SECTION: UNDER_A_HEADING, Kind.LEAD: UNDER_A_HEADING}


def lift_of(question: str, candidate: Candidate, model: str) -> float:
    """What a candidate's logit gets because it stands under a question or a heading, or says what may or must be where
    that is asked; or what it loses because what it says is no answer."""
    for lost, says in _LOWERED:
        if model in lost and says(question, candidate):
            return lost[model]
    if candidate.answers_the_same(question):
        return UNDER_THE_SAME[model] + candidate.opens * OPENS
    under = _under(question, candidate, candidate.heading, model) if candidate.heading else 0.0
    if not under and candidate.listing and not candidate.whole and not candidate.misses(question):
        under = ITEM.get(model, 0.0)
    ruled = asks_what_is_allowed(question) and says_what_is_allowed(candidate.sentence.text)
    return under + ALLOWED.get(model, 0.0) * ruled


def _under(question: str, candidate: Candidate, over: Heading, model: str) -> float:
    """What stands under "How to descale" is trusted as an answer to who asks how, and to others as under a section.
    Under a question about another thing a sentence is trusted as it stands."""
    if over.kind is Kind.QUESTION and candidate.misses(question) >= MISSED:
        return 0.0
    as_section = (
        over.kind is Kind.QUESTION
        and not over.text.endswith(ASKS)
        and asking_words(over.text).isdisjoint(asking_words(question))
    )
    return _UNDER.get(Kind.SECTION if as_section else over.kind, {}).get(model, 0.0)
