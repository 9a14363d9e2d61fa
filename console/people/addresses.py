"""Where a request comes from, on nobody's word but that of proxies that are trusted."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"
"""Of requests over a socket, when no proxy that is trusted says more."""

HOUSEHOLD = 64
"""Bits of an IPv6 address that one customer of a network has to themselves."""


def client_address(request: HttpRequest) -> str:
    """The address that the nearest machine which is not a trusted proxy has.

    Each proxy adds at the end of ``X-Forwarded-For`` whom it was asked by, so the list is read
    from there; what a client wrote itself stands before that and is never reached.
    """
    address = _read(request.META.get("REMOTE_ADDR", ""))
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _is_trusted(address) and said:
        before = _read(said.pop())
        if before is None:
            break
        address = before
    return str(address or UNKNOWN)


def throttled_address(request: HttpRequest) -> str:
    """The address by which sign-ins are counted: of IPv6, the network that its owner has."""
    address = ip_address(client_address(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, HOUSEHOLD), strict=False).network_address)
    return str(address)


def _is_trusted(address: IPv4Address | IPv6Address | None) -> bool:
    """Over a socket there is no address: whoever may open it is trusted, if any proxy is."""
    if address is None:
        return bool(settings.TRUSTED_PROXIES)
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
