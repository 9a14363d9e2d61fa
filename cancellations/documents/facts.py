"""How a report stands in the facts of its event, from which ``verify_orders`` takes it again."""

from pydantic import TypeAdapter

from cancellations.arithmetic.reports import Report

REPORT = TypeAdapter(Report)
