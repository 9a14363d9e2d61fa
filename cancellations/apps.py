from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CancellationsConfig(AppConfig):
    name = "cancellations"
    verbose_name = _("Cancellations")

    def ready(self) -> None:
        from cancellations.seeds import seed

        post_migrate.connect(seed, sender=self, dispatch_uid="cancellations.seed")
