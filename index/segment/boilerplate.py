"""Lines around an article that are not of it: bylines, credits, "read more", sharing and subscribing.

Conservative on purpose: a line goes only when the whole of it has the shape, so that no sentence is ever lost. In
English, Ukrainian, Russian, German, Korean, Chinese and Japanese.
"""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 160

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
_CALL = r"""
    (?:please\ )?(?:subscribe|sign\ up)(?:\ (?:now|today|here|to|for)\b[^.!?]{0,80})?[.!]?
    |(?:get|join)\ our\ (?:free\ )?(?:daily\ |weekly\ |morning\ )?newsletter[^.!?]{0,40}[.!]?
    |(?:share|tweet|print|email|bookmark|save)(?:\ (?:this|on|via|by)\b[^.!?]{0,40})?[.!:]?
    |(?:follow|like|join|find)\ us\ (?:on|in|at)\b[^.!?]{0,60}[.!]?
    |comments?|advertisement|sponsored(?:\ content)?|skip\ (?:to\ (?:main\ )?content|advertisement)
    |listen\ to\ this\ article|\d+\ min(?:ute)?s?\ read|all\ rights\ reserved\.?
    |подпи(?:сывайтесь|шитесь)\b[^.!?]{0,80}[.!]?|підпи(?:суйтесь|суйтеся|шіться)\b[^.!?]{0,80}[.!]?
    |поделиться(?:\ [^.!?]{0,40})?[.!:]?|поділи(?:тися|тись)(?:\ [^.!?]{0,40})?[.!:]?
    |реклама|объявление|оголошення
    |(?:newsletter\ abonnieren|abonnieren\ sie\b[^.!?]{0,80})[.!]?|(?:artikel\ )?teilen|anzeige|werbung
    |뉴스레터\ 구독[^.!?]{0,30}|구독하기|공유하기|광고
    |订阅[^。！？]{0,20}|分享(?:到[^。！？]{0,20})?|广告|シェアする?
"""
_CREDIT = r"""
    \(?(?:(?:file\ )?photos?(?:graph)?|images?|pictures?|(?:photo|image|picture)\ credits?|credits?
    |illustration|video|фото|снимок|иллюстрация|ілюстрація|видео|відео|foto|bild|bildquelle|fotos
    |사진|사진\ ?제공|图片来源|图|图源|图片|摄影|写真)
    (?:\ by|\ ?[:：=/©|]|\ courtesy\ of|\ von)\s*[^.!?。！？]{1,80}\)?\.?
"""
_IMPRINT = r"""
    (?:copyright|©|\(c\))\s*.{0,100}|무단\ ?전재.{0,40}|(?:责任)?编辑\s*[:：].{1,20}
    |(?:published|updated|posted|last\ updated|last\ modified|опубликовано|обновлено|опубліковано
    |оновлено|veröffentlicht|aktualisiert|입력|수정|发布时间|更新时间)
    \s*(?:on\b|at\b|am\b|[:：])?\s*[^.!?。]{0,30}\d[^!?。]{0,30}
"""
_NAME = r"(?:[^\W\d_a-zа-яіїєґёß]['’]?[\w'’.-]*)"
_BYLINE = rf"""
    (?:(?:By|Text\ by|Written\ by|Reported\ by|Von|Par)\ |(?:Author|Автор|Автори|Авторы|Autor|Text)\s*:\s*)
    {_NAME}(?:\ {_NAME}){{1,3}}(?:(?:,|\ and|\ und|\ и|\ та|\ і|\ &)\ {_NAME}(?:\ {_NAME}){{0,3}}){{0,4}}
    (?:\s*[|·•–—/,]\s*[^.!?]{{1,50}})?
    |[가-힣]{{2,4}}\ ?기자(?:\s+\S+@\S+)?
    |(?:记者|作者|撰文)\s*[:：]?\s*[\u4e00-\u9fff·]{{2,12}}
"""


def is_boilerplate(line: str) -> bool:
    """Whether a trimmed line is boilerplate wherever it stands; a line without a letter or a figure is, too."""
    if len(line) > _LONGEST:
        return False
    return _shape().fullmatch(line) is not None or not any(map(str.isalnum, line))


def may_be_byline(line: str) -> bool:
    """Whether a trimmed line is a byline if it stands at the head or the foot of an article."""
    return len(line) <= _LONGEST and _byline().fullmatch(line) is not None


@cache
def _shape() -> re.Pattern[str]:
    """Compiled when an article is first read, so that asking does not wait for it."""
    return re.compile(
        "|".join(f"(?:{shape})" for shape in (_MORE, _CALL, _CREDIT, _IMPRINT)), re.VERBOSE | re.IGNORECASE
    )


@cache
def _byline() -> re.Pattern[str]:
    return re.compile(_BYLINE, re.VERBOSE)
