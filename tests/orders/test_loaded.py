"""Rows that are loaded without Django's ``__init__`` are the rows that it would have made."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_init, pre_init

from cancellations.models import Refund
from orders.models import OrderItemSummary, OrderSummary
from orders.models.loaded import Loaded
from tests.support.builders import cancel, imported, select

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LOADED = [model for model in apps.get_models() if issubclass(model, Loaded)]


@pytest.mark.parametrize("model", LOADED, ids=lambda model: model._meta.model_name)
def test_nobody_waits_to_be_told_that_a_row_was_loaded(model):
    assert not pre_init.has_listeners(model)
    assert not post_init.has_listeners(model)
    assert model.__init__ is Model.__init__


def state(row):
    columns = {name: value for name, value in vars(row).items() if name != "_state"}
    return columns, row._state.adding, row._state.db


@pytest.mark.parametrize("model", LOADED, ids=lambda model: model._meta.model_name)
def test_a_row_is_what_django_would_have_made(model):
    names = [field.attname for field in model._meta.concrete_fields]
    values = [str(number) for number in range(len(names))]
    loaded = model.from_db("default", names, values)
    made = Model.from_db.__func__(model, "default", names, values)

    assert state(loaded) == state(made)


def test_what_was_left_out_is_asked_for(django_assert_num_queries):
    imported()
    order = OrderSummary.objects.only("pk").get()

    with django_assert_num_queries(1):
        assert order.order_number
    assert order.get_deferred_fields()


def test_what_belongs_to_a_row_comes_with_it(agent, django_assert_num_queries):
    cancel(imported(), select(), by=agent)

    with django_assert_num_queries(1):
        refund = Refund.objects.select_related("payment", "change_order__order").get()
        assert refund.payment.order_id == refund.change_order.order.pk


def test_a_row_is_changed_and_read_again():
    imported()
    line = OrderItemSummary.objects.get()
    line.name = "Another"
    line.refresh_from_db()
    assert line.name != "Another"

    line.product = None
    assert line.product_id is None
    assert line == OrderItemSummary.objects.get()
    assert not line._state.adding
