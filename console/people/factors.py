"""Second factors: of whom they are demanded, and who has one."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

NO_PROOF = _(
    "You can’t prove here that it is you, and nothing was done. Sign out, sign in again, and do it"
    " soon after that."
)

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What proves somebody; recovery codes come with one of these."""


def is_demanded_of(user: User) -> bool:
    wanted: str = settings.SECOND_FACTOR_FOR
    return wanted == "everyone" or (wanted == "staff" and user.is_staff)


def lacks_second_factor(user: User) -> bool:
    return is_demanded_of(user) and not (
        Authenticator.objects.filter(user_id=user.pk, type__in=PROOFS).exists()
    )


def is_let_in_elsewhere(user: User) -> bool:
    """Whether a provider of single sign-on decides who they are, and whether they may come."""
    return not user.has_usable_password() and SocialAccount.objects.filter(user=user).exists()
