"""The two private characters between which a template's text survives any cut."""

KEEP_OPEN, KEEP_CLOSE = "\ue000", "\ue001"


def keep(value: object) -> str:
    """The value's text, protected; empty stays empty. What was kept inside it is kept once."""
    text = without_marks(str(value))
    return f"{KEEP_OPEN}{text}{KEEP_CLOSE}" if text.strip() else ""


def without_marks(text: str) -> str:
    return text.replace(KEEP_OPEN, "").replace(KEEP_CLOSE, "")
