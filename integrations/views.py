"""Where gateways send their notices: no sign-in, but a signature."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cancellations.refunds.gateways import NotConfigured
from cancellations.refunds.gateways.notices import NotGenuine, read_notice
from cancellations.refunds.notices import take_notice
from orders.documents.fields import DocumentRefused
from orders.locking import LONGEST_WAIT_SECONDS, OrderBusy, OrderRefused

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
"""Of a notice; gateways send a few thousand."""
MOST_DIGITS = 20
"""Of a length: a header may name one that is too long to be read as a number."""


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def webhook(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a gateway's notice, and say so in one line; what is not taken, it is to send again."""
    try:
        notice = read_notice(gateway, _body(request), request.headers)
        taken_as = take_notice(gateway=gateway, notice=notice)
    except NotConfigured:
        return _line("No notices of this gateway are taken here.", status=404)
    except NotGenuine as refusal:
        logger.warning("a notice for %s was refused: %s", gateway, refusal.message)
        return _line(refusal.message, status=400)
    except (OrderBusy, OrderRefused, DocumentRefused, DatabaseError) as error:
        logger.warning("a notice for %s was not taken", gateway, exc_info=error)
        answer = _line("Send it again.", status=503)
        answer.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
        return answer
    logger.info("%s %s of %s: %s", notice.type, notice.id, gateway, taken_as)
    return _line(taken_as)


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    is_number = length.isdecimal() and len(length) <= MOST_DIGITS
    if not is_number or int(length) > MOST_BYTES:
        raise NotGenuine("A notice has a length, and at most 256 KiB.")
    try:
        return request.body
    except UnreadablePostError as error:
        raise NotGenuine("The body did not come whole.") from error


def _line(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
