"""Who may look at which pages."""

from django.contrib.auth.decorators import permission_required

SEES_ORDERS = "orders.view_ordersummary"
SEES_CHANGE_ORDERS = "cancellations.view_changeorder"
SEES_REFUNDS = "cancellations.view_refund"
SEES_RELEASES = "cancellations.view_release"
SEES_ACCOUNTS = "orders.view_account"
SEES_EXCEPTIONS = "cancellations.view_processexception"
SEES_APPROVALS = "cancellations.view_approval"

sees_orders = permission_required(SEES_ORDERS, raise_exception=True)
sees_change_orders = permission_required(SEES_CHANGE_ORDERS, raise_exception=True)
sees_refunds = permission_required(SEES_REFUNDS, raise_exception=True)
sees_releases = permission_required(SEES_RELEASES, raise_exception=True)
sees_accounts = permission_required(SEES_ACCOUNTS, raise_exception=True)
sees_exceptions = permission_required(SEES_EXCEPTIONS, raise_exception=True)
sees_approvals = permission_required(SEES_APPROVALS, raise_exception=True)
