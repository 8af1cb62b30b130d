"""Words that carry no content of their own: articles, pronouns, prepositions, auxiliaries, question words.

Written for this project. All are case-folded; a word is left out where it is a content word in a language beside it.
"""

from __future__ import annotations


def word_list(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


ENGLISH = word_list(
    """
    a about above after again against all also am among an and any are as at be because been before being below
    between both but by can cannot could did do does doing done down during each either else ever every few for
    from further get gets got had has have having he her here hers herself him himself his how however i if in
    into is it its itself just let lets like many may me might more most much must my myself neither no nor not
    now of off on once one only or other others our ours out over own per please quite rather really same say
    says said shall she should since so some such tell than that the their theirs them themselves then there
    these they this those though through to too toward towards under until up upon us very via was we were what
    when where whether which while who whom whose why will with within without would yet you your yours don
    doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn hi hello hey thanks thank okay ok
    kind sort type name called known give find show
    """
)
GERMAN = word_list(
    """
    aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch auf aus bei beim
    bin bis bist da dabei dadurch dafür damit dann das dass dein deine dem den denn der des dessen deren dich
    die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es
    etwa etwas euch euer für gegen habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
    ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes jene jetzt kann kannst kein keine keinem
    keinen können könnte mal man mehr mein meine mich mir mit muss müssen nach nicht nichts noch nun nur ob oder
    ohne schon sehr sei sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte sondern sonst
    über um und uns unser unter viel viele vom von vor wann war waren warum was weil welche welchem welchen
    welcher welches wem wen wenn wer werde werden wessen wie wieder wieso will wir wird wirst wo woher wohin
    wollen worden worüber wurde wurden würde würden zu zum zur zwar zwischen heißt
    """
)
RUSSIAN = word_list(
    """
    а без более больше будет будут бы был была были было быть в вам вас весь во вот все всего всей всех всё вы
    где да даже для до его ее если есть еще ещё её ж же за зачем здесь и из или им их к каждый как какая какие
    каким каких какого какое какой какую ко когда кого кому которая которого которой которую которые который
    которых кто куда ли либо между меня мне много может можно мой мы на над надо нам нас наш не него нее неё ней
    нет ни них но ну о об один однако он она они оно от откуда по под после потом потому почему при про с сам
    свой своих своего себе себя сейчас сколько со так также такая такие такой там те тем теперь то тоже того той
    только том тот ту тут ты у уже хоть чего чей чем через что чтобы чье чья эта эти этих это этого этой этом
    этот эту я является являются расскажи скажи привет спасибо
    """
)
UKRAINIAN = word_list(
    """
    а або авжеж але б без був була були було бути в вам вас весь від він вона вони воно все всі всіх втім ви де
    для до з за зараз зі й його коли кого кому котра котрий крім куди лише між мені ми мій на навіть над нам нас
    наш не нема немає ні ніж ну нього о об один однак ось от по поки після потім при про під саме свій свого
    своїх своя себе скільки собі та так такий така такі також там тебе тепер ти то тоді того той тому тільки тут
    у усі хіба хоч хто це цей ця ці цього цьому цю через чи чий чому чого що щоб щодо я як яка яке який яким
    якими яких якій якого якої яку якщо які є її їй їм їх іще ще із і ж же би буде будуть може можна розкажи
    скажи привіт дякую звідки навіщо
    """
)
KOREAN = word_list(
    """
    그 그는 그가 그녀 그녀는 이 이것 이것은 저 저는 나 나는 우리 우리는 무엇 무엇을 무엇이 무엇인가 무엇인가요
    무엇입니까 뭐 뭐야 뭔가요 누구 누가 누구인가 누구인가요 누구입니까 언제 언제인가요 언제입니까 어디 어디서
    어디에 어디에서 어디인가요 어디입니까 왜 어떻게 어떤 어느 얼마 얼마나 얼마인가요 몇 몇명 및 또는 그리고
    그러나 하지만 때문에 대한 대해 대해서 관한 관해 위한 위해 있는 있나 있나요 있다 있습니까 있었나요 있었다
    있습니다 없는 없다 했나요 했습니까 했는가 되었나요 됐나요 된 한 할 하는 하다 했다 합니까 인가 인가요 입니까
    입니다 이다 것 것은 것이 것을 수 등 더 가장 안녕 안녕하세요 알려줘 알려주세요 말해줘
    """
)
FRENCH = word_list(
    """
    a ai as au aux avec avez avons c ce cela celle celui ces cet cette ceux chez combien comment d dans de depuis des
    dont du elle elles en entre es est et eux faut il ils j je jusqu jusque l la laquelle le lequel les leur leurs lors
    lui là m ma mais me mes moi même n ne nos notre nous on ont ou où par pas peut peux plus pour pourquoi pouvez puis
    qu quand que quel quelle quelles quels qui quoi s sa sans se ses si sont sous suis sur t ta te tes toi tu un une
    vers vos votre vous y à ça étaient était été être avait eu fait dit qu'est est-ce y-a-t-il merci bonjour salut
    """
)
SPANISH = word_list(
    """
    a al algo alguien ante como con cuando cuanta cuantas cuanto cuantos cuál cuáles cual cuales cuándo cuánta cuántas
    cuánto cuántos cómo de del desde donde dónde durante e el ella ellas ellos en entre era eran es esa esas ese eso
    esos esta estaba estas este esto estos está están fue fueron ha haber había han hasta hay la las le les lo los me
    mi mis muy más ni no nos nosotros o para pero por porque puede pueden puedo que quien quién quiénes qué se sea ser
    si sin sobre son su sus sé tiene tienen tu tú un una unas uno unos y ya yo él hola gracias
    """
)
CHINESE = word_list(
    """
    什么 什麼 甚么 是什 么时 时候 谁是 是谁 哪里 哪儿 哪个 哪些 多少 几个 怎么 怎样 如何 为什 为何 么是 吗 呢 的
    了 是 在 有 和 与 或 也 都 就 这 那 我 你 他 她 它 们 我们 你们 他们 这个 那个 一个 没有 请问 你好 么
    """
)
FUNCTION_WORDS = (
    ENGLISH | GERMAN - {"war", "hat", "den", "man", "die", "bin", "kind"} | RUSSIAN | UKRAINIAN | KOREAN | CHINESE
)
"""Without knowing the language: German words that mean something in English are left out."""

GREETINGS = word_list("hi hello hey thanks thank okay ok danke hallo привет спасибо привіт дякую 안녕 안녕하세요 你好")
"""Words that ask nothing, whatever was asked before."""

BY_LANGUAGE = {
    "en": ENGLISH,
    "de": GERMAN,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
    "ko": KOREAN,
    "fr": FRENCH,
    "es": SPANISH,
    "zh": CHINESE,
}
