"""Who sees and may do what: every page, by role and method."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import ChangeOrder
from tests.support import long_forms
from tests.support.builders import cancel, payment, product, select_all
from tests.support.undone import undone
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

RUN = "6f1c1f52-4a3e-4d87-9d2e-000000000001"
OTHER_RUN = "6f1c1f52-4a3e-4d87-9d2e-000000000002"
VIEWER, AGENT, MANAGER = "Order Management Viewer", "Agent", "Operations Manager"
ROLES = (None, "", VIEWER, AGENT, MANAGER)
"""Nobody, somebody without a group, and the three groups."""

METHODS = ("get", "head", "post", "put", "patch", "delete")
ASKED = METHODS if long_forms.IS_ON else ("get", "post", "delete")
"""The others in ``make proofs``; ``tests/proofs/hostile`` sends all of them to every address."""

SEEN = {
    # what everyone in a group may look at, and nobody may send anything to
    "get": (302, 403, 200, 200, 200),
    "head": (302, 403, 200, 200, 200),
    "post": (302, 405, 405, 405, 405),
    "put": (302, 405, 405, 405, 405),
    "patch": (302, 405, 405, 405, 405),
    "delete": (302, 405, 405, 405, 405),
}
STARTED = SEEN | {"get": (302, 403, 403, 302, 302), "head": (302, 403, 403, 302, 302)}
FINISHED = SEEN | {"get": (302, 403, 403, 404, 404), "head": (302, 403, 403, 404, 404)}
STEP = {
    # a POST here lacks the fields of its step
    "get": (302, 403, 403, 200, 200),
    "head": (302, 403, 403, 200, 200),
    "post": (302, 403, 403, 400, 400),
    "put": (302, 403, 403, 405, 405),
    "patch": (302, 403, 403, 405, 405),
    "delete": (302, 403, 403, 405, 405),
}
UNDONE = SEEN | {
    "get": (302, 403, 403, 200, 200),
    "head": (302, 403, 403, 200, 200),
    "post": (302, 403, 403, 302, 302),
}
RESOLVED = SEEN | {"post": (302, 403, 403, 403, 400)}
DECIDED = SEEN | {  # there is none
    "get": (302, 403, 404, 404, 404),
    "head": (302, 403, 404, 404, 404),
    "post": (302, 403, 404, 404, 404),
}
NOTED = SEEN | {"post": (302, 403, 403, 400, 400)}
FOR_MANAGERS = {
    "get": (302, 403, 403, 403, 200),
    "head": (302, 403, 403, 403, 200),
    "post": (302, 403, 403, 403, 409),  # there is nothing to refund or to expect
    "put": (302, 405, 405, 405, 405),
    "patch": (302, 405, 405, 405, 405),
    "delete": (302, 405, 405, 405, 405),
}
OPEN = (
    SEEN
    | {"get": (200,) * 5, "head": (200,) * 5, "post": (405,) * 5}
    | dict.fromkeys(("put", "patch", "delete"), (405,) * 5)
)
FOR_GATEWAYS = dict.fromkeys(METHODS, (405,) * 5) | {"post": (404,) * 5}  # none is configured
FOR_AUDITORS = {
    "get": (302, 403, 403, 403, 403),
    "head": (302, 403, 403, 403, 403),
    **dict.fromkeys(("post", "put", "patch", "delete"), (302, 405, 405, 405, 405)),
}
AUDIT_TAKEN_OUT = dict.fromkeys(METHODS, (302, 405, 405, 405, 405)) | {
    "post": (302, 403, 403, 403, 403)
}
ERASED = FOR_MANAGERS | {"post": (302, 403, 403, 403, 302)}
FOR_STAFF = dict.fromkeys(METHODS, (302,) * 5)

WEBHOOKS = FOR_AUDITORS | dict.fromkeys(("get", "head"), (302, 403, 403, 403, 200))

MATRIX = {
    "/webhooks/": WEBHOOKS,
    "/webhooks/new/": WEBHOOKS | {"post": (302, 403, 403, 403, 400)},
    "/webhooks/1/": WEBHOOKS | dict.fromkeys(("get", "head", "post"), (302, 403, 403, 403, 404)),
    "/webhooks/1/edit/": WEBHOOKS
    | dict.fromkeys(("get", "head", "post"), (302, 403, 403, 403, 404)),
    "/personal-data/": FOR_AUDITORS | dict.fromkeys(("get", "head"), (302, 403, 403, 403, 200)),
    "/accounts/A-1001/erase/": ERASED,
    "/order-summaries/W-1/erase/": ERASED,
    "/approvals/": SEEN,
    "/approvals/1/": DECIDED,
    "/audit/": FOR_AUDITORS,
    "/audit/export/": AUDIT_TAKEN_OUT,
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/gateways/stripe/webhook/": FOR_GATEWAYS,
    "/order-summaries/": SEEN,
    "/order-summaries/W-1/": SEEN,
    "/order-summaries/W-1/feed/": NOTED,
    "/accounts/": SEEN,
    "/accounts/A-1001/": SEEN,
    "/change-orders/": SEEN,
    "/change-orders/{change_order}/": SEEN,
    "/change-orders/{change_order}/undo/": UNDONE,
    "/refunds/": SEEN,
    "/refunds/{refund}/": RESOLVED,
    "/releases/{release}/": RESOLVED,
    "/order-summaries/W-1/live/1/": SEEN,
    "/process-exceptions/": SEEN,
    "/process-exceptions/{exception}/": RESOLVED,
    "/order-summaries/W-1/refund-owed/": FOR_MANAGERS,
    "/order-summaries/W-1/nothing-more/": FOR_MANAGERS,
    "/order-summaries/W-1/cancel-items/": STARTED,
    "/order-summaries/W-1/cancel-all/": STARTED,
    f"/order-summaries/W-1/cancel-items/{RUN}/select/": STEP,
    f"/order-summaries/W-1/cancel-all/{OTHER_RUN}/details/": STEP,
    f"/order-summaries/W-1/cancel-items/{RUN}/finish/": FINISHED,
    f"/order-summaries/W-1/cancel-all/{RUN}/finish/": FINISHED,
    "/admin/": FOR_STAFF,
    "/admin/orders/ordersummary/": FOR_STAFF,
    "/admin/auth/user/": FOR_STAFF,
}
PAGES = ["/order-summaries/", "/order-summaries/W-1/"]
STARTS = [page for page, allowed in MATRIX.items() if allowed is STARTED]
STEPS = [page for page, allowed in MATRIX.items() if allowed is STEP]


ADMIN = {
    # GET by a staff viewer, agent and manager
    "/admin/": (200, 200, 200),
    "/admin/orders/ordersummary/": (200, 200, 200),
    "/admin/orders/account/": (200, 200, 200),
    "/admin/orders/ordersummary/add/": (403, 403, 403),
    "/admin/cancellations/changeorder/": (200, 200, 200),
    "/admin/cancellations/changeorder/add/": (403, 403, 403),
    "/admin/cancellations/refund/": (200, 200, 200),
    "/admin/cancellations/customernotice/": (200, 200, 200),
    "/admin/cancellations/customernotice/add/": (403, 403, 403),
    "/admin/cancellations/release/": (200, 200, 200),
    "/admin/cancellations/processexception/": (200, 200, 200),
    "/admin/cancellations/processexception/add/": (403, 403, 403),
    "/admin/orders/orderevent/": (200, 200, 200),
    "/admin/orders/orderevent/add/": (403, 403, 403),
    "/admin/cancellations/cancellationreason/": (403, 403, 200),
    "/admin/cancellations/cancellationreason/add/": (403, 403, 200),
    "/admin/cancellations/bundlepolicy/1/change/": (403, 403, 200),
    "/admin/auth/user/": (403, 403, 200),
    "/admin/auth/user/add/": (403, 403, 200),
    "/admin/auth/group/": (403, 403, 200),
    "/admin/auth/group/add/": (403, 403, 403),
}


def signed_in(client, group, name="someone", **flags):
    if group is not None:
        user = User.objects.create_user(name, **flags)
        if group:
            user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
    return client


def test_each_role_may_do_exactly_what_it_should(new_order, subtests):
    order = new_order([product("1")], payments=[payment("20.00", charged_back="30.00")])
    made = _canceled(new_order)
    named = {
        "exception": order.process_exceptions.get().pk,
        "change_order": made.number,
        "refund": made.refunds.get().pk,
        "release": made.releases.get().pk,
    }
    clients = [signed_in(Client(), group, f"someone-{group}") for group in ROLES]
    for page, allowed in MATRIX.items():
        with subtests.test(page=page):
            statuses = [_answers(client, page.format(**named)) for client in clients]

            answers = dict(zip(ASKED, zip(*statuses, strict=True), strict=True))
            assert answers == {method: allowed[method] for method in ASKED}


def _answers(client, address):
    """The status of each method; nothing of it stays."""
    cookies = deepcopy(client.cookies)
    with undone():
        statuses = [getattr(client, method)(address).status_code for method in ASKED]
    client.cookies = cookies
    return statuses


def _canceled(new_order):
    """A change order with a refund and a release."""
    moneys = [payment("15.00"), payment("5.00", "P2", captured="0.00")]
    order = new_order([product("1", 2)], "W-2", payments=moneys)
    return cancel(order, select_all(), by=User.objects.create_user("another", is_superuser=True))


@pytest.mark.parametrize(("place", "group"), list(enumerate(ROLES[2:])))
def test_each_role_reaches_its_part_of_the_admin(client, new_order, place, group):
    new_order([product("1")])
    client = signed_in(client, group, is_staff=True)

    statuses = {page: client.get(page).status_code for page in ADMIN}

    assert statuses == {page: expected[place] for page, expected in ADMIN.items()}


@pytest.mark.parametrize("group", ["", "Order Management Viewer"])
def test_a_post_without_the_right_to_cancel_is_a_403(client, new_order, group):
    new_order([product("1")])
    client = signed_in(client, group)

    statuses = [client.post(page, {"discard": "1"}).status_code for page in STEPS]

    assert statuses == [403, 403]


def test_pages_that_only_show_take_no_post(client, new_order):
    new_order([product("1")])
    client = signed_in(client, "Agent")

    assert [client.post(page).status_code for page in PAGES + STARTS] == [405] * 4


def test_without_signing_in_every_page_leads_to_the_sign_in_and_back(client, new_order):
    new_order([product("1")])

    assertRedirects(client.get("/order-summaries/W-1/"), "/sign-in/?next=/order-summaries/W-1/")


def test_a_user_without_a_group_is_told_whom_to_ask(client, db):
    client = signed_in(client, "")

    response = client.get("/order-summaries/")

    assertContains(response, "Ask your operations manager", status_code=403)


def test_a_viewer_is_offered_no_actions(client, new_order):
    new_order([product("1")])
    client = signed_in(client, "Order Management Viewer")

    page = client.get("/order-summaries/W-1/").text

    assert "cancel-items" not in page
    assert "cancel-all" not in page


def test_an_agent_who_loses_the_right_in_mid_wizard_cancels_nothing(client, new_order):
    new_order([product("1")])
    client = signed_in(client, "Agent")
    run = WizardRun(client, "W-1")
    run.select("1")
    run.explain({"1": 1})
    agreed, current_step = run.reviewed(), run.current_step
    User.objects.get(username="someone").groups.clear()

    data = {current_step: "review", "review-agreed": agreed}
    response = client.post(run.url("review"), data)

    assert response.status_code == 403
    assert not ChangeOrder.objects.exists()


def test_a_post_without_its_token_is_refused(new_order, client):
    from django.test import Client

    new_order([product("1")])
    strict = signed_in(Client(enforce_csrf_checks=True), "Agent")

    response = strict.post(STEPS[0], {"select-lines": "1"})

    assert response.status_code == 403


@pytest.mark.parametrize("page", ["/sign-in/", "/order-summaries/", "/order-summaries/W-1/"])
def test_the_content_security_policy_allows_nothing_unsafe(client, new_order, page):
    new_order([product("1")])
    if page != "/sign-in/":
        signed_in(client, "Agent")

    policy = client.get(page).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_signing_in_leads_to_the_orders_and_signing_out_back(client, db):
    User.objects.create_user("lauren", password="a long enough password")

    signed = client.post("/sign-in/", {"username": "lauren", "password": "a long enough password"})
    got_out = client.get("/sign-out/")
    out = client.post("/sign-out/")

    assertRedirects(signed, "/", target_status_code=302)
    assert got_out.status_code == 405
    assertRedirects(out, "/sign-in/")


def test_signing_in_goes_to_no_other_site(client, db):
    User.objects.create_user("lauren", password="a long enough password")
    credentials = {"username": "lauren", "password": "a long enough password"}

    response = client.post("/sign-in/", credentials | {"next": "https://example.com/"})

    assert response.headers["Location"] == "/"


def test_the_root_leads_to_the_orders(client, db):
    signed_in(client, "Agent")

    assertRedirects(client.get("/"), "/order-summaries/")


def test_health_needs_no_sign_in(client, db):
    assert [client.get(page).status_code for page in ("/healthz", "/readyz")] == [200, 200]


def test_unready_while_a_migration_is_missing(client, db, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["missing"])

    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/order-summaries/nope/cancel-items/", "We don&#x27;t think you meant to come here."),
        (f"/order-summaries/nope/cancel-all/{RUN}/details/", "We don&#x27;t think you meant"),
    ],
)
def test_a_wizard_on_no_order_summary_says_so(client, db, path, title):
    signed_in(client, "Agent")

    assertContains(client.get(path), title, status_code=404)


@pytest.mark.parametrize("kind", ["cancel-items", "cancel-all"])
@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"life_cycle": "unmanaged"}, "This order summary is unmanaged."),
        (
            {"items": [product("1", 2, quantity_allocated=2)]},
            "Nothing to cancel",
        ),
    ],
)
def test_a_wizard_with_nothing_to_cancel_says_why(client, new_order, kind, fields, title):
    new_order(**({"items": [product("1")]} | fields))
    signed_in(client, "Agent")

    assertContains(client.get(f"/order-summaries/W-1/{kind}/"), title)
