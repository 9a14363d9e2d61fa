"""What people keep of lists: views of their own, the one they begin with, what they looked at."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models import OrderSummary

LONGEST_NAME = 60
_SHARE = "share_views"
RIGHT_TO_SHARE = f"console.{_SHARE}"


class ViewedList(models.TextChoices):
    """The lists of which people save views, as they are stored."""

    ORDERS = "orders", _("Order Summaries")
    CHANGE_ORDERS = "change_orders", _("Change Orders")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User | AnonymousUser) -> SavedViewQuerySet:
        """A user's own views, and those that others share."""
        return self.filter(Q(owner=user.pk) | Q(is_shared=True))

    def changeable_by(self, user: User | AnonymousUser) -> SavedViewQuerySet:
        """A user's own, and the shared ones for whoever may share."""
        if user.has_perm(RIGHT_TO_SHARE):
            return self.visible_to(user)
        return self.filter(owner=user.pk)


class SavedView(models.Model):
    """How somebody wants to see a list: narrowed, sorted, and with which columns.

    ``query`` is that as the list's URL has it. What was searched for is left out: it may be a
    customer's name, and a view is kept for longer than a customer's data may be.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=13, choices=ViewedList)
    name = models.CharField(pgettext_lazy("view", "name"), max_length=LONGEST_NAME)
    query = models.TextField(blank=True, default="")
    is_shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        default_permissions = ()
        permissions = [(_SHARE, "Can share views of lists")]
        constraints = [
            models.UniqueConstraint(name="saved_view_named_once", fields=["owner", "list", "name"]),
            models.CheckConstraint(
                name="saved_view_list_known", condition=Q(list__in=ViewedList.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view in which a list opens for a user: a saved one, or a ready-made one by its code."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=13, choices=ViewedList)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, null=True, related_name="+")
    ready_made = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="default_view_once_per_list", fields=["user", "list"]),
            models.CheckConstraint(
                name="default_view_is_saved_or_ready_made",
                condition=Q(view__isnull=True) ^ Q(ready_made=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.view or self.ready_made}"


class RecentlyViewedQuerySet(models.QuerySet["RecentlyViewed"]):
    def newest_of(self, user_id: int | None) -> RecentlyViewedQuerySet:
        """The ``KEPT`` orders that a user looked at last, newest first."""
        return self.filter(user=user_id).order_by("-viewed_at", "-pk")[: RecentlyViewed.KEPT]

    def older_of(self, user_id: int) -> RecentlyViewedQuerySet:
        """The others. One that is looked at meanwhile is none of them any more."""
        newest = self.filter(user=user_id).order_by("-viewed_at", "-pk").values("viewed_at")
        last = newest[RecentlyViewed.KEPT - 1 : RecentlyViewed.KEPT]
        return self.filter(user=user_id, viewed_at__lt=models.Subquery(last))


class RecentlyViewed(models.Model):
    """That a user looked at an order's page, and when last.

    ``KEPT`` are shown of a user; older ones go at the next sign-in.
    """

    KEPT = 500

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Without a constraint, whose check would wait for whoever has the order locked.
    order = models.ForeignKey(
        OrderSummary, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    viewed_at = models.DateTimeField(default=timezone.now)

    objects = RecentlyViewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("order looked at")
        verbose_name_plural = _("orders looked at")
        default_permissions = ()
        indexes = [models.Index("user", F("viewed_at").desc(), name="recently_viewed_newest_first")]
        constraints = [
            models.UniqueConstraint(name="recently_viewed_once", fields=["user", "order"])
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.order}"
