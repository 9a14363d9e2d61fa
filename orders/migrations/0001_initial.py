import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=64, unique=True, verbose_name="number")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                (
                    "email",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="e-mail"),
                ),
                (
                    "named_at",
                    models.DateTimeField(
                        help_text="When the order was placed that it has its name and e-mail from."
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["name", "number"],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sku", models.CharField(max_length=255, unique=True, verbose_name="SKU")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["sku"],
            },
        ),
        migrations.CreateModel(
            name="OrderSummary",
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
                    "order_number",
                    models.CharField(max_length=64, unique=True, verbose_name="order number"),
                ),
                (
                    "customer_name",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="As the order came.",
                        max_length=255,
                        verbose_name="customer",
                    ),
                ),
                (
                    "customer_email",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="e-mail"),
                ),
                ("ordered_at", models.DateTimeField(verbose_name="ordered")),
                ("imported_at", models.DateTimeField(auto_now_add=True)),
                (
                    "told_at",
                    models.DateTimeField(
                        help_text="Of what time the last document that said when was.", null=True
                    ),
                ),
                ("currency_code", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "currency_places",
                    models.PositiveSmallIntegerField(
                        help_text="Digits after the point, as the currency had them when the order came."
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="channel"
                    ),
                ),
                (
                    "life_cycle",
                    models.CharField(
                        choices=[("managed", "Managed"), ("unmanaged", "Unmanaged")],
                        default="managed",
                        max_length=9,
                        verbose_name="life cycle",
                    ),
                ),
                (
                    "tax_locale",
                    models.CharField(
                        choices=[("net", "Net"), ("gross", "Gross")],
                        default="net",
                        max_length=5,
                        verbose_name="tax locale",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="Of the content of the last document taken.", max_length=80
                    ),
                ),
                (
                    "expected_elsewhere_minor",
                    models.BigIntegerField(
                        default=0,
                        help_text="P: what others took off the order and still have to pay back.",
                    ),
                ),
                (
                    "given_elsewhere_minor",
                    models.BigIntegerField(
                        default=0,
                        help_text="G: what others gave beyond what was owed; negative: what was kept.",
                    ),
                ),
                (
                    "unpaid_elsewhere_minor",
                    models.BigIntegerField(
                        default=0,
                        help_text="W: what others took off before anyone had paid for it.",
                    ),
                ),
                (
                    "events_written",
                    models.PositiveIntegerField(
                        default=0, help_text="The sequence of its last event."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("partially_allocated", "Partially Allocated"),
                            ("allocated", "Allocated"),
                            ("partially_fulfilled", "Partially Fulfilled"),
                            ("fulfilled", "Fulfilled"),
                            ("returned", "Returned"),
                            ("canceled", "Canceled"),
                        ],
                        max_length=19,
                        verbose_name="status",
                    ),
                ),
                (
                    "is_cancelable",
                    models.BooleanField(
                        default=False,
                        help_text="Managed, with something left to cancel by the counters of a line.",
                    ),
                ),
                (
                    "has_exceptions",
                    models.BooleanField(
                        default=False, help_text="Something does not fit it, and is not resolved."
                    ),
                ),
                (
                    "needs_attention",
                    models.BooleanField(default=False, help_text="Something of that is urgent."),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        help_text="None: a guest's order.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_summaries",
                        to="orders.account",
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "order summary",
                "verbose_name_plural": "order summaries",
                "ordering": ["-ordered_at", "-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("ordered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="order_newest_first",
                    ),
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("ordered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="order_of_account",
                    ),
                    models.Index(fields=["status", "ordered_at", "id"], name="order_by_status"),
                    models.Index(
                        fields=["currency_places", "grand_total_minor"], name="order_by_amount"
                    ),
                    models.Index(
                        models.OrderBy(models.F("ordered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_cancelable", True)),
                        name="order_cancelable",
                    ),
                    models.Index(
                        models.OrderBy(models.F("ordered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("has_exceptions", True)),
                        name="order_with_exceptions",
                    ),
                    models.Index(
                        models.OrderBy(models.F("ordered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("needs_attention", True)),
                        name="order_needs_attention",
                    ),
                    models.Index(
                        fields=["currency_code", "grand_total_minor", "id"], name="order_by_total"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("life_cycle__in", ["managed", "unmanaged"])),
                        name="order_life_cycle_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_locale__in", ["net", "gross"])),
                        name="order_tax_locale_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "created",
                                    "partially_allocated",
                                    "allocated",
                                    "partially_fulfilled",
                                    "fulfilled",
                                    "returned",
                                    "canceled",
                                ],
                            )
                        ),
                        name="order_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency_places__lte", 3)),
                        name="order_currency_places_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_minor__gte", 0)), name="order_tax_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "grand_total_minor",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("product_minor"),
                                                    "+",
                                                    models.F("order_adjustments_minor"),
                                                ),
                                                "+",
                                                models.F("delivery_minor"),
                                            ),
                                            "+",
                                            models.F("fees_minor"),
                                        ),
                                        "+",
                                        models.F("tax_minor"),
                                    ),
                                ),
                                ("tax_locale", "net"),
                            ),
                            models.Q(
                                (
                                    "grand_total_minor",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("product_minor"),
                                                "+",
                                                models.F("order_adjustments_minor"),
                                            ),
                                            "+",
                                            models.F("delivery_minor"),
                                        ),
                                        "+",
                                        models.F("fees_minor"),
                                    ),
                                ),
                                ("tax_locale", "gross"),
                            ),
                            _connector="OR",
                        ),
                        name="order_grand_total_is_sum_of_totals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grand_total_minor__gte", 0)),
                        name="order_grand_total_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected_elsewhere_minor__gte", 0), ("unpaid_elsewhere_minor__gte", 0)
                        ),
                        name="order_expected_elsewhere_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("order_imported", "Order imported"),
                            ("order_amended", "Order amended"),
                            ("items_canceled", "Items canceled"),
                            ("order_settled", "What was owed refunded"),
                            ("fulfillment_reported", "Fulfilment reported"),
                            ("nothing_more_expected", "Nothing more expected elsewhere"),
                            ("exception_resolved", "Exception resolved"),
                            ("change_order_undone", "Change order undone"),
                            ("gateway_answered", "Gateway answered"),
                            ("person_decided", "Decided by a person"),
                            ("left_to_people", "Left to people"),
                            ("note_written", "Note written"),
                            ("customer_notified", "Customer notified"),
                            ("customer_erased", "Customer erased"),
                            ("second_person", "Approval"),
                        ],
                        max_length=21,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("request_id", models.CharField(blank=True, default="", max_length=200)),
                ("fingerprint", models.CharField(blank=True, default="", max_length=80)),
                ("facts", models.JSONField(default=dict)),
                ("grand_total_minor", models.BigIntegerField()),
                ("held_minor", models.BigIntegerField()),
                ("expected_elsewhere_minor", models.BigIntegerField()),
                ("given_elsewhere_minor", models.BigIntegerField()),
                ("unpaid_elsewhere_minor", models.BigIntegerField()),
                (
                    "is_open",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="While it is written; PostgreSQL sets it.",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.ordersummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["order", "sequence"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)), fields=["order"], name="event_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "sequence"), name="event_sequence_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("request_id", ""), _negated=True),
                        fields=("order", "request_id"),
                        name="event_reported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "order_imported",
                                    "order_amended",
                                    "items_canceled",
                                    "order_settled",
                                    "fulfillment_reported",
                                    "nothing_more_expected",
                                    "exception_resolved",
                                    "change_order_undone",
                                    "gateway_answered",
                                    "person_decided",
                                    "left_to_people",
                                    "note_written",
                                    "customer_notified",
                                    "customer_erased",
                                    "second_person",
                                ],
                            )
                        ),
                        name="event_type_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                ("position", models.PositiveIntegerField()),
                ("method", models.CharField(max_length=255, verbose_name="method")),
                ("deliver_to", models.CharField(max_length=255, verbose_name="deliver to")),
                ("address", models.CharField(max_length=1000, verbose_name="address")),
                (
                    "flagged_minor",
                    models.BigIntegerField(
                        default=0,
                        help_text="Price canceled so far by rows that refund delivery (domain.md §5).",
                    ),
                ),
                (
                    "released",
                    models.BooleanField(
                        default=False, help_text="Whatever was left of its charges has gone."
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_groups",
                        to="orders.ordersummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery group",
                "verbose_name_plural": "delivery groups",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "key"), name="delivery_group_key_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("flagged_minor__gte", 0)),
                        name="delivery_group_flagged_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                ("position", models.PositiveIntegerField()),
                ("method", models.CharField(max_length=255, verbose_name="method")),
                ("gateway", models.CharField(max_length=255, verbose_name="gateway")),
                (
                    "gateway_reference",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="gateway reference"
                    ),
                ),
                ("authorized_minor", models.BigIntegerField()),
                ("captured_minor", models.BigIntegerField(default=0)),
                ("refunded_elsewhere_minor", models.BigIntegerField(default=0)),
                ("refunded_here_minor", models.BigIntegerField(default=0)),
                ("charged_back_minor", models.BigIntegerField(default=0)),
                ("reserved_minor", models.BigIntegerField(default=0)),
                (
                    "released_minor",
                    models.BigIntegerField(
                        default=0, help_text="What of its authorization was released."
                    ),
                ),
                (
                    "captured_at_release_minor",
                    models.BigIntegerField(help_text="What was captured when it was.", null=True),
                ),
                (
                    "reported_at",
                    models.DateTimeField(
                        help_text="When the last report on it that said when was of.", null=True
                    ),
                ),
                (
                    "full_refund_only",
                    models.BooleanField(default=False, verbose_name="full refund only"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payments",
                        to="orders.ordersummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment summary",
                "verbose_name_plural": "payment summaries",
                "ordering": ["position"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("gateway_reference", ""), _negated=True),
                        fields=["gateway_reference"],
                        name="payment_by_reference",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "key"), name="payment_key_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("authorized_minor__gte", 0),
                            ("captured_minor__gte", 0),
                            ("charged_back_minor__gte", 0),
                            ("refunded_elsewhere_minor__gte", 0),
                            ("refunded_here_minor__gte", 0),
                            ("released_minor__gte", 0),
                            ("reserved_minor__gte", 0),
                        ),
                        name="payment_amounts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("captured_at_release_minor__isnull", True), ("released_minor", 0)
                            ),
                            models.Q(
                                ("captured_at_release_minor__isnull", False),
                                ("released_minor__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="payment_released_with_what_was_captured",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderItemSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("position", models.PositiveIntegerField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("product", "Product"),
                            ("delivery_charge", "Delivery Charge"),
                            ("fee", "Fee"),
                        ],
                        default="product",
                        max_length=15,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "unit_price_micros",
                    models.BigIntegerField(
                        help_text="In millionths of the currency's unit, as it was given."
                    ),
                ),
                (
                    "line_amount_minor",
                    models.BigIntegerField(help_text="As sold, before adjustments."),
                ),
                ("quantity_ordered", models.PositiveIntegerField(verbose_name="quantity ordered")),
                (
                    "quantity_canceled",
                    models.PositiveIntegerField(default=0, verbose_name="quantity canceled"),
                ),
                (
                    "quantity_canceled_elsewhere",
                    models.PositiveIntegerField(
                        default=0, help_text="Of the quantity canceled, what others canceled."
                    ),
                ),
                (
                    "quantity_allocated",
                    models.PositiveIntegerField(default=0, verbose_name="quantity allocated"),
                ),
                (
                    "quantity_fulfilled",
                    models.PositiveIntegerField(default=0, verbose_name="quantity fulfilled"),
                ),
                (
                    "quantity_return_initiated",
                    models.PositiveIntegerField(
                        default=0, verbose_name="quantity return initiated"
                    ),
                ),
                (
                    "quantity_returned",
                    models.PositiveIntegerField(default=0, verbose_name="quantity returned"),
                ),
                (
                    "quantity_returned_at_import",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Returned before the order came here: outside its original totals.",
                    ),
                ),
                (
                    "quantity_canceled_at_import",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Canceled before the order came here: outside its original totals.",
                    ),
                ),
                ("reported_canceled", models.PositiveIntegerField(default=0)),
                ("reported_allocated", models.PositiveIntegerField(default=0)),
                ("reported_fulfilled", models.PositiveIntegerField(default=0)),
                ("reported_return_initiated", models.PositiveIntegerField(default=0)),
                ("reported_returned", models.PositiveIntegerField(default=0)),
                (
                    "reported_at",
                    models.DateTimeField(
                        help_text="When the last report on it that said when was of.", null=True
                    ),
                ),
                ("released", models.BooleanField(default=False, help_text="A fee that has left.")),
                (
                    "came_with",
                    models.PositiveIntegerField(
                        default=1,
                        editable=False,
                        help_text="The sequence of the event that brought it.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("partially_allocated", "Partially Allocated"),
                            ("allocated", "Allocated"),
                            ("partially_fulfilled", "Partially Fulfilled"),
                            ("fulfilled", "Fulfilled"),
                            ("return_initiated", "Return Initiated"),
                            ("returned", "Returned"),
                            ("canceled", "Canceled"),
                        ],
                        max_length=19,
                        verbose_name="status",
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="orders.orderitemsummary",
                    ),
                ),
                (
                    "delivery_group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.deliverygroup",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.ordersummary",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "order product summary",
                "verbose_name_plural": "order product summaries",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "key"), name="line_key_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "ordered",
                                    "partially_allocated",
                                    "allocated",
                                    "partially_fulfilled",
                                    "fulfilled",
                                    "return_initiated",
                                    "returned",
                                    "canceled",
                                ],
                            )
                        ),
                        name="line_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("line_amount_minor__gte", 0), ("unit_price_micros__gte", 0)
                        ),
                        name="line_unit_price_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity_ordered__gte", 1)),
                        name="line_ordered_at_least_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity_returned__lte", models.F("quantity_return_initiated"))
                        ),
                        name="line_returned_within_return_initiated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity_return_initiated__lte", models.F("quantity_fulfilled"))
                        ),
                        name="line_return_initiated_within_fulfilled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity_fulfilled__lte", models.F("quantity_allocated"))
                        ),
                        name="line_fulfilled_within_allocated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "quantity_ordered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity_canceled"),
                                    "+",
                                    models.F("quantity_allocated"),
                                ),
                            )
                        ),
                        name="line_canceled_and_allocated_within_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity_returned_at_import__lte", models.F("quantity_returned"))
                        ),
                        name="line_returned_never_less_than_at_import",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "quantity_canceled_at_import__lte",
                                models.F("quantity_canceled_elsewhere"),
                            ),
                            ("quantity_canceled_elsewhere__lte", models.F("quantity_canceled")),
                        ),
                        name="line_canceled_elsewhere_within_canceled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released", False), ("type", "product")),
                            models.Q(
                                models.Q(
                                    models.Q(
                                        ("delivery_group__isnull", False),
                                        ("released", False),
                                        ("type", "delivery_charge"),
                                    ),
                                    models.Q(("delivery_group__isnull", True), ("type", "fee")),
                                    _connector="OR",
                                ),
                                ("bundle__isnull", True),
                                ("quantity_allocated", 0),
                                ("quantity_canceled", 0),
                            ),
                            _connector="OR",
                        ),
                        name="line_is_product_or_plain_charge",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "rate",
                    models.CharField(
                        blank=True, default="", help_text="As it was given.", max_length=19
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="orders.orderitemsummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "tax line",
                "verbose_name_plural": "tax lines",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0)), name="tax_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "scope",
                    models.CharField(choices=[("line", "Line"), ("order", "Order")], max_length=5),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adjustments",
                        to="orders.orderitemsummary",
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment",
                "verbose_name_plural": "adjustments",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["line", "order"])),
                        name="adjustment_scope_known",
                    )
                ],
            },
        ),
    ]
