"""A light stemmer for Ukrainian, which Snowball has none for: inflectional endings only.

The reflexive ending goes, then the longest ending that leaves three letters, then what marks a past tense or infinitive
(with -ат, -ал and -ав of nouns, which can't be told from it: солдати, сказати); then the sounds that alternate inside a
stem (Київ, Києва; швидкість, швидкості; Америка, Америці) are brought to one form. It aims at one stem for the forms of
one word, not at roots.
"""

from __future__ import annotations

import re

_SHORTEST_STEM = 3
_REFLEXIVE = ("ся", "сь")

_VERBS = """
    уватимуть уватиме уються ують ує уємо уєте уючи уй юватимуть юватиме юються юють ює юємо юєте юючи
    атимуть атиме ятимуть ятиме итимуть итиме ають ає аємо аючи яють яє яємо
    ить имо ите іють іє їть уть ать ять ете емо еш єш
"""
_ADJECTIVES = """
    ого ому ої ою ий ій им ими их ьої ьою ього ьому ього її їй їх їм їми
    ований ована оване овані ованого ованому ованої ованою ованих ованим ованими
"""
_NOUNS = """
    а я о е є и і ї у ю ь й ами ями ах ях ам ям ів їв ей єю ею ою ові еві єві ом ем єм ією ії ія ію іям іями іях ям
    ова ову ови овою овим овами овам овах ов
"""
_ENDINGS = frozenset((_VERBS + _ADJECTIVES + _NOUNS).split())
_LONGEST_ENDING = max(map(len, _ENDINGS))

_PAST_OR_INFINITIVE = re.compile(r"(?<=....)(?:[ую]ва|[аяиіїу])[влт]$")
_ALTERNATIONS = (
    (re.compile(r"нн$"), "н"),
    (re.compile(r"(?<=..)[ії]ст$"), "ост"),
    (re.compile(r"(?<=.[^аеєиіїоуюя])ец$"), "ц"),
    (re.compile(r"(?<=..)єц$"), "йц"),
    (re.compile(r"(?<=.)[єї]в$"), "їв"),
    (re.compile(r"(?<=....)ов$"), ""),
    (re.compile(r"^рік$"), "рок"),
    (re.compile(r"(?<=.)ц$"), "к"),
)


def stem(word: str) -> str:
    """The stem of a case-folded Ukrainian word without apostrophes."""
    if len(word) > _SHORTEST_STEM + 2 and word.endswith(_REFLEXIVE):
        word = word[:-2]
    for cut in range(max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING), len(word)):
        if word[cut:] in _ENDINGS:
            word = word[:cut]
            break
    word = _PAST_OR_INFINITIVE.sub("", word)
    for pattern, replacement in _ALTERNATIONS:
        word = pattern.sub(replacement, word)
    return word
