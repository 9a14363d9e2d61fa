"""What pages keep of their own."""

from console.models.passwords import GivenPassword

__all__ = ["GivenPassword"]
