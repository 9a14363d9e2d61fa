"""The pseudo-locale finds what is not translated, and nothing else."""

import pytest
from django.template import engines
from django.utils.translation import gettext, gettext_lazy, ngettext, npgettext, pgettext

from tests.support.pseudo_locale import pseudo_locale, untranslated, words


def found(template, data=(), **context):
    with pseudo_locale():
        html = engines["django"].from_string("{% load i18n %}" + template).render(context)
    return untranslated(html, data)


def test_text_of_every_origin_is_bracketed():
    lazy = gettext_lazy("Lazy")
    with pseudo_locale():
        texts = [
            gettext("Text"),
            pgettext("context", "Text"),
            ngettext("one", "many", 1),
            ngettext("one", "many", 2),
            npgettext("context", "one", "many", 2),
            str(lazy),
        ]

    assert texts == ["⟦Text⟧", "⟦Text⟧", "⟦one⟧", "⟦many⟧", "⟦many⟧", "⟦Lazy⟧"]
    assert (str(lazy), gettext("Text")) == ("Lazy", "Text")


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Text' %}</p>",
        "<p>{% translate 'Text' context 'noun' %}</p>",
        "<p>{% translate 'This &amp; that' %}</p>",
        "<p>{{ _('Text') }}{{ nothing|default:_('None given') }}</p>",
        "{% blocktranslate %}See <a href='/here/'>the others</a>.{% endblocktranslate %}",
        "{% blocktranslate count n=2 %}{{ n }} one{% plural %}{{ n }} many{% endblocktranslate %}",
        "<p aria-label='{% translate 'Text' %}' class='words' data-words='words'>12 · $1.00</p>",
        "<script>words</script><style>words</style><time title='words'>words</time>",
        "<svg><title>words</title></svg><button value='words'>{% translate 'Send' %}</button>",
    ],
)
def test_what_is_translated_passes(template):
    assert found(template) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Words</p>",
        "<p><b>{% translate 'Text' %}</b> Words</p>",
        "<p>{% translate 'Text' %}</p><option>Words</option>",
        "<title>Words</title>",
        "<p aria-label='Words'></p>",
        "<p placeholder='Words'></p>",
        "<p title='Words'></p>",
        "<td data-label='Words'></td>",
        "<p data-say='Words'></p>",
        "<input type='submit' value='Words'>",
        "<script>x</script>Words",
        "{% blocktranslate %}Text {{ word }}{% endblocktranslate %}",
        "{% blocktranslate %}Text <a href='{{ word }}' title='{{ word }}'>x</a>"
        "{% endblocktranslate %}",
    ],
)
def test_one_word_that_is_not_translated_is_found(template):
    assert found(template, word="Words") == ["Words"]


def test_data_passes_as_whole_words_only():
    page = "<p>Web</p><p>Website</p><p>W-1 and 3 × CO-00000012</p>"

    assert found(page, data={"Web", "W-1"}) == ["Website", "and 3 ×"]


def test_a_bracket_that_stays_open_is_a_mistake():
    with pytest.raises(AssertionError, match="not closed"):
        untranslated("<p>⟦Half</p>")


def test_words_are_those_between_the_tags():
    assert words("<title>⟦A⟧</title>\n<p title='no'>⟦b ⟧c⟦ d⟧</p><script>no</script>") == "A b c d"
