import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CancellationReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                ("needs_note", models.BooleanField(default=False, verbose_name="needs note")),
                ("retired", models.BooleanField(default=False, verbose_name="retired")),
            ],
            options={
                "verbose_name": "cancellation reason",
                "verbose_name_plural": "cancellation reasons",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="BundlePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="text",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("any", "Any: a bundle is canceled by its own counters"),
                            ("whole_bundles", "Whole bundles only"),
                        ],
                        default="any",
                        max_length=13,
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "bundle policy",
                "verbose_name_plural": "bundle policy",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="bundle_policy_only_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["any", "whole_bundles"])),
                        name="bundle_policy_rule_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product_minor", models.BigIntegerField()),
                ("order_adjustments_minor", models.BigIntegerField()),
                ("delivery_minor", models.BigIntegerField()),
                ("fees_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("grand_total_minor", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cancellation", "Cancellation"),
                            ("settlement", "Settlement"),
                            ("return", "Return"),
                            ("reported_cancellation", "Reported Cancellation"),
                        ],
                        default="cancellation",
                        max_length=21,
                        verbose_name="kind",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(db_index=True, max_length=200, verbose_name="request id"),
                ),
                ("fingerprint", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("actor_name", models.CharField(max_length=301, verbose_name="actor")),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Of a settlement, which may have no items.",
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                ("refund_due_minor", models.BigIntegerField(default=0)),
                ("owed_before_minor", models.BigIntegerField(default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_orders",
                        to="orders.orderevent",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_orders",
                        to="orders.ordersummary",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "change order",
                "verbose_name_plural": "change orders",
                "ordering": ["-pk"],
                "permissions": [
                    ("cancel_order_items", "Can cancel order items"),
                    ("settle_orders", "Can refund what is owed"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ChangeOrderItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("cancel", "Cancel"),
                            ("return", "Return"),
                            ("delivery_charge_adjustment", "Delivery Charge Adjustment"),
                            ("fee_adjustment", "Fee Adjustment"),
                        ],
                        max_length=26,
                        verbose_name="type",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=0, verbose_name="quantity")),
                (
                    "reason_name",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="reason name"
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                (
                    "refund_delivery",
                    models.BooleanField(default=False, verbose_name="refund delivery"),
                ),
                ("line_amount_minor", models.BigIntegerField()),
                ("line_adjustments_minor", models.BigIntegerField()),
                ("order_adjustments_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="cancellations.changeorder",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="orders.orderitemsummary",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cancellations.cancellationreason",
                    ),
                ),
            ],
            options={
                "verbose_name": "change order item",
                "verbose_name_plural": "change order items",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ProcessException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("fulfillment", "Fulfilment"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                        ],
                        max_length=11,
                        verbose_name="category",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("high", "High"), ("low", "Low")],
                        max_length=4,
                        verbose_name="severity",
                    ),
                ),
                ("facts", models.JSONField()),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="opened")),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved")),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderitemsummary",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="process_exceptions",
                        to="orders.ordersummary",
                        verbose_name="order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.paymentsummary",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "process exception",
                "verbose_name_plural": "process exceptions",
                "ordering": ["-opened_at", "-pk"],
                "permissions": [("resolve_exceptions", "Can resolve process exceptions")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("processing", "Processing"),
                            ("settling", "Settling"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                            ("manual", "Manual"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="cancellations.changeorder",
                        verbose_name="change order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.paymentsummary",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("processing", "Processing"),
                            ("settling", "Settling"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                            ("manual", "Manual"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="cancellations.changeorder",
                        verbose_name="change order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="orders.paymentsummary",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.UniqueConstraint(
                fields=("order", "request_id"),  # guard: the unique constraint
                name="change_order_once_per_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["cancellation", "settlement", "return", "reported_cancellation"])
                ),
                name="change_order_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("grand_total_minor__lte", 0), ("tax_minor__lte", 0)),
                name="change_order_never_raises_the_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owed_before_minor__gte", 0),
                    ("refund_due_minor__gte", models.F("owed_before_minor")),
                ),
                name="change_order_owed_before_within_refund_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["cancellation", "settlement"]),
                    ("refund_due_minor", 0),
                    _connector="OR",
                ),
                name="change_order_from_elsewhere_refunds_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.UniqueConstraint(
                fields=("change_order", "line"), name="change_order_item_once_per_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "type__in",
                        ["cancel", "return", "delivery_charge_adjustment", "fee_adjustment"],
                    )
                ),
                name="change_order_item_type_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("type__in", ["cancel", "return"]), ("quantity", 0), _connector="OR"
                ),
                name="change_order_item_moves_units_of_products_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_minor__lte", 0)), name="change_order_item_never_raises_tax"
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "line_amount_minor__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("line_adjustments_minor"), "*", models.Value(-1)
                            ),
                            "-",
                            models.F("order_adjustments_minor"),
                        ),
                    )
                ),
                name="change_order_item_never_raises_net",
            ),
        ),
        migrations.AddIndex(
            model_name="processexception",
            index=models.Index(
                models.OrderBy(
                    models.ExpressionWrapper(
                        models.Q(("resolved_at__isnull", True)), output_field=models.BooleanField()
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="exception_open_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="processexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at__isnull", True)),
                fields=("line", "category"),
                name="exception_open_once_per_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="processexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at__isnull", True)),
                fields=("payment", "category"),
                name="exception_open_once_per_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="processexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("category", "fulfillment"),
                        ("line__isnull", False),
                        ("payment__isnull", True),
                    ),
                    models.Q(
                        ("category__in", ["payment", "refund"]),
                        ("line__isnull", True),
                        ("payment__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="exception_about_a_line_or_a_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="processexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("note", ""), ("resolved_at__isnull", True), ("resolved_by__isnull", True)
                    ),
                    models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                    _connector="OR",
                ),
                name="exception_resolved_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("change_order", "payment"), name="refund_once_per_payment_and_change_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="refund_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "pending",
                            "processing",
                            "settling",
                            "succeeded",
                            "failed",
                            "unknown",
                            "manual",
                            "withdrawn",
                        ],
                    )
                ),
                name="refund_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("change_order", "payment"), name="release_once_per_payment_and_change_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="release_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "pending",
                            "processing",
                            "settling",
                            "succeeded",
                            "failed",
                            "unknown",
                            "manual",
                            "withdrawn",
                        ],
                    )
                ),
                name="release_status_known",
            ),
        ),
    ]
