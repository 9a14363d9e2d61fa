"""The console's settings, with the floor beside its pages and a header with what each took."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

ROOT_URLCONF = "tests.benchmarks.floor"
MIDDLEWARE = ["tests.benchmarks.costs.CostMiddleware", *MIDDLEWARE]
