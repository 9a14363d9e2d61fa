"""The bar of every page: where it leads, and for whom. Written without a template for each link."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cancellations.acts.requests import may_approve
from cancellations.models import RIGHT_TO_ERASE
from cancellations.second_person import count_waiting_for
from cancellations.templatetags.icons import lucide
from console.access import SEES_APPROVALS
from console.models import RIGHT_TO_AUDIT
from orders.formats import Text, escaped

register = template.Library()

_LISTS = (
    ("console:order_list", _("Order Summaries")),
    ("console:account_list", _("Accounts")),
    ("console:change_order_list", _("Change Orders")),
    ("console:refund_list", _("Refunds")),
    ("console:exception_list", _("Exceptions")),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A page that the user's menu leads to.

    Attributes:
        may: Who finds it there.
        attributes: What scripts know its link by.
    """

    page: str
    icon: str
    name: Text
    may: Callable[[User], bool] = lambda _user: True
    attributes: str = ""


def _with(right: str) -> Callable[[User], bool]:
    return lambda user: user.has_perm(right)


_MENU = (
    _Entry("profile", "user-round-cog", _("Profile")),
    _Entry("admin:index", "settings", _("Administration"), lambda user: user.is_staff),
    _Entry("console:personal_data", "eraser", _("Personal data"), _with(RIGHT_TO_ERASE)),
    _Entry(
        "integrations:endpoints", "webhook", _("Webhooks"), _with("integrations.manage_webhooks")
    ),
    _Entry("integrations:api", "braces", _("API")),
    _Entry("console:audit", "scroll-text", _("Audit"), _with(RIGHT_TO_AUDIT)),
    _Entry("account_change_password", "key-round", _("Password")),
    _Entry("mfa_index", "shield-check", _("Second factors")),
    _Entry("usersessions_list", "monitor-smartphone", _("Sessions")),
    _Entry("held_sign_ins", "lock", _("Held sign-ins"), _with("axes.delete_accessattempt")),
    _Entry(
        "lost_second_factors", "shield-off", _("Lost second factors"), _with("auth.change_user")
    ),
    _Entry("console:shortcuts", "keyboard", _("Keyboard shortcuts"), attributes=" data-shortcuts"),
)


@register.simple_tag
def bar_links(user: User, path: str) -> SafeString:
    """The lists, of which the one that the page belongs to is marked; where amounts need a second
    person also what waits for one, and how many for the reader, to those who may see it.
    """
    links = [_link(reverse(page), name, path) for page, name in _LISTS]
    if settings.APPROVAL_OVER and user.has_perm(SEES_APPROVALS):
        waiting = count_waiting_for(user) if may_approve(user) else 0
        links.append(_link(reverse("console:approval_list"), _("Approvals"), path, waiting))
    return SafeString("".join(links))


def _link(url: str, name: Text, path: str, count: int = 0) -> str:
    current = ' aria-current="page"' if path == url else ""
    if path.startswith(url) and not current:
        current = ' aria-current="true"'
    for_reader = f'<span class="visually-hidden">{gettext("for you")}</span>'
    counted = f'<span class="bar-count">{count}{for_reader}</span>' if count else ""
    return f'<a href="{url}"{current}>{escaped(name)}{counted}</a>'


@register.simple_tag
def menu_links(user: User) -> SafeString:
    """The pages that the user's menu leads to."""
    may = tuple(entry.may(user) for entry in _MENU)
    return _menu_links(may, get_language(), get_script_prefix())


@lru_cache(maxsize=100)
def _menu_links(may: tuple[bool, ...], language: str, prefix: str) -> SafeString:
    """In the language that is active, under the prefix of all addresses."""
    entries = (entry for entry, is_there in zip(_MENU, may, strict=True) if is_there)
    return SafeString("".join(map(_menu_link, entries)))


def _menu_link(entry: _Entry) -> str:
    icon = lucide(entry.icon, size=16, aria_hidden="true")
    url = reverse(entry.page)
    return (
        f'<a class="button quiet" href="{url}"{entry.attributes}>{icon} {escaped(entry.name)}</a>'
    )
