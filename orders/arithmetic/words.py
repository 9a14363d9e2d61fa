"""Words that arithmetic names and pages show."""


def gettext_noop(text: str) -> str:
    """Mark ``text`` for translation, which is the pages' work; it stays English here.

    Django's own marker would bring Django into arithmetic; catalogs are made from the name.
    """
    return text
