"""What pydantic finds wrong, in our voice."""

from typing import Any

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this document",
    "string_type": "must be text",
    "string_unicode": "must not hold NUL or broken characters",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
}


def in_words(found: Any) -> str:
    """A finding as a sentence about its field; what we have no words for keeps its own."""
    words = _WORDS.get(found["type"])
    return words.format(**found.get("ctx", {})) if words else str(found["msg"])
