"""Whoever is signed in reads in a time zone of their own."""

from console.people.place import PLACE


def reads_in(client, time_zone):
    """What a sign-in with such a profile keeps in the session."""
    session = client.session
    session[PLACE] = {"time_zone": time_zone}
    session.save()
