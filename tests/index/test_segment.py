"""Sentences are found where a reader would find them, in six languages."""

import pytest

from index.segment import boilerplate, segment


def split(text: str, lang: str | None) -> list[str]:
    return [text[span.start : span.end] for span in segment(text, lang)]


# Each case is the sentences that a text of theirs, joined by spaces, must come apart into again.
WHOLE = {
    "initials": {
        "en": ["J. K. Rowling met George W. Bush in London.", "They talked."],
        "uk": ["Президент В. Зеленський заявив це.", "Т. Г. Шевченко писав вірші."],
        "ru": ["Президент В. Иванов заявил об этом.", "Дж. А. Гобсон писал о торговле."],
        "de": ["Der Autor J. R. Weber kam an.", "Dann sprach A. Schmidt."],
        "ko": ["J. K. 롤링이 서울에 왔다.", "기자들이 기다렸다."],
        "zh": ["J. K. 罗琳来到北京。", "记者在等她。"],
    },
    "titles": {
        "en": ["Maj. Gen. Pat Ryder met Dr. Smith and Lt. Col. Jones.", "Gov. Newsom and Sen. Cruz left."],
        "uk": ["Це сказав проф. Коваленко.", "Ген. Петренко був на вул. Хрещатик у м. Київ."],
        "ru": ["Об этом сказал проф. Смирнов.", "Театр им. Чехова стоит на ул. Ленина в г. Москва."],
        "de": ["Prof. Dr. Müller und Hr. Weber kamen.", "Dr. Weber sprach."],
        "ko": ["Dr. 김은 도착했다.", "그는 웃었다."],
        "zh": ["Dr. Wang 到了北京。", "他笑了。"],
    },
    "countries": {
        "en": ["The U.S. Army is based in Washington, D.C.", "He lives in the U.S.", "She does not."],
    },
    "dates": {
        "en": ["It began on Oct. 31 and ended on Sept. 5, 2024.", "Nobody came."],
        "uk": ["Це сталося 31 жовт. 2024 р. у Києві.", "Потім 5 груд. прийшла зима."],
        "ru": ["Это было 31 окт. 2024 г. в Москве.", "В 2024 г. Россия ушла.", "Потом пришла зима."],
        "de": ["Am 5. Mai kam die 3. Auflage heraus.", "Am 31. Oktober 2024 endete es.", "Es war 2024."],
        "ko": ["정부는 2024. 10. 31. 이를 발표했다.", "반응은 없었다."],
        "zh": ["2024年10月31日，政府宣布了。", "没有人来。"],
    },
    "units of one letter": {
        "en": [
            "Hubble’s mirror measures 2.4 m.",
            "Webb is larger.",
            "It took 3 h. 20 min. were lost.",
            "It cost $2 m.",
        ],
        "ru": ["Глубина достигает 15 м.", "Станция упала в м. 5."],
        "de": ["Der Turm misst 50 m.", "Berlin baut ihn."],
    },
    "ordinals of three digits": {
        "de": [
            "Merino traf in der 119. Minute zum 2:1.",
            "Es war das 150. Spiel.",
            "Es waren 250.",
            "Minister Meyer kam.",
        ],
    },
    "quotations that end inside": {
        "en": ["“It is over.” he said.", '"Stop!" she cried.', "“Why?” asked Ryder."],
        "uk": ["«Це кінець!» — сказав він.", "«Чому?» — запитала Олена."],
        "ru": ["«Это конец!» — сказал он.", "«Почему?» — спросила Елена."],
        "de": ["„Es ist vorbei!“, sagte er.", "„Warum?“ fragte sie."],
        "ko": ['"끝났다."라고 그는 말했다.', '"왜?"라고 그녀가 물었다.'],
        "zh": ["“结束了。”他说。", "“为什么？”她问道。"],
    },
    "quotations that close a sentence": {
        "en": ["He said: “It is over.”", "Then he left.", 'She said "no."', "He stayed."],
        "uk": ["Він сказав: «Це кінець!»", "Потім пішов."],
        "ru": ["Он сказал: «Это конец!»", "Потом ушёл."],
        "de": ["Er sagte: „Es ist vorbei.“", "Dann ging er."],
        "ko": ['그는 "끝났다."', "그리고 떠났다."],
        "zh": ["他说：“结束了。”", "「好。」", "然后他走了。"],
    },
    "marks of reference": {
        "en": ["They left France.[citation needed]", "Others stayed.[1][note 2]", "Why?[a]", "Dr.[b] Smith knew."],
        "uk": ["Вони пішли.[джерело?]", "Інші лишилися.[2]", "Ніхто не знав."],
        "ru": ["Это было давно.[источник?]", "Она осталась.[2]", "Никто не знал."],
        "de": ["Sie gingen.[wer?]", "Andere blieben.[1]"],
    },
    "ellipses": {
        "en": ["He paid... and left.", "Then came the news…", "Nobody was ready . . . for it."],
        "uk": ["Він думав… і мовчав.", "Далі було гірше…", "Ніхто не знав."],
        "ru": ["Он думал… и молчал.", "Дальше было хуже...", "Никто не знал."],
        "de": ["Er wartete… und schwieg.", "Dann kam die Nachricht...", "Niemand wusste es."],
        "ko": ["그는... 말이 없었다…", "아무도 몰랐다."],
        "zh": ["他想了想……没有说话。", "没有人知道。"],
    },
    "figures": {
        "en": ["See No. 5 on p. 12 and fig. 3.", "It costs $3.5 million, e.g. in Kyiv.", "10,000 soldiers came."],
        "uk": ["Див. рис. 5 на с. 12.", "Ціна 3,5 млн. грн. за тонну.", "10 000 солдатів прибули."],
        "ru": ["Рис. 5 на стр. 12 показывает это.", "Цена 3,5 млн. руб. за тонну.", "10 000 солдат прибыли."],
        "de": ["Siehe Nr. 5 und Abb. 3.", "Es kostet z. B. 3.500 Euro.", "8.000 Soldaten kamen."],
        "ko": ["3.5%가 증가했다.", "1만 2000명이 왔다."],
        "zh": ["增长了3.5%。", "来了1.2万人。"],
    },
    "no and numbers": {
        "en": [
            "Will he leave?",
            "No.",
            "I have signed until 2031.",
            "Bus No. 5 and bus No. B12 stop at berth No. IV in Halden.",
            "She said no.",
            "I stayed.",
        ],
    },
    "addresses": {
        "en": ["Go to https://example.org/a.b?c=d.e or write to a.b@example.org now.", "We answer."],
        "ru": ["Смотрите на https://example.org/a.b сегодня.", "Мы отвечаем."],
    },
    "abbreviations that end a sentence": {
        "uk": ["Там були яблука, груші і т. д.", "Потім прийшла осінь."],
        "ru": ["Там были яблоки, груши и т. д.", "Потом пришла осень."],
        "de": ["Dort gab es Äpfel usw.", "Der Herbst kam."],
        "en": ["He works for Acme Inc.", "The firm is old.", "It opens at 5 p.m.", "Guests came at 6 p.m. Monday."],
    },
    "addresses and offices": {
        "en": [
            "The motion of Cllr. Ann Poole failed.",
            "Pte. James Orr wrote to Hon. Treas. Mary Fell.",
            "Meet at 14 Oak Ave. on the left.",
            "We meet at 14 Oak Ave.",
            "Bring a torch.",
            "She lives at 14 Oak Ave. Elementary school is near.",
        ],
        "de": [
            "Die Fa. Müller sitzt in der Industriestr. 7 und in der Hausnr. 5.",
            "Fragen beantwortet Frau Seidl in Zi. 14, Etg. 3, Tel. 07245 33 oder Tel. +49 7245.",
        ],
        "fr": ["Selon le Pr. Blanc, du bd. Hugo, l'art. 5 est clair.", "Il est vieux."],
    },
    "bounds and days": {
        "en": [
            "Max. 30 people may come, for max. 5 pounds.",
            "It is on Sat. 7 March or Sun. March 8.",
            "I saw Max.",
            "30 came.",
        ],
        "es": ["Vinieron aprox. 30 personas.", "Aprox. 5 llegaron tarde."],
    },
    "hours, houses and what is about a figure": {
        "pl": [
            "Spotkanie odbędzie się o godz. 17 w szkole im. J. Tuwima przy ul. Polnej 4.",
            "Opłata wynosi ok. 350 zł, tj. 70 euro.",
            "Inwestor, np. Wicher, kupi stoły, krzesła itd.",
            "Mówi o tym art. 5 ust. 2 ustawy.",
            "Przyjechało 3 tys. Ukraińców, m. in. Kowal.",
            "Koniec o 17:30.",
            "Wstęp wolny.",
        ],
        "fr": ["Il ferme à 17 h.", "Il rouvre à 10 h 30.", "C'est peu."],
        "es": ["Abre de 9 a. m. a 2 p. m.", "Cierra el lunes.", "La sede está en el 2.º izq.", "Abre hoy."],
        "it": ["Lo dice l'avv. Bianchi di Roma.", "Il sig. Rossi tace."],
        "de": ["Gem. § 5 gilt das.", "Die 2. Mannschaft siegte mit 3:1.", "Tore schossen Beck und Kern."],
        "no": ["Det begynner kl. 13.30.", "Regnet kommer kl. 15."],
        "en": [
            "The plot has 90 sq. m.",
            "Owners pay for it.",
            "It was a gem.",
            "Then came § 5.",
            "It has 3 m.",
            "I'm sure.",
        ],
    },
    "years": {
        "pl": ["W 2025 r. Nowak odszedł.", "Jest nas mniej niż w 2010 r.", "Wnioski przyjmuje urząd."],
        "ru": [
            "По версии следствия, с марта 2021 г. по июль 2023 г. Мерзляков получил 6 млн руб.",
            "Следствие считает, что в 2021 г. Мерзляков взял ещё.",
            "Решением суда от 5 мая 2024 г. Мерзляков осуждён.",
            "Он родился в 2010 г.",
            "Мать умерла.",
            "Вход стоит 1500 р.",
            "Детям бесплатно.",
        ],
        "uk": [
            "За версією слідства, з березня 2021 р. по липень 2023 р. Мерзляков отримав 6 млн грн.",
            "Школу відкрито 2010 р.",
            "Директор задоволений.",
        ],
    },
    "numbers of paragraphs": {
        "ru": ["1.1. Правила утверждены.", "1.2. Взнос составляет 21 руб. за кв. м.", "Владельцы платят больше."],
        "en": ["2.1.3. Dogs are not allowed.", "Cats are."],
    },
    "and so on before a noun": {
        "de": ["Angenommen werden Altholz, Elektrogeräte usw.", "Autoreifen werden nicht angenommen."],
    },
    "kind endings": {
        "ko": ["내일 오세요~", "기다릴게요.", "감사합니다^^", "정오~ 3시까지 엽니다.", "토요~ 일요일은 쉽니다."],
    },
    "endings without other marks": {
        "ko": ["북한군이 러시아에 도착했다.", "그는 갔습니다.", "정말인가요?", "왔어요!"],
        "zh": ["朝鲜军队抵达俄罗斯。", "真的吗？", "是的！"],
    },
}
CASES = [(name, lang, given) for name, langs in WHOLE.items() for lang, given in langs.items()]


@pytest.mark.parametrize(("name", "lang", "given"), CASES, ids=[f"{name}-{lang}" for name, lang, _ in CASES])
def test_sentences_come_apart_where_a_reader_would_part_them(name: str, lang: str, given: list[str]):
    glue = "" if lang == "zh" else " "
    assert split(glue.join(given), lang) == given


@pytest.mark.parametrize(("name", "lang", "given"), CASES, ids=[f"{name}-{lang}" for name, lang, _ in CASES])
def test_a_sentence_on_a_line_of_its_own_stays_one(name: str, lang: str, given: list[str]):
    assert split("\n\n".join(given), lang) == given


@pytest.mark.parametrize(
    ("lang", "headline", "sentence"),
    [
        ("en", "North Korea sends troops to Russia", "About 10,000 soldiers have arrived."),
        ("uk", "КНДР відправила війська до Росії", "Прибуло близько 10 000 солдатів."),
        ("ru", "КНДР отправила войска в Россию", "Прибыло около 10 000 солдат."),
        ("de", "Nordkorea schickt Truppen nach Russland", "Etwa 10.000 Soldaten sind da."),
        ("ko", "북한, 러시아에 병력 파견", "약 1만 명이 도착했다."),
        ("zh", "朝鲜向俄罗斯派兵", "约一万名士兵已抵达。"),
    ],
)
def test_a_headline_is_a_sentence_of_its_own(lang: str, headline: str, sentence: str):
    assert split(f"{headline}\n{sentence}", lang) == [headline, sentence]


@pytest.mark.parametrize(
    ("lang", "items"),
    [
        ("en", ["- the first item", "- Second item.", "* a third", "* a fourth"]),
        ("uk", ["• перший пункт", "• Другий пункт."]),
        ("ru", ["• первый пункт", "• Второй пункт."]),
        ("de", ["- der erste Punkt", "- Zweiter Punkt."]),
        ("ko", ["• 첫째 항목", "• 둘째 항목"]),
        ("zh", ["• 第一项", "• 第二项"]),
        ("en", ["1. The first item", "2. The second item.", "3. the third"]),
        ("de", ["1. Preis: ein Rad", "2. Preis: ein Buch"]),
        ("en", ["+ 5 degrees", "+ 6 degrees"]),
        ("ru", ["— Когда это было?", "— Вчера."]),
        ("en", ["📍 Mill Street from 8.30 am", "☎️ Questions: 555 0142", "🚰 Water in front of the"]),
        ("en", ["Mill Street from 8.30 am", "Questions: 555 0142"]),
    ],
)
def test_every_item_of_a_list_is_a_sentence_without_its_bullet(lang: str, items: list[str]):
    assert split("\n".join(items), lang) == [item.lstrip("-*• ") for item in items]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("1) Take the bus.\n2) Walk. Then ring.", ["Take the bus.", "Walk.", "Then ring."]),
        ("- one\n  1) first\n  2) second\n- two", ["one", "first", "second", "two"]),
        ("It was cold.\n\n- 5 °C at noon.", ["It was cold.", "- 5 °C at noon."]),
        ("See note 2) below.\n4) A note.", ["See note 2) below.", "4) A note."]),
        ("- Share on Facebook\n- one\n- two", ["one", "two"]),
    ],
)
def test_only_what_marks_an_item_is_left_out(text: str, sentences: list[str]):
    assert split(text, "en") == sentences


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            ["North Korea has sent about ten thousand soldiers to", "Russia, officials in Kyiv said on", "Thursday."],
        ),
        (
            "uk",
            ["Північна Корея відправила близько десяти тисяч", "солдатів до Росії, повідомили у четвер у", "Києві."],
        ),
        ("ru", ["Северная Корея отправила около десяти тысяч", "солдат в Россию, сообщили в четверг в", "Киеве."]),
        (
            "de",
            [
                "Nordkorea hat rund zehntausend Soldaten nach",
                "Russland geschickt, wie es am Donnerstag aus",
                "Kyjiw hieß.",
            ],
        ),
    ],
)
def test_a_sentence_that_was_wrapped_by_hand_stays_whole(lang: str, lines: list[str]):
    text = "\n".join(lines)
    assert split(text, lang) == [text]


def test_a_sentence_wrapped_before_a_capital_or_a_figure_stays_whole():
    text = (
        "The defence ministry in Seoul said that about\n"
        "10,000 North Korean soldiers had arrived in\n"
        "Russia, and that some of them were already\n"
        "near the front. Officials gave no source."
    )
    assert split(text, "en") == [text[: text.index(" Officials")], "Officials gave no source."]


def test_a_heading_in_capitals_is_not_read_on_from():
    assert split("WHAT MAY NOT\nAnimals and medicine.", "en") == ["WHAT MAY NOT", "Animals and medicine."]
    assert split("DOGS MAY NOT\nBE LET IN.", "en") == ["DOGS MAY NOT\nBE LET IN."]


def test_wrapped_lines_without_capitals_stay_whole():
    lines = [
        "북한은 약 만 명의 병력을 러시아에 보냈다고 한국 국방부가 목요일 서울에서 열린",
        "정례 기자회견에서 밝혔으며 이들 가운데 일부는 이미 전선 가까이에 배치되었다고",
    ]
    text = "\n".join([*lines, "덧붙였다."])
    assert split(text, "ko") == [text]


def test_a_blank_line_always_ends_a_sentence():
    assert split("the first part\n\nthe second part", "en") == ["the first part", "the second part"]


BOILERPLATE = [
    "By Jane Doe",
    "By Jane Doe and John O'Neil, Reuters",
    "Von Anna Weber",
    "Автор: Олена Коваль",
    "김철수 기자",
    "记者 王小明",
    "Read more: Ten thousand soldiers arrive",
    "Читайте также: Что известно о войсках",
    "Читайте також: Що відомо про війська",
    "Lesen Sie auch: Was bekannt ist",
    "관련기사: 북한군 파병",
    "相关阅读：朝鲜派兵",
    "Subscribe to our newsletter",
    "Sign up for our daily newsletter!",
    "Подписывайтесь на наш канал",
    "Підписуйтесь на наш канал",
    "Newsletter abonnieren",
    "뉴스레터 구독",
    "Share this",
    "Share this article on Facebook",
    "Поделиться",
    "Photo: Reuters",
    "(Photo by John Smith/Getty Images)",
    "Фото: РИА Новости",
    "Foto: dpa",
    "사진: 연합뉴스",
    "图片来源：新华社",
    "© 2024 Example News. All rights reserved.",
    "무단전재 및 재배포 금지",
    "Advertisement",
    "* * *",
    "———",
    "5 min read",
    "Published: 31 October 2024, 10:00",
    "Last updated: 2 Nov 2025, 18:45 GMT | First published: 2 Nov 2025, 06:10 GMT",
    "Zuletzt aktualisiert: 5.3.2025, 10:00",
    "Photo: The Halcyon at the quay in Halden. (Photo: Kari Nilsen/Fjord Courier)",
    "Getty Images",
    "AFP via Getty Images",
    "AFP/File",
    "— Reporting by Jo Lund; editing by Al Poe",
    "(Reporting by Jo Lund and Ann Poe in London; Editing by Al Poe)",
    "Additional reporting by Reuters. Editing by Sue Lim.",
    "(ends)",
    "You have 2 free articles left this month. Already a subscriber? Log in.",
    "Follow Coast Mail on WhatsApp for the latest news straight to your phone.",
    "Folgen Sie uns auf Facebook.",
    "Следите за нами в Telegram",
    "Стежте за нами у Facebook",
    "Click here to sign up for our breaking news alerts.",
    "Click to share on Facebook (Opens in new window)",
    "Share Tweet Email Print",
    "Facebook Twitter Email | 4 min read",
    "What do you think? Have your say in the comments below.",
    "Comments Off",
    "Kommentare (3)",
    "Комментарии (12)",
    "Filed under: News, Dell",
    "Tags: pier, harbour",
    "Schlagwörter: Hafen, Fähre",
    "Теги: порт, паром",
    "Continue reading Council approves the flood plan →",
    "[…]",
]


@pytest.mark.parametrize("line", BOILERPLATE)
def test_lines_around_an_article_are_no_sentences_of_it(line: str):
    text = f"{line}\n\nThe troops have arrived.\n\n{line}"
    assert split(text, "en") == ["The troops have arrived."]
    assert [text[span.start : span.end] for span in boilerplate(text)] == [line, line]


@pytest.mark.parametrize(
    "sentence",
    [
        "By Tuesday the troops had arrived.",
        "By Monday Reuters had counted 10,000 soldiers.",
        "Read more than one source, the minister said.",
        "Related cases were found in Kursk.",
        "Subscribe buttons were removed from the site in May, and nobody noticed.",
        "Share prices fell by 3 percent.",
        "Photos of the soldiers were published on Thursday.",
        "Photo editors at the agency checked the pictures. They found no forgery.",
        "Updated figures show 12,000 soldiers. Nobody doubts them!",
        "Comments by the minister were not published.",
        "Copyright law was changed in 2019, and the courts have followed it since. Publishers sued, and the first of "
        "the cases went to the highest court in the following year.",
        "Von Anfang an war das klar.",
        "Фото солдат опубликовали в четверг.",
        "Поделиться опытом приехали сорок врачей. Они остались.",
        "Автор статьи не известен.",
        "광고 시장이 커졌다.",
        "Follow the match on YouTube from 8 pm.",
        "Have your say on the new bus routes until 5 May.",
        "Tell us what you want in the comments box at the town hall.",
        "You have two free tickets left.",
        "Reporting by journalists was banned.",
        "Tags are attached to each sheep.",
        "Reuters reported that ten people had died.",
        "Facebook, Twitter and Telegram were blocked.",
        "First published in 1925, the novel sold well.",
        "Continue reading to the children, the doctor said.",
        "No comment.",
        "What do you think?",
        "He sold two works. Picture by Rembrandt.",
        "You can pay by card. Credit: Visa, Mastercard",
        "The court saw it all. Image: a red car in 2019.",
        "She left. Read more: nobody should. He left.",
        "He cut it short [...] and left.",
    ],
)
def test_a_real_sentence_is_never_taken_for_boilerplate(sentence: str):
    assert "".join(split(sentence, None)).replace(" ", "") == sentence.replace(" ", "")
    assert boilerplate(sentence + "\n\nThe end.") == ()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "The ferry cost 41 million euros. Read more: Port authority to raise fees in May",
            "The ferry cost 41 million euros.",
        ),
        ("A flooded street on Wednesday. Credit: Lena Falk", "A flooded street on Wednesday."),
        ("She returns after 40 years. (Photo by Sam Orr / Getty Images)", "She returns after 40 years."),
        ("Die Fähre fährt wieder. Foto: Anna Weber/dpa", "Die Fähre fährt wieder."),
        ("Die Fähre fährt wieder. Lesen Sie auch: Was sie kostet", "Die Fähre fährt wieder."),
        ("Паром вернулся. Читайте также: Сколько он стоит", "Паром вернулся."),
        ("Пором повернувся. Читайте також: Скільки він коштує", "Пором повернувся."),
        ("The strike was called off on Tuesday. [...] Continue reading", "The strike was called off on Tuesday."),
    ],
)
def test_a_line_may_end_with_what_is_not_of_the_article(line: str, sentence: str):
    text = f"{line}\n\nThe troops have arrived."
    assert split(text, None) == [sentence, "The troops have arrived."]
    assert [text[span.start : span.end] for span in boilerplate(text)] == [line.removeprefix(sentence).strip()]


def test_a_line_that_its_paragraph_goes_on_from_ends_with_nothing_else():
    text = "The exhibits were numbered, she said. Photo: Reuters\nhad sold it to the museum for a pound."
    assert boilerplate(text) == ()


@pytest.mark.parametrize(
    "heading",
    ["Most read", "Related articles:", "More on this story", "You may also like", "Meistgelesen", "Читайте также"],
)
def test_titles_of_other_articles_are_no_sentences_of_this_one(heading: str):
    titles = ["- Man, 70, wins lottery twice", "- Who pays for the flood?"]
    assert split("\n\n".join(["The dam overflowed.", heading, *titles]), "en") == ["The dam overflowed."]
    bare = [title.removeprefix("- ") for title in titles]
    assert split("\n\n".join(["The dam overflowed.", heading, *bare]), "en") == ["The dam overflowed."]


def test_behind_titles_of_other_articles_the_article_goes_on_with_its_heading():
    after = ["What it costs", "The repairs cost 1.3 million crowns."]
    text = "\n\n".join(["The dam overflowed.", "Most read", "Man, 70, wins lottery twice", "Storm closes port", *after])
    assert split(text, "en") == ["The dam overflowed.", *after]
    one = "\n\n".join(["The dam overflowed.", "Related", *after])
    assert split(one, "en") == ["The dam overflowed.", *after]


def test_a_page_of_short_lines_is_no_list_of_other_articles():
    lines = [f"Room {number}: {number} euros a night" for number in range(12)]
    assert split("\n\n".join(["The inn is open.", "See also", *lines]), "en") == ["The inn is open.", *lines]
    button = ["The inn is open.", "Read more", "Opening hours", "Daily from 2 pm to 10 pm"]
    assert split("\n\n".join(button), "en") == ["The inn is open.", "Opening hours", "Daily from 2 pm to 10 pm"]


def test_a_text_of_boilerplate_alone_is_kept():
    assert split("Share this", "en") == ["Share this"]


def test_a_byline_is_only_looked_for_at_the_head_and_foot():
    middle = "\n\n".join(f"Sentence number {n} is here." for n in range(10))
    assert "By Land And Sea" in split(f"{middle}\n\nBy Land And Sea\n\n{middle}", "en")


def test_long_quotations_come_apart_inside():
    text = (
        "“We have seen ten thousand soldiers in the training camps of the east. They will arrive at the front "
        "within two weeks. Nobody can say what follows,” he said."
    )
    assert len(split(text, "en")) == 3


def test_a_space_that_was_lost_after_a_full_stop_is_seen():
    assert split("The war ended.The troops left.", "en") == ["The war ended.", "The troops left."]
    assert split("북한군이 도착했다.그리고 떠났다.", "ko") == ["북한군이 도착했다.", "그리고 떠났다."]


def test_an_unlisted_abbreviation_is_left_to_sentencex():
    assert split("Le prix est de env. Trois euros. Il pleut.", "fr")[-1] == "Il pleut."
    assert split("He moved to Calif. Gov. Brown met him.", "en") == ["He moved to Calif. Gov. Brown met him."]
