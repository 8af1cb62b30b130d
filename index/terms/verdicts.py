"""What a text says of a claim that it reports: the line or the sentence that judges it ("Verdict: False", "This is not
true."), and where the truth is told ("In fact the library …"). Who shared the claim judges nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms.claims import reports_a_claim

_LABELS = (
    r"(?:(?:our|the)\s+)?(?:verdict|rating|ruling|conclusion|assessment|finding|facts?|truth|reality|correct)",
    r"(?:unser\s+|die\s+)?(?:bewertung|urteil|fazit|ergebnis|einschätzung|fakt(?:en)?|wahrheit|richtig(?: ist)?)",
    "вердикт|вывод|оценка|факты?|правда|вердикт|висновок|оцінка|факти",
    "conclusion|vérité|faits?|veredicto|conclusión|hechos?|realidad|verdad|판정|결론|사실|진실",
)
_LABELLED = re.compile(rf"\W*(?:{'|'.join(_LABELS)})\s*\W?\s*[:：–—]\W*\w", re.IGNORECASE)
_MUCH = (
    "(?:mostly|partly|largely|completely|entirely|simply|half|nicht|größtenteils|teilweise|weitgehend|völlig|komplett|frei|"
    "полная|полностью|скорее|частично|отчасти|повна|повністю|частково|скоріше)"
)
_JUDGED = (
    r"(?:(?:this|that|it|the (?:claim|post|message|video|rumou?r|photo|image)) (?:is|was) )?"
    rf"(?:not )?(?:{_MUCH} )?(?:false|untrue|true|wrong|incorrect|misleading|fake|fabricated|unproven|unfounded)",
    rf"(?:(?:das|dies|die (?:behauptung|meldung|nachricht)) (?:ist|stimmt) )?(?:{_MUCH} )?"
    "(?:falsch|nicht|unwahr|wahr|richtig|erfunden|irreführend|unbelegt)",
    rf"(?:это )?(?:{_MUCH} )?(?:не ?правда|не так|ложь|неверно|фейк|манипуляция|выдумка|вымысел|правда)",
    rf"(?:це )?(?:{_MUCH} )?(?:не ?правда|не так|брехня|неправильно|фейк|маніпуляція|вигадка|правда)",
    "(?:c['’]est )?(?:faux|vrai|trompeur|infondé|inexact)|ce n['’]est pas (?:vrai|exact)",
    "(?:es )?(?:falso|verdadero|engañoso|mentira)|(?:esto |eso )?no es (?:cierto|verdad|así)",
    "(?:이는 )?사실이 아(?:닙니다|니다)|거짓(?:입니다|이다)?|사실(?:입니다|이다)",
)
_IS_JUDGED = re.compile(rf"\W*(?:{'|'.join(_JUDGED)})\W*", re.IGNORECASE)
_TRUTH = re.compile(
    r"\W*(?:in (?:actual )?fact|in reality|in truth|actually|the truth is|tatsächlich|in wirklichkeit|in wahrheit|"
    r"(?:richtig|wahr|fakt) ist|на самом деле|в действительности|насправді|en (?:réalité|fait|vérité)|en realidad|"
    r"실제로는?|사실은?)(?!\w)",
    re.IGNORECASE,
)
_SPREAD = re.compile(
    r"\b(?:(?:re)?(?:shared|posted|tweeted)|spread|went viral|views|likes|viewed|seen by|"
    r"(?:message|post|video|photo|rumou?r)s? (?:first )?(?:appeared|came|comes)|"
    r"geteilt|verbreite\w*|aufgerufen|angesehen|gepostet|veröffentlicht|sahen|lasen|"
    r"(?:nachricht|beitrag|post|video|foto|gerücht) (?:stammt|erschien|tauchte)|"
    r"(?:запись|пост|сообщение|видео|фото|слух) (?:\w+ ){0,2}появил\w+|"
    r"(?:допис|повідомлення|відео|світлина|чутка) (?:\w+ ){0,2}з['’ʼ]явил?\w+|"
    r"(?:по|пере|при)слал\w*|раз(?:ошл|лете)\w*|распростран\w*|опубликова\w*|прочитал[иа]?|посмотрел[иа]?|репост\w*|"
    r"(?:по|роз)ширив\w*|(?:по|роз)ширил\w*|переслали|надіслали|опублік\w*|прочитал[аи]|подивил[аи]с[ья]|"
    r"partagée?s?|publiée?s?|diffusée?s?|compartid[oa]s?|publicad[oa]s?|difundid[oa]s?)\b|공유|퍼졌|조회",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def judges(text: str) -> bool:
    """Whether a line or a sentence judges a claim, or opens with what is so in truth."""
    return bool(_TRUTH.match(text) or _LABELLED.match(text) or _IS_JUDGED.fullmatch(text))


def follows_at_once(between: str) -> bool:
    """Whether what stands behind this text follows a claim at once, in its own line or the next: there is nothing
    between, or that it is false."""
    between = between.lstrip()
    return not between or ("\n" not in between and bool(_IS_JUDGED.fullmatch(between)))


def tells_who_shared(text: str) -> bool:
    """Whether a sentence tells how something spread: "Within two days 4,100 people had shared it."."""
    return bool(_SPREAD.search(text))


def may_be_judged(claim: str, sentence: str) -> bool:
    """Whether a text reports a claim that a sentence right behind it may judge."""
    return reports_a_claim(claim) and not tells_who_shared(sentence)
