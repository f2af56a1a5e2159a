"""The parts of the chat around an answer → markup: the step at work, copying, what heads the suggested questions."""

from __future__ import annotations

from chatbot.ui.render.escape import html_text
from chatbot.wishes import Step

COPYING = """<script>
if (!window.mfCopying) {
  window.mfCopying = true;
  const copied = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("the browser refused");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-mf-copies]");
    const source = button && document.getElementById(button.dataset.mfCopies);
    if (!source) return;
    const label = button.querySelector("span");
    try {
      await copied(source.textContent);
      label.textContent = "Copied";
    } catch {
      label.textContent = "Not copied: the browser does not allow it";
    }
    setTimeout(() => { label.textContent = "Copy"; }, 2000);
  });
}
</script>"""
"""Copies what a copying button names, once for the whole page. A constant: nothing of anybody's text is in it.

Without ``navigator.clipboard``, as on a page served unencrypted to another machine, it selects the text to copy it.
"""


def editing_html(anchor: str) -> str:
    """What stands above the last question while it is edited: what asking does."""
    return f'<p id="{anchor}" class="mf-editing">The new answer takes the place of this one.</p>'


def step_html(step: Step) -> str:
    """The step at work."""
    return f'<p class="mf-working" role="status">{html_text(step.value)} …</p>'


def offers_head_html() -> str:
    """What stands above questions that could follow."""
    return '<p class="mf-offers-head">Questions to go on with</p>'


def copy_html(text: str, name: str) -> str:
    """A button that copies the text, which stands hidden beside it under an id made of ``name``."""
    return (
        f'<button type="button" class="mf-copy" data-mf-copies="{html_text(name)}">'
        '<span aria-live="polite">Copy</span></button>'
        f'<pre id="{html_text(name)}" hidden>{html_text(text)}</pre>'
    )
