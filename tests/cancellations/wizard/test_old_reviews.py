"""A review signed by another release is shown once more, whatever that release put into it."""

import pytest
from django.core import signing
from pytest_django.asserts import assertContains

from cancellations.models import ChangeOrder
from cancellations.snapshots import SNAPSHOT_VERSION, NotReadBack, Snapshot
from tests.support.builders import product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

UNREADABLE = "This page could not be read back. Check the amounts below and submit again."
SALT = f"cancellations.review.{SNAPSHOT_VERSION}.W-1"
LINE = ["1", "Thing 1", 1, 3, 1000, 0, [1000], ["Changed Mind", "", False]]
REFUNDS = {"P1": 1000}
RELEASES = {}


@pytest.fixture
def run(new_order, new_run):
    """A run that stands at its review: one unit of three for 10.00."""
    new_order([product("1", 3)], captured="30.00")
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    return run


def signed(content, salt=SALT):
    return signing.dumps(content, salt=salt, compress=True)


def test_what_this_release_signs_is_read_back(run):
    assert signing.loads(run.reviewed(), salt=SALT) == [[LINE], REFUNDS, 0, RELEASES, False]

    assert run.submit(signed([[LINE], REFUNDS, 0, RELEASES, False])).url == run.url("finish")


@pytest.mark.parametrize(
    "salt",
    [
        f"cancellations.review.{SNAPSHOT_VERSION - 1}.W-1",
        f"cancellations.review.{SNAPSHOT_VERSION + 1}.W-1",
        "cancellations.review",
        "cancellations.review.W-1",
        "",
    ],
)
def test_a_review_of_another_version_is_shown_once_more(run, salt):
    check_shown_once_more(run, signed([[LINE], REFUNDS, 0, RELEASES, False], salt))


OTHER_SHAPES = [
    None,
    5,
    "text",
    [],
    {},
    [[LINE], REFUNDS],
    [[LINE], REFUNDS, 0, RELEASES, False, 0],
    [[LINE], REFUNDS, 0],
    [[LINE], REFUNDS, 0, RELEASES],
    {"lines": [LINE], "refunds": REFUNDS, "unassigned": 0, "releases": RELEASES, "fees": False},
    [5, REFUNDS, 0, RELEASES, False],
    [[5], REFUNDS, 0, RELEASES, False],
    [[[]], REFUNDS, 0, RELEASES, False],
    [{"1": LINE[1:]}, REFUNDS, 0, RELEASES, False],
    [[LINE[:-1]], REFUNDS, 0, RELEASES, False],
    [[[*LINE, 0]], REFUNDS, 0, RELEASES, False],
    [[[[], *LINE[1:]]], REFUNDS, 0, RELEASES, False],
    [[[*LINE[:2], "one", *LINE[3:]]], REFUNDS, 0, RELEASES, False],
    [[[*LINE[:6], 1000, LINE[7]]], REFUNDS, 0, RELEASES, False],
    [[[*LINE[:7], ["Changed Mind", ""]]], REFUNDS, 0, RELEASES, False],
    [[[*LINE[:7], "Changed Mind"]], REFUNDS, 0, RELEASES, False],
    [[[*LINE[:7], {"reason": "Changed Mind"}]], REFUNDS, 0, RELEASES, False],
    [[LINE], [["P1", 1000]], 0, RELEASES, False],
    [[LINE], REFUNDS, None, RELEASES, False],
    [[LINE], REFUNDS, 0, [["P1", 1000]], False],
    [[LINE], REFUNDS, 0, RELEASES, "sometimes"],
]


@pytest.mark.parametrize("content", OTHER_SHAPES)
def test_a_review_of_another_shape_is_not_read_back(content):
    with pytest.raises(NotReadBack):
        Snapshot.read(signed(content), "W-1")


def test_what_is_not_read_back_is_shown_once_more(run):
    check_shown_once_more(run, signed(OTHER_SHAPES[-1]))


def check_shown_once_more(run, agreed):
    response = run.post("review", {"review-agreed": agreed})

    assertContains(response, UNREADABLE)
    assertContains(response, "$10.00")
    assert not ChangeOrder.objects.exists()
    run.submit()
    assert ChangeOrder.objects.count() == 1


def test_a_refused_review_of_another_release_that_a_session_kept_is_forgotten(run):
    session = run.client.session
    [name] = [name for name in session.keys() if name.endswith(run.run.hex)]  # noqa: SIM118
    session[name]["extra_data"]["reviewed"] = signed(
        [[LINE], REFUNDS, 0, RELEASES, False], "cancellations.review.0"
    )
    session.save()

    assertContains(run.get("review"), "$10.00")
    run.submit()

    assert ChangeOrder.objects.count() == 1


def test_a_submitted_run_says_nothing_of_a_review_it_cannot_read(run):
    run.submit()

    response = run.client.post(run.url("review"), {"review-agreed": signed([5], SALT)}, follow=True)

    assert response.request["PATH_INFO"] == run.url("finish")
    assert "submitted before" not in response.text
