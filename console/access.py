"""Who may look at which pages."""

from django.contrib.auth.decorators import permission_required

sees_orders = permission_required("orders.view_ordersummary", raise_exception=True)
sees_change_orders = permission_required("cancellations.view_changeorder", raise_exception=True)
sees_refunds = permission_required("cancellations.view_refund", raise_exception=True)
sees_releases = permission_required("cancellations.view_release", raise_exception=True)
sees_accounts = permission_required("orders.view_account", raise_exception=True)
sees_exceptions = permission_required("cancellations.view_processexception", raise_exception=True)
sees_approvals = permission_required("cancellations.view_approval", raise_exception=True)
