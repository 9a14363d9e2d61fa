"""Whatever people read of an order's feed, and customers of their order, goes through gettext."""

from uuid import uuid4

import pytest

from cancellations.acts.undo import undo_change_order
from cancellations.acts.write_note import write_note
from cancellations.letters import letter_for
from cancellations.models import ChangeOrder, CustomerNotice
from cancellations.models.refund_states import ByHand, RefundStatus
from console.feed.words import WORDS
from orders.models import EventType, OrderEvent, OrderSummary
from tests.proofs.every_text_is_translated.test_admin import LEFT_BY_DJANGO
from tests.support.builders import cancel, select
from tests.support.long_forms import some_of
from tests.support.pseudo_locale import pseudo_locale, untranslated
from tests.support.unguarded import unguarded

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FEED = "/order-summaries/{}/feed/"


@pytest.fixture
def tell(orders_of_every_kind):
    """Writes an event of any type on W-1, as no act does."""

    def tell(type, **facts):
        event = OrderEvent.objects.filter(order__order_number="W-1").order_by("sequence").last()
        with unguarded(OrderEvent):
            event.pk = None
            event.sequence += 1
            event.type, event.facts = type, facts
            event.save(force_insert=True)

    return tell


@pytest.mark.parametrize("number", ["W-1", "SHIPPED", "GUEST", "COAT", "LEFT", "UNMANAGED"])
def test_feeds_of_orders(reads, told_of_money, number):
    assert reads(FEED.format(number), "Write a note") == []


def test_events_of_every_type(reads, tell):
    on = {"refund": 1, "payment": "P1", "amount": 5, "was": "processing"}
    told = {"notice": 1, "change_order": 1}
    for status in RefundStatus:
        for kind in ("refund", "release"):
            of = {name: value for name, value in on.items() if name != "refund"} | {kind: 1}
            for call, code in (("send", "no_answer"), ("look_up", "not_found"), ("notice", "")):
                tell("gateway_answered", **of, now=status, call=call, outcome=status, code=code)
    tell("gateway_answered", **on | {"was": "succeeded"}, now="failed", call="send")
    for decision in ("retry", "look_up", "withdraw", "mark_as_paid", "was_this_refund"):
        tell("person_decided", **on, now="x", decision=decision, reference="nonsense")
        tell("person_decided", **{**on, "release": 1}, now="x", decision=decision)
    for why in (*ByHand.values, "person"):
        tell("left_to_people", **on, now="manual", why=why)
    tell("left_to_people", why="unassigned", amount=1)
    for keeps in (True, False):
        tell("nothing_more_expected", shop_keeps_it=keeps, expected=1)
    for kind in ("changed", "refunded"):
        for outcome in ("sent", "failed", "doubtful"):
            tell("customer_notified", **told, kind=kind, outcome=outcome)
    for type in EventType:
        tell(type, nonsense="x")
    assert WORDS.keys() == set(EventType)

    last = OrderEvent.objects.filter(order__order_number="W-1").latest("sequence").sequence
    for place in range(last + 1, 0, -50):
        assert reads(FEED.format("W-1") + f"?after={place}", "events") == []


def test_a_note_and_what_is_wrong_with_one(reads, orders_of_every_kind):
    page, once = FEED.format("W-1"), str(uuid4())
    note = {"note": "Seen to.", "once": once}

    for said, wrong in (
        ("Write a note.", {"note": ""}),
        ("Shorten the note", {"note": "x" * 1001}),
        ("could not be read back", {"once": ""}),
    ):
        assert reads(page, said, posted=note | wrong, status=400) == []
    assert reads(page, "The note was written.", posted=note) == []
    other = note | {"note": "nonsense"}
    assert reads(page, "Another note was written", posted=other, status=409) == []
    assert reads(f"{page}?after=x", "is not one of this list", status=400) == []


def test_acts_in_the_feed(reads, canceled, manager):
    order = OrderSummary.objects.get(order_number="W-1")
    made = cancel(order, select("3", 1), by=manager)
    undo_change_order(change_order_id=made.pk, by=manager)
    write_note(order_number="W-1", text="Seen to.", request_id="nonsense", by=manager)

    assert reads(FEED.format("W-1"), "was taken back by") == []


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize("status", some_of(RefundStatus.values, every=4))
def test_what_is_read_out_and_what_became_of_e_mails(reads, canceled, status):
    for made in ChangeOrder.objects.filter(kind="cancellation"):
        made.refunds.update(status=status)
        made.releases.update(status=status)
        for kind in CustomerNotice.Kind.values:
            notice = CustomerNotice.objects.create(
                change_order=made, kind=kind, status="failed", remark="nonsense"
            )
            _reads_as_mail(notice)
            admin = f"/admin/cancellations/customernotice/{notice.pk}/change/"
            assert reads(admin, "As text") == []
        CustomerNotice.objects.filter(kind="refunded").update(
            remark=CustomerNotice.MAY_HAVE_BEEN_SENT
        )
        assert reads(made.get_absolute_url(), "To read out or paste") == []
    left = reads("/admin/cancellations/customernotice/", "It may have been sent")
    assert set(left) <= LEFT_BY_DJANGO


def _reads_as_mail(notice):
    with pseudo_locale():
        letter = letter_for(notice)
        pages = [letter.html, letter.text, letter.subject]
    order = notice.change_order.order
    names = {order.order_number, *order.lines.values_list("name", flat=True)}
    assert [found for page in pages for found in untranslated(page, {*DATA, *names})] == []


DATA = {"Lauren Boyle", "Visa ending 1111"}
