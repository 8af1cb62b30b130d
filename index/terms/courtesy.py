"""What people say around a question or a claim ("Hi all, does anyone know how many …?", "Is it true that …?")."""

from __future__ import annotations

import re
import unicodedata

from index.terms.follow_ups import ASKING
from index.terms.talk import without_talk

_GREETINGS = (
    "hi|hiya|hello|hey|howdy|good (?:morning|afternoon|evening|day)|greetings|excuse me|sorry",
    "dear(?= (?:all|bot|everyone|friends))",
    "hallo|moin|servus|guten (?:morgen|tag|abend)|grüß gott|entschuldigung",
    "привет|приветствую|здравствуй(?:те)?|здрась?те|добрый (?:день|вечер)|доброе утро|всем привет|извините|простите",
    "привіт|вітаю|доброго (?:дня|ранку|вечора)|добридень|добрий (?:день|вечір|ранок)|всім привіт|вибачте|перепрошую",
    "안녕하세요|안녕하십니까|안녕|실례합니다",
    "bonjour|bonsoir|salut|hola|buen[oa]s(?: d[ií]as| tardes| noches)?",
)
_ADDRESSED = (
    "bot|there|all|everyone|everybody|guys|folks|friends|team",
    "alle|zusammen|leute",
    "бот|все|всем|друзья|ребята|всі|всім|друзі",
    "여러분|봇",
)
_OPENERS = (
    "guys|idk|i have a question|quick q|can i ask|looking for info(?:rmation)?",
    "so|ok|okay|well|btw|please|pls|plz|q|question|quick question|just curious|any idea|wait|oh|uh|um+|h+m+|lol|haha",
    "according to (?:the|your) (?:articles?|sources?|news|papers?|reports?)",
    "bitte|frage|пожалуйста|вопрос|интересно|будь ласка|питання|цікаво",
    "leute|люди|народ|ребята?|пацаны|друзья|коллеги|соседи|слушайте|слушай|не в курсе",
    "шановні|панове|друзі|колеги|сусіди|хлопці|слухайте|слухай|не в курсі",
)
_REQUESTS = (
    "(?:can|could|would|will) (?:you|u|some(?:one|body)|any(?:one|body))(?: please| kindly)? (?:tell|remind) (?:me|us)",
    "(?:can|could) (?:you|u|some(?:one|body)|any(?:one|body))(?: please)? (?:check|find out|look up)",
    "(?:please |pls |plz |who (?:can|could) )?(?:tell|remind) (?:me|us)",
    "(?:does|do) (?:any(?:one|body)|some(?:one|body)|you|u|we|any of you)(?: here)?(?: happen to| already)?"
    " (?:know|remember)",
    "what (?:do|does|did) (?:the|your) (?:articles?|sources?|news|papers?|reports?) (?:say|tell|report)(?: about)?",
    "any(?:one|body) (?:knows?|remembers?)|do you have any idea|has it been (?:reported|said)",
    "(?:i|we)(?: would|['’]d) (?:like|love) to know|(?:i|we) (?:want|wanted|need) to (?:know|find out|ask)",
    "(?:i|we)(?: am|['’]m| are|['’]re)? (?:just )?(?:wonder|wondering|curious)",
    "(?:kann|kannst|können|könnt|könnte[nt]?|könntest)(?: du| ihr| sie| jemand| wer)?(?: mir| uns)?(?: bitte)?"
    " (?:sagen|verraten|erklären)",
    "(?:weiß|weiss|weißt|wisst|wissen)(?: zufällig| vielleicht| denn| eigentlich)*"
    "(?: jemand| wer| du| ihr| sie)(?: hier)?",
    "(?:sag|sagt|sagen sie)(?: mir| uns)?(?: bitte)?|ich (?:möchte|will|wollte|würde)(?: gerne?)? wissen",
    "(?:не )?(?:подскаж|скаж|напомн|расскаж)(?:и|ите|ете|ешь)(?:,? (?:мне|нам|пожалуйста))*",
    "кто[- ]?(?:нибудь|то) (?:знает|помнит|в курсе)|(?:вы )?(?:не )?знаете(?: ли вы)?|(?:ты )?(?:не )?знаешь",
    "(?:хочу|хотел(?:а|ось)? бы) (?:у?знать|спросить)|(?:не )?(?:можете|можешь|могли бы вы) (?:под)?сказать",
    "(?:чи )?(?:підкаж|скаж|нагада|розкаж)(?:и|іть|й|йте)(?:,? (?:мені|нам|будь ласка))*",
    "(?:чи )?(?:хтось|хто-небудь|хто) (?:знає|пам['’]ятає|в курсі)|(?:чи )?(?:ви |ти )?(?:не )?знає(?:те|ш)",
    "(?:хочу|хоті(?:в|ла|лося) би?) (?:знати|дізнатися|спитати|запитати)|(?:чи )?(?:можете|можеш) (?:під)?сказати",
    "(?:est-ce que )?(?:quelqu['’]un|vous|tu) (?:sait|savez|sais|peut me dire|pouvez me dire)|savez-vous|sais-tu|"
    "pouvez-vous me dire|je (?:voudrais|veux|cherche à) savoir",
    "¿?(?:alguien (?:sabe|puede decirme)|sabe alguien|sab[eé]is|sabes|me pued[eo]n? decir|quisiera saber|quiero saber)",
)
_CLAIMED = (
    "is it (?:really |actually )?(?:true|correct|right|the case) that|(?:did|have) you (?:hear|heard|know|read) that",
    "(?:i|we)(?: have|['’]ve)? (?:just )?(?:heard|read|saw|was told|were told) that",
    "(?:some people|people|they) say that|(?:someone|somebody|a friend|my \\w+) (?:says|said|claims|claimed) that",
    "stimmt es,? dass|ist es (?:wahr|richtig),? dass",
    "(?:это |а )?(?:правда|верно)(?: ли)?,? (?:что|будто)",
    "(?:чи )?(?:це )?(?:правда|вірно),? (?:що|ніби)",
)
_LABELS = (
    "fact[- ]?check(?: this)?",
    "(?:true|real|fact) or (?:false|fake|fiction)",
    "(?:fake|false) or (?:true|real|not)",
)
_TRUE = (
    "is (?:it|this|that) (?:really )?(?:true|correct|right|real|fake)|true or (?:false|fake)|fact or fiction",
    "stimmt das|ist das wahr|(?:это )?правда(?: ли это)?|(?:чи )?(?:це )?правда",
)
_SURELY = ("true|correct|right|oder|верно|так|вірно",)
_ASKING = (
    *ASKING.values(),
    "is|are|was|were|did|does|do|has|have|had|can|could|will|would",
    "wo\\w*|wie\\w*|чи|правда",
    "quand|combien|comment|pourquoi|qui|que|où|quel\\w*|est-ce|à quelle",
    "cu[aá]ndo|cu[aá]nt\\w*|c[oó]mo|d[oó]nde|qui[eé]n\\w*|qu[eé]|cu[aá]l\\w*|por qu[eé]|a qu[eé]",
)
_THANKS = (
    "(?:many )?thanks(?: in advance| a lot)?|thank you(?: very much| so much| in advance)?|thx|cheers",
    "vielen dank|danke(?: schön| im voraus)?|감사합니다|고맙습니다|고마워(?:요)?",
    "(?:заранее )?спасибо|спс|(?:наперед |щиро )?дякую|спасибі",
    r"merci(?: beaucoup)?|(?:muchas )?gracias(?! a\b)",
)
_SOURCE = ("(?:any )?(?:sources?|links?)|(?:источники?|ссылк[аиу])|(?:джерел[оа]|посилання)|quellen?|출처(?:는)?",)


_WHENCE = (
    "who (?:said|says|wrote|reported) (?:that|this|it|so)|says who",
    "where (?:is|was|does|did) (?:that|this|it)(?: come)? from|where (?:did|do) you (?:get|have) (?:that|this|it) from",
    "wer (?:sagt|schreibt) das|wer hat das (?:gesagt|geschrieben)|woher (?:ist|kommt|stammt) das",
    "кто (?:это )?(?:сказал|написал)(?: это)?|откуда (?:это|информация)",
    "хто (?:це )?(?:сказав|написав)(?: це)?|звідки (?:це|інформація)",
    r"출처가 (?:어디|뭐)\w*|누가 (?:그랬|그렇게 말했|말했)\w*",
)


def _any_of(phrases: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(phrases)})"


_QUESTION = rf"(?={_any_of(_ASKING)}\b)"
_PLEASE = (
    "please|pls|plz|exactly|lol|haha|bro|dude|btw|asap|actually|anyway|bitte|genau|пожалуйста|"
    "будь ласка|svp|stp|s['’]il (?:vous|te) pla[iî]t|por favor|porfa"
)
_SINCE = "right now|by now|so far|yet|at the moment"
_COURTESIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\A{_any_of(_THANKS)}(?=[^?]*\?)[\s,.!:;–—-]+",
        rf"\A{_any_of(_GREETINGS)}(?: {_any_of(_ADDRESSED)})?(?:\s*[,.!:;–—-]+\s*|\s*\n\s*|\s+{_QUESTION})",
        r"\A(?:https?://\S+\s+)+(?=\S)",
        rf"\A{_any_of(_OPENERS)}\b\s*[,:–—-]*\s*(?:(?:а|ну|и|і)\s+)?{_QUESTION}",
        rf"\A{_any_of(_REQUESTS)}\b(?: please)?\s*[,:–—-]*\s*(?:\b(?:if|whether|ob|si)\s+|{_QUESTION})",
        r"\A혹시\s+",
        rf"\A{_any_of(_CLAIMED)}\s+",
        rf"\A{_any_of(_LABELS)}\s*[:?–—-]\s*",
        rf"(?<=[\w\"”»)][,.!;–—-])\s+{_any_of(_TRUE)}\s*\?[\s?!]*$",
        rf"(?<=[\w\"”»)],)\s+{_any_of(_SURELY)}\s*\?[\s?!]*$",
        r"(?<=[다라])는\s?(?:게|것이|거)\s?(?:사실|진짜|정말)(?:인가요|입니까|인가|이야|이에요|예요)?[\s.?!]*$",
        rf"\A@\w+[\s,:]+{_QUESTION}",
        rf"(?<=[?.!,;–—-])\s*{_any_of(_THANKS)}[\s.!]*$",
        rf"(?<=[?.!])\s*{_any_of(_SOURCE)}[\s.!?]*$",
        r"(?<=[?.!])(?:\s+(?:[#@]\w+|https?://\S+))+\s*$",
        r"(?<=\s)[:;=][’'-]?[)(DPp]+\s*$",
        rf"(?<![\s,])[\s,]+(?:{_PLEASE}|{_SINCE})(?=[\s.!?]*$)",
        r"(?<=\S)\s+(?:아시는|아는)\s(?:분|사람)(?:\s?(?:계신가요|계세요|있나요|있어요))?[\s.?!]*$",
        r"(?<=[지요까])\s*(?:좀\s+)?(?:(?:알려|말해)\s?(?:주세요|주실래요|주시겠어요|줘)|아세요|아시나요|"
        r"아시는 분(?:\s?(?:계신가요|있나요))?|궁금(?:합니다|해요))[\s.?!]*$",
    )
)
_REMINDED = re.compile(
    r"\A((?:who|what|which|where|how (?:many|much|long|old))\b"
    r"(?!.*\b(?:will|won['’]t|happen\w*|can|could|would|does?)\b).*?),?\s+again(?=[\s?!.]*\Z)",
    re.IGNORECASE,
)
"""Who asks "who won the election again?" has known it once; "who will win again?" asks for the next time."""
_SAID_ONLY = re.compile(rf"\A{_any_of((*_THANKS, *_GREETINGS))}(?!\w)", re.IGNORECASE)
_REACTIONS = (
    "ok|okay|great|nice(?: one)?|cool|wow|lol|(?:ha){2,}|good (?:bot|job|one|to know)|well done|perfect|awesome|"
    "brilliant|excellent|amazing|interesting|got it|i see|i knew it|understood|makes sense|yes|yep|yeah|no|nope|"
    "right|exactly|agreed",
    "alles klar|verstanden|gut|prima|super|ja|nein|genau|ach so|interessant",
    "класс|круто|понятно|ясно|да|нет|супер|отлично|ок|ага|точно|интересно|хороший бот",
    "клас|зрозуміло|так|ні|чудово|цікаво|добре|гарний бот",
    "네|아니요|좋아요|알겠습니다|그렇군요|ㅋ+|ㅎ+",
)
_REACTION = re.compile(rf"(?:\W*\b(?:{_any_of((*_REACTIONS, *_THANKS, *_ADDRESSED))})\b)+\W*", re.IGNORECASE)
_GREETED = re.compile(
    rf"\W*(?:{_any_of(_GREETINGS)})\b(?:\W+(?:{_any_of((*_GREETINGS, *_ADDRESSED))})\b)*\W*", re.IGNORECASE
)
_THANKED = re.compile(rf"\A{_any_of(_THANKS)}(?!\w)", re.IGNORECASE)
_THEN_ASKED = re.compile(rf"[.,!;:–—-]\s*(?:\w+ )?{_any_of(tuple(ASKING.values()))}\b", re.IGNORECASE)
_SOURCE_ASKED = re.compile(rf"\W*{_any_of((*_SOURCE, *_WHENCE))}\W*", re.IGNORECASE)
LONGEST_THANKS = 7
"""Words of a message that only thanks: "Thank you for the quick answer!"."""
MOST = 8
"""Courtesies that are taken off a message, one behind the other."""
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")
_PICTURES = 0x2190
"""Signs from arrows on are pictures; below are "°" and the like."""


def without_courtesy(text: str) -> str:
    """A message's question without greeting, request and thanks: what stands in the article is not "Hey bot". What is
    nothing else ("hello", "thanks") stays as it is."""
    asked = _without_signs(text)
    for _ in range(MOST):
        shorter = asked
        for pattern in _COURTESIES:
            shorter = pattern.sub("", shorter)
        shorter = _REMINDED.sub(r"\1", without_talk(shorter)).rstrip(" ,;–—-")
        if shorter == asked or not any(letter.isalnum() for letter in shorter):
            break
        asked = shorter
    return asked


def asks_nothing(text: str) -> bool:
    """Whether a message only greets or thanks: "hello", "Thanks, that helped!"."""
    return "?" not in text and bool(_SAID_ONLY.match(without_courtesy(text)))


def only_greets(text: str) -> bool:
    """Whether a message is nothing but a greeting: "Hi!", "Good morning everyone"."""
    return "?" not in text and bool(_GREETED.fullmatch(text))


def only_reacts(text: str) -> bool:
    """Whether a message says what people say of an answer and asks nothing: "Thanks, that helped!", "ok, great", a
    picture; not "Thanks. And when did it end"."""
    if "?" in text or not text:
        return False
    if not any(letter.isalnum() for letter in text) or _REACTION.fullmatch(text):
        return True
    thanks = len(text.split()) <= LONGEST_THANKS and _THANKED.match(without_courtesy(text))
    return bool(thanks) and not _THEN_ASKED.search(text)


def only_asks_source(text: str) -> bool:
    """Whether a message asks no more than where something that was said comes from: "source?", "who said that?"."""
    return bool(_SOURCE_ASKED.fullmatch(without_courtesy(text)))


def _without_signs(text: str) -> str:
    """Without white space, pictures (emoji) and quotation marks around it; all of it where there is nothing else."""
    kept = [place for place, sign in enumerate(text) if not (sign.isspace() or _is_picture(sign))]
    bare = text[kept[0] : kept[-1] + 1] if kept else text
    quoted = _QUOTED.fullmatch(bare)
    return quoted[1].strip() if quoted else bare


def _is_picture(sign: str) -> bool:
    joins = sign in ("\u200d", "\ufe0f")
    return joins or (ord(sign) >= _PICTURES and unicodedata.category(sign) in ("So", "Sk", "Cf"))
