from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CancellationsConfig(AppConfig):
    name = "cancellations"

    def ready(self) -> None:
        from cancellations.seeds import seed

        post_migrate.connect(seed, sender=self, dispatch_uid="cancellations.seed")
