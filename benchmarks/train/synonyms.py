"""The same question in other words, by rule: what is asked stays the same, so its label stays as well.

Reading sets copy their questions' words from the sentence that answers; people who ask do not. Words are exchanged for
others of the same form and meaning, the opening of a question for another opening, and a full name for its last part.
The groups were written for this project.
"""

from __future__ import annotations

import random
import re

_GROUPS = """
begin start commence | began started commenced | begun started commenced
end finish conclude | ended finished concluded
build construct erect | built constructed erected | buy purchase acquire | bought purchased acquired
get obtain receive gain | got obtained received gained | show display exhibit | shown displayed exhibited
help assist aid | helped assisted aided | make produce create | made produced created manufactured
choose select pick | chose selected picked | chosen selected picked | happen occur | happened occurred
need require | needed required | use employ utilize | used employed utilized | reject refuse
rejected refused | allow permit | allowed permitted | stop halt cease | stopped halted ceased
try attempt | tried attempted | leave depart | left departed | release publish issue | released published issued
write author pen | wrote authored penned | written authored penned | establish found create
established founded created | discover find | discovered found | defeat beat | defeated beaten vanquished
destroy demolish wreck | destroyed demolished wrecked | attack assault | attacked assaulted
increase rise grow | increased risen grown | decrease drop | decreased dropped | keep retain
kept retained | relocate move | relocated moved | died perished | live reside dwell | lived resided dwelt
hold host | held hosted | lead head | led headed | give grant | given granted | gave granted | send dispatch
sent dispatched | join enter | joined entered | killed slain | called named termed | located situated
elected chosen | appointed named | considered regarded | completed finished | introduced launched
invented devised | closed shut | seized captured | ordered commanded | hired recruited
fired dismissed sacked | resigned quit | wounded injured hurt | injured wounded hurt | rescued saved
arrested detained | accused charged | convicted condemned | banned forbidden prohibited | ban prohibit forbid
collapsed fell crashed | crashed collided | agreed consented | announced declared | said stated claimed
believe think | believed thought | want desire | wanted desired | call term name | earn make
earned made | spend pay | worth valued | contain hold include
contains holds includes | consist comprise | depict portray show | depicted portrayed shown | direct helm
directed helmed | perform play | performed played | teach instruct | taught instructed | raise lift
country nation state | countries nations states | city town | cities towns | author writer | authors writers
film movie picture | films movies pictures | car automobile vehicle | cars automobiles vehicles
job occupation profession | jobs occupations professions | money funds cash | war conflict | wars conflicts
people persons individuals | inhabitants residents | residents inhabitants | kids children | children kids youngsters
doctor physician | doctors physicians | ship vessel boat | ships vessels boats | company firm business
companies firms businesses | area region zone | areas regions zones | kind type sort | kinds types sorts
goal aim purpose objective | goals aims objectives | reason cause | reasons causes | result outcome consequence
results outcomes consequences | leader head chief | leaders heads chiefs | soldiers troops servicemen | soldier fighter
king monarch ruler | kings monarchs rulers | illness disease ailment | diseases illnesses ailments
home house residence | homes houses residences | number amount quantity | place location site spot
places locations sites spots | beginning start outset | part portion section | parts portions sections
teacher instructor | teachers instructors | student pupil | students pupils | land territory | law statute act
laws statutes | group band | song tune track | songs tunes tracks | album record | plane aircraft airplane
planes aircraft airplanes | prison jail | murder killing | victory win triumph | battle combat
newspaper paper daily | language tongue | languages tongues | religion faith | religions faiths
wife spouse | husband spouse | bridge crossing span | road highway street | river stream waterway | sea ocean
mountain peak mount | forest woods | building structure edifice | buildings structures | church | team side squad
teams sides squads | player athlete | players athletes | game match | games matches | prize award honor
prizes awards honors | scientist researcher | scientists researchers | theory idea concept | theories ideas concepts
method technique approach | methods techniques approaches | difference distinction | differences distinctions
advantage benefit | advantages benefits | problem issue trouble | problems issues troubles | danger hazard risk
police officers | government authorities administration | minister official | army military forces | rebels insurgents
weapon arm | weapons arms | agreement deal accord pact | treaty pact accord | meeting gathering assembly
election vote poll | elections polls | protest demonstration | protests demonstrations | earthquake quake tremor
storm tempest | fire blaze | flood deluge | explosion blast | accident crash mishap | victims casualties
death passing demise | birth | price costs expenses | income revenue earnings | tax levy duty | share
amount sum quantity | growth rise expansion | decline fall drop | speed pace velocity | height elevation | weight
width breadth | length | age | era period age | period era time | century | origin source | name title | nickname
big large huge | biggest largest greatest | small little tiny | smallest littlest tiniest | famous renowned celebrated
important significant major | main primary principal chief | old ancient aged | oldest earliest | new recent
newest latest | fast quick rapid swift | fastest quickest | difficult hard tough | easy simple | wealthy rich affluent
common usual frequent | commonly usually frequently | rare uncommon | entire whole complete | annual yearly
annually yearly | approximately roughly | initially originally first | currently presently now | mostly mainly
quickly rapidly swiftly | often frequently | primarily mainly chiefly | typically usually normally | total overall
correct right accurate | wrong incorrect mistaken | strong powerful | weak feeble | dangerous hazardous | safe secure
modern contemporary | foreign | previous prior former | previously formerly earlier
"""

_OPENINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"How many", ("What number of", "Exactly how many", "About how many")),
    (r"In what year", ("When", "In which year", "What year")),
    (r"What year", ("When", "In which year", "In what year")),
    (r"When (?=did|was|were|is|are|do|does)", ("On what date ", "At what point ", "In which year ")),
    (r"Where (?=did|was|were|is|are|do|does)", ("In what place ", "In which location ", "At which place ")),
    (r"Who (?=\w+ed\b|was|is|wrote|built|led|won|made)", ("Which person ", "What person ", "Who exactly ")),
    (r"Why (?=did|was|were|is|are|do|does)", ("For what reason ", "What was the reason that ", "How come ")),
    (r"How much", ("What amount of", "Roughly how much")),
    (r"How long", ("For how long", "For what length of time")),
    (r"How (?=did|was|were|is|are|do|does)", ("In what way ", "By what means ")),
    (r"What (kind|type|sort) of", ("What kind of", "What type of", "Which sort of")),
    (r"What is the name of", ("What do they call", "How is one to name")),
    (r"Which (?=\w)", ("What ",)),
    (r"What (?=\w+ (did|was|were|is|are))", ("Which ",)),
    (r"(?=\w)", ("Do you know: ", "Tell me: ", "I'd like to know: ")),
)

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+")


def _exchanges() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in _GROUPS.replace("\n", "|").split("|"):
        words = group.split()
        for word in words:
            found.setdefault(word, tuple(other for other in words if other != word))
    return {word: others for word, others in found.items() if others}


EXCHANGES = _exchanges()
"""Words, and what may stand in the place of each."""

WORD_RATE, OPENING_RATE, NAME_RATE = 0.6, 0.35, 0.25


def reworded(question: str, rng: random.Random) -> str:
    """The question in other words: some words, its opening or a long name exchanged; it may come back as it was."""

    def other(match: re.Match[str]) -> str:
        others = EXCHANGES.get(match[0])
        return rng.choice(others) if others and rng.random() < WORD_RATE else match[0]

    text = re.sub(r"\b[a-z]+\b", other, question)
    if rng.random() < NAME_RATE:
        text = _NAME.sub(lambda match: match[0].split()[-1], text, count=1)
    if rng.random() < OPENING_RATE:
        fitting = [(form, others) for form, others in _OPENINGS if re.match(form, text)]
        form, others = fitting[0] if fitting else ("$", ("",))
        start = rng.choice(others)
        text = re.sub(f"^{form}", lambda _: start, text, count=1)
    return text
