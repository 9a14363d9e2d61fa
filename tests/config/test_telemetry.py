"""What is told to OpenTelemetry, as it leaves the house."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("opentelemetry.sdk")

from config.telemetry import trace_requests
from tests.benchmarks.measuring import PROJECT

pytestmark = pytest.mark.slow  # each starts a process

TRACED = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from config.telemetry import trace_requests
kept = InMemorySpanExporter()
assert trace_requests(os.environ, exporter=kept)
from config.wsgi import application
from django.test import Client
Client(headers={"host": "localhost"}).get("/sign-in/?next=/order-summaries/?q=rosalind")
from opentelemetry.instrumentation.django import _DjangoMiddleware
_DjangoMiddleware._tracer.span_processor.force_flush()
print(json.dumps([json.loads(span.to_json()) for span in kept.get_finished_spans()]))
"""


def test_without_an_endpoint_nothing_is_traced():
    assert not trace_requests({})


def test_a_page_is_told_by_its_route_and_names_nobody():
    run = subprocess.run(
        [sys.executable, "-c", TRACED],
        cwd=PROJECT,
        env=os.environ
        | {
            "DEBUG": "1",
            "DATABASE_URL": "sqlite://:memory:",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:1",
            "LOG_LEVEL": "CRITICAL",
        },
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stderr
    [span] = json.loads(run.stdout)
    assert span["name"] == "GET sign-in/"
    assert span["attributes"]["http.route"] == "sign-in/"
    assert "rosalind" not in run.stdout
    assert set(span["attributes"]) <= {"http.method", "http.route", "http.status_code"}
