"""Cancel Item: up to 100 lines, each with its own details."""

from django.utils.translation import gettext_lazy as _

from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.details import DetailsStep
from cancellations.wizard.review import ReviewStep
from cancellations.wizard.select import SelectStep


class CancelItemWizard(CancellationWizard):
    """Select lines, give details, review, submit."""

    kind = "cancel_items"
    label = _("Cancel Item")
    step_list = (SelectStep(), DetailsStep(), ReviewStep())
