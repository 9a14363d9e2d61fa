from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from cancellations.queues import add_queues
        from integrations.events.queues import queues
        from integrations.seeds import seed

        add_queues(queues)
        post_migrate.connect(seed, sender=self, dispatch_uid="integrations.seed")
