"""Addresses of records are those that the pages stand under."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix

from config.addresses import ABSOLUTE_URL_OVERRIDES

RECORDS = {
    "orders.account": ("account_record", "number", "A 1/2"),
    "orders.ordersummary": ("order_record", "order_number", "2024/00123 ü"),
    "cancellations.approval": ("approval_record", "pk", 12),
    "cancellations.changeorder": ("change_order_record", "pk", 12),
    "cancellations.processexception": ("exception_record", "pk", 12),
    "cancellations.refund": ("refund_record", "pk", 12),
    "cancellations.release": ("release_record", "pk", 12),
}


@pytest.mark.parametrize("model", ABSOLUTE_URL_OVERRIDES)
def test_a_record_has_the_address_of_its_page(model):
    page, key, value = RECORDS[model]
    record = SimpleNamespace(**{key: value})

    assert ABSOLUTE_URL_OVERRIDES[model](record) == reverse(f"console:{page}", args=[value])


def test_a_record_has_its_address_before_any_page_was_asked_for():
    """As a command has it, whose process never looked up an address."""
    asked = "print(Refund(pk=12).get_absolute_url())"
    code = f"import django; django.setup(); from cancellations.models import Refund; {asked}"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == reverse("console:refund_record", args=[12])


def test_a_record_has_the_address_under_the_prefix_that_this_process_runs_under():
    refund, before = SimpleNamespace(pk=12), get_script_prefix()
    alone = ABSOLUTE_URL_OVERRIDES["cancellations.refund"](refund)
    set_script_prefix("/countermand/")
    try:
        under = ABSOLUTE_URL_OVERRIDES["cancellations.refund"](refund)
    finally:
        set_script_prefix(before)

    assert under == f"/countermand{alone}"
