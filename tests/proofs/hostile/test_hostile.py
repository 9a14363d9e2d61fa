"""What people who wish us ill send: nobody gets in, out or ahead by it, and nothing breaks."""

import json
import logging
import random
import re
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.proofs.hostile.addresses import (
    AGENT,
    ANYONE,
    MANAGER,
    SIGNED_IN,
    STAFF,
    VIEWER,
    addresses,
    least_for,
)
from tests.proofs.sizes import HOSTILE_REQUESTS
from tests.support.builders import cancel, payment, product, select_all

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

IS_LONG = HOSTILE_REQUESTS >= 2000
METHODS = (
    ("get", "post", "head", "put", "patch", "delete", "options") if IS_LONG else ("get", "post")
)
GROUPS = {VIEWER: "Order Management Viewer", AGENT: "Agent", MANAGER: "Operations Manager"}
ROLES = {
    "nobody": ANYONE,
    "without a group": SIGNED_IN,
    "viewer": VIEWER,
    "agent": AGENT,
    "manager": MANAGER,
    "superuser": STAFF,
}
OUT = {403, 404, 405, 400, 401, 429}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "\t//evil.example/",
    "javascript:alert('evil.example')",
    "//orders@evil.example/",
    "https://testserver.evil.example/",
    "/%2f/evil.example/\r\nX-Evil: 1",
)
LEADS = re.compile(r"""(?:href|action|src|hx-\w+|content)=["']([^"']*evil[^"']*)""")


@pytest.fixture(autouse=True)
def _quiet():
    """Every refusal is a line in the log, with a traceback: thousands of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def told(request):
    """Prints a figure, in the long form too."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(text):
        with capture.global_and_fixture_disabled():
            print(f"\n  {text}", end="", flush=True)

    return tell


@pytest.fixture
def stage(new_order):
    """Something of everything that an address may name."""
    order = new_order([product("1", 3)], payments=[payment("60.00", charged_back="90.00")])
    by = User.objects.create_user("someone-else", is_superuser=True)
    moneys = [payment("15.00"), payment("5.00", "P2", captured="0.00")]
    made = cancel(new_order([product("1", 2)], "W-2", payments=moneys), select_all(), by=by)
    return {"change_order": str(made.number), "order": order.order_number}


@pytest.fixture
def signed_in(stage, settings):
    """Clients by role; each role signs in once, as what a request writes is taken back."""
    people, keys = {}, {}
    for name, rank in ROLES.items():
        if rank is not ANYONE:
            is_root = rank == STAFF
            person = User.objects.create_user(f"a {name}", is_superuser=is_root, is_staff=is_root)
            if rank in GROUPS:
                person.groups.add(Group.objects.get(name=GROUPS[rank]))
            people[name] = person

    def client(name, **options):
        opened = Client(raise_request_exception=False, **options)
        if name in keys:
            opened.cookies[settings.SESSION_COOKIE_NAME] = keys[name]
        elif name in people:
            opened.force_login(people[name])
            keys[name] = opened.cookies[settings.SESSION_COOKIE_NAME].value
        return opened

    return client


def tried(every):
    """All of them at length, else some."""
    return every if IS_LONG else every[::4]


class _Undone(Exception):
    pass


def answered(client, method, address, *arguments, **options):
    """The answer; whatever the request wrote is taken back."""
    answer = None
    try:
        with transaction.atomic():
            answer = getattr(client, method)(address, *arguments, **options)
            raise _Undone
    except _Undone:
        return answer


def answered_to(client, method, path, request):
    """The same for a method that may be none."""
    answer = None
    try:
        with transaction.atomic():
            answer = client.generic(method, path, **request)
            raise _Undone
    except _Undone:
        return answer


def is_broken(answer):
    return answer.status_code >= 500 and answer.status_code != 503


def is_out(answer):
    """Turned away: refused, or led to the sign-in and nowhere else."""
    where = answer.headers.get("Location", "")
    return answer.status_code in OUT or (
        answer.status_code == 302 and ("/sign-in/" in where or "/admin/login/" in where)
    )


def test_who_signed_in_stays_so_whatever_was_sent(signed_in):
    for _ in range(2):
        out = {name for name in ROLES if is_out(answered(signed_in(name), "get", "/"))}
        assert out == {"nobody"}
        for name in ROLES:
            answered(signed_in(name), "post", "/sign-out/")


def test_every_address_keeps_out_who_may_not(stage, signed_in, told):
    asked = 0
    findings = []
    for address in tried(addresses(stage)):
        least = least_for(address)
        if least is None:
            findings.append(f"{address}: nobody says who may use it")
            continue
        for name, rank in ROLES.items():
            for method in METHODS:
                answer = answered(signed_in(name), method, address)
                asked += 1
                out = is_out(answer) or method == "options"
                if is_broken(answer) or (rank < least and not out):
                    findings.append(f"{name} {method} {address}: {answer.status_code}")
                findings += lacking_headers(answer, method, address)
    told(f"role × URL × method: {asked} requests, {len(findings)} findings")
    assert findings == []


def lacking_headers(answer, method, address):
    found = [
        f"{method} {address}: {name} is {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"{method} {address}: {policy}")
    if not answer.headers.get("X-Request-ID"):
        found.append(f"{method} {address}: no id")
    if answer.headers.get("Access-Control-Allow-Origin"):
        found.append(f"{method} {address}: any origin")
    return found


def test_no_post_is_taken_without_its_token(stage, signed_in, told):
    strict = signed_in("superuser", enforce_csrf_checks=True)
    every = addresses(stage)

    answers = {address: answered(strict, "post", address, {"a": "1"}) for address in every}
    taken = {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code not in (403, 405)
        and not address.startswith("/gateways/")
        and not (answer.status_code == 404 and address == "/metrics")
        # No session opens the API, so that none can be ridden on.
        and not (answer.status_code in (401, 404) and address.startswith("/api/v1"))
    }

    told(f"CSRF: {len(every)} POSTs, {len(taken)} taken")
    assert taken == {}


def test_no_address_leads_elsewhere(stage, signed_in, told):
    asked, led = 0, []
    for name in ("nobody", "superuser"):
        for address in tried(addresses(stage)):
            if "sign-out" in address or "logout" in address:
                continue
            for target in ELSEWHERE if IS_LONG else ELSEWHERE[:3]:
                told_so = {"next": target, "return_to": target, "outside": "1"}
                for method in ("get", "post"):
                    answer = answered(signed_in(name), method, address, told_so)
                    asked += 1
                    led += [
                        f"{name} {method} {address} {target!r}: {where}"
                        for where in ways_of(answer)
                        if leads_elsewhere(where)
                    ]
                    if "X-Evil" in answer.headers:
                        led.append(f"{name} {method} {address} {target!r}: a header")
    told(f"redirects: {asked} requests, {len(led)} led away")
    assert led == []


def ways_of(answer):
    """Where the answer leads: by its headers, and by whatever on its page names the stranger."""
    headers = [answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "Refresh")]
    on_page = [] if answer.streaming else map(unescape, LEADS.findall(answer.text))
    return [*headers, *on_page]


def leads_elsewhere(where):
    """As browsers take it: they drop blanks within, and a backslash is a slash."""
    taken = re.sub(r"[\t\r\n]", "", where).strip().replace("\\", "/")
    taken = re.sub(r"^(https?:)/*", r"\1//", re.sub(r"^/{2,}", "//", taken), flags=re.IGNORECASE)
    parts = urlsplit(urljoin("http://testserver/here/", taken))
    return parts.scheme not in ("http", "https") or parts.hostname != "testserver"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_what_leads_elsewhere_is_known_when_it_is_seen(target):
    assert leads_elsewhere(target) is not target.startswith("/%2f/")


def test_every_address_is_reached_and_has_a_rule(stage):
    every = addresses(stage)

    assert [address for address in every if least_for(address) is None] == []
    assert [address for address in every if set(address) & set("<>()[]?^$")] == []
    assert [address for address in every if not is_resolved(address)] == []


def is_resolved(address):
    try:
        return resolve(address)
    except Resolver404:
        return False


@pytest.mark.parametrize(
    "new", ["/brand-new/", "/order-summaries/W-1/refund-all/", "/accounts/A-1/export/", "/audit/x/"]
)
def test_an_address_that_is_new_has_no_rule_until_somebody_writes_one(new):
    assert least_for(new) is None


def test_nothing_that_is_sent_breaks_anything(stage, signed_in, told):
    chance = random.Random(20261126)
    every = addresses(stage)
    broken = []
    for number in range(HOSTILE_REQUESTS):
        request = fuzzed(chance, every)
        client = signed_in(chance.choice(list(ROLES)))
        path, method = request.pop("address"), request.pop("method")
        answer = answered_to(client, method, path, request)
        if is_broken(answer):
            broken.append(f"{number}: {answer.status_code} {method} {path} {request!r}")
    told(f"fuzz: {HOSTILE_REQUESTS} requests, {len(broken)} broke something")
    assert broken == []


NASTY = (
    "", "0", "-1", "9" * 40, "1e309", "NaN", "null", "true", "[]", "{}", "\x00", "\ud800".encode(
        "utf-8", "surrogatepass").decode("latin-1"), "é", "٠١٢", "\u202e", "a" * 5000, "' OR 1=1--",
    "{{7*7}}", "<script>", "../../etc/passwd", "%00", "%ff", "\r\nSet-Cookie: a=b", "2026-13-45",
    "${jndi:ldap://x}", "W-1", "A-1001", "1",
)  # fmt: skip
FIELDS = (
    "q", "page", "after", "before", "sort", "next", "return_to", "outside", "status", "username",
    "password", "select-lines", "details-0-quantity", "review-agreed", "action", "_selected_action",
    "note", "amount", "looks", "csrfmiddlewaretoken", "o", "p", "e", "_popup", "_to_field",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data",
    "application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-7",
    "\xff",
)  # fmt: skip


def fuzzed(chance, every):
    """A request that no browser of ours would send."""
    path = chance.choice(every)
    if chance.random() < 0.4:
        parts = path.split("/")
        parts[chance.randrange(len(parts))] = quoted(chance.choice(NASTY))
        path = "/".join(parts)
    path = "/" + path.lstrip("/")
    pairs = [(chance.choice(FIELDS), chance.choice(NASTY)) for _ in range(chance.randrange(5))]
    query = "&".join(f"{name}={quoted(value)}" for name, value in pairs)
    body = chance.choice([query.encode(), json.dumps(dict(pairs)).encode(), chance.randbytes(60)])
    headers = {
        "Cookie-Junk": "1",
        chance.choice(
            ["HX-Request", "X-Request-ID", "Accept-Language", "If-None-Match", "Range"]
        ): chance.choice(NASTY[:-3]).replace("\r", "").replace("\n", "").replace("\x00", ""),
    }
    return {
        "method": chance.choice(["GET", "POST", "POST", "HEAD", "PUT", "DELETE", "BREW"]),
        "address": path if not query or chance.random() < 0.5 else f"{path}?{query}",
        "data": body,
        "content_type": chance.choice(TYPES),
        "headers": headers,
    }


def quoted(text):
    return quote(text, safe="%")
