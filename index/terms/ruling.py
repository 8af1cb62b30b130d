"""Headings that rule on what stands under them: "rub the eye" under "Don't" says the opposite of what it says alone."""

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


def rules(heading: str) -> bool:
    """Whether a heading permits, demands or forbids what stands under it."""
    return bool(_RULES.fullmatch(heading))
