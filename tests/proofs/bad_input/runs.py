"""Wizard runs: steps out of order, forged steps, and ids of runs that are somebody else's."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    RUN,
    Stage,
    explained,
    explained_all,
    selected,
    signed_in,
    submitted,
)
from tests.support.builders import UserFactory

ITEMS = "/order-summaries/W-1/cancel-items"
ALL = "/order-summaries/W-1/cancel-all"
SELECT = f"→ {ITEMS}/{{run}}/select/"
DETAILS = f"→ {ITEMS}/{{run}}/details/"
LOST = "This cancellation is no longer in your session. Please start again."
NOT_READ = "We couldn’t read that request"
NOT_FOUND = "We can’t find this page"


def at(step: str, says: str | None = None, **fields: str) -> Request:
    """A POST to a step that says it comes from a step."""
    hidden = {} if says is None else {"{current_step}": says}
    return Request("POST", f"{ITEMS}/{{run}}/{step}/", fields, hidden)


def get(path: str) -> Request:
    return Request("GET", path)


def run_id(run: str) -> Request:
    return get(f"{ITEMS}/{run}/select/")


def another_agent(stage: Stage) -> None:
    """Another agent, in a session of their own, knows the run's id."""
    stage.client = signed_in(UserFactory(agent=True))


OUT_OF_ORDER = (
    BadInput("details before select", at("details", "details"), 302, f"{SELECT}: {LOST}"),
    BadInput("review before select", at("review", "review"), 302, f"{SELECT}: {LOST}"),
    BadInput("review shown before select", get(f"{ITEMS}/{{run}}/review/"), 302, SELECT),
    BadInput("review before details", at("review", "review"), 302, DETAILS, given=(selected,)),
    BadInput(
        "Previous that leads onward",
        at("select", "select", wizard_goto_step="review"),
        302,
        f"{SELECT}: ",
    ),
    BadInput("finish before submitting", get(f"{ITEMS}/{{run}}/finish/"), 404, NOT_FOUND),
    BadInput(
        "submit by GET",
        get(f"{ITEMS}/{{run}}/finish/?review-agreed=x"),
        404,
        NOT_FOUND,
        given=(selected, explained),
    ),
)
FORGED = (
    BadInput("a form without its hidden step", at("select"), 400, NOT_READ),
    BadInput("a form of another step", at("select", "review"), 400, NOT_READ),
    BadInput("a form of a step that is none", at("select", "nonsense"), 400, NOT_READ),
    BadInput("a hidden step with NUL", at("select", "select\0"), 400, NOT_READ),
    BadInput("an empty hidden step", at("select", ""), 400, NOT_READ),
    BadInput(
        "a form of the other wizard",
        Request("POST", f"{ITEMS}/{{run}}/select/", {"{all_current_step}": "select"}),
        400,
        NOT_READ,
    ),
    BadInput("Discard from another step", at("select", "review", discard="1"), 400, NOT_READ),
    BadInput("a step that is none", get(f"{ITEMS}/{{run}}/nonsense/"), 404, NOT_FOUND),
    BadInput("a step of the framework's own", get(f"{ITEMS}/{{run}}/done/"), 404, NOT_FOUND),
    BadInput("a step of the other wizard", get(f"{ALL}/{{run}}/select/"), 404, NOT_FOUND),
    BadInput("a step with NUL", get(f"{ITEMS}/{{run}}/select%00/"), 404, NOT_FOUND),
)
IDS = (
    BadInput("a run that is no UUID", run_id("no-run"), 404, NOT_FOUND),
    BadInput("a run in capitals", run_id(str(RUN).upper()), 404, NOT_FOUND),
    BadInput("a run without dashes", run_id(RUN.hex), 404, NOT_FOUND),
    BadInput("a run of 300 characters", run_id("a" * 300), 404, NOT_FOUND),
    BadInput("a run with NUL", run_id(f"{RUN}%00"), 404, NOT_FOUND),
    BadInput("a run in full-width digits", run_id(f"{RUN}".replace("6", "６")), 404, NOT_FOUND),  # noqa: RUF001
    BadInput("a finish of no run", get(f"{ITEMS}/no-run/finish/"), 404, NOT_FOUND),
)
FOREIGN = (
    BadInput(
        "a run of another order",
        get("/order-summaries/W-2/cancel-items/{run}/select/"),
        404,
        NOT_FOUND,
        given=(selected,),
    ),
    BadInput(
        "a submitted run of another order",
        get("/order-summaries/W-2/cancel-items/{run}/select/"),
        404,
        NOT_FOUND,
        given=(selected, explained, submitted),
    ),
    BadInput(
        "a finish of another order's run",
        get("/order-summaries/W-2/cancel-items/{run}/finish/"),
        404,
        NOT_FOUND,
        given=(selected, explained, submitted),
    ),
    BadInput(
        "a run of the other wizard",
        get(f"{ALL}/{{run}}/details/"),
        404,
        NOT_FOUND,
        given=(selected,),
    ),
    BadInput(
        "a run of Cancel All in Cancel Item",
        get(f"{ITEMS}/{{run}}/select/"),
        404,
        NOT_FOUND,
        given=(explained_all,),
    ),
    BadInput(
        "details in another agent's run",
        at("details", "details"),
        302,
        f"{SELECT}: {LOST}",
        given=(selected, another_agent),
    ),
    BadInput(
        "submit in another agent's run",
        at("review", "review", **{"review-agreed": "x"}),
        302,
        f"{SELECT}: {LOST}",
        given=(selected, explained, another_agent),
    ),
    BadInput(
        "a submitted run, submitted again",
        at("review", "review", **{"review-agreed": "x"}),
        302,
        f"→ {ITEMS}/{{run}}/finish/",
        given=(selected, explained, submitted),
    ),
)

WAY_IN = by_browser("wizard runs", (*OUT_OF_ORDER, *FORGED, *IDS, *FOREIGN))
