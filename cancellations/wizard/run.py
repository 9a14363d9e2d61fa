"""Which run of which wizard on which order a request is about."""

from dataclasses import dataclass
from uuid import UUID

IN_SESSION = "wizard_"
"""How the names begin under which a session keeps runs: formtools' own word."""


@dataclass(frozen=True, slots=True)
class Run:
    """One way through one wizard on one order; another tab is another run."""

    kind: str
    order_pk: int
    id: UUID

    @property
    def request_id(self) -> str:
        """Under which id the run is submitted: once, however often it is sent."""
        return str(self.id)

    @property
    def prefix(self) -> str:
        """What formtools names the run's hidden field and storage after."""
        return f"cancel-{self.kind}-{self.order_pk}-{self.id.hex}"

    @property
    def session_name(self) -> str:
        """Under which name the session keeps the run."""
        return f"{IN_SESSION}{self.prefix}"
