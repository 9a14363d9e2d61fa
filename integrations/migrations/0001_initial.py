import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("orders", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("last", models.BigIntegerField(default=0)),
                ("removed", models.BigIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Unpublished",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("event", "Event"),
                            ("opened", "Exception opened"),
                            ("resolved", "Exception resolved"),
                            ("disabled", "Endpoint disabled"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.BigIntegerField()),
                ("part", models.PositiveIntegerField(default=0)),
                ("order_sequence", models.PositiveIntegerField(null=True)),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Which system uses it.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "prefix",
                    models.CharField(
                        editable=False, max_length=12, unique=True, verbose_name="prefix"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("scopes", models.JSONField(default=list, verbose_name="scopes")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                (
                    "revoked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="revoked"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last used"),
                ),
                ("minute", models.BigIntegerField(default=0, editable=False)),
                ("asked", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acts as",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ["-pk"],
                "permissions": [
                    ("import_orders", "Can import and amend orders through the API"),
                    ("report_fulfillment", "Can report fulfillment through the API"),
                ],
                "default_permissions": ("view", "add", "change"),
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("address", models.CharField(max_length=2000, verbose_name="address")),
                (
                    "description",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="description"
                    ),
                ),
                ("types", models.JSONField(blank=True, default=list, verbose_name="types")),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True, default="")),
                ("old_secret_until", models.DateTimeField(null=True)),
                ("disabled_at", models.DateTimeField(null=True, verbose_name="disabled")),
                (
                    "disabled_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_person", "By a person"),
                            ("gone", "The receiver said that it is gone (410)."),
                            ("failed", "A delivery failed for the last time."),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("disabled_times", models.PositiveIntegerField(default=0)),
                ("is_struggling", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="kept by",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "verbose_name_plural": "webhook endpoints",
                "ordering": ["pk"],
                "permissions": [("manage_webhooks", "Can manage webhooks")],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_at__isnull", True), ("disabled_why", "")),
                            models.Q(
                                ("disabled_at__isnull", False),
                                models.Q(("disabled_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="endpoint_disabled_for_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedEvent",
            fields=[
                (
                    "sequence",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="sequence"
                    ),
                ),
                ("type", models.CharField(max_length=40, verbose_name="type")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("event", "Event"),
                            ("opened", "Exception opened"),
                            ("resolved", "Exception resolved"),
                            ("disabled", "Endpoint disabled"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.BigIntegerField()),
                ("part", models.PositiveIntegerField(default=0)),
                ("order_sequence", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("published_at", models.DateTimeField(db_index=True, verbose_name="published")),
                ("data", models.JSONField()),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_events",
                        to="orders.ordersummary",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "published event",
                "verbose_name_plural": "published events",
                "ordering": ["sequence"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "about", "part"), name="published_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", True), ("source", "disabled")),
                            ("order__isnull", False),
                            _connector="OR",
                        ),
                        name="published_with_its_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.ordersummary",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="integrations.endpoint",
                        verbose_name="endpoint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="integrations.publishedevent",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-pk"],
                "abstract": False,
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["endpoint", "due_at"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["endpoint", "order", "event"],
                        name="delivery_in_its_order",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint", "event"), name="delivery_once_per_event"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at__isnull", False), ("status", "waiting")),
                            models.Q(
                                ("due_at__isnull", True), ("status__in", ["delivered", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="delivery_waits_or_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("status", models.PositiveIntegerField(null=True, verbose_name="answer")),
                (
                    "remark",
                    models.CharField(
                        blank=True, default="", max_length=1100, verbose_name="remark"
                    ),
                ),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="integrations.delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery attempt",
                "verbose_name_plural": "delivery attempts",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
    ]
