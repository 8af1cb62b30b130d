"""Sentences about nothing in particular: how alike a question is to what does not answer it.

Cosines of one question run higher than those of another whatever is asked about, and no two models have one scale. What
is above a question's usual likeness to these is worth a closer look.
"""

from __future__ import annotations

PASSAGES = (
    ("Bread", "Bread rises because yeast turns the sugar of the flour into gas, which the dough holds."),
    ("Town council of Marlow", "The committee postponed its decision on the new market hall until the autumn."),
    (
        "Ida Holm (painter)",
        "She painted the old harbour again and again in the last light of the day, as her teacher had done.",
    ),
    ("Violin", "A violin has four strings, which are usually tuned in perfect fifths from the G below middle C."),
    (
        "Northern Cable Company",
        "The company reported a loss of two million in the first quarter and said that it would close a factory.",
    ),
    (
        "Bird migration",
        "Geese fly in a wedge to save strength, and take turns at its head on the way to their winter quarters.",
    ),
    (
        "Railways of the Aldan valley",
        "In 1874 the first train reached the valley, eleven years after the line had been surveyed.",
    ),
    (
        "1994 cup final",
        "The goalkeeper saved a penalty in the final minute, and his team won the cup for the third time.",
    ),
    (
        "Electrical conductor",
        "Copper conducts electricity better than iron does, which is why most cables are made of it.",
    ),
    ("Tomas Reyl", "His second novel, published in 1931, tells of two brothers who never meet."),
    ("Weather in the Alps", "Heavy snow closed the pass on Sunday night, and some forty cars had to be dug out."),
    ("Tax reform act", "The bill was adopted by a narrow majority after a debate that lasted until the morning."),
    (
        "Geography of Skerry Island",
        "Most of the island is covered with pine forest, and its highest point lies 212 metres above the sea.",
    ),
    ("Vaccination", "A new vaccine protects nine out of ten children, according to a study with 4,000 families."),
    (
        "Museum of Clocks",
        "The museum keeps the largest collection of clocks in the country, the oldest of them from 1540.",
    ),
    ("Speed of light", "Light takes about eight minutes to travel from the Sun to the Earth."),
    ("Harbour Street accident", "Police are looking for witnesses of the accident, in which a cyclist was badly hurt."),
    (
        "Southern dynasties",
        "The dynasty ruled the southern provinces for three centuries, until the invasion from the north.",
    ),
    (
        "Languages of the tropics",
        "None of these languages has a word for snow, though some have borrowed one from sailors.",
    ),
    ("Dairy farming", "Farmers complain that the price of milk has fallen below what it costs them to produce it."),
    (
        "Sorting algorithm",
        "The algorithm compares neighbouring elements of the list and exchanges them if they are in the wrong order.",
    ),
    ("University of Ness", "Two thirds of the students passed the examination, more than in any year before."),
    (
        "List of bridges in Portugal",
        "The bridge was designed by an engineer from Porto, and carries two lanes and a footway.",
    ),
    (
        "Sea ice",
        "Salt water freezes at a lower temperature than fresh water, and the ice that forms is nearly free of salt.",
    ),
    ("State visit", "The president met the ambassadors of four countries and laid a wreath at the memorial."),
    (
        "Youth orchestra",
        "An orchestra of eighty young musicians opened the festival with a symphony that had never been played before.",
    ),
    ("Dengue fever", "The disease is spread by mosquitoes in warm and wet regions, and there is no cure for it."),
    ("Anton Mirek", "He was born in a village near the border, studied law in Vienna and died in exile."),
    (
        "Saint Anne's Church",
        "The church was rebuilt in brick after the fire of 1702, and its tower was added a century later.",
    ),
    ("Housing in the capital", "Rents in the capital have doubled within ten years, while incomes rose by a fifth."),
    ("Court of appeal", "A lawyer for the family said that they would appeal against the verdict."),
    ("Inland waterways", "The river is navigable for ships of 1,000 tonnes as far as the second lock."),
)
"""Title and sentence, on many topics, in the tone of encyclopedias and of news; written for this project."""
