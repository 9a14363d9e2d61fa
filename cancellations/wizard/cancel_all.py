"""Cancel All: everything that can be canceled, for one reason."""

from django.utils.translation import gettext_lazy as _

from cancellations.wizard.cancel_all_details import CancelAllDetailsStep
from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.review import ReviewStep


class CancelAllWizard(CancellationWizard):
    """One reason for everything that can be canceled, review, submit."""

    kind = "cancel_all"
    label = _("Cancel All")
    takes_everything = True
    step_list = (CancelAllDetailsStep(), ReviewStep())
