"""Lines around an article that are not of it: bylines, credits, "read more", sharing and subscribing.

Conservative on purpose: a line goes only when the whole of it has the shape, and the end of a line only when it can be
nothing else, so that no sentence is ever lost. In English, Ukrainian, Russian, German, Korean, Chinese and Japanese.
"""

from __future__ import annotations

import re
from functools import cache

_LONGEST, _LONGEST_ENDS = 160, 400

_MORE = r"""
    (?:read\ (?:more|also|next|the\ full\ (?:story|article))|more\ on\ this(?:\ story)?
    |related(?:\ (?:articles?|stories|topics|links|coverage))?|see\ also|recommended(?:\ stories)?
    |you\ (?:may|might)\ also\ like|most\ read|click\ here
    |читайте?\ (?:также|ещ[её]|по\ теме|далее|також|ще|далі)|по\ теме|подробнее|детальніше
    |дивіться\ також|смотрите\ также|материалы\ по\ теме|матеріали\ (?:по|за)\ темою
    |lesen\ sie\ (?:auch|mehr)|mehr\ zum\ thema|auch\ interessant|weiterlesen
    |관련\ ?기사|더\ ?보기|相关(?:阅读|新闻|报道)|延伸阅读|阅读更多|関連記事)
    (?:\s*[:：›»>→…].*)?
"""
_OTHERS = r"""
    (?:most\ (?:read|popular|viewed)|more\ on\ this\ (?:story|topic)|(?:read|see)\ also
    |related(?:\ (?:articles?|stories|news|posts|topics|links|coverage|content|reading))?
    |you\ (?:may|might)\ also\ like|recommended\ (?:stories|articles|reading|for\ you)|trending(?:\ (?:now|stories))?
    |meistgelesen(?:e\ artikel)?|lesen\ sie\ auch|mehr\ zum\ thema|auch\ interessant
    |(?:verwandte|ähnliche)\ (?:artikel|themen|beiträge)|das\ könnte\ sie\ auch\ interessieren
    |читайте?\ (?:также|ещ[её]|по\ теме|також|ще)|смотрите\ также|дивіться\ також
    |материалы\ по\ теме|(?:ещ[её]\ )?по\ теме|матеріали\ (?:по|за)\ темою|самое\ (?:читаемое|популярное)
    |найпопулярніше|найчитаніше|вам\ может\ быть\ интересно|вас\ може\ зацікавити
    |관련\ ?(?:기사|뉴스)|많이\ 본\ (?:기사|뉴스)|相关(?:阅读|新闻|报道)|延伸阅读|関連記事)\s*[:：]?
"""
_CALL = r"""
    (?:please\ )?(?:subscribe|sign\ up)(?:\ (?:now|today|here|to|for)\b[^.!?]{0,80})?[.!]?
    |(?:get|join)\ our\ (?:free\ )?(?:daily\ |weekly\ |morning\ )?newsletter[^.!?]{0,40}[.!]?
    |(?:share|tweet|print|email|bookmark|save)(?:\ (?:this|on|via|by)\b[^.!?]{0,40})?[.!:]?
    |(?:(?:share|tweet|e-?mail|print|copy\ link|facebook|twitter|whatsapp|telegram|linkedin|reddit|pinterest|messenger
    |bluesky|viber)(?:\s+|\s*[|·]\s*|$)){2,}
    |(?:follow|like|join|find)\ us\ (?:on|in|at)\b[^.!?]{0,60}[.!]?
    |click\ to\ (?:share|e-?mail|print|tweet)\b.{0,80}
    |you\ have\ (?:\d+|one|two|three|no)\ (?:more\ )?free\ (?:articles?|stories)\ (?:left|remaining)\b[^.!?]{0,40}[.!]?
    |already\ (?:a\ (?:subscriber|member)|subscribed|registered)\?\s*(?:(?:log|sign)\ in\b[^.!?]{0,30}[.!]?)?
    |comments?(?:\ (?:are\ )?(?:off|closed)|\ ?\(\d+\))?[.!]?|leave\ a\ (?:comment|reply)
    |advertisement|sponsored(?:\ content)?|skip\ (?:to\ (?:main\ )?content|advertisement)
    |listen\ to\ this\ article|\d+\ min(?:ute)?s?\ read|all\ rights\ reserved\.?
    |подпи(?:сывайтесь|шитесь)\b[^.!?]{0,80}[.!]?|підпи(?:суйтесь|суйтеся|шіться)\b[^.!?]{0,80}[.!]?
    |поделиться(?:\ [^.!?]{0,40})?[.!:]?|поділи(?:тися|тись)(?:\ [^.!?]{0,40})?[.!:]?
    |(?:следите\ за\ нами|стежте\ за\ нами)\ (?:в|у|на)\b[^.!?]{0,60}[.!]?
    |комментари(?:и|ев)(?:\ ?\(\d+\))?|коментар(?:і|ів)(?:\ ?\(\d+\))?
    |реклама|объявление|оголошення
    |(?:newsletter\ abonnieren|abonnieren\ sie\b[^.!?]{0,80})[.!]?|(?:artikel\ )?teilen|anzeige|werbung
    |folgen\ sie\ uns\ (?:auf|bei)\b[^.!?]{0,60}[.!]?|kommentare(?:\ ?\(\d+\))?
    |뉴스레터\ 구독[^.!?]{0,30}|구독하기|공유하기|광고
    |订阅[^。！？]{0,20}|分享(?:到[^。！？]{0,20})?|广告|シェアする?
"""
_CREDIT = r"""
    \(?(?:(?:file\ )?photos?(?:graph)?|images?|pictures?|(?:photo|image|picture)\ credits?|credits?
    |illustration|video|фото|снимок|иллюстрация|ілюстрація|видео|відео|foto|bild|bildquelle|fotos
    |사진|사진\ ?제공|图片来源|图|图源|图片|摄影|写真)
    (?:\ by|\ ?[:：=/©|]|\ courtesy\ of|\ von)\s*[^.!?。！？]{1,80}\)?\.?
"""
_AGENCY = r"""(?:getty(?:\ images)?|reuters|afp|ap(?:\ photo)?|epa(?:-efe)?|dpa|pa\ (?:media|wire)|alamy|shutterstock
    |istock|imago\ images|picture[\ -]alliance|тасс|риа\ новости|уніан|укрінформ|연합뉴스|뉴시스|뉴스1|新华社)"""
_AGENCIES = rf"{_AGENCY}(?:\s*(?:/|\||,|\ via\ )\s*{_AGENCY}){{0,3}}(?:\s*/\s*(?:file|файл|archiv|архив|архів))?"
_IMPRINT = r"""
    (?:copyright|©|\(c\))\s*.{0,100}|무단\ ?전재.{0,40}|(?:责任)?编辑\s*[:：].{1,20}
    |(?:published|updated|posted|last\ updated|last\ modified|опубликовано|обновлено|опубліковано
    |оновлено|veröffentlicht|aktualisiert|입력|수정|发布时间|更新时间)
    \s*(?:on\b|at\b|am\b|[:：])?\s*[^.!?。]{0,30}\d[^!?。]{0,30}
    |(?:(?:first|originally)\ published|zuletzt\ aktualisiert|последнее\ обновление|останнє\ оновлення)
    \s*[:：]\s*[^.!?。]{0,30}\d[^!?。]{0,30}
    |(?:tags?|filed\ under|posted\ in|schlag(?:worte|wörter)|теги|метки|мітки|태그|标签)\s*[:：]\s*[^.!?]{1,120}
"""
_CAPITAL = r"[^\W\d_a-zа-яіїєґёäöüß]"
_NAME = rf"(?:{_CAPITAL}['’]?[\w'’.-]*)"
_NAMES = rf"{_NAME}(?:\ {_NAME}){{0,3}}(?:(?:,|\ and|\ &|\ und|\ и|\ та|\ і)\ {_NAME}(?:\ {_NAME}){{0,3}}){{0,4}}"
_BYLINE = rf"""
    (?:(?:By|Text\ by|Written\ by|Reported\ by|Von|Par)\ |(?:Author|Автор|Автори|Авторы|Autor|Text)\s*:\s*)
    {_NAME}(?:\ {_NAME}){{1,3}}(?:(?:,|\ and|\ und|\ и|\ та|\ і|\ &)\ {_NAME}(?:\ {_NAME}){{0,3}}){{0,4}}
    (?:\s*[|·•–—/,]\s*[^.!?]{{1,50}})?
    |[가-힣]{{2,4}}\ ?기자(?:\s+\S+@\S+)?
    |(?:记者|作者|撰文)\s*[:：]?\s*[\u4e00-\u9fff·]{{2,12}}
"""
_DESK = rf"""(?i:(?:additional\ )?(?:reporting|writing|editing)(?:\ and\ (?:reporting|writing|editing))?\ by)
    \ {_NAMES}(?:\ in\ {_NAMES})?"""
_OWNER = rf"(?:{_NAME}|dpa|epa|imago)"
_LINK = r"""(?:(?:read|see)\ (?:more|also)|lesen\ sie\ (?:auch|mehr)|mehr\ zum\ thema
    |читайте\ (?:также|ещ[её]|по\ теме|також|ще)|관련\ ?기사)"""
_END = rf"""
    (?i:{_LINK})\s?[:：]\s.{{3,120}}
    |\[(?:…|\.\.\.)\]
    |(?i:continue\ reading|читать\ далее|читати\ далі)(?:[\s:…→“"«].{{0,120}}(?<![.!?]))?
    |\(?(?i:(?:file\ )?photos?(?:graph)?\ by\ |(?:(?:file\ )?photos?(?:graph)?|images?|pictures?
    |(?:photo|image|picture)\ credits?|фото|fotos?|bild|사진)\ ?[:：©/]\s*)
    {_OWNER}(?:(?:\s*[/|]\s*|,\ |\ (?:(?:von|van|de|for|via|and|und)\ )?){_OWNER}){{0,6}}\)?\.?
    |(?i:credits?)\ ?[:：]\s*{_NAME}(?:(?:\s*/\s*|\ ){_NAME}){{1,3}}
    |[—–(-]*\s*{_DESK}(?:[;,.]\s*{_DESK}){{0,3}}[.)]*
    |(?i:follow)\ (?:{_NAME}\ ){{1,5}}on\ (?:WhatsApp|Facebook|Instagram|Twitter|X|Telegram|YouTube|TikTok|Bluesky)\b
    [^.!?]{{0,80}}[.!]?
    |(?i:click\ here\ to\ (?:sign\ up|subscribe|join|read|follow))\b[^.!?]{{0,100}}[.!]?
    |(?i:klicken\ sie\ hier,\ um)\b[^.!?]{{0,60}}\ (?:abonnieren|anzumelden|weiterzulesen)[.!]?
    |(?i:(?:what\ do\ you\ think\?\s+)?(?:have\ your\ say|let\ us\ know|tell\ us|share\ your\ (?:thoughts|views?)))\b
    [^.!?]{{0,60}}\bin\ the\ comments?(?:\ section)?(?:\ below)?[.!]?
    |(?i:\((?:ends|ende|конец|кінець|끝)\)|-+\s?ends\s?-+)
"""
"""What an article's own sentence does not look like, so that it goes at the end of a line as well."""
_SENTENCE_END = re.compile(r"(?:(?<=[.!…\]])|(?<=[.!?…][)\"”»]))\s+(?=\S)")
_PART_END = re.compile(rf"{_SENTENCE_END.pattern}|\s\|\s")


def is_boilerplate(line: str) -> bool:
    """Whether a trimmed line is boilerplate wherever it stands; a line without a letter or a figure is, too."""
    if len(line) > _LONGEST:
        return False
    if not any(map(str.isalnum, line)) or _is_shape(line):
        return True
    parts = _PART_END.split(line)
    return len(parts) > 1 and all(map(_is_shape, parts))


def boilerplate_end(line: str) -> int:
    """Where the boilerplate begins that a trimmed line ends with, behind a sentence; the line's length without any."""
    begins = len(line)
    for start in reversed([found.end() for found in _SENTENCE_END.finditer(line, max(0, begins - _LONGEST_ENDS))]):
        if not _end().fullmatch(line[start:begins].rstrip()):
            break
        begins = start
    return begins


def heads_other_articles(line: str) -> bool:
    """Whether a trimmed line is the heading of a list of other articles: "Most read", "More on this story"."""
    return len(line) <= _LONGEST and _others().fullmatch(line) is not None


def may_be_byline(line: str) -> bool:
    """Whether a trimmed line is a byline if it stands at the head or the foot of an article."""
    return len(line) <= _LONGEST and _byline().fullmatch(line) is not None


def _is_shape(part: str) -> bool:
    return _shape().fullmatch(part) is not None or _end().fullmatch(part) is not None


@cache
def _shape() -> re.Pattern[str]:
    """Compiled when an article is first read, so that asking does not wait for it; so are the others."""
    shapes = (_MORE, _OTHERS, _CALL, _CREDIT, _AGENCIES, _IMPRINT)
    return re.compile("|".join(f"(?:{shape})" for shape in shapes), re.VERBOSE | re.IGNORECASE)


@cache
def _others() -> re.Pattern[str]:
    return re.compile(_OTHERS, re.VERBOSE | re.IGNORECASE)


@cache
def _end() -> re.Pattern[str]:
    return re.compile(_END, re.VERBOSE)


@cache
def _byline() -> re.Pattern[str]:
    return re.compile(_BYLINE, re.VERBOSE)
