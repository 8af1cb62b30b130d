"""What is allowed and what must be: headings that rule on what stands under them ("rub the eye" under "Don't" says the
opposite of what it says alone), questions for it and sentences that say it."""

from __future__ import annotations

import re

_RULING = (
    r"(?:please\s+)?(?:do|dos|do['’]s|don['’]?ts?|do not|never|always|avoid|not allowed|allowed|permitted|forbidden|"
    r"prohibited|banned|leave at home|bring|don['’]t bring|yes|no)",
    r"(?:(?:foods?|drinks?|things?|items?|activities)\s+)?(?:to avoid|not to \w+)",
    r"(?:(?:foods?|drinks?|things?|items?|activities)\s+)?(?:that are )?(?:not )?(?:allowed|safe)",
    r"(?:what|things) (?:is|are|you (?:can|may|must|should)) ?(?:not|never)?(?: \w+)?(?: allowed| forbidden)?",
    r"what not to \w+|you (?:can|may|must|should)(?: not|n['’]t)|do and don['’]t|please don['’]t",
    r"(?:bitte\s+)?(?:nicht|nie|erlaubt|nicht erlaubt|verboten|vermeiden|zu vermeiden|das geht nicht)",
    r"нельзя|можно|запрещено|запрещается|не допускается|разрешено|разрешается|избегайте|никогда|чего не делать",
    r"не можна|можна|заборонено|забороняється|дозволено|дозволяється|уникайте|ніколи|чого не робити",
    r"interdit(?:s|e|es)?|autorisé(?:s|e|es)?|à éviter|à ne pas faire|prohibido|permitido|evitar|no hacer",
    r"금지(?:\s?사항)?|허용(?:\s?사항)?|하지 마세요|해도 됩니다",
)
_RULES = re.compile(rf"\W*(?:{'|'.join(_RULING)})\W*", re.IGNORECASE)

_MAY = r"(?:allowed|permitted|ok|okay|banned|forbidden|required|compulsory|mandatory)"
_ASKS = re.compile(
    r"\W*(?:(?:so|and|but|hi|if [^,?]{3,60}),?\s+)?(?:can|could|may|must|should|shall|am i allowed|"
    r"is it (?:ok|okay|allowed|possible|all right|alright|fine)|(?:is|are) [^?]{2,50} " + _MAY + r"|"
    r"do (?:i|we|you|they|\w+) (?:have|get) to|do (?:i|we|you|they) need|does [^?]{2,40} have to|need i)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:(?-i:may)|must|can|cannot|not|only|prohibited|needs?|unless|except|welcome|free to|never|no|"
    + _MAY
    + r")\b|n['’]t\b",
    re.IGNORECASE,
)


def asks_what_is_allowed(question: str) -> bool:
    """Whether an English question asks what one may or must do."""
    return bool(_ASKS.match(question))


def says_what_is_allowed(sentence: str) -> bool:
    """Whether an English sentence may say what one may or must do."""
    return bool(_SAYS.search(sentence))


def rules(heading: str) -> bool:
    """Whether a heading permits, demands or forbids what stands under it."""
    return bool(_RULES.fullmatch(heading))
