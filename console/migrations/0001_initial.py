import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("auth", "__first__"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenPassword",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("sign_in_failed", "Sign-in failed"),
                            ("sign_in_locked", "Sign-in locked"),
                            ("signed_out", "Signed out"),
                            ("second_factor", "Second factor"),
                            ("password", "Password"),
                            ("account", "User account"),
                            ("group", "Group of users"),
                            ("rights", "Rights"),
                            ("reason", "Cancellation reason"),
                            ("policy", "Bundle policy"),
                            ("money", "Act on refunds"),
                            ("exception", "Exception resolved"),
                            ("exported", "Export"),
                            ("erased", "Customer erased"),
                            ("pruned", "Old records removed"),
                            ("opened", "Customer’s record opened"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("actor_id", models.BigIntegerField(db_index=True, null=True)),
                (
                    "actor_name",
                    models.CharField(blank=True, default="", max_length=150, verbose_name="who"),
                ),
                (
                    "about",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="about"),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="address")),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["at"], name="audit_by_moment"),
                    models.Index(fields=["kind", "id"], name="audit_by_kind"),
                    models.Index(fields=["actor_name", "id"], name="audit_by_actor"),
                    models.Index(fields=["about", "id"], name="audit_by_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "signed_in",
                                    "sign_in_failed",
                                    "sign_in_locked",
                                    "signed_out",
                                    "second_factor",
                                    "password",
                                    "account",
                                    "group",
                                    "rights",
                                    "reason",
                                    "policy",
                                    "money",
                                    "exception",
                                    "exported",
                                    "erased",
                                    "pruned",
                                    "opened",
                                ],
                            )
                        ),
                        name="audit_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                ("language", models.CharField(max_length=16, verbose_name="language")),
                (
                    "density",
                    models.CharField(
                        choices=[("comfortable", "Comfortable"), ("compact", "Compact")],
                        default="comfortable",
                        max_length=12,
                        verbose_name="rows",
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        default="order_summaries", max_length=64, verbose_name="start"
                    ),
                ),
            ],
            options={
                "verbose_name": "profile",
                "verbose_name_plural": "profiles",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("density__in", ["comfortable", "compact"])),
                        name="profile_density_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "list",
                    models.CharField(
                        choices=[("orders", "Order Summaries"), ("change_orders", "Change Orders")],
                        max_length=13,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField(blank=True, default="")),
                ("is_shared", models.BooleanField(default=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name", "pk"],
                "permissions": [("share_views", "Can share views of lists")],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "list", "name"), name="saved_view_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("list__in", ["orders", "change_orders"])),
                        name="saved_view_list_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefaultView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "list",
                    models.CharField(
                        choices=[("orders", "Order Summaries"), ("change_orders", "Change Orders")],
                        max_length=13,
                    ),
                ),
                ("ready_made", models.CharField(blank=True, default="", max_length=20)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="console.savedview",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "list"), name="default_view_once_per_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("view__isnull", True), ("ready_made", ""), _connector="XOR"
                        ),
                        name="default_view_is_saved_or_ready_made",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecentlyViewed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("viewed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orders.ordersummary",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "order looked at",
                "verbose_name_plural": "orders looked at",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.F("user"),
                        models.OrderBy(models.F("viewed_at"), descending=True),
                        name="recently_viewed_newest_first",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "order"), name="recently_viewed_once")
                ],
            },
        ),
    ]
