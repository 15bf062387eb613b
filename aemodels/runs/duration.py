"""Durations in words."""


def clock(seconds: float) -> str:
    """75.2 -> "1 min 15 s"; rounded to seconds, and from an hour on to minutes."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
