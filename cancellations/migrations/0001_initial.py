import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import cancellations.models.refunds


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("orders", "0001_initial"),
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
            name="SandboxEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=7)),
                ("reference", models.CharField(max_length=255)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("paid", models.BooleanField(default=False)),
                ("answer", models.CharField(max_length=9)),
                ("about", models.CharField(max_length=400)),
                ("settles_at_ms", models.BigIntegerField(null=True)),
                ("asked", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "sandbox entry",
                "verbose_name_plural": "sandbox entries",
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "worker",
                "verbose_name_plural": "workers",
                "ordering": ["-seen_at"],
                "default_permissions": (),
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
                            ("reversal", "Reversal"),
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
                ("held_until", models.DateTimeField(null=True)),
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
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="cancellations.changeorder",
                        verbose_name="undoes",
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
                    ("erase_customers", "Can erase customers"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["created_at"], name="change_order_by_moment"),
                    models.Index(fields=["kind", "id"], name="change_order_by_kind"),
                    models.Index(fields=["actor_name", "id"], name="change_order_by_actor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "request_id"),  # guard: the unique constraint
                        name="change_order_once_per_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "cancellation",
                                    "settlement",
                                    "reversal",
                                    "return",
                                    "reported_cancellation",
                                ],
                            )
                        ),
                        name="change_order_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grand_total_minor__lte", 0), ("tax_minor__lte", 0)),
                            ("kind", "reversal"),
                            _connector="OR",
                        ),
                        name="change_order_never_raises_the_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reversal"), ("undoes__isnull", False)),
                            models.Q(
                                models.Q(("kind", "reversal"), _negated=True),
                                ("undoes__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="change_order_reversal_undoes_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reversal"), _negated=True),
                            models.Q(("grand_total_minor__gte", 0), ("tax_minor__gte", 0)),
                            _connector="OR",
                        ),
                        name="change_order_reversal_gives_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owed_before_minor__gte", 0),
                            ("refund_due_minor__gte", models.F("owed_before_minor")),
                        ),
                        name="change_order_owed_before_within_refund_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["cancellation", "settlement"]),
                            ("refund_due_minor", 0),
                            _connector="OR",
                        ),
                        name="change_order_from_elsewhere_refunds_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("cancellation", "Cancellation"),
                            ("settlement", "Settlement"),
                            ("reversal", "Reversal"),
                            ("return", "Return"),
                            ("reported_cancellation", "Reported Cancellation"),
                        ],
                        max_length=21,
                        verbose_name="kind",
                    ),
                ),
                ("request_id", models.CharField(max_length=200, verbose_name="request id")),
                ("fingerprint", models.CharField(max_length=80)),
                ("content", models.JSONField(verbose_name="what was asked")),
                ("agreed", models.TextField(verbose_name="review")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="requested",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="requested")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="orders.ordersummary",
                        verbose_name="order",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "change_order",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval",
                        to="cancellations.changeorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ["-requested_at", "-pk"],
                "permissions": [
                    ("approve_change_orders", "Can approve what needs a second person")
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="approval_due",
                    ),
                    models.Index(
                        condition=models.Q(("status", "requested")),
                        fields=["order"],
                        name="approval_requested",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "requested")),
                        fields=("order", "request_id"),
                        name="approval_requested_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("cancellation", "settlement"))),
                        name="approval_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["requested", "approved", "refused", "withdrawn", "expired"],
                            )
                        ),
                        name="approval_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("status", "requested"),
                            ),
                            models.Q(
                                models.Q(("status", "requested"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="approval_decided_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("approved", "refused")), _negated=True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change_order__isnull", False), ("status", "approved")),
                            models.Q(
                                models.Q(("status", "approved"), _negated=True),
                                ("change_order__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_makes_a_change_order",
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change_order", "line"), name="change_order_item_once_per_line"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "cancel",
                                    "return",
                                    "delivery_charge_adjustment",
                                    "fee_adjustment",
                                ],
                            )
                        ),
                        name="change_order_item_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("type__in", ["cancel", "return"]), ("quantity", 0), _connector="OR"
                        ),
                        name="change_order_item_moves_units_of_products_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "line_amount_minor__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("line_adjustments_minor"),
                                            "*",
                                            models.Value(-1),
                                        ),
                                        "-",
                                        models.F("order_adjustments_minor"),
                                    ),
                                ),
                                ("tax_minor__lte", 0),
                            ),
                            models.Q(
                                (
                                    "line_amount_minor__gte",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("line_adjustments_minor"),
                                            "*",
                                            models.Value(-1),
                                        ),
                                        "-",
                                        models.F("order_adjustments_minor"),
                                    ),
                                ),
                                ("tax_minor__gte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="change_order_item_takes_off_or_gives_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerNotice",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("changed", "What was canceled"),
                            ("refunded", "Refunds have succeeded"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "remark",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="remark"),
                ),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_notices",
                        to="cancellations.changeorder",
                        verbose_name="change order",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer notice",
                "verbose_name_plural": "customer notices",
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="customernotice_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change_order", "kind"), name="customer_notice_once_per_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["waiting", "sending", "sent", "failed", "dropped"])
                        ),
                        name="customer_notice_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.CharField(max_length=255)),
                ("notice_id", models.CharField(max_length=255)),
                ("type", models.CharField(max_length=100)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("taken_as", models.CharField(help_text="What was made of it.", max_length=100)),
            ],
            options={
                "verbose_name": "gateway notice",
                "verbose_name_plural": "gateway notices",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("gateway", "notice_id"), name="gateway_notice_taken_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InternalNote",
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
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note",
                        to="orders.orderevent",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="internal_notes",
                        to="orders.ordersummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "internal note",
                "verbose_name_plural": "internal notes",
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
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "currency_code",
                    models.CharField(
                        help_text="Its order's, kept here to be looked for.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("currency_places", models.PositiveSmallIntegerField()),
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
                    "idempotency_key",
                    models.CharField(
                        default=cancellations.models.refunds.new_key, max_length=64, unique=True
                    ),
                ),
                ("first_sent_at", models.DateTimeField(null=True)),
                (
                    "gateway_id",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="gateway id"
                    ),
                ),
                (
                    "by_hand",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gateway", "This payment goes back by hand."),
                            ("unknown_gateway", "This gateway is not known here."),
                            ("not_configured", "This gateway is not configured."),
                            ("no_reference", "The payment has no reference at its gateway."),
                            ("currency", "The gateway does not take this currency."),
                            (
                                "step",
                                "The gateway cannot send this amount: it takes whole steps only.",
                            ),
                            (
                                "smallest",
                                "The amount is below the smallest that the gateway sends.",
                            ),
                            ("partial", "The gateway refunds a payment as a whole only."),
                            (
                                "overdrawn",
                                "More is set aside or went back over it than was captured.",
                            ),
                            ("cannot_release", "The gateway cannot release authorizations."),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="remark"),
                ),
                (
                    "paid_by",
                    models.CharField(
                        blank=True,
                        choices=[("hand", "By hand"), ("elsewhere", "Elsewhere")],
                        default="",
                        max_length=9,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="reference"
                    ),
                ),
                (
                    "attention_since",
                    models.DateTimeField(null=True, verbose_name="needs attention since"),
                ),
                (
                    "look_up_first",
                    models.BooleanField(
                        default=False, help_text="A person wants to know first what became of it."
                    ),
                ),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="cancellations.changeorder",
                        verbose_name="change order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.paymentsummary",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ["pk"],
                "permissions": [("act_on_refunds", "Can act on refunds")],
                "abstract": False,
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="refund_due",
                    ),
                    models.Index(
                        condition=models.Q(("attention_since__isnull", False)),
                        fields=["attention_since"],
                        name="refund_needs_attention",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("attention_since__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("due_at__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="refund_as_listed",
                    ),
                    models.Index(
                        models.F("currency_code"),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("attention_since__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("due_at__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="refund_of_a_currency",
                    ),
                    models.Index(
                        fields=["currency_places", "amount_minor"], name="refund_by_amount"
                    ),
                    models.Index(
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        fields=["gateway_id"],
                        name="refund_by_gateway_id",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change_order", "payment"),
                        name="refund_once_per_payment_and_change_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_positive"
                    ),
                    models.CheckConstraint(
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
                ],
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
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "currency_code",
                    models.CharField(
                        help_text="Its order's, kept here to be looked for.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("currency_places", models.PositiveSmallIntegerField()),
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
                    "idempotency_key",
                    models.CharField(
                        default=cancellations.models.refunds.new_key, max_length=64, unique=True
                    ),
                ),
                ("first_sent_at", models.DateTimeField(null=True)),
                (
                    "gateway_id",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="gateway id"
                    ),
                ),
                (
                    "by_hand",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gateway", "This payment goes back by hand."),
                            ("unknown_gateway", "This gateway is not known here."),
                            ("not_configured", "This gateway is not configured."),
                            ("no_reference", "The payment has no reference at its gateway."),
                            ("currency", "The gateway does not take this currency."),
                            (
                                "step",
                                "The gateway cannot send this amount: it takes whole steps only.",
                            ),
                            (
                                "smallest",
                                "The amount is below the smallest that the gateway sends.",
                            ),
                            ("partial", "The gateway refunds a payment as a whole only."),
                            (
                                "overdrawn",
                                "More is set aside or went back over it than was captured.",
                            ),
                            ("cannot_release", "The gateway cannot release authorizations."),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="remark"),
                ),
                (
                    "paid_by",
                    models.CharField(
                        blank=True,
                        choices=[("hand", "By hand"), ("elsewhere", "Elsewhere")],
                        default="",
                        max_length=9,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="reference"
                    ),
                ),
                (
                    "attention_since",
                    models.DateTimeField(null=True, verbose_name="needs attention since"),
                ),
                (
                    "look_up_first",
                    models.BooleanField(
                        default=False, help_text="A person wants to know first what became of it."
                    ),
                ),
                (
                    "change_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="cancellations.changeorder",
                        verbose_name="change order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.paymentsummary",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="release_due",
                    ),
                    models.Index(
                        condition=models.Q(("attention_since__isnull", False)),
                        fields=["attention_since"],
                        name="release_needs_attention",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("attention_since__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("due_at__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="release_as_listed",
                    ),
                    models.Index(
                        models.F("currency_code"),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("attention_since__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("due_at__isnull", False)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="release_of_a_currency",
                    ),
                    models.Index(
                        fields=["currency_places", "amount_minor"], name="release_by_amount"
                    ),
                    models.Index(
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        fields=["gateway_id"],
                        name="release_by_gateway_id",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change_order", "payment"),
                        name="release_once_per_payment_and_change_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="release_positive"
                    ),
                    models.CheckConstraint(
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
                ],
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
                            ("records", "Records"),
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
                (
                    "refund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="process_exceptions",
                        to="cancellations.refund",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="process_exceptions",
                        to="cancellations.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "process exception",
                "verbose_name_plural": "process exceptions",
                "ordering": ["-opened_at", "-pk"],
                "permissions": [("resolve_exceptions", "Can resolve process exceptions")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("resolved_at__isnull", True)),
                                output_field=models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="exception_open_first",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("line", "category"),
                        name="exception_open_once_per_line",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("refund__isnull", True),
                            ("release__isnull", True),
                            ("resolved_at__isnull", True),
                        ),
                        fields=("payment", "category"),
                        name="exception_open_once_per_payment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("refund",),
                        name="exception_open_once_per_refund",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("release",),
                        name="exception_open_once_per_release",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("category", "refund"),
                            ("payment__isnull", True),
                            ("resolved_at__isnull", True),
                        ),
                        fields=("order",),
                        name="exception_open_once_for_what_is_unassigned",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("category", "records"), ("resolved_at__isnull", True)),
                        fields=("order",),
                        name="exception_open_once_for_records",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("category", "fulfillment"),
                                ("line__isnull", False),
                                ("payment__isnull", True),
                            ),
                            models.Q(
                                ("category", "payment"),
                                ("line__isnull", True),
                                ("payment__isnull", False),
                            ),
                            models.Q(("category", "refund"), ("line__isnull", True)),
                            models.Q(
                                ("category", "records"),
                                ("line__isnull", True),
                                ("payment__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="exception_about_a_line_or_a_payment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refund__isnull", True), ("release__isnull", True)),
                            models.Q(
                                models.Q(
                                    ("refund__isnull", True),
                                    ("release__isnull", True),
                                    _connector="XOR",
                                ),
                                ("category", "refund"),
                                ("payment__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="exception_about_a_refund_or_a_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("note", ""),
                                ("resolved_at__isnull", True),
                                ("resolved_by__isnull", True),
                            ),
                            models.Q(
                                ("resolved_at__isnull", False), ("resolved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="exception_resolved_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.CharField(
                        choices=[("send", "Send"), ("look_up", "Look up")], max_length=7
                    ),
                ),
                ("lease", models.UUIDField(unique=True)),
                ("idempotency_key", models.CharField(max_length=64)),
                ("began_at", models.DateTimeField()),
                ("milliseconds", models.PositiveIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("succeeded", "Succeeded"),
                            ("settling", "Settling"),
                            ("refused", "Refused"),
                            ("unknown", "Unknown"),
                            ("not_found", "Not found"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("request", models.JSONField(default=dict)),
                ("answer", models.JSONField(default=dict)),
                (
                    "refund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="cancellations.refund",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="cancellations.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refund__isnull", True), ("release__isnull", True), _connector="XOR"
                        ),
                        name="attempt_of_a_refund_or_a_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["", "succeeded", "settling", "refused", "unknown", "not_found"],
                            )
                        ),
                        name="attempt_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unassigned",
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
                    "change_order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="left_unassigned",
                        to="cancellations.changeorder",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="unassigned_due",
                    )
                ],
            },
        ),
    ]
