"""Sentences that only report a claim which their text goes on to judge, as fact checks and corrections do: "Claim: Foam
got into the water.", "A post claims that …", "Correction: we reported that …". None of them says that it is so."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms.function_words import word_list

_LABELS = (
    r"(?:(?:the|viral|false|first|second|main)\s+)?(?:claims?|allegation|myth|rumou?r|hoax)",
    r"what (?:is|was) (?:being )?claimed",
    r"(?:die\s+)?behauptung(?:en)?|mythos|gerücht|falschmeldung",
    "утверждени[ея]|миф|слух|фейк|вброс",
    "твердження|міф|чутк[аи]|фейк|вкид",
    "affirmation|rumeur|mythe|intox|afirmación|bulo|mito|rumor",
    "주장|소문|루머",
)
_LABEL = rf"(?:{'|'.join(_LABELS)})(?:\s+\d{{1,2}})?"
_LABELLED = re.compile(rf"\W*{_LABEL}\s*[:：–—]\s*\S", re.IGNORECASE)
_HEADS = re.compile(rf"\W*{_LABEL}\W*", re.IGNORECASE)
_POSTS = (
    "posts?|postings?|messages?|videos?|clips?|images?|pictures?|photos?|memes?|tweets?|screenshots?|rumou?rs?|"
    "chain letters?|(?:social media|facebook|telegram|tiktok|instagram|whatsapp|x) users?"
)
_REPORTED = (
    rf"\b(?:{_POSTS})\b(?:[^.!?,]|,\d){{0,100}}?\b(?:claim(?:s|ed|ing)?|alleg(?:es?|ed|ing)|purport(?:s|ed|ing)?|falsely)\b",
    r"\bclaims?\b[^.!?,]{0,40}?\b(?:is|are|was|were|ha(?:s|ve) been) (?:spreading|circulating|going around|shared)\b",
    r"\b(?:beitr[aä]ge?|post(?:ings?|s)?|video|nachricht|foto|bild)\b[^.!?]{0,100}?\b(?:behaupte[nt]\w*|angeblich)\b",
    r"\b(?:beitr[aä]ge?|post(?:ings?|s)?|video|kettenbriefe?),? (?:wonach|demzufolge)\b",
    r"\b(?:пост|посты|сообщени[ея]|запис[ьи]|видео|фото|соцсет\w*|рассылк[аи])\b[^.!?]{0,140}?"
    r"\b(?:утвержда\w*|якобы|будто)\b",
    r"\b(?:допис|дописи|повідомлення|відео|фото|світлин[аи]|соцмереж\w*|розсилк[аи])\b[^.!?]{0,140}?"
    r"\b(?:стверджу\w*|нібито|начебто|буцімто)\b",
)
_SAID_TO_BE = (
    r"\baccording to (?:an?|the|some|several) (?:\w+ )?rumou?rs?\b|\brumou?rs (?:that|say|have it)\b",
    r"\bit is (?:often |widely |sometimes |commonly |being )?(?:claimed|rumou?red|alleged) that\b",
    r"\bif the rumou?rs are\b|\bsome people (?:say|claim)\b",
    r"\b(?:gerüchten zufolge|es wird behauptet|es heißt oft|по слухам|ходят слухи|за чутками|ходять чутки)\b",
)
_TAKEN_BACK = (
    r"\bcorrections?:.{0,20}\b(?:earlier|previous|original|first|we|our)\b",
    r"\b(?:earlier|previous|original) (?:version|post|update|article|report|headline|caption)(?: of [^.!?]{0,90}?)? "
    r"(?:incorrectly |wrongly |mistakenly )?(?:said|stated|gave|put|named|reported|wrote|misstated|misspelled)\b",
    r"\bwe (?:had )?(?:incorrectly|wrongly|mistakenly) (?:reported|said|wrote|stated)\b",
    r"\bin einer früheren (?:version|fassung)\b",
    r"\b(?:в (?:более )?ранней версии|у (?:попередній|ранній) версії)\b",
)
_CORRECTION = re.compile("|".join(_TAKEN_BACK), re.IGNORECASE)
_CLAIM = re.compile("|".join((*_REPORTED, *_SAID_TO_BE, *_TAKEN_BACK)), re.IGNORECASE)
_WORDS = word_list(
    """
    claim alleg purport falsely rumo correct earlier previous original wrongly mistakenly myth hoax people behaupt
    angeblich wonach demzufolge früheren fassung gerücht mythos falschmeldung heißt утвержд якобы будто версии слух
    миф фейк вброс стверджу твердження нібито начебто буцімто чутк міф вкид affirmation rumeur intox afirmación bulo
    mito 주장 소문 루머
    """
)
"""One of these stands in every claim."""
_ASKED = re.compile(
    r"\b(?:claim\w*|alleg\w*|rumou?r\w*|myths?|hoax\w*|posts?|posted|video|photo|fake|viral|spread\w*|correct(?:ed|ions?)|"
    r"mistakes?|errors?|wrong|earlier|first report\w*|misreport\w*|behaupt\w*|gerücht\w*|beitrag|falsch\w*|korrig\w*|"
    r"утвержда\w*|слух\w*|фейк\w*|вброс\w*|пост\w*|ошиб\w*|исправ\w*|стверджу\w*|чутк\w*|допис\w*|помилк\w*|виправ\w*)\b|"
    r"주장|소문|루머|가짜",
    re.IGNORECASE,
)


def heads_a_claim(heading: str) -> bool:
    """Whether what stands under a heading is a claim: "The claim"."""
    return bool(_HEADS.fullmatch(heading))


@lru_cache(maxsize=8192)
def reports_a_claim(text: str) -> bool:
    """Whether a sentence says no more than that something is claimed, or was reported and is taken back. Every line
    above every candidate is asked, so that most are told by a glance at their words."""
    folded = text.casefold()
    if not any(word in folded for word in _WORDS):
        return False
    return bool(_LABELLED.match(text) or _CLAIM.search(text))


def takes_back(claim: str) -> bool:
    """Whether a claim is what its own source reported before: all that follows in its paragraph corrects it."""
    return bool(_CORRECTION.search(claim))


def asks_for_claims(question: str) -> bool:
    """Whether a question wants to know what is claimed, or what was wrong."""
    return bool(_ASKED.search(question))
