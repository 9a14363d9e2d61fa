"""A wizard run whose pages are read for what is not translated."""

from tests.support.wizard_run import WizardRun


class Driver(WizardRun):
    """A run whose steps' pages are read."""

    def __init__(self, reads, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reads_page = reads

    def reads(self, step, shows, fields=None, **extra):
        """What is not translated on a step, asked for, or shown after these fields were posted."""
        posted = None if fields is None else {self.current_step: step} | fields
        return self.reads_page(self.url(step), shows, posted=posted, **extra)
