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
            ],
            options={
                "verbose_name": "bundle policy",
                "verbose_name_plural": "bundle policy",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="bundle_policy_only_one"
                    )
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
                ("tax_minor", models.BigIntegerField()),
                ("grand_total_minor", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("cancellation", "Cancellation"), ("return", "Return")],
                        default="cancellation",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(db_index=True, max_length=200, verbose_name="request id"),
                ),
                ("fingerprint", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "permissions": [("cancel_order_items", "Can cancel order items")],
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
                condition=models.Q(("kind__in", ["cancellation", "return"])),
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
                    ("kind", "cancellation"), ("refund_due_minor", 0), _connector="OR"
                ),
                name="change_order_of_a_return_refunds_nothing",
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
                    ("type__in", ["cancel", "return", "delivery_charge_adjustment"])
                ),
                name="change_order_item_type_known",
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
        migrations.AddConstraint(
            model_name="changeorderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gt", 0), ("reason_name", ""), ("type", "cancel"), _negated=True
                ),
                name="change_order_item_canceled_for_a_reason",
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
    ]
