"""What is added to a cross-encoder's logit for what it does not see or was not taught, and how much that was worth."""

from __future__ import annotations

from index.candidate import Candidate
from index.segment.headings import ASKS, Heading, Kind
from index.terms.follow_ups import asking_words
from index.terms.opposites import says_the_opposite
from index.terms.reasons import gives_no_reason
from index.terms.supposed import only_supposes

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
SUPPOSED = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that only supposes what is asked about: of 19,768 answers to SQuAD's questions
(`bench/train/en-paragraphs.jsonl`) five do."""
NO_REASON = {"en": -3.0, "multi": -2.0}
"""What the logit of a sentence loses that has the words of a question for a reason, and gives none: of 268 sentences
that answer one of SQuAD's (`bench/train/en-paragraphs.jsonl`) three do so."""
LIFT = "lift"
"""The part of a score that says what its logit gets for what it stands under, or loses for what it says."""


_UNDER = {Kind.QUESTION: UNDER_QUESTION, Kind.SECTION: UNDER_A_HEADING}


def lift_of(question: str, candidate: Candidate, model: str) -> float:
    """What a candidate's logit gets because it stands under a question or a heading, and loses because it says the
    opposite of what is asked, tells of another day or thing, only supposes it, or gives no reason."""
    if candidate.of_another_day(question):
        return OTHER_DAY[model]
    if candidate.of_another_number(question):
        return OTHER_NUMBER[model]
    if only_supposes(question, candidate.sentence.text):
        return SUPPOSED[model]
    if gives_no_reason(question, candidate.sentence.text, candidate.article.lang):
        return NO_REASON[model]
    told = candidate.text if model == "en" else candidate.sentence.text
    if says_the_opposite(question, told, candidate.article.lang or "en"):
        return OPPOSITE[model]
    if candidate.answers_the_same(question):
        return UNDER_THE_SAME[model] + candidate.opens * OPENS
    return _under(question, candidate.heading, model) if candidate.heading else 0.0


def _under(question: str, over: Heading, model: str) -> float:
    """What stands under "How to descale" is trusted as an answer to who asks how, and to others as under a section."""
    as_section = (
        over.kind is Kind.QUESTION
        and not over.text.endswith(ASKS)
        and asking_words(over.text).isdisjoint(asking_words(question))
    )
    return _UNDER.get(Kind.SECTION if as_section else over.kind, {}).get(model, 0.0)
