from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class CancellationsConfig(AppConfig):
    name = "cancellations"
    verbose_name = _("Cancellations")

    def ready(self) -> None:
        from cancellations.seeds import keep_system_user, seed

        for signal in (pre_save, pre_delete):
            signal.connect(
                keep_system_user, sender="auth.User", dispatch_uid="cancellations.system_user"
            )
        post_migrate.connect(seed, sender=self, dispatch_uid="cancellations.seed")
