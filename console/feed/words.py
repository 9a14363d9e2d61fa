"""What each type of event says, in a sentence; a new type is told of here."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from django.core.exceptions import ObjectDoesNotExist
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cancellations.models import ChangeOrder
from console.feed.instructions import answered, decided, left_to_people
from console.feed.known import Known, Told, change_order_link
from console.feed.reports import capped, reported
from console.records.amendments import in_words
from orders.formats import Text, isolated, number_text, sentence
from orders.models import EventType, OrderEvent

NOT_AS_WRITTEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NoReverseMatch,
    ObjectDoesNotExist,
    TypeError,
    ValueError,
)
"""What comes of facts that are not as acts write them."""


def _imported(event: OrderEvent, known: Known) -> Told:
    said = _("The order came: %(amount)s in all.")
    told = sentence(said, amount=known.money(event.grand_total_minor))
    return Told(told, capped(reported(event.facts, known)))


def _amended(event: OrderEvent, known: Known) -> Told:
    fields = [isolated(difference) for difference in in_words(event.facts["fields"])]
    figures = {"lines": {}, "payments": event.facts["report"]["payments"]}
    return Told(
        sentence(_("A newer document changed the order.")),
        capped([*fields, *reported(figures, known)]),
    )


def _reported(event: OrderEvent, known: Known) -> Told:
    details = [*reported(event.facts, known), *_made_elsewhere(event, known)]
    if event.request_id:
        said = _("Another system reported %(name)s.")
        return Told(sentence(said, name=isolated(event.request_id)), capped(details))
    return Told(sentence(_("Another system reported.")), capped(details))


def _made_elsewhere(event: OrderEvent, known: Known) -> Iterator[SafeString]:
    for change_order in event.change_orders.all():
        yield sentence(
            _("%(number)s: %(kind)s, %(amount)s"),
            number=change_order_link(change_order.pk),
            kind=change_order.get_kind_display(),
            amount=known.money(change_order.canceled_minor),
        )


def _canceled(event: OrderEvent, known: Known) -> Told:
    made = _change_order(event)
    if made.refund_due_minor:
        said = _("%(amount)s was canceled by %(number)s; %(refund)s is to go back.")
    else:
        said = _("%(amount)s was canceled by %(number)s; nothing is to go back.")
    told = sentence(
        said,
        amount=known.money(made.canceled_minor),
        number=change_order_link(made.pk),
        refund=known.money(made.refund_due_minor),
    )
    return Told(told, capped(_units(event, known)))


def _units(event: OrderEvent, known: Known) -> Iterator[SafeString]:
    for key, quantity in event.facts["lines"].items():
        counted, name = number_text(quantity), known.line(key)
        yield sentence(_("%(quantity)s × %(name)s"), quantity=counted, name=name)


def _settled(event: OrderEvent, known: Known) -> Told:
    made = _change_order(event)
    told = sentence(
        _("%(refund)s that was owed is to go back by %(number)s."),
        refund=known.money(made.refund_due_minor),
        number=change_order_link(made.pk),
    )
    return Told(told, note=made.note)


def _undone(event: OrderEvent, known: Known) -> Told:
    made = _change_order(event)
    said = _("%(undone)s was taken back by %(number)s: %(amount)s is on the order again.")
    return Told(
        sentence(
            said,
            undone=change_order_link(event.facts["change_order"]),
            number=change_order_link(made.pk),
            amount=known.money(made.grand_total_minor),
        )
    )


def _nothing_more(event: OrderEvent, known: Known) -> Told:
    if event.facts["shop_keeps_it"]:
        said = _("Nothing more is expected from elsewhere: the shop keeps %(amount)s.")
    else:
        said = _("Nothing more is expected from elsewhere: we owe the customer %(amount)s.")
    return Told(sentence(said, amount=known.money(event.facts["expected"])))


def _resolved(event: OrderEvent, known: Known) -> Told:
    exception = known.exceptions[event.facts["exception"]]
    url, category = resolve_url(exception), exception.get_category_display()
    link = format_html('<a href="{}">{}</a>', url, category)
    about = exception.line or exception.payment
    if about:
        said = _("An exception was resolved: %(exception)s · %(about)s")
        told = sentence(said, exception=link, about=isolated(about))
    else:
        told = sentence(_("An exception was resolved: %(exception)s"), exception=link)
    return Told(told, note=exception.note)


def _note(event: OrderEvent, known: Known) -> Told:
    return Told(sentence(pgettext("of a person", "Note")), note=event.note.text)


_NOTIFIED: Mapping[tuple[str, str], Text] = {
    ("changed", "sent"): gettext_lazy("The customer was told of %(number)s by e-mail."),
    ("changed", "failed"): gettext_lazy("The customer could not be told of %(number)s by e-mail."),
    ("changed", "doubtful"): gettext_lazy(
        "Whether the customer was told of %(number)s by e-mail is not known."
    ),
    ("refunded", "sent"): gettext_lazy(
        "The customer was told by e-mail that %(number)s is refunded."
    ),
    ("refunded", "failed"): gettext_lazy(
        "The customer could not be told by e-mail that %(number)s is refunded."
    ),
    ("refunded", "doubtful"): gettext_lazy(
        "Whether the customer was told by e-mail that %(number)s is refunded is not known."
    ),
}


def _notified(event: OrderEvent, known: Known) -> Told:
    facts = event.facts
    words = _NOTIFIED[facts["kind"], facts["outcome"]]
    return Told(sentence(str(words), number=change_order_link(facts["change_order"])))


def _erased(event: OrderEvent, known: Known) -> Told:
    return Told(sentence(_("The customer’s names, addresses and notes were erased.")))


_ASKED: Mapping[str, Text] = {
    "requested": gettext_lazy("A second person was asked to approve %(amount)s."),
    "approved": gettext_lazy("A second person approved %(amount)s."),
    "refused": gettext_lazy("A second person refused %(amount)s."),
    "withdrawn": gettext_lazy("The question to a second person about %(amount)s was withdrawn."),
    "expired": gettext_lazy(
        "The question to a second person about %(amount)s expired: the order had changed."
    ),
}


def _second_person(event: OrderEvent, known: Known) -> Told:
    words = _ASKED[event.facts["decision"]]
    return Told(sentence(str(words), amount=known.money(event.facts["amount"])))


def _change_order(event: OrderEvent) -> ChangeOrder:
    """The one that its event made."""
    [made] = event.change_orders.all()
    return made


Words: TypeAlias = Callable[[OrderEvent, Known], Told]
WORDS: Mapping[EventType, tuple[str, Words]] = {
    EventType.IMPORTED: ("package", _imported),
    EventType.AMENDED: ("file-pen", _amended),
    EventType.CANCELED: ("file-minus", _canceled),
    EventType.SETTLED: ("banknote", _settled),
    EventType.REPORTED: ("truck", _reported),
    EventType.NOTHING_MORE_EXPECTED: ("banknote-x", _nothing_more),
    EventType.EXCEPTION_RESOLVED: ("circle-check", _resolved),
    EventType.UNDONE: ("undo-2", _undone),
    EventType.GATEWAY_ANSWERED: ("credit-card", answered),
    EventType.PERSON_DECIDED: ("user-round-check", decided),
    EventType.LEFT_TO_PEOPLE: ("triangle-alert", left_to_people),
    EventType.NOTE_WRITTEN: ("notebook-pen", _note),
    EventType.CUSTOMER_NOTIFIED: ("mail", _notified),
    EventType.CUSTOMER_ERASED: ("eraser", _erased),
    EventType.SECOND_PERSON: ("user-round-check", _second_person),
}
"""Each type's icon of Lucide, and its words."""
