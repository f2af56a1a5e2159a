"""An emergency and personal data in a question → markup."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.safety.red_flags import RedFlag
from chatbot.ui.render.escape import html_text


def red_flag_html(flag: RedFlag) -> str:
    """What to do at once, above everything else that answers the question."""
    steps = "".join(f"<li>{html_text(step)}</li>" for step in flag.at_once)
    return (
        '<section class="mf-alarm" role="alert"><p class="mf-alarm-head">'
        f"{html_text(flag.heading)}</p><p>If this is happening now:</p><ol>{steps}</ol></section>"
    )


def held_back_html(found: Sequence[str]) -> str:
    """What a question seems to hold, and that it is neither asked nor kept yet."""
    items = "".join(f"<li>{html_text(item)}</li>" for item in found)
    return (
        '<div class="mf-held" role="status"><p class="mf-held-head">Your question seems to say who somebody is</p>'
        f"<ul>{items}</ul><p>It has not been asked, and nothing of it is kept. An answer does not need it.</p></div>"
    )
