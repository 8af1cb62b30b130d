"""The data sets behind the trained files, with their origins and licences."""

from __future__ import annotations

ENGLISH_SETS: tuple[dict[str, str], ...] = (
    {
        "name": "SQuAD 2.0, training articles, as minimal pairs (UnAnsQ)",
        "origin": "haichao592/UnAnsQ (Zhu et al., ACL 2019)",
        "licence": "CC BY-SA 4.0",
    },
    {"name": "SQuAD, training articles", "origin": "Rajpurkar et al. 2016, 2018", "licence": "CC BY-SA 4.0"},
    {
        "name": "SQuAD 2.0, first eight titles of half of the development set",
        "origin": "Rajpurkar, Jia, Liang 2018",
        "licence": "CC BY-SA 4.0",
    },
    {"name": "SquadShifts, Wikipedia", "origin": "Miller et al. 2020", "licence": "CC BY 4.0"},
    {"name": "SelQA, development part", "origin": "emorynlp/selqa (Jurczyk, Zhai, Choi 2016)", "licence": "Apache-2.0"},
    {"name": "TyDi QA, gold passages", "origin": "Clark et al. 2020", "licence": "Apache-2.0"},
)
OWN_SET = {
    "name": "questions as people ask them, over invented texts",
    "origin": "benchmarks/train/own",
    "licence": "Apache-2.0",
}
LANGUAGE_SETS: tuple[dict[str, str], ...] = (
    {"name": "PQuAD (fa)", "origin": "AUT-NLP/PQuAD", "licence": "CC BY-SA 4.0"},
    {"name": "HeQ (he)", "origin": "NNLP-IL", "licence": "CC BY 4.0"},
    {"name": "JaQuAD (ja)", "origin": "SkelterLabsInc/JaQuAD", "licence": "CC BY-SA 3.0"},
    {"name": "JSQuAD (ja)", "origin": "yahoojapan/JGLUE", "licence": "CC BY-SA 4.0"},
    {"name": "PIAF (fr)", "origin": "etalab-ia/piaf", "licence": "MIT"},
    {"name": "Turkish SQuAD (tr)", "origin": "okanvk", "licence": "MIT"},
    {"name": "DRCD (zh-Hant)", "origin": "DRCD", "licence": "CC BY-SA 3.0"},
    {"name": "CMRC 2018 (zh)", "origin": "CMRC 2018", "licence": "CC BY-SA 4.0"},
    {
        "name": "SQuAD 2.0 in Finnish, ten training articles",
        "origin": "TurkuNLP",
        "licence": "Apache-2.0 over CC BY-SA 4.0",
    },
    {"name": "ARCD (ar)", "origin": "ARCD", "licence": "MIT"},
    {"name": "FaQuAD (pt)", "origin": "FaQuAD", "licence": "CC BY 4.0"},
    {"name": "MLQA, development part (vi)", "origin": "MLQA", "licence": "CC BY-SA 3.0"},
    {"name": "NorQuAD (no)", "origin": "NorQuAD", "licence": "CC0"},
    {
        "name": "AfriQA (nine African languages to English and French)",
        "origin": "masakhane-io/afriqa",
        "licence": "CC BY 4.0",
    },
)
