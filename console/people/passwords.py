"""Passwords: one's own, and one that somebody else has set and knows."""

from django.contrib.auth.models import User

from console.models import GivenPassword


def choose_password(user: User, password: str) -> None:
    """Set a user's password as they want it themselves."""
    user.set_password(password)
    user.save(update_fields=["password"])
    GivenPassword.objects.filter(user=user).delete()


def note_given_password(user: User, *, by: User) -> None:
    """Have a user choose another password when they sign in, where somebody else set theirs."""
    if user.pk != by.pk and user.has_usable_password():
        GivenPassword.objects.get_or_create(user=user)


def has_given_password(user: User) -> bool:
    return GivenPassword.objects.filter(user=user).exists()
