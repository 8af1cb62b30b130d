"""Whether a sentence can say why: "Dogs are not admitted in August." gives no reason, though it has every word of "Why
are dogs not admitted in August?"."""

from __future__ import annotations

import re

from index.terms.alike import asked_terms, said_terms

SHARE, LEAST = 0.75, 2
"""The share of a question's words of content from which on a sentence says what is asked about, and how many of them at
least."""
_WHY = re.compile(
    r"\b(?:why|how come|for what reason|(?:what|which) (?:is|was|were|are) the (?:reason|cause)s?|"
    r"warum|wieso|weshalb|aus welchem grund|почему|зачем|отчего|по какой причине|чому|навіщо|через що|з якої причини|"
    r"pourquoi|por qu[eé])\b",
    re.IGNORECASE,
)
_REASON = {
    "en": r"because|since|due|owing|result(?:s|ed|ing)?|reasons?|caus(?:e|ed|es|ing)|therefore|thus|so|order|to|"
    r"after|as|for|by|when|with|without|over|amid|following|unless|if|led|leads?|leading|thanks|forced|fear\w*|"
    r"concern\w*|blam\w*|explain\w*|attribut\w*|allow\w*|prevent\w*|avoid\w*|believ\w*|mak(?:e|es|ing)|made|means?|meant",
    "de": r"weil|da|denn|wegen|aufgrund|grund|gründe\w*|deshalb|daher|darum|durch|um|nachdem|damit|dank|infolge|folge|"
    r"führt\w*|ursach\w*|ließ\w*|ohne|mit|sonst|begründ\w*|erklär\w*|wenn|falls",
    "ru": r"потому|поскольку|так как|из-за|вследствие|благодаря|причин\w*|поэтому|ради|чтобы|связ\w+|ввиду|из|от|для|"
    r"после|тем|ведь|вызва\w*|привел\w*|привёл|объясн\w*|если|без|иначе|когда",
    "uk": r"тому|бо|оскільки|адже|через|внаслідок|завдяки|причин\w*|заради|щоб|аби|пов['’ʼ]язан\w*|з огляду|від|для|"
    r"після|тим|виклика\w*|призве\w*|поясн\w*|якщо|без|інакше|коли",
    "fr": r"parce|car|pour|afin|grâce|causes?|raisons?|suite|puisque|dûe?s?|permet\w*|éviter|après|comme|ainsi|donc|"
    r"par|sans|si|expliqu\w*|faute",
    "es": r"porque|ya que|pues|debido|para|causas?|raz(?:ón|ones)|motivos?|gracias|tras|por|como|así|si|sin|explic\w*|"
    r"falta|después",
}
_MARKS = {lang: re.compile(rf"\b(?:{words})\b(?:\s+\w+)?", re.IGNORECASE) for lang, words in _REASON.items()}
"""Each with the word behind it: "to Poland" in the question is not the reason of "to find out"."""


def gives_no_reason(question: str, sentence: str, lang: str | None) -> bool:
    """Whether a question asks why, and a sentence says no more than what it asks about: it has nearly all of its words,
    and none that a reason stands with but those of the question. Languages without such words here are let be."""
    marks = _MARKS.get(lang or "en")
    if marks is None or not _WHY.search(question) or _found(marks, sentence) - _found(marks, question):
        return False
    asked = asked_terms(question, lang)
    said = asked & said_terms(sentence, lang)
    return len(said) >= max(LEAST, SHARE * len(asked))


def _found(marks: re.Pattern[str], text: str) -> set[str]:
    return {found.casefold() for found in marks.findall(text)}
