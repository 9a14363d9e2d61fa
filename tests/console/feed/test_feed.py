"""The feed of an order: each event a sentence, newest first."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.exceptions import resolve_exception
from cancellations.acts.expect_nothing_more import expect_nothing_more
from cancellations.acts.take_order import import_orders
from cancellations.acts.undo import undo_change_order
from cancellations.acts.write_note import write_note
from cancellations.models import ChangeOrder
from console.feed.words import WORDS
from orders.documents.order import read_order
from orders.models import EventType
from tests.support.builders import (
    UserFactory,
    cancel,
    imported,
    order_document,
    payment,
    product,
    report,
    select,
    settle,
    system_user,
)
from tests.support.long_forms import some_of
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

FEED = "/order-summaries/W-1/feed/"


def test_every_type_of_event_has_words_of_its_own():
    assert WORDS.keys() == set(EventType)


def test_the_import_says_what_came(agent_client, said, new_order):
    new_order([product("1", 2, quantity_allocated=1)], captured="15.00")

    assert said(agent_client) == [
        [
            "The order came: $20.00 in all.",
            "Thing 1: allocated 1",
            "Visa ending 1111: authorized $15.00, captured $15.00",
        ]
    ]


def test_what_happened_stands_newest_first_with_who_did_it(client, said, new_order):
    ada = UserFactory(agent=True, first_name="Ada", last_name="Lane")
    client.force_login(ada)
    order = new_order([product("1", 2), product("2")], captured="30.00")
    made = cancel(order, select(quantity=2), by=ada)
    undo_change_order(change_order_id=made.pk, by=ada)

    undone = ChangeOrder.objects.latest("pk")
    assert said(client)[:2] == [
        [f"{made.number} was taken back by {undone.number}: $20.00 is on the order again."],
        [f"$20.00 was canceled by {made.number}; $20.00 is to go back.", "2 × Thing 1"],
    ]
    page = client.get(FEED)
    assertContains(page, f'<a href="/change-orders/{made.number}/">{made.number}</a>', html=True)
    assert page.text.partition("<main")[2].count("<bdi>Ada Lane</bdi>") == 2


def test_a_settlement_and_what_goes_back_nowhere(agent_client, said, manager, new_order):
    order = new_order([product("1", 2)], captured="25.00")
    settled = settle(order, by=manager, note="They called.")
    order = new_order([product("1", 2)], "W-2", captured="0.00")
    made = cancel(order, select(), by=manager)

    assert said(agent_client)[0] == [
        f"$5.00 that was owed is to go back by {settled.number}.",
        "They called.",
    ]
    assert said(agent_client, "W-2")[0] == [
        f"$10.00 was canceled by {made.number}; nothing is to go back.",
        "1 × Thing 1",
    ]


def test_reports_say_what_they_give_and_what_it_made(agent_client, said, new_order):
    order = new_order([product("1", 2)], captured="10.00")
    report(order, payments=[{"key": "P1", "captured": "20.00"}])
    back = dict.fromkeys(
        (f"quantity_{name}" for name in ("allocated", "fulfilled", "return_initiated", "returned")),
        1,
    )
    report(order, {"key": "1", **back})

    returned = ChangeOrder.objects.get()
    assert said(agent_client)[:2] == [
        [
            "Another system reported.",
            "Thing 1: allocated 1, fulfilled 1, return initiated 1, returned 1",
            f"{returned.number}: Return, $10.00",
        ],
        [
            "Another system reported.",
            "Visa ending 1111: authorized $10.00, captured $20.00",
        ],
    ]


def test_a_long_report_names_the_first_of_it(agent_client, said, new_order):
    new_order([product(str(key), quantity_allocated=1) for key in range(20)])

    [[_, *details]] = said(agent_client)

    assert len(details) == 9
    assert details[-1] == "and 13 more"


def test_an_amendment_says_what_differed(agent_client, said):
    document = order_document(order_number="W-1")
    imported(document)
    more = payment("25.00")
    import_orders(
        [read_order(document | {"channel": "Shop", "payments": [more]})], by=system_user()
    )

    assert said(agent_client)[0] == [
        "A newer document changed the order.",
        "Channel",
        "Payment P1: authorized, captured",
        "Visa ending 1111: authorized $25.00, captured $25.00",
    ]


@pytest.mark.parametrize(
    ("keeps", "says"),
    [(True, "the shop keeps $10.00."), (False, "we owe the customer $10.00.")],
)
def test_nothing_more_is_expected(agent_client, said, manager, new_order, keeps, says):
    back = ("allocated", "fulfilled", "return_initiated", "returned")
    order = new_order([product("1", 2)], captured="20.00")
    report(order, {"key": "1", **{f"quantity_{name}": 1 for name in back}})
    order.refresh_from_db()
    expect_nothing_more(
        order_number="W-1", shop_keeps_it=keeps, agreed=order.expected_elsewhere_minor, by=manager
    )

    assert said(agent_client)[0] == [f"Nothing more is expected from elsewhere: {says}"]


def test_a_resolved_exception_is_linked_with_its_note(agent_client, said, manager, new_order):
    order = new_order([product("1")])
    report(order, {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 2})
    exception = order.process_exceptions.get()
    resolve_exception(exception_id=exception.pk, note="Sent back.", by=manager)

    assert said(agent_client)[0] == [
        "An exception was resolved: Fulfilment · Thing 1 (line 1)",
        "Sent back.",
    ]
    assertContains(agent_client.get(FEED), f'href="/process-exceptions/{exception.pk}/"')


def gateway(now, was="processing", **facts):
    return {
        "payment": "P1",
        "amount": 1000,
        "was": was,
        "now": now,
        "call": "send",
        "outcome": now,
        "code": "",
        **facts,
    }


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (gateway("succeeded"), "$10.00 was refunded to Visa ending 1111."),
        (
            gateway("failed", outcome="refused", code="card_closed"),
            "The refund of $10.00 to Visa ending 1111 was refused.",
        ),
        (
            gateway("failed", was="succeeded", call="notice"),
            "The refund of $10.00 to Visa ending 1111, which had succeeded, has failed.",
        ),
        (
            gateway("unknown", code="no_answer"),
            "Whether $10.00 was refunded to Visa ending 1111 is not known.",
        ),
        (
            gateway("settling"),
            "The refund of $10.00 to Visa ending 1111 was accepted; it is not final yet.",
        ),
    ],
)
def test_what_a_gateway_answered(agent_client, agent, said, new_order, tell, facts, says):
    order = new_order([product("1", 2)], captured="20.00")
    refund = cancel(order, select(), by=agent).refunds.get()
    release = {name: value for name, value in facts.items() if name != "refund"}
    tell(order, "gateway_answered", facts | {"refund": refund.pk})
    tell(order, "gateway_answered", release | {"release": 9999})

    of_release, of_refund, *_ = said(agent_client)
    assert of_refund[0] == says
    assert of_refund[1] == f"Because of {refund.change_order.number}"
    assert "releas" in of_release[0]
    assert "Because of" not in str(of_release)


def test_how_a_gateway_was_asked_and_what_it_said(agent_client, said, new_order, tell):
    order = new_order([product("1")])
    tell(order, "gateway_answered", gateway("failed", refund=1, code="card_closed"))
    tell(
        order,
        "gateway_answered",
        gateway("unknown", refund=1, call="look_up", outcome="not_found"),
    )
    tell(order, "gateway_answered", gateway("succeeded", refund=1, call="notice"))

    assert [entry[1] for entry in said(agent_client)[:3]] == [
        "Told by the gateway of itself",
        "Answer of the gateway to a look-up: not found",
        "Answer of the gateway to what was sent: card_closed",
    ]


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("retry", "is to be tried again."),
        ("look_up", "is to be looked up."),
        ("withdraw", "was withdrawn."),
        ("mark_as_paid", "was marked as"),
        ("was_this_refund", "What was refunded elsewhere was"),
    ],
)
@pytest.mark.parametrize("kind", ["refund", "release"])
def test_what_a_person_decided(agent_client, said, new_order, tell, kind, decision, says):
    if (kind, decision) == ("release", "was_this_refund"):
        return
    order = new_order([product("1")])
    on = {kind: 1, "payment": "P1", "amount": 5, "was": "x", "now": "y"}
    tell(order, "person_decided", on | {"decision": decision})

    [decided] = said(agent_client)[0]
    assert says in decided
    assert f"{kind} of $0.05" in decided


def test_what_is_left_to_people(agent_client, said, new_order, tell):
    order = new_order([product("1")])
    waits = {"refund": 1, "payment": "P1", "amount": 500, "was": "pending", "now": "manual"}
    tell(order, "left_to_people", waits | {"why": "no_reference"})
    tell(order, "left_to_people", {"why": "unassigned", "amount": 700})

    assert said(agent_client)[:2] == [
        ["$7.00 is owed, and no payment could take it."],
        [
            "The refund of $5.00 to Visa ending 1111 waits for a person.",
            "The payment has no reference at its gateway.",
        ],
    ]


@pytest.mark.parametrize("kind", ["changed", "refunded"])
@pytest.mark.parametrize("outcome", ["sent", "failed", "doubtful"])
def test_that_the_customer_was_told(agent_client, said, new_order, tell, kind, outcome):
    order = new_order([product("1")])
    facts = {"notice": 1, "kind": kind, "outcome": outcome, "change_order": 12}
    tell(order, "customer_notified", facts)

    [sentence] = said(agent_client)[0]
    assert "the customer" in sentence.lower()
    assert "CO-00000012" in sentence


LIES = [
    [],
    "x",
    7,
    {},
    {"lines": 1, "payments": []},
    {"lines": {"1": {"reported": []}}, "payments": {"P1": None}},
    {"fields": [1], "report": None},
    {"fields": ["items[1"], "report": {"payments": {"P1": {"captured": "x"}}}},
    {"refund": [], "payment": {}, "amount": "much", "was": 1, "now": [], "call": {}},
    gateway("succeeded", refund={}),
    gateway("succeeded", refund=1, amount="1.00"),
    gateway("succeeded", refund=1, amount=float("1e300")),
    gateway("succeeded", refund=1, call=[]),
    gateway("nonsense", refund=1),
    {"exception": []},
    {"exception": 2**70},
    {"exception": True},
    {"why": []},
    {"why": "unassigned", "amount": None},
    {"change_order": -1},
    {"change_order": 2**70, "kind": "changed", "outcome": "sent", "notice": 1},
    {"change_order": "x", "kind": [], "outcome": "sent"},
    {"shop_keeps_it": 1, "expected": {}},
]


@pytest.mark.parametrize("facts", some_of(LIES, every=3), ids=str)
def test_lies_never_break_the_feed(agent_client, new_order, tell, facts):
    order = new_order([product("1")])
    for type in EventType:
        tell(order, type, facts)

    page = agent_client.get(FEED)

    assert page.status_code == 200
    assert page.text.count('<li id="event-') == len(EventType) + 1
    assertContains(page, "What it says cannot be read.")


def test_the_feed_has_pages(agent_client, new_order, tell):
    order = new_order([product("1")])
    for _ in range(119):
        tell(order, "left_to_people", {"why": "unassigned", "amount": 1})

    def sequences(response):
        return [entry.event.sequence for entry in response.context["feed"].entries]

    first = agent_client.get(FEED)
    second = agent_client.get(f"{FEED}?{first.context['feed'].page.next_query}")
    third = agent_client.get(f"{FEED}?{second.context['feed'].page.next_query}")

    assert sequences(first) == list(range(120, 70, -1))
    assert sequences(second) == list(range(70, 20, -1))
    assert sequences(third) == list(range(20, 0, -1))
    assert third.context["feed"].page.next_query == ""
    assertContains(first, "120 events")


@pytest.mark.parametrize("query", ["after=x", "before=-1", "after=1~2"])
def test_a_page_that_is_none_is_a_400(agent_client, new_order, query):
    new_order([product("1")])

    response = agent_client.get(f"{FEED}?{query}")

    assertContains(response, "The page to show is not one of this list.", status_code=400)


def test_a_page_beyond_all_is_empty(agent_client, new_order):
    new_order([product("1")])

    response = agent_client.get(f"{FEED}?before={10**17}")

    assert response.status_code == 200


def test_what_strangers_wrote_is_escaped(agent_client, agent, new_order):
    new_order(
        [product("1", name="<script>1</script>", quantity_allocated=1), product("2")],
        payments=[payment("5.00", method="<b>Visa</b>")],
    )
    write_note(order_number="W-1", text="<i>a</i>", request_id="n", by=agent)

    page = agent_client.get(FEED)

    for text in ("<script>1", "<b>Visa", "<i>a"):
        assertNotContains(page, text)
    assertContains(page, "&lt;i&gt;a&lt;/i&gt;")


def test_the_tabs_lead_to_each_other(agent_client, new_order):
    new_order([product("1")])
    details, feed = agent_client.get("/order-summaries/W-1/").text, agent_client.get(FEED).text

    current = '<a href="{}" aria-current="page">{}</a>'
    for page, own in (
        (details, current.format("/order-summaries/W-1/", "Details")),
        (feed, current.format(FEED, "Feed")),
    ):
        nav = " ".join(page[page.index('<nav class="tabs"') :].partition("</nav>")[0].split())
        assert own.replace(" ", "") in nav.replace(" ", "")
        assert nav.count("aria-current") == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.budget
def test_statements_of_the_feed(agent_client, agent, new_order, count):
    order = new_order([product("1", 100)])
    for number in range(count):
        cancel(order, select(), by=agent)
        write_note(order_number="W-1", text="Once.", request_id=f"n{number}", by=agent)

    with counted_statements(19):
        agent_client.get(FEED)
