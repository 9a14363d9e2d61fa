"""Cancel All: everything that can be canceled, for one reason."""

from cancellations.wizard.cancel_all_details import CancelAllDetailsStep
from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.review import ReviewStep


class CancelAllWizard(CancellationWizard):
    """One reason for everything that can be canceled, review, submit."""

    kind = "cancel_all"
    label = "Cancel All"
    step_list = (CancelAllDetailsStep(), ReviewStep())
