from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_save

from console.choices import refuse_in_our_words

refuse_in_our_words()  # forms take the words along when they are read, which is later


class ConsoleConfig(AppConfig):
    name = "console"

    def ready(self) -> None:
        from axes.models import AccessAttempt

        from console.audit import changes, coming_in, events
        from console.people.place import find_place
        from console.people.rights import seed_groups
        from console.people.sessions import begin_session
        from console.people.throttle import forget_what_was_sent
        from console.saved_views.recent import forget_older

        post_migrate.connect(seed_groups, sender=self, dispatch_uid="console.groups")
        for heard in (coming_in, changes, events):
            heard.listen()
        user_logged_in.connect(begin_session, dispatch_uid="console.sessions")
        user_logged_in.connect(find_place, dispatch_uid="console.place")
        user_logged_in.connect(forget_older, dispatch_uid="console.recently_viewed")
        pre_save.connect(
            forget_what_was_sent, sender=AccessAttempt, dispatch_uid="console.attempts"
        )
