"""The people whom a text names, and which of them a sentence is about: its subject, or who speaks in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CAPITAL = "A-ZÀ-ÖØ-ÞА-ЯІЇЄҐЁŁŠŽČ"
_TITLES = (
    "President|Prime Minister|Foreign Minister|Interior Minister|Defen[sc]e Secretary|Secretary General|"
    "Secretary of State|Major General|General|Mayor|Governor|Fire Chief|Speaker|Dr\\.|Prof\\.|"
    "Mr\\.|Mrs\\.|Ms\\.|Maj\\. Gen\\.|Rear Adm\\.|Gov\\.|Gen\\.|Sir|"
    "Präsident|Präsidentin|Bundeskanzler|Bundestrainer|Trainer|Minister|Ministerin|"
    "Президент України|Президент|Президент Фінляндії|Речник|Керівник|Прем’єр-міністр|Премьер-министр|Министр|Міністр"
)
_WORD = rf"[{_CAPITAL}][\w’'-]+"
_INITIAL = rf"(?:[{_CAPITAL}]\.\s?)"
_OPENERS = frozenset(
    ["The", "At", "In", "On", "As", "For", "And", "But", "It", "One", "A", "An", "If", "Die", "He", "She", "They"]
)
"""Words that have a capital letter only because they open a sentence."""
PERSON = re.compile(
    rf"(?:(?:{_TITLES})\s+)*(?:{_INITIAL}{{1,2}}{_WORD}(?:\s{_WORD})?"
    rf"|{_WORD}(?:\s+(?:{_INITIAL}|(?:de|la|von|van|bin|al)\s)*{_WORD}){{1,4}})"
    rf"|(?:{_TITLES})\s+{_WORD}"
)
"""A person as running text names one: a title and a name, initials and a name, or two to five capital words."""
_KOREAN_PERSON = re.compile(
    r"[가-힣]{2,4}(?:\s[가-힣]{2,4})?\s(?:전\s)?(?:대통령|총리|장관|대표|국회의장|의장|사무총장|대변인|총장|위원장|교수)"
)
_NO_PERSON = re.compile(
    r"\b(?:Korea|Korean|States|House|Kingdom|Nations|Union|Council|Ministry|Department|Academy|Court|Office|Party|"
    r"Pentagon|Republic|Bridge|Port|River|Games|Assembly|Committee|Agency|Washington|Moscow|Jan|Feb|Oct|Nov|Dec|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|University|Center|Centre|Telegram|Kursk|Ukraine|Russia|"
    r"China|Seoul|Pyongyang|Kyiv|Berlin|Paris|London|Brussels|Tokyo|Beijing|NATO|Stockholm|Ankara|"
    r"Північн\w*|Південн\w*|Корея|Кореї|Корею|АЕС|ГЕС|Москва|Київ)\b"
)
_THING = re.compile(
    r"^(?:New|North|South|East|West|Northern|Southern|Eastern|Western|Upper|Lower|Great|Greater|Royal|National|"
    r"International|Storm|Hurricane|Typhoon|Cyclone|Operation|Project|Mount|Lake|Cape|Fort|Los|Las|Real|Radio|Police|"
    r"Team|Bank)\b"
    r"|\b(?:City|Town|County|State|Province|District|Street|Road|Lane|Avenue|Square|Park|Gardens|Islands?|Valley|Beach|"
    r"Bay|Lake|Sea|Harbour|Harbor|Museum|Gallery|Theat(?:re|er)|Hotel|Hospital|Church|Cathedral|Castle|Schools?|College|"
    r"Institute|Library|Station|Airport|Inn|Arms|"
    r"Company|Group|Holdings|Industries|Motors|Tyres|Foods|Stores?|Shop|Steel|Energy|Rail|Railways?|Airlines?|Airways|"
    r"Lines?|Bus(?:es)?|Systems?|Technologies|Network|Bank|Ltd|Inc|Corp|Corporation|plc|PLC|GmbH|AG|"
    r"Media|News|Times|Post|Guardian|Journal|Herald|Gazette|Magazine|Records|Studios|Pictures|Films?|Press|Books|"
    r"United|Rovers|Athletic|Wanderers|Club|Society|Association|Alliance|Trust|Foundation|Federation|Institution|"
    r"Organi[sz]ation|Authority|Commission|Board|Services?|Forces?|Army|Navy|Police|Guard|Parliament|Congress|Senate|"
    r"Government|Cabinet|Movement|"
    r"League|Cup|Prize|Awards?|Medal|Trophy|Championships?|Open|Olympics|Festival|Fair|Conference|Day|Week|"
    r"Act|Bill|Deal|Treaty|Agreement|Plan|Project|Program(?:me)?|War|Battle|Revolution|Empire|"
    r"Summer|Winter|Autumn|Star|Straße|Platz|Verein|Verband|Bahn|Stadt|Kirche|Preis)$"
)
"""What capital words name that is no person: a place, a firm, a paper, a club, a prize, a storm."""
_OFFICE = (
    r"(?:president|prime minister|minister|mayor|governor|chairman|chairwoman|chief executive|director|secretary|"
    r"spokes(?:man|woman|person)|commissioner|ambassador)"
)
"""What somebody is of a town or a firm, hardly of a person as a manager or a lawyer may be."""
_ROLE = (
    rf"(?:{_OFFICE}|manager|coach|captain|chair|chief|chief constable|executive|head|headteacher|principal|leader|"
    r"councillor|senator|editor|curator|organi[sz]er|founder|co-founder|owner|vicar|bishop|judge|referee|officer|"
    r"inspector|detective|sergeant|prosecutor|actor|actress|artist|author|novelist|poet|writer|journalist|reporter|"
    r"critic|singer|songwriter|composer|producer|filmmaker|photographer|painter|sculptor|architect|historian|scholar|"
    r"professor|researcher|scientist|physicist|chemist|biologist|ecologist|economist|psychologist|philosopher|"
    r"engineer|teacher|farmer|fisherman|baker|driver|pilot|nurse|midwife|surgeon|lawyer|solicitor|activist|"
    r"campaigner|analyst|expert|striker|midfielder|defender|goalkeeper|champion|player|swimmer|runner|cyclist|climber|"
    r"resident|shopkeeper|astronomer|lecturer|student|президент|премьер-министр|министр|мэр|директор|тренер|речник|"
    r"прем’єр-міністр|міністр|мер)"
)
_MODIFIER = (
    r"(?:former|then|current|acting|deputy|assistant|senior|chief|lead|local|retired|veteran|fellow|art|music|film|club|"
    r"team|party|opposition)"
)
_RANK = (
    rf"(?:{_WORD}[’']s\s+(?:{_MODIFIER}\s+){{0,2}}{_OFFICE},?\s+"
    rf"|(?:[Tt]he\s+)?(?:(?!\w+[’']s\s){_WORD}\s+){{0,3}}(?i:(?:{_MODIFIER}\s+){{0,2}}{_ROLE}),?\s+)"
)
"""What somebody is, before the name: "Harrowgate manager", "the vicar,", "Citylink’s chief executive,"."""
_RANKED = re.compile(rf"{_RANK}$")
_PERSONAL = re.compile(
    rf"^(?:(?:{_TITLES})\s|(?:[\w-]+\s+){{0,3}}(?i:{_ROLE})\s)|(?:^|\s){_INITIAL}|\s(?:de|la|von|van|bin|al)\s"
)
"""In a name: it is a person's."""
_TOLD_OF = re.compile(r",\s(?:(?:aged\s)?\d\d\b|who\b|whose\b|whom\b)")
"""Behind a name: it is a person's."""
_OPENER = re.compile(
    r"^\s*(?:(?:But|And|Yet|Then|Still|Later|Now|Today|Yesterday|Meanwhile|However|Also|Aber|Doch|Но|Але|Проте),?\s+)?"
    r"(?:(?:On|In|Last|Am|Im|В|У)\s+(?:early\s+|late\s+)?(?:(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day|January|"
    r"February|March|April|May|June|July|August|September|October|November|December|week|month|year|\d{4}|"
    r"(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье|"
    r"понеділок|вівторок|середу|п[’'ʼ]ятницю|суботу|неділю)(?:\s+\d{1,2})?(?:,?\s+\d{4})?,?\s+)?"
)
"""A word or a day before the subject, which would be read as a part of the name behind it."""
_OPENS = re.compile(
    r"^\s*(?:(?:On|In|At|After|Before|During|For|From|Since|By|With|As|Under|Writing|Speaking)\b[^,;:]{1,60},\s+)?"
    rf"(?:{_RANK})?$"
)
_SHARED = re.compile(rf"\s+(?:and|or|und|и|та|і|й)\s+{_WORD}|\s+(?:(?i:{_ROLE}),?\s+)?{_WORD}")
"""Behind a name: it is one of two, or a part of what follows ("Bright Star captain Ann Poole")."""
_OF_SOMEBODY = re.compile(
    r"(?:\b(?:her|his|their|my|our|ihre?|seine?|его|её|ее|их|його|її|їхн\w+)|[’']s|s[’'])\s(?:[\w-]+\s){0,3}[\w-]+,?\s$",
    re.IGNORECASE,
)
"""Before a name that is one of two people: "Her lawyer,", "Anna Berg’s son,"."""
_STATES = (
    r"sa(?:id|ys)|add(?:ed|s)|wr(?:ote|ites)|recall(?:ed|s)|explain(?:ed|s)|admit(?:ted|s)|not(?:ed|es)|insist(?:ed|s)|"
    r"argue[ds]|claim(?:ed|s)|joke[ds]|repli(?:ed|es)|warn(?:ed|s)|"
    r"sagte?|erklärte?|schrieb|fügte|meinte?|betonte?|berichtete?|warnte?|antwortete?|"
    r"сказал\w*|заявил\w*|добавил\w*|говорит|рассказывает|рассказал\w*|сообщил\w*|объяснил\w*|пояснил\w*|"
    r"отметил\w*|отмечает|подчеркнул\w*|признал\w*|признаётся|признается|вспоминает|утверждает|ответил\w*|написал\w*|"
    r"сказав|сказала|заявив|заявила|додав|додала|говорив|говорила|говорить|каже|розповідає|розповів|розповіла|"
    r"повідомив|повідомила|пояснив|пояснила|зазначив|зазначила|зазначає|підкреслив|підкреслила|наголосив|наголосила|"
    r"визнав|визнала|зізна(?:в|ла|єть)ся|згадує|стверджує|відповів|відповіла|написав|написала"
)
SAYS = (
    rf"{_STATES}|ask(?:ed|s)|continue[ds]|conclude[ds]|remember(?:ed|s)|laugh(?:ed|s)|smile[ds]|sigh(?:ed|s)|"
    r"fragte?|lachte?|erzählte?|ergänzte?|"
    r"спросил\w*|спрашивает|продолжил\w*|продолжает|отвечает|шутит|пошутил\w*|смеётся|смеется|"
    r"запитав|запитала|запитує|продовжив|продовжила|продовжує|відповідає|жартує|сміється"
)
"""Verbs that stand behind a quotation with who says it: "“I left,” laughs Anna Berg"."""
SPEECH = (
    rf"{_STATES}|told|tells|announced|promised|repeated|spoke|accused|call(?:ed|s)|describe[ds]|"
    r"объявил\w*|назвал\w*|назвав|назвала|виступив|обговорив|закликав|закликала"
)
"""Verbs that a quotation may follow."""
KOREAN_SPEECH = "말했|밝혔|전했|발표했|강조했|비판했"
ADVERBS = r"(?:(?:also|then|later|has|had|once|again|\w+ly)\s+){0,2}"
QUOTED = r"(?:^|[,–—-]|\s\s)\s*"
"""What stands before "said Anna Berg" where what she said is blanked."""
_ASIDE = r"(?:,\s[^,;:]{1,60},)?"
"""What is said of somebody between name and verb: ", 58,", ", who was there,"."""
_FIRM = r"\s+(?:that\s+)?(?:its\b|it\s+(?:will|would|ha[sd]|could|may|might|plan|expect|hope|intend))"
"""Behind a verb of speech: what speaks is no person."""
_SPEAKS = re.compile(rf"{_ASIDE}\s+{ADVERBS}(?:{SPEECH})\b(?!{_FIRM})")
_CLAUSE = re.compile(rf"(?:^|[,;:–—-]\s|\s\s)\s*(?:(?:but|while|as|when|because|although|where)\s+)?(?:{_RANK})?$")
_SAID_BY = re.compile(rf"{QUOTED}(?:{SAYS})\s+(?:{_RANK})?$")
_SOURCE = re.compile(
    r"(?:[Aa]ccording to|\b(?:given|announced|presented|confirmed|reported|published|described|explained) by)\s+"
    rf"(?:{_RANK})?$"
)
_NO_SURNAME = (
    r"(?:He|She|They|We|You|Who|This|That|These|Those|Which|There|Others|Some|Many|Most|Few|Both|Neither|Another|Nobody|"
    r"Somebody|Someone|Everyone|Everybody|Police|Staff|People|Women|Men|Parents|Mum|Dad|Er|Sie|Wir|Ich|Man|"
    r"Он|Она|Они|Мы|Кто|Полиция|Кремль|Суд|Власти|Правительство|Мэрия|Минобороны|Прокуратура|"
    r"Він|Вона|Вони|Ми|Хто|Поліція|Кремль|Влада|Уряд|Мерія|Міноборони|Генштаб)"
)
_LONE = re.compile(rf"(?<![\w’'-])(?!{_NO_SURNAME}\b){_WORD}(?<![sA-Z])(?![\w’'-]|\s\w+-?[A-Z])")
"""A word that may be a surname: no pronoun, no plural, no abbreviation."""


def persons(text: str) -> list[re.Match[str]]:
    """The people whom a text names, in order; "The", as the opening word of a sentence, is none."""
    found = [match for match in PERSON.finditer(text) if not _NO_PERSON.search(match[0]) and not _common(match[0])]
    return sorted([*found, *_KOREAN_PERSON.finditer(text)], key=lambda match: match.start())


def speaking(text: str) -> str | None:
    """Who speaks, right beside a verb of speech, in a text without its quotations; None where nobody or several do."""
    text = _without_opener(text)
    found = {_plain(each) for each in (*_singled(text), *_surnames(text)) if _speaks(text, each)}
    return found.pop() if len(found) == 1 else None


def subject(text: str, pronoun: re.Pattern[str] | None) -> str | None:
    """The person who opens a text, perhaps behind a role or "On Monday". Two capital words may name a ship or a firm:
    a title, a role, an age or "who" shows that they do not, or the `pronoun` that is to mean the person."""
    text = _without_opener(text)
    for match in _singled(text):
        lead, tail = text[: match.start()], text[match.end() :]
        if _is_korean(match):
            if tail.startswith(("은", "는", "이", "가")):
                return match[0]
        elif _OPENS.search(lead) and not _OF_SOMEBODY.search(lead) and not _SHARED.match(tail):
            shown = _is_titled(lead, match) or _TOLD_OF.match(tail) or (pronoun and pronoun.search(tail))
            return _plain(match) if shown else None
    return None


def _common(name: str) -> bool:
    return name.split()[0] in _OPENERS


def _is_korean(match: re.Match[str]) -> bool:
    return match.re is _KOREAN_PERSON


def _is_titled(lead: str, match: re.Match[str]) -> bool:
    return bool(_RANKED.search(lead) or _PERSONAL.search(_plain(match)))


def _without_opener(text: str) -> str:
    return _OPENER.sub(lambda found: " " * len(found[0]), text, count=1)


def _plain(match: re.Match[str]) -> str:
    """A name without whose or what it belongs to: "Finland’s President Alexander Stubb"."""
    return re.sub(r"^\w+[’']s\s+", "", match[0])


def _singled(text: str) -> list[re.Match[str]]:
    """The people named, without those whose something is named and those who are no person by their name."""
    return [
        each for each in persons(text) if not each[0].endswith(("’s", "'s", "s’", "s'")) and not _THING.search(each[0])
    ]


def _surnames(text: str) -> Iterator[re.Match[str]]:
    """Words that may be a surname alone: "Kirby" in "Kirby said"."""
    taken = [match.span() for match in PERSON.finditer(text)]
    for match in _LONE.finditer(text):
        inside = any(start <= match.start() < end for start, end in taken)
        if not (inside or _NO_PERSON.search(match[0]) or _common(match[0])):
            yield match


def _speaks(text: str, match: re.Match[str]) -> bool:
    """Whether it stands right before a verb of speech, where a clause begins, or right behind one, where a quotation
    ends; who is named as a source has a title."""
    lead, tail = text[: match.start()], text[match.end() :]
    if _OF_SOMEBODY.search(lead) or _SHARED.match(tail):
        return False
    before = _SPEAKS.match(tail) and _CLAUSE.search(lead)
    return bool(before or _SAID_BY.search(lead) or (_SOURCE.search(lead) and _is_titled(lead, match)))
