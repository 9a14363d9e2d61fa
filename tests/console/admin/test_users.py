"""Users and groups: nobody gives a right that they do not have, nor edits equals or themselves."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.seeds import SYSTEM_USER
from console.people.deeds import has_acted
from console.people.editing import groups_to_give, may_edit_user
from console.people.rights import AGENT, APPROVER, MANAGER, VIEWER
from tests.support.builders import UserFactory, cancel, imported, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

USERS = "/admin/auth/user/"
GROUPS = "/admin/auth/group/"
PASSWORD = "a long enough password"


def may(user, *rights):
    """Give the user rights of their own, by codename."""
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))


def group(name, *rights):
    """A new group with rights, by codename."""
    made = Group.objects.create(name=name)
    made.permissions.add(*Permission.objects.filter(codename__in=rights))
    return made


def edit_user(client, user, *groups, **changes):
    """Post a user's page with these groups; what is forged stands in the changes."""
    joined = user.date_joined
    fields = {
        "username": user.username,
        "is_active": "on" if user.is_active else "",
        "is_staff": "on" if user.is_staff else "",
        "date_joined_0": f"{joined:%Y-%m-%d}",
        "date_joined_1": f"{joined:%H:%M:%S}",
        "groups": [Group.objects.get(name=name).pk for name in groups],
    }
    return client.post(f"{USERS}{user.pk}/change/", fields | changes)


def snapshot(user):
    user = User.objects.get(pk=user.pk)
    return (
        user.username,
        user.password,
        user.is_superuser,
        user.is_staff,
        user.is_active,
        set(user.groups.all()),
        set(user.user_permissions.all()),
    )


def test_a_manager_adds_a_user_and_gives_the_rights_of_an_agent(manage):
    added = manage.post(
        f"{USERS}add/",
        {
            "username": "lauren",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "is_superuser": "on",
            "is_staff": "on",
            "groups": Group.objects.get(name=MANAGER).pk,
        },
    )
    user = User.objects.get(username="lauren")
    assertRedirects(added, f"{USERS}{user.pk}/change/")
    assert snapshot(user)[2:] == (False, False, True, set(), set())

    edit_user(manage, user, AGENT, VIEWER)

    assert {group.name for group in user.groups.all()} == {AGENT, VIEWER}
    assert user.has_perm("cancellations.cancel_order_items")


def test_only_a_superuser_makes_a_manager(manage):
    user = UserFactory()

    refused = edit_user(manage, user, MANAGER, is_staff="on")
    assertContains(refused, "Choose one from the list.")
    assert not user.groups.exists()

    manage.force_login(UserFactory(is_staff=True, is_superuser=True))
    assertRedirects(edit_user(manage, user, MANAGER, is_staff="on"), USERS)
    assert {group.name for group in user.groups.all()} == {MANAGER}


def test_nobody_makes_a_superuser_or_gives_rights_one_by_one_but_superusers(manage):
    user = UserFactory()
    right = Permission.objects.get(codename="delete_ordersummary")

    edit_user(manage, user, is_superuser="on", user_permissions=[right.pk])
    assert snapshot(user)[2:] == (False, False, True, set(), set())

    manage.force_login(UserFactory(is_staff=True, is_superuser=True))
    edit_user(manage, user, is_superuser="on", user_permissions=[right.pk])
    assert snapshot(user)[2:] == (True, False, True, set(), {right})


def test_a_manager_gives_themselves_nothing(manage, boss):
    group("Everything", "delete_user")

    refused = [
        edit_user(manage, boss, MANAGER, is_superuser="on"),
        edit_user(manage, boss, MANAGER, "Everything"),
    ]

    assert [response.status_code for response in refused] == [403, 403]
    assert snapshot(boss)[2:] == (False, True, True, set(Group.objects.filter(name=MANAGER)), set())


def test_groups_with_a_right_the_editor_lacks_are_neither_offered_nor_taken(manage):
    user = UserFactory()
    group("Watcher", "view_account", "delete_user")
    group("Nothing yet")

    page = manage.get(f"{USERS}{user.pk}/change/")
    refused = edit_user(manage, user, "Watcher")

    offered = page.context["adminform"].form.fields["groups"].queryset
    assert {group.name for group in offered} == {VIEWER, AGENT, "Nothing yet"}
    assertContains(refused, "Choose one from the list.")
    assert not user.groups.exists()


def test_a_manager_who_is_an_approver_too_makes_and_takes_over_none(boss, approver):
    boss.groups.add(Group.objects.get(name=APPROVER))
    boss = User.objects.get(pk=boss.pk)

    assert not may_edit_user(boss, approver)
    assert APPROVER not in {group.name for group in groups_to_give(boss)}


def test_nobody_is_below_themselves_whatever_they_may(viewer, agent):
    """Without the rights of a keeper, too: by those one would be one's own equal."""
    assert may_edit_user(agent, viewer)
    assert not may_edit_user(viewer, viewer)


@pytest.mark.parametrize(
    "who",
    [
        {"is_superuser": True},
        {"is_superuser": True, "is_active": False},
        {"username": "by group"},
        {"username": "by group", "is_active": False},
        {"username": "by right"},
        {"username": "by right", "is_active": False},
        {"username": "equal"},
        {"username": "equal", "is_active": False},
        {"username": "boss"},
    ],
)
def test_nobody_edits_who_may_do_more_nor_equals_nor_themselves(manage, boss, who):
    user = User.objects.filter(**who).first() or UserFactory(**who)
    if user.username == "equal":
        user.groups.add(Group.objects.get(name=MANAGER))
    if user.username == "by group":
        user.groups.add(group("Watcher", "delete_ordersummary"))
    if user.username == "by right":
        may(user, "delete_ordersummary")
    may(boss, "delete_user")
    passwords = {"password1": PASSWORD, "password2": PASSWORD, "set-password": "1"}
    before = snapshot(user)

    posted = [
        edit_user(manage, user, is_active="on").status_code,
        manage.post(f"{USERS}{user.pk}/password/", passwords).status_code,
        manage.get(f"{USERS}{user.pk}/password/").status_code,
        manage.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code,
    ]

    assert posted == [403] * 4
    page = manage.get(f"{USERS}{user.pk}/change/")
    assertContains(page, user.username)
    assertNotContains(page, "../password/")
    assert snapshot(user) == before


def test_the_system_user_is_edited_by_nobody_but_superusers_and_keeps_its_name(manage):
    batch = User.objects.get(username=SYSTEM_USER)
    before = snapshot(batch)

    assert edit_user(manage, batch, is_active="on").status_code == 403
    manage.force_login(UserFactory(is_staff=True, is_superuser=True))
    edit_user(manage, batch, AGENT, username="renamed")
    manage.post(f"{USERS}{batch.pk}/delete/", {"post": "yes"})

    assert snapshot(batch)[:2] == before[:2]


@pytest.mark.parametrize("who", ["manager", "superuser"])
def test_who_acted_is_neither_renamed_nor_deleted_but_deactivated(manage, boss, who, agent):
    cancel(imported(), select(), by=agent)
    may(boss, "delete_user")
    if who == "superuser":
        manage.force_login(UserFactory(is_staff=True, is_superuser=True))

    page = manage.get(f"{USERS}{agent.pk}/change/")
    edit_user(manage, agent, AGENT, username="somebody-else")
    told = manage.post(f"{USERS}{agent.pk}/delete/", {"post": "yes"}, follow=True)
    edit_user(manage, agent, AGENT, is_active="")

    kept = User.objects.get(pk=agent.pk)
    assert (kept.username, kept.is_active) == (agent.username, False)
    assert "username" not in page.context["adminform"].form.fields
    assertContains(page, "History names this user")
    assertRedirects(told, f"{USERS}{agent.pk}/change/")
    assertContains(told, "Deactivate it instead", count=2)


def test_who_has_not_acted_can_be_renamed(manage, agent):
    edit_user(manage, agent, AGENT, username="lauren")

    assert User.objects.get(pk=agent.pk).username == "lauren"


def test_who_changed_anything_in_the_admin_has_acted(manage, boss):
    edit_user(manage, UserFactory(), AGENT)

    assert has_acted(boss)
    assert not has_acted(UserFactory())


def test_an_agent_can_be_edited_and_given_a_password(manage):
    user = UserFactory(agent=True, is_staff=True)
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    manage.post(f"{USERS}{user.pk}/password/", passwords | {"set-password": "1"})
    edit_user(manage, user, AGENT, is_active="")

    changed = User.objects.get(pk=user.pk)
    assert changed.check_password(PASSWORD)
    assert not changed.is_active


def test_who_may_delete_users_deletes_none_who_may_do_more(manage, boss):
    may(boss, "delete_user")
    equal, more = UserFactory(), UserFactory(is_superuser=True)
    batch = User.objects.get(username=SYSTEM_USER)

    for users in ([more], [batch], [equal, more]):
        manage.post(
            USERS,
            {
                "action": "delete_selected",
                "_selected_action": [user.pk for user in users],
                "post": "yes",
            },
        )
    left = User.objects.filter(pk__in=[equal.pk, more.pk, batch.pk]).count()
    manage.post(f"{USERS}{equal.pk}/delete/", {"post": "yes"})

    assert left == 3
    assert not User.objects.filter(pk=equal.pk).exists()


def test_managers_look_at_groups_and_change_none(manage):
    agents = Group.objects.get(name=AGENT)
    before = set(agents.permissions.all())
    urls = [f"{GROUPS}add/", f"{GROUPS}{agents.pk}/change/", f"{GROUPS}{agents.pk}/delete/"]

    statuses = [manage.post(url, {"name": "Forged", "post": "yes"}).status_code for url in urls]

    assert statuses == [403, 403, 403]
    assert manage.get(urls[1]).status_code == 200
    assert set(agents.permissions.all()) == before


def test_who_may_edit_groups_gives_only_rights_of_their_own(manage, boss):
    may(boss, "add_group", "change_group")
    mine = Permission.objects.get(codename="view_refund")
    beyond = Permission.objects.get(codename="delete_ordersummary")

    added = manage.post(f"{GROUPS}add/", {"name": "Watchers", "permissions": [mine.pk]})
    forged = manage.post(f"{GROUPS}add/", {"name": "Forged", "permissions": [mine.pk, beyond.pk]})
    watchers = Group.objects.get(name="Watchers")
    widened = manage.post(
        f"{GROUPS}{watchers.pk}/change/", {"name": "Watchers", "permissions": [beyond.pk]}
    )

    assertRedirects(added, GROUPS)
    assertContains(forged, "Choose one from the list.")
    assertContains(widened, "Choose one from the list.")
    assert list(watchers.permissions.all()) == [mine]
    assert not Group.objects.filter(name="Forged").exists()


def test_nobody_edits_a_group_that_may_do_more(manage, boss):
    may(boss, "change_group", "delete_group")
    more = group("Watcher", "delete_ordersummary")
    urls = [f"{GROUPS}{more.pk}/change/", f"{GROUPS}{more.pk}/delete/"]

    statuses = [manage.post(url, {"name": "Mine", "post": "yes"}).status_code for url in urls]
    manage.post(GROUPS, {"action": "delete_selected", "_selected_action": more.pk, "post": "yes"})

    assert statuses == [403, 403]
    assert Group.objects.get(name="Watcher").permissions.count() == 1


def test_superusers_edit_everyone_and_give_everything(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    everything = group("Everything", "delete_user")
    user = UserFactory(is_superuser=True)

    assertRedirects(edit_user(client, user, "Everything", MANAGER), USERS)

    assert not User.objects.get(pk=user.pk).is_superuser
    assert everything in user.groups.all()
    rights = client.get(f"{GROUPS}add/").context["adminform"].form.fields["permissions"].queryset
    assert rights.count() == Permission.objects.count()


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_who_does_not_manage_sees_no_users(client, role):
    client.force_login(UserFactory(is_staff=True, **{role: True}))

    assert [client.get(url).status_code for url in (USERS, f"{USERS}add/", GROUPS)] == [403] * 3
