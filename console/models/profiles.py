from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Density(models.TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


class Profile(models.Model):
    """How a user wants the console: made at their first sign-in, of what the browser says.

    ``time_zone`` is a name of the IANA database, ``language`` a code of ``settings.LANGUAGES`` and
    ``start`` the code of a page of ``console/people/starts.py``; what is no longer one of them
    counts as the usual one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    time_zone = models.CharField(_("time zone"), max_length=64)
    language = models.CharField(_("language"), max_length=16)
    density = models.CharField(
        _("rows"), max_length=12, choices=Density, default=Density.COMFORTABLE
    )
    start = models.CharField(_("start"), max_length=64, default="order_summaries")

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="profile_density_known", condition=models.Q(density__in=Density.values)
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
