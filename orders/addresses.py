"""How numbers of orders and accounts stand in addresses (contract.md §1).

Every number has one address. Another spelling of it -- ``~2f`` for ``~2F``, ``~41`` for ``A`` --
is not found: nothing of ours writes it, and a redirect could not carry what was posted there.
"""

import re

from django.urls import register_converter

from orders.texts import LONGEST_NUMBER, is_number

_AS_IT_IS = re.compile(r"[A-Za-z0-9._-]+")
_SPELLED_OUT = re.compile(r"((?:~[0-9A-F]{2})+)")
_LONGEST = LONGEST_NUMBER * len("~F0~9F~98~80")


def spelled(number: str) -> str:
    """The number, with ``~`` and two hexadecimal digits for each byte of what is spelled out.

    >>> spelled("2024/00123")
    '2024~2F00123'
    """
    if number in (".", ".."):
        return number.replace(".", "~2E")
    if _AS_IT_IS.fullmatch(number):
        return number
    return "".join(
        sign if _AS_IT_IS.fullmatch(sign) else "".join(f"~{byte:02X}" for byte in sign.encode())
        for sign in number
    )


def read(spelling: str) -> str:
    """The number that is spelled like this.

    Raises:
        ValueError: It is no number, or has another spelling.
    """
    number = "".join(
        bytes.fromhex(part.replace("~", "")).decode() if part.startswith("~") else part
        for part in _SPELLED_OUT.split(spelling)
    )
    if not is_number(number) or spelled(number) != spelling:
        raise ValueError(spelling)
    return number


class NumberConverter:
    """The number of an order or account; anything else is not found."""

    regex = rf"[A-Za-z0-9._~-]{{1,{_LONGEST}}}"
    to_python = staticmethod(read)
    to_url = staticmethod(spelled)


register_converter(NumberConverter, "order_number")
register_converter(NumberConverter, "account_number")
