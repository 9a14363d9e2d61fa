"""The console's settings, with the floor beside its pages."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.floor"
