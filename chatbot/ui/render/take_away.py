"""The markup of the control by which answers are taken away."""

from __future__ import annotations


def focus_html() -> str:
    """Moves the keyboard into the downloads that have just been opened, as soon as they are drawn.

    They stand at the end of the document, where the Tab key would reach them behind everything else. A script in which
    nothing varies; it gives up after 60 frames, a second.
    """
    return (
        "<script>(function enter(tries) {"
        " const first = document.querySelector('[data-testid=\"stPopoverBody\"] .stDownloadButton button');"
        " first?.focus();"
        " if (tries && document.activeElement !== first) requestAnimationFrame(() => enter(tries - 1));"
        "})(60)</script>"
    )
