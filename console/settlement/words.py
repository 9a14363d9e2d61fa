"""What is said once something was settled."""

from django.shortcuts import resolve_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.models import ChangeOrder
from orders.formats import money_text, sentence


def words_of_success(made: ChangeOrder) -> SafeString:
    """What is on its way back or released, and what stays owed all the same."""
    currency = made.order.currency
    refunded = sum(refund.amount_minor for refund in made.refunds.all())
    released = sum(release.amount_minor for release in made.releases.all())
    if refunded:
        words = gettext("You’re all set! %(amount)s is being refunded: change order %(number)s.")
    elif released:
        words = gettext(
            "You’re all set! %(released)s that was authorized is released: change order %(number)s."
        )
    else:
        words = gettext("You’re all set! Nothing had to be refunded: change order %(number)s.")
    said = sentence(
        words,
        amount=money_text(refunded, currency),
        released=money_text(released, currency),
        number=link_of(made),
    )
    if not made.unassigned_minor:
        return said
    stays = gettext("%(amount)s stays owed to the customer.")
    left = sentence(stays, amount=money_text(made.unassigned_minor, currency))
    return format_html("{} {}", said, left)


def link_of(change_order: ChangeOrder) -> SafeString:
    return format_html('<a href="{}">{}</a>', resolve_url(change_order), change_order.number)
