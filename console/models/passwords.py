from django.conf import settings
from django.db import models


class GivenPassword(models.Model):
    """A user whose password somebody else knows: they choose one of their own before anything."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)
