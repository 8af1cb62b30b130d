"""Words that end in a full stop without ending a sentence, by what may follow them.

Written for this project, for news in English, Ukrainian, Russian, German, Polish and their neighbours; everything else
is left to sentencex's own lists. All entries are case-folded and without the last full stop.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLOSED = _words(
    "mr mrs ms messrs mx dr drs prof cllr gen maj lt col capt sgt cpl pvt adm cmdr brig pfc gov sen rep reps sens "
    "lieut vs e.g i.e eg ie cf viz z.b d.h u.a s.o s.u v.a i.d.r u.u m.e o.ä bzw ggf evtl inkl exkl zzgl vgl sog ca "
    "etw insb bspw gegr geb gest т.е т.к т.н т.зв т.о в.о и.о н.э р.х c.à.d p.ej напр тов"
)
"""Never the end of a sentence."""

CLOSED_IN = {
    "de": _words("gem"),
    "pl": _words("tj tzn tzw np m.in in św ks śp inż mgr hab lic zob pw ds"),
}
"""The same in one language, of what means something else in others: "a gem. The ring"."""

OPEN = _words(
    # English: titles, companies, countries, places
    "cdr ens rev hon treas pte pres supt insp det msgr fr amb atty asst assoc dep mt ft u.s u.k u.n e.u u.s.a d.c "
    "u.a.e n.y l.a inc corp ltd co llc plc bros jr sr ph.d m.d b.a m.a b.sc m.sc "
    "esq st ave blvd rd sq dept univ govt mil et al etc lb lbs oz "
    # Ukrainian and Russian: ranks, offices, places that stand before a name
    "проф акад д-р ген полк подполк підполк майор-ген лейт кап адм им ім пр-т просп ул вул пл пер пров наб бульв обл "
    "гр г-н г-жа гос св о-в оз пос дер смт хут см див ред зам член-кор доц ст-та "
    # German
    "hr frl dipl ing med jur phil hl bgm fa"
)
"""May end a sentence: it does before a word that begins one (`STARTERS`)."""

OPEN_IN = {
    "fr": _words("bd av pl pr"),
    "it": _words("avv dott sig sigg geom rag arch ing on"),
    "pl": _words("ul al pl os im płk ppłk kpt por sierż tys woj pow gm rozdz red"),
}
"""The same in one language, of what means something else in others: "le bd. Hugo", "le Pr. Blanc", "3 tys. Polaków"."""

STREETS = _words("st ave blvd rd sq")
"""What an English address ends with; behind it a sentence begins more surely than behind others of `OPEN`."""

ENDING = _words(
    "т.д т.п т.ін др пр ін руб грн коп долл дол тыс тис млн млрд мин хв сек час чел чол экз прим кг км га эт пов шт "
    "usw u.s.w itd itp izq dcha"
)
"""Ends a sentence before any capital letter."""

NUMBERED = _words(
    "no nos nr p pp vol vols fig figs art arts sec ch chap par para pt ex eq approx ca est op cit v vv "
    "aprox s bd abs kap aufl abb tab ziff rn zi etg tel стр с рис табл п пп ст "
    "гл ч № т тт кв оф д буд корп стор розд гол тел арт вип мал godz ust poz kl"
)
"""Followed by more when the next word is a figure or a Roman numeral."""

NUMBERED_IN = {"pl": _words("ok lit cz")}
"""The same in one language: "ok. 350 zł"."""

NUMBERED_ENDINGS = ("str", "nr")
"""The same of words that end so: "Industriestr. 7", "Hausnr. 5"."""

BOUNDS = _words("max")
"""The same where it can be no name: in small letters, or as the first word of its sentence."""

WEEKDAYS = _words("mon tue tues wed thu thur thurs fri sat sun")
"""Followed by more before a day and its month."""

MONTHS = _words(
    "jan feb febr mar mär apr jun jul aug sep sept oct okt nov dec dez "
    "янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек січ лют бер берез квіт трав черв лип серп вер верес "
    "жовт лист листоп груд"
)
"""Followed by more beside a figure."""

YEARS = _words("г р гг рр r")
"""After a year: year; before a name: city, river."""

NO_ROUBLES = {"ru": _words("г гг"), "uk": _words("р рр")}
"""Those of them that are a year behind any four digits, by language."""

PREDICATES = {
    "ru": tuple(
        _words(
            "л ла ло ли лся лась лось лись ет ёт ит ют ут ат ят ется ётся ится ются утся атся ятся ть ться ан ана ано "
            "аны ен ена ено ены ён ят ята ято яты ыт ыта ыто ыты умер погиб мог смог вырос есть нет"
        )
    ),
    "uk": tuple(_words("в ла ло ли вся лася лося лися ть ться но то є помер міг зміг нема")),
    "pl": tuple(_words("ł ła ło ły li aje uje eje ają ują eją ano ono się jest są ma")),
}
"""What the predicate of a sentence may end with, by language; other words do too."""

NO_PREDICATES = _words("начала числа лет")

AFTER_AN_HOUR = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun january february "
    "march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov "
    "dec gmt utc bst est edt cst cdt mst mdt pst pdt cet cest eet eest et ct pt msk kst jst local eastern central "
    "pacific moscow kyiv"
)

STARTERS = _words(
    "the a an it its it's he she they we you i his her their our my this that these those there here in on at by for "
    "from with without after before since when while where why what who how which if although though because as and "
    "but or so yet however meanwhile also then now still not no yes all some many most more one two both each every "
    "another other others such only even once last next according officials police "
    "он она оно они мы вы я его её ее их это этот эта эти то тот та те там тут здесь в во на по при после до с со из "
    "за к ко у о об но а и или если когда пока где как что кто так также тем теперь затем потом однако при этом кроме "
    "поэтому ранее позже все всё многие некоторые "
    "він вона воно вони ми ви його її їх їхній це цей ця ці той та ті там тут у в на по при після до з зі із за від "
    "але а і й або якщо коли поки де як що хто так також тепер потім однак крім тому раніше пізніше всі усі деякі "
    "der die das den dem des ein eine einen einem einer er sie es wir ihr ich sein seine ihre ihr dies diese dieser "
    "dieses dort hier da in im an am auf bei für von vom mit ohne nach vor seit wenn während wo warum was wer wie "
    "welche falls obwohl weil als und aber oder doch jedoch auch dann nun jetzt nicht nein ja alle viele manche einige "
    "le la les un une des il elle ils elles nous vous je ce cette ces dans sur pour mais et el los las una ella ellos "
    "este esta pero y en por"
)
"""Words that begin a sentence far more often than they continue a name."""

ORDINAL_LANGS = _words("de lb da nb nn no is fi et lv cs sk sl hr bs sr hu tr pl")
"""Languages that write an ordinal as a figure and a full stop: "5. Mai"."""

COUNTED = _words(
    "minute mal spiel länderspiel tor sieg titel tag jahrestag geburtstag todestag sitzung ausgabe auflage folge "
    "etappe platz rang stelle weltrekord opfer"
)
"""German words before which a figure of more than two digits is an ordinal too: "in der 119. Minute"."""
MEASURES = frozenset("mghlм")
"""Units of one letter, behind which a sentence may end: "Hubble’s mirror measures 2.4 m."."""
