import pytest

from tests.proofs.api.stage import new_site


@pytest.fixture
def site(live_server, settings):
    """The API over a live server that refuses nobody for asking often."""
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    return new_site(live_server.url)
