"""Traces by OpenTelemetry, where one says whither: which page took how long, nobody's data."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables; the library reads its others, such as headers, as well."""

NOT_TRACED = "healthz,readyz,metrics"
KEPT = (
    "http.method",
    "http.request.method",
    "http.route",
    "http.status_code",
    "http.response.status_code",
)


def trace_requests(
    environment: Mapping[str, str], *, exporter: "SpanExporter | None" = None
) -> bool:
    """Begin to trace requests; without an endpoint nothing is imported and nothing sent.

    It stands before Django is set up: it adds to the middleware. Gives whether it began.

    Raises:
        ModuleNotFoundError: The extra ``telemetry`` is not installed.
    """
    if not any(environment.get(name) for name in ENDPOINTS):
        return False
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "countermand"}))
    sends = exporter or OTLPSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(without_data(sends)))
    DjangoInstrumentor().instrument(tracer_provider=provider, excluded_urls=NOT_TRACED)
    return True


def without_data(exporter: "SpanExporter") -> "SpanExporter":
    """Exports what names nobody: neither addresses, searches nor what errors say."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Status

    class WithoutData(SpanExporter):
        def export(self, spans: Sequence["ReadableSpan"]) -> Any:
            return exporter.export([self._bare(span) for span in spans])

        def shutdown(self) -> None:
            exporter.shutdown()

        @staticmethod
        def _bare(span: "ReadableSpan") -> ReadableSpan:
            attributes = span.attributes or {}
            return ReadableSpan(
                name=span.name,
                context=span.context,
                parent=span.parent,
                resource=span.resource,
                attributes={name: attributes[name] for name in KEPT if name in attributes},
                kind=span.kind,
                status=Status(span.status.status_code),
                start_time=span.start_time,
                end_time=span.end_time,
                instrumentation_scope=span.instrumentation_scope,
            )

    return WithoutData()
