"""Requests for what is known or new of something ("Any news about the bridge?"): they name a topic and ask nothing of
it. Hardly more asks who wants to know what happened to it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from index.terms import content_words
from index.terms.words import TOKEN

_NEWS = (
    "(?:(?:is|are) there|do (?:you|we) have|have you (?:got|heard|seen)|got|(?:i|we) need|looking for|"
    "(?:does|has) any(?:one|body)(?: here)? (?:have|got|heard|seen)|"
    "(?:give|send|show) (?:me|us)|any|some|the|latest|recent|new|more|what(?: is|['’]?s) the) "
    "(?:(?:any|some|the|latest|recent|new|more) )*(?:news|updates?|headlines?|developments?)"
    "(?: (?:yet|today|so far|here))? (?:about|on|of|from|in|regarding|concerning|around)",
    "(?:news|updates?) (?:about|on|regarding|concerning)",
    "(?:(?:is|are) there |do (?:you|we) have )?(?:any|some)thing new (?:about|on|with|from|in)",
    "what(?: is|['’]?s| are) (?:the (?:latest|newest)|new|up|happening|going on)(?: (?:now|today))? "
    "(?:about|on|of|from|with|in|at|around|regarding)",
    "(?:the )?latest (?:about|on|from|with|in|regarding)",
    "(?:(?:was )?(?:gibt(?: es|['’]?s)|habt ihr|hast du|haben sie|was ist) )?"
    "(?:(?:schon|noch|etwas|was|irgendwas|die|aktuelle|neueste) )*"
    "(?:neues|neuigkeiten|nachrichten|aktuelles|updates?|los) (?:über|zu[mr]?|vo[nm]|aus|mit|beim?|in)",
    "(?:(?:есть|какие|что за|последние|свежие|новые|какие-нибудь|какие-то|ли) )*(?:новости|обновления) "
    "(?:о|об|обо|про|по|из|от|насч[её]т)",
    "что (?:там )?(?:нового|слышно|происходит) (?:о|об|обо|про|по|со?|во?|на|насч[её]т|из)",
    "(?:(?:є|чи|які|останні|свіжі|нові|якісь) )*(?:новини|оновлення) (?:про|щодо|з|із|зі|від|по)",
    "що (?:там )?(?:нового|чути|відбувається) (?:про|щодо|з|із|зі|у|в|на)",
)
_KNOWN = (
    "(?:(?:can|could|would|will) (?:you|u|some(?:one|body)|any(?:one|body)) (?:please |kindly )?)?"
    "(?:tell|show|give|send) (?:me|us) (?:(?:more|something|anything|everything|all|a bit|some|any|info|information) )*"
    "(?:about|on)",
    "i(?: am|['’]?m) (?:curious|interested) (?:about|in)",
    "i(?:['’]d like| (?:want|need|would like)) to (?:know|hear|learn|read) (?:(?:more|something) )?about",
    "(?:(?:any|some|more) )?(?:info|information|details|facts|anything|something) (?:about|on|regarding)",
    "what (?:do|does|did) (?:we|you|u|(?:the|your) (?:articles?|sources?|news)) (?:know|have|say|report) "
    "(?:so far )?(?:about|on|of)",
    "what(?: is|['’]?s| was| has been) (?:known|reported|written)(?: so far)? (?:about|on|of)",
    "(?:do|have) (?:you|u|we) (?:know|have|heard?|got) (?:anything|something) (?:about|on|of|from)",
    "erzähl[et]?(?: (?:mir|uns|etwas|mehr|was))* (?:über|vo[nm])",
    "was (?:weiß|weiss|wissen|wisst)(?: (?:man|wir|ihr|du|sie))? (?:über|vo[nm])",
    "расскажи(?:те)?(?: (?:мне|нам|что-нибудь|подробнее|ещ[её]|побольше))* (?:о|об|обо|про)",
    "что (?:известно|вы знаете|ты знаешь|мы знаем) (?:о|об|обо|про)",
    "(?:информация|инфа|подробности) (?:о|об|обо|про|по)",
    "розкаж(?:и|іть)(?: (?:мені|нам|щось|докладніше|більше))* про",
    "що (?:відомо|ви знаєте|ти знаєш|ми знаємо) про",
    "(?:інформація|інфа|подробиці) (?:про|щодо)",
)
_KOREAN = re.compile(
    r"(?P<topic>.+?)(?:에 (?:대한|대해서?|관한)|\s관련)?\s(?:(?P<news>(?:최신\s?|새로운\s)?(?:소식|뉴스))|정보)"
    r"(?:[이가을를은는]|\s?좀)?(?:\s(?:있(?:나요|어요|어|습니까|을까요)|알려\S*(?:\s\S+)?|주세요|줘))?[\s?!.]*",
)
_KOREAN_KNOWN = re.compile(r"(?P<topic>.+?)에 (?:대해서?|관해서?)\s(?:알려|말해|설명해)\S*(?:\s\S+)?[\s?!.]*")
_HAPPENED = (
    "what(?:['’]?s)? (?:(?:else|has|had|ever|actually|exactly|really|just|all) )*(?:happened|became|has become|came) "
    "(?:to|with|of|in|at|on|near|around|during)",
    "was (?:ist|war) (?:(?:denn|da|eigentlich|genau) )*(?:mit|in|im|bei|beim|am|an|auf|während)"
    "(?=.*\\s(?:passiert|geschehen|los)[\\s?!.]*$)",
    "was (?:passierte|geschah) (?:(?:denn|da|eigentlich|genau) )*(?:mit|in|im|bei|beim|am|an|auf|während)",
    "что (?:же )?(?:случилось|произошло|стало|стряслось) (?:во время|со?|во?|на|у|под|около)",
    "що (?:ж )?(?:ста(?:лося|лось)|трапил(?:ося|ось)|відбул(?:ося|ось)) (?:під час|з|із|зі|у|в|на|під|біля)",
)
_GERMAN_END = re.compile(r"\s(?:passiert|geschehen|los)$")
_KOREAN_HAPPENED = re.compile(
    r"(?P<topic>.+?)(?:에서|에게|한테|에|은|는)?\s무슨\s?일이\s(?:있|일어|생|벌어)\S*[\s?!.]*"
)
_BEHIND = re.compile(r"(?P<topic>\S.*?)\s(?:latest(?: news| updates?)?|news|updates?)[\s?!.]*", re.IGNORECASE)
"""The news may stand behind what they are of: "Key Bridge news"."""


def _asked_with(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(phrases)})\s+(?P<topic>\S.*)", re.IGNORECASE | re.DOTALL)


_PATTERNS = ((_asked_with(_NEWS), True), (_asked_with(_KNOWN), False), (_KOREAN_KNOWN, False), (_KOREAN, True))
_WHAT_HAPPENED = _asked_with(_HAPPENED)


class Topic(NamedTuple):
    """What a message wants to hear of, and whether the `newest` of it."""

    text: str
    newest: bool


@lru_cache(maxsize=512)
def topic_of(question: str) -> Topic | None:
    """The topic that a message names without a question about it: "the bridge" of "Any news about the bridge?"."""
    asked = question.strip()
    for pattern, newest in _PATTERNS:
        found = pattern.fullmatch(asked)
        if found:
            text = found["topic"].strip(" ?!.…\n\t")
            return Topic(text, newest) if content_words(text) else None
    found = _BEHIND.fullmatch(asked)
    if found and content_words(found["topic"]) == len(TOKEN.findall(found["topic"])) > 1:
        return Topic(found["topic"], newest=True)
    return None


@lru_cache(maxsize=512)
def happened_to(question: str) -> str:
    """What a question wants to know what happened to, or where: "the bridge" of "What happened to the bridge?"; "" of
    any other."""
    asked = question.strip()
    found = _WHAT_HAPPENED.fullmatch(asked) or _KOREAN_HAPPENED.fullmatch(asked)
    text = _GERMAN_END.sub("", found["topic"].strip(" ?!.…\n\t")) if found else ""
    return text if content_words(text) else ""


def without_request(question: str) -> str:
    """What a question is looked for by: the topic that it names, where it asks nothing else."""
    wanted = topic_of(question)
    return wanted.text if wanted else question
