"""Who opened which customer's record: whatever is not known to be none counts as one."""

import pytest
from django.urls import ResolverMatch, URLResolver, get_resolver

from console.audit.opening import named_record
from console.audit.words import what_happened
from console.models import AuditEntry
from tests.support.builders import cancel, imported, product, select
from tests.support.wizard_run import WizardRun

NOT_RECORDED = {
    "console:choose_columns",
    "console:default_view",
    "console:delete_view",
    "console:edit_view",
    "console:new_view",
    "console:open_view",
    "console:views",
    # employees, their sign-ins and second factors
    "account_reset_password_from_key",
    "lost_second_factor",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "admin:auth_user_password_change",
    *(
        f"admin:{name}_{page}"
        for name in (
            "auth_group",
            "auth_user",
            "cancellations_bundlepolicy",
            "cancellations_cancellationreason",
            "integrations_apitoken",
        )
        for page in ("change", "delete", "history")
    ),
    # lists, and whatever leads elsewhere
    "admin:app_list",
    "admin:(?P<url>.*)$",
    # a gateway's, which is shown nothing
    "integrations:gateway_webhook",
    # where events are delivered
    "integrations:api_webhook_endpoints",
    "integrations:api_nothing",
    "integrations:edit_endpoint",
    "integrations:endpoint",
}


def addresses_with_arguments(resolver=None, spaces=(), caught=()):
    """The name of each address that takes arguments, with their names."""
    for each in (resolver or get_resolver()).url_patterns:
        named = [*caught, *each.pattern.regex.groupindex]
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from addresses_with_arguments(each, inner, named)
        elif named:
            yield ":".join((*spaces, each.name or str(each.pattern))), named


def is_recorded(name, arguments):
    *spaces, url_name = name.split(":")
    found = ResolverMatch(None, (), dict.fromkeys(arguments, 1), url_name, namespaces=spaces)
    return named_record(found) is not None


def test_every_address_with_an_argument_is_a_record_or_known_to_be_none():
    found = {name for name, named in addresses_with_arguments() if not is_recorded(name, named)}

    assert found == NOT_RECORDED


def test_every_page_that_is_recorded_is_called_by_words():
    for name, named in addresses_with_arguments():
        is_redirect = name.startswith("admin:<") or name == "admin:view_on_site"
        if is_recorded(name, named) and not is_redirect:
            page = name.split(":")[-1]
            assert what_happened(AuditEntry(facts={"page": page})) not in ("", page)


@pytest.mark.parametrize("page", ["gone_since", "orders_gone_change"])
def test_a_page_that_is_gone_is_called_as_it_was(page):
    assert what_happened(AuditEntry(facts={"page": page})) == page


@pytest.fixture
def opened(settings):
    settings.AUDIT_WHO_OPENS = True

    def read():
        entries = AuditEntry.objects.filter(kind="opened").order_by("pk")
        return [(entry.about, entry.facts["page"]) for entry in entries]

    return read


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.both_databases
def test_what_is_done_to_a_record_shows_it(client, manager, agent, opened):
    client.force_login(manager)
    made = cancel(imported(order_number="O-1"), select(), by=agent)

    for page in (
        "/order-summaries/O-1/live/1/",
        "/order-summaries/O-1/erase/",
        "/order-summaries/O-1/refund-owed/",
        f"/change-orders/{made.number}/undo/",
        "/held-sign-ins/",
    ):
        assert client.get(page).status_code == 200

    assert opened() == [
        ("O-1", "order_live"),
        ("O-1", "erase_guest"),
        ("O-1", "refund_owed"),
        (made.number, "undo"),
    ]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_wizard_shows_its_order(agent_client, new_order, opened):
    new_order([product("1", 3, "10.00")])

    WizardRun(agent_client, "W-1").get("select")

    assert opened()[0][0] == "W-1"
