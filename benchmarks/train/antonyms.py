"""Words that turn a question round, for making questions that a sentence does not answer."""

from __future__ import annotations

ANTONYMS_EN = """
first/last, largest/smallest, biggest/smallest, highest/lowest, most/least, more/less, before/after,
north/south, east/west, northern/southern, eastern/western, increase/decrease, increased/decreased,
increasing/decreasing, oldest/youngest, older/younger, early/late, earliest/latest, minimum/maximum, win/lose,
won/lost, begin/end, began/ended, start/end, started/stopped, born/buried, male/female, men/women, man/woman,
mother/father, wife/brother, husband/sister, son/daughter, king/queen, support/oppose, supported/opposed,
accept/reject, accepted/rejected, allow/forbid, allowed/forbidden, buy/sell, bought/sold, import/export,
long/short, longest/shortest, fast/slow, strong/weak, public/private, success/failure, upper/lower,
inside/outside, internal/external, open/close, opened/closed, joined/left, join/leave, founded/dissolved,
created/destroyed, build/demolish, built/demolished, major/minor, common/rare, best/worst, better/worse,
positive/negative, north-east/south-west, rise/fall, rose/fell, above/below, enemy/ally, attack/defend,
attacked/defended, majority/minority, rich/poor, winter/summer, spring/autumn, day/night, hot/cold, warm/cool,
ancient/modern, traditional/modern, domestic/foreign, urban/rural, left/right, daily/yearly, weekly/monthly,
gain/lose, gained/lost, arrive/depart, arrived/departed, city/village, president/secretary, album/film,
song/play, book/painting, river/mountain, island/desert, miles/litres, people/horses, percentage/number,
month/century, week/decade, university/hospital
"""
ANTONYMS_RU = """
первый/последний, первым/последним, первая/последняя, самый большой/самый маленький, больше/меньше, до/после,
родился/умер, родилась/умерла, северный/южный, восточный/западный, начался/закончился, началась/закончилась,
мужчин/женщин, мать/отец, основан/разрушен, основана/разрушена, старше/младше
"""


def _pairs(listed: str) -> dict[str, str]:
    """Return each word with its opposite, both ways."""
    pairs = [entry.strip().split("/") for entry in listed.replace("\n", " ").split(",")]
    return {word: other for one, two in pairs for word, other in ((one, two), (two, one))}


ANTONYMS = {"en": _pairs(ANTONYMS_EN), "ru": _pairs(ANTONYMS_RU)}
"""By language, each word with its opposite."""
