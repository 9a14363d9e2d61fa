from django.urls import path, register_converter

import orders.addresses  # noqa: F401 -- registers how numbers stand in addresses
from cancellations.models.numbers import SPELLING, number_of, pk_of
from console import resolving, undoing, views
from console.approvals.page import approval_list, approval_record
from console.audit.page import audit, audit_export
from console.erasing import erase_account, erase_guest
from console.feed.page import feed
from console.lists.export import export_change_orders, export_orders
from console.personal_data import personal_data
from console.refunds.page import refund_record, release_record
from console.saved_views import page as saved_views
from console.settlement.nothing_more import nothing_more
from console.settlement.refund_owed import refund_owed


class ChangeOrderNumberConverter:
    """A change order's number, such as CO-00000012; its primary key on the inside."""

    regex = SPELLING
    to_python = staticmethod(pk_of)
    to_url = staticmethod(number_of)


class IdConverter:
    """A primary key as a database can hold it, in plain digits."""

    regex = "[1-9][0-9]{0,17}"
    to_python = int
    to_url = str


register_converter(ChangeOrderNumberConverter, "change_order_number")
register_converter(IdConverter, "id")

app_name = "console"
urlpatterns = [
    path("order-summaries/", views.order_list, name="order_list"),
    path("order-summaries/<order_number:order_number>/", views.order_record, name="order_record"),
    path(
        "order-summaries/<order_number:order_number>/related/",
        views.order_related,
        name="order_related",
    ),
    path("order-summaries/<order_number:order_number>/feed/", feed, name="feed"),
    path(
        "order-summaries/<order_number:order_number>/live/<id:looks>/",
        views.order_live,
        name="order_live",
    ),
    path("order-summaries/<order_number:order_number>/erase/", erase_guest, name="erase_guest"),
    path("keyboard-shortcuts/", views.shortcuts, name="shortcuts"),
    path("personal-data/", personal_data, name="personal_data"),
    path(
        "order-summaries/<order_number:order_number>/refund-owed/", refund_owed, name="refund_owed"
    ),
    path(
        "order-summaries/<order_number:order_number>/nothing-more/",
        nothing_more,
        name="nothing_more",
    ),
    path("views/<id:view>/", saved_views.open_view, name="open_view"),
    path("views/<id:view>/edit/", saved_views.edit_view, name="edit_view"),
    path("views/<id:view>/delete/", saved_views.delete_view, name="delete_view"),
    path("views/<slug:listed>/", saved_views.all_views, name="views"),
    path("views/<slug:listed>/new/", saved_views.new_view, name="new_view"),
    path("views/<slug:listed>/columns/", saved_views.choose_columns, name="choose_columns"),
    path("views/<slug:listed>/default/", saved_views.set_default, name="default_view"),
    path("exports/order-summaries/", export_orders, name="export_orders"),
    path("exports/change-orders/", export_change_orders, name="export_change_orders"),
    path("audit/", audit, name="audit"),
    path("audit/export/", audit_export, name="audit_export"),
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/<account_number:number>/erase/", erase_account, name="erase_account"),
    path("accounts/<account_number:number>/", views.account_record, name="account_record"),
    path("change-orders/", views.change_order_list, name="change_order_list"),
    path(
        "change-orders/<change_order_number:pk>/",
        views.change_order_record,
        name="change_order_record",
    ),
    path("change-orders/<change_order_number:pk>/undo/", undoing.undo, name="undo"),
    path("refunds/", views.refund_list, name="refund_list"),
    path("refunds/<id:pk>/", refund_record, name="refund_record"),
    path("releases/<id:pk>/", release_record, name="release_record"),
    path("approvals/", approval_list, name="approval_list"),
    path("approvals/<id:pk>/", approval_record, name="approval_record"),
    path("process-exceptions/", views.exception_list, name="exception_list"),
    path("process-exceptions/<id:pk>/", resolving.exception_record, name="exception_record"),
]
