from django.urls import URLPattern, include, path, register_converter

from cancellations import views
from cancellations.wizard.cancel_all import CancelAllWizard
from cancellations.wizard.cancel_item import CancelItemWizard
from cancellations.wizard.cancellation import CancellationWizard


class ChangeOrderNumberConverter:
    """A change order's number, such as CO-00000012; its primary key on the inside."""

    regex = r"CO-(?:[0-9]{8}|[1-9][0-9]{8,17})"

    def to_python(self, value: str) -> int:
        return int(value.removeprefix("CO-"))

    def to_url(self, value: int) -> str:
        return f"CO-{value:08d}"


register_converter(ChangeOrderNumberConverter, "change_order_number")


def _wizard(wizard: type[CancellationWizard]) -> list[URLPattern]:
    """A wizard's start, its finish, and its steps, each under the run's id."""
    steps = wizard.as_view(url_name=f"cancellations:{wizard.kind}_step", done_step_name="finish")
    extra = {"wizard": wizard}
    return [
        path("", views.start, extra, name=wizard.kind),
        path("<uuid:run>/finish/", views.finish, extra, name=f"{wizard.kind}_finish"),
        path("<uuid:run>/<slug:step>/", steps, name=f"{wizard.kind}_step"),
    ]


app_name = "cancellations"
urlpatterns = [
    path(
        "order-summaries/<order_number:order_number>/",
        include(
            [
                path("cancel-items/", include(_wizard(CancelItemWizard))),
                path("cancel-all/", include(_wizard(CancelAllWizard))),
            ]
        ),
    ),
    path("change-orders/", views.change_order_list, name="change_order_list"),
    path(
        "change-orders/<change_order_number:pk>/",
        views.change_order_record,
        name="change_order_record",
    ),
    path("refunds/", views.refund_list, name="refund_list"),
]
