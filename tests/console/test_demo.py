"""The demo: loaded once, repeatable, and never with DEBUG off."""

import socket
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import Count
from django.test import TestCase, override_settings

from cancellations.misfits import message_of
from cancellations.models import ChangeOrder, ProcessException, Refund
from orders.arithmetic.money import Currency
from orders.models import OrderEvent, OrderItemSummary, OrderSummary
from orders.standing import as_it_stands, with_everything

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

INVENTED = OrderSummary.objects.filter(ordered_at__year=2026)
REAL = OrderSummary.objects.filter(ordered_at__year__lt=2012)


def lines_of(number):
    """Statuses of an order's product lines, in their sequence."""
    lines = OrderItemSummary.objects.filter(order__order_number=number, type="product")
    return list(lines.order_by("position").values_list("status", flat=True))


def started():
    """Prepares the demo as a start with DEBUG does; gives what that says."""
    with override_settings(DEBUG=True):
        call_command("demo", "--no-serve", stdout=(said := StringIO()))
    return said.getvalue()


@pytest.mark.both_databases
class TestLoaded(TestCase):
    """What the demo loads; it takes long, so it is loaded once for all that only look."""

    @classmethod
    def setUpTestData(cls):
        cls.first = started()

    def test_it_loads_orders_an_agent_would_meet(self):
        assert (INVENTED.count(), REAL.count()) == (33, 312)
        assert ChangeOrder.objects.filter(order__in=REAL).count() == 60
        call_command("verify_orders", stdout=(said := StringIO()))
        assert said.getvalue() == "345 orders verified, 0 differences\n"

    def test_its_statuses_come_from_import_and_fulfillment(self):
        untouched = dict.fromkeys((f"{1401 + i:08}" for i in range(32)), "created")
        assert dict(INVENTED.values_list("order_number", "status")) == untouched | {
            "2026/00431": "created",
            "00001402": "partially_fulfilled",
            "00001404": "partially_fulfilled",
            "00001405": "fulfilled",
            "00001408": "partially_allocated",
            "00001415": "fulfilled",
            "00001416": "partially_fulfilled",
            "00001419": "canceled",
            "00001420": "allocated",
            "00001424": "partially_fulfilled",
            "00001425": "partially_fulfilled",
            "00001426": "partially_fulfilled",
            "00001427": "fulfilled",
            "00001429": "partially_fulfilled",
        }
        assert lines_of("00001402") == [
            "ordered",
            "ordered",
            "partially_allocated",
            "ordered",
            "ordered",
            "fulfilled",
        ]
        assert lines_of("00001415") == ["fulfilled", "return_initiated"]
        assert lines_of("00001416") == ["partially_fulfilled", "partially_allocated"]

    def test_its_orders_show_what_the_readme_promises(self):
        orders = INVENTED.annotate(line_count=Count("lines")).in_bulk(field_name="order_number")
        assert orders["00001401"].grand_total_minor == 216_29
        assert orders["00001403"].payments.count() == 2
        assert not orders["00001404"].is_managed
        assert orders["00001406"].currency == Currency("JPY", 0)
        assert orders["00001407"].line_count == 121
        assert orders["00001408"].delivery_groups.count() == 2
        assert orders["00001409"].tax_locale == "gross"
        assert orders["00001410"].change_orders.get().unassigned_minor == 152_98
        assert orders["00001411"].payments.get().captured_minor == 60_00
        assert orders["00001412"].payments.get().gateway == "manual"
        bundles = orders["00001414"].lines.filter(children__isnull=False).distinct()
        assert list(bundles.values_list("product__sku", flat=True)) == ["BSK-TASTE"] * 2
        assert (
            orders["00001414"].lines.filter(bundle__isnull=False, line_amount_minor=0).count() == 2
        )
        assert orders["00001415"].change_orders.get().kind == ChangeOrder.Kind.RETURN

    def test_its_orders_have_what_other_systems_send(self):
        orders = INVENTED.in_bulk(field_name="order_number")
        assert (orders["00001422"].account, orders["00001422"].customer_name) == (
            None,
            "Odile Marchand",
        )
        assert orders["00001423"].fees_minor == 9_50
        assert orders["00001426"].payments.get().charged_back_minor == 195_04
        assert lines_of("00001429") == ["ordered", "fulfilled", "fulfilled", "ordered", "ordered"]
        assert [
            payment.figures.authorization_open for payment in orders["00001430"].payments.all()
        ] == [
            194_15,
            60_00,
        ]
        amended = orders["2026/00431"].events.filter(type="order_amended")
        assert [event.facts["fields"] for event in amended] == [
            ['delivery_groups["G1"].deliver_to', 'delivery_groups["G1"].address'],
            ['payments["P1"].captured', 'delivery_groups["G2"]', 'items["3"]', 'payments["P2"]'],
        ]

    def test_what_does_not_fit_is_what_the_readme_promises(self):
        said = {
            each.order.order_number: message_of(each) for each in ProcessException.objects.open()
        }
        assert said == {
            "00001426": "Captured: 195.04 USD; refunded: 147.34 USD; charged back: 195.04 USD;"
            " set aside for refunds: 0.00 USD. That is more than was captured.",
            "00001427": "2 shipped, 1 of them had been canceled.",
        }

    def test_what_is_owed_is_what_the_readme_promises(self):
        orders = with_everything().filter(ordered_at__year=2026).exclude(life_cycle="unmanaged")
        standings = {order.order_number: as_it_stands(order) for order in orders}
        assert {number: each.balance for number, each in standings.items() if each.balance} == {
            "00001410": 152_98,
            "00001411": -40_00,
            "00001417": -58_005,
            "00001426": -195_04,
            "00001428": 333_84,
            "00001430": -254_15,
        }
        elsewhere = {
            number: (each.elsewhere.expected, each.elsewhere.given)
            for number, each in standings.items()
            if each.elsewhere.expected or each.elsewhere.given
        }
        assert elsewhere == {"00001424": (80_00, 0), "00001425": (0, 10_00)}

    def test_its_users_may_what_their_groups_may(self):
        for username, may_cancel, may_keep_reasons, is_staff in (
            ("viewer", False, False, False),
            ("agent", True, False, False),
            ("manager", True, True, True),
        ):
            user = User.objects.get(username=username)
            assert user.check_password("countermand-demo")
            assert user.has_perm("orders.view_ordersummary")
            assert user.has_perm("cancellations.cancel_order_items") is may_cancel
            assert user.has_perm("cancellations.change_cancellationreason") is may_keep_reasons
            assert (user.is_staff, user.is_superuser) == (is_staff, False)

    def test_a_second_start_changes_nothing_not_even_a_password(self):
        user = User.objects.get(username="agent")
        user.set_password("of-their-own-choice")
        user.save()
        stored = {
            model: list(model.objects.order_by("pk").values())
            for model in (OrderSummary, OrderItemSummary, OrderEvent, ChangeOrder, Refund, User)
        }

        again = started()

        assert stored == {model: list(model.objects.order_by("pk").values()) for model in stored}
        for said in ("http://127.0.0.1:8000/", "viewer", "manager", "countermand-demo"):
            assert said in self.first
            assert said in again
        assert ["agent     (as you set it)" in said for said in (self.first, again)] == [
            False,
            True,
        ]


@pytest.fixture
def demo(settings, run_command):
    """Prepares the demo as a start with DEBUG does."""
    settings.DEBUG = True
    return lambda: run_command("demo", "--no-serve")


def test_it_refuses_to_run_with_debug_off(run_command):
    refused = run_command("demo", "--no-serve")

    assert refused.status == 1
    assert "DEBUG=1" in refused.errors
    assert len(refused.errors.splitlines()) == 1
    assert not OrderSummary.objects.exists()
    assert not User.objects.filter(username="manager").exists()


def test_an_order_of_the_same_number_stops_the_loading(demo, new_order):
    new_order(
        [
            {
                "key": "1",
                "type": "product",
                "sku": "A",
                "name": "A",
                "quantity": 1,
                "unit_price": "1.00",
            }
        ],
        number="00001402",
    )

    refused = demo()

    assert refused.status == 1
    assert "order 00001402, ordered_at: is 2026-10-28" in refused.errors
    assert OrderSummary.objects.count() == 1


def test_a_port_that_is_taken_is_named_with_another_to_use(settings, run_command):
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused = run_command("demo", port)

    assert refused.status == 1
    assert f"Port {port} is in use." in refused.errors
    assert f"manage.py demo {port % 65535 + 1}" in refused.errors
    assert not OrderSummary.objects.exists()


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:", ":8000", "70000", "0", "a b:8000"])
def test_what_is_no_address_is_refused(settings, run_command, address):
    settings.DEBUG = True

    refused = run_command("demo", address)

    assert refused.status == 1
    assert "is not an address to serve at" in refused.errors
