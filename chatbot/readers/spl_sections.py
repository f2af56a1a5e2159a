"""The sections of an SPL label → headed text: what each is by its code, and what it is called."""

from __future__ import annotations

import re

from lxml import etree

from chatbot.readers.label_sections import BOXED_WARNING, CONTRAINDICATIONS, HOW_SUPPLIED, NOT_QUOTED, ROLE_OF_CODE
from chatbot.readers.label_wording import plain_heading, without_number
from chatbot.readers.safe_xml import local_name
from chatbot.readers.sectioned import SectionedText
from chatbot.readers.spl_lines import Block
from chatbot.readers.spl_text import joined, line_of_text, narrative

_HEADING_WORDS = 20  # a title that has more words is a statement, and is read as one
_FEWEST_WORDS = 2  # of an untitled section: one word is the code of a print
_FEWEST_WORDS_SAID = 4  # by a title: fewer only name what follows
_OVERRULES = frozenset({BOXED_WARNING, CONTRAINDICATIONS})  # "pregnancy" among contraindications is one
_PRODUCT_CODE = re.compile(r"NDC[\s:#-]*\d[\d-]*")
_CONTENTS = re.compile(r"\| CONTENTS\*? \|")
_NAMES_OF_A_BOX = frozenset({"warning", "warnings", "boxed warning", "boxed warnings"})


class LabelSections:
    """Sections in reading order, a nested one named with those above it: "Dosage and administration – Children".

    A section without a role of its own has that of the nearest one above. Short lines set in bold, underlined or in
    italics throughout are headings too. Sections that hold no text but their titles make a list below the title of the
    section they stand in, because each of these titles then is what the label says.
    """

    def __init__(self, running: frozenset[str], *, may_be_boxed: bool) -> None:
        self._running = running
        self._may_be_boxed = may_be_boxed
        self._found: list[tuple[str, str, list[Block]]] = []  # heading, role, what stands there

    def add(self, section: etree._Element, above: tuple[str, ...] = (), role: str = "") -> None:
        code = section.find("{*}code")
        value = "" if code is None else code.get("code") or ""
        if value in NOT_QUOTED:
            return
        title = line_of_text(section.find("{*}title"))
        text = section.find("{*}text")
        blocks = narrative(text) if text is not None else []
        if len(title.split()) > _HEADING_WORDS:
            blocks.insert(0, Block(title))
            title = ""
        own = role if role in _OVERRULES else self._role(value, title, blocks, is_top=not above)
        name = self._name(title, own if own != role else "", blocks)
        path = (*above, name) if name and name.lower() != (above or ("",))[-1].lower() else above
        self._add_blocks(_with_title(title, blocks), path, own or role, is_titled=bool(title))
        self._add_nested(section, title, path, own or role)

    def written(self) -> SectionedText:
        """The text with its sections; neighbours of the same heading and role are one."""
        text = SectionedText()
        merged: list[tuple[str, str, list[Block]]] = []
        for heading, role, blocks in self._found:
            if merged and merged[-1][:2] == (heading, role):
                merged[-1][2].extend(blocks)
            else:
                merged.append((heading, role, list(blocks)))
        for heading, role, blocks in merged:
            text.add(heading, joined(blocks), role)
        return text

    def _role(self, code: str, title: str, blocks: list[Block], *, is_top: bool) -> str:
        """The role by the code; makers code as boxed what they print in any box, so a warning must look like one.

        A boxed warning stands by itself in a prescription label, or says "warning" where it begins.
        """
        role = ROLE_OF_CODE.get(code, "")
        if role != BOXED_WARNING or (is_top and self._may_be_boxed):
            return role
        begins = " ".join([title, *(block.text for block in blocks[:2])])[:200]
        return role if "warning" in begins.lower() else ""

    def _name(self, title: str, role: str, blocks: list[Block]) -> str:
        """What a section is called: by its title, its role, or a line of bold text with which it begins (taken off)."""
        if role == BOXED_WARNING:
            return self._name_of_box(title)
        if title:
            return plain_heading(title, self._running)
        if role:
            return role.capitalize()
        return plain_heading(blocks.pop(0).text, self._running) if len(blocks) > 1 and blocks[0].is_title else ""

    def _name_of_box(self, title: str) -> str:
        heading = plain_heading(title, self._running)
        subject = heading.partition(":")[2].strip() if heading.lower().startswith("warning") else heading
        if not subject or subject.lower() in _NAMES_OF_A_BOX:
            return BOXED_WARNING.capitalize()
        return f"{BOXED_WARNING.capitalize()} – {subject[0].upper()}{subject[1:]}"

    def _add_blocks(self, blocks: list[Block], path: tuple[str, ...], role: str, *, is_titled: bool) -> None:
        titles: list[str] = []
        standing: list[Block] = []
        for number, block in enumerate(blocks):
            behind = blocks[number + 1] if number + 1 < len(blocks) else block
            if not block.is_title or behind is block or (not behind.depth and behind.text[0].islower()):
                standing.append(block)
                continue
            if standing:
                self._flush(standing, (*path, *titles), role)
                titles, standing = [], []
            heading = plain_heading(block.text, self._running)
            if heading.lower() not in _NAMES_OF_A_BOX | {name.lower() for name in path[-1:]}:
                titles.append(heading)
            if behind.depth:
                standing.append(block)
        if standing and (is_titled or titles or sum(len(block.text.split()) for block in standing) >= _FEWEST_WORDS):
            self._flush(standing, (*path, *titles), role)

    def _add_nested(self, section: etree._Element, title: str, path: tuple[str, ...], role: str) -> None:
        said: list[Block] = []
        for nested in section.findall("{*}component/{*}section"):
            if _says_only_its_title(nested):
                said.append(Block(without_number(line_of_text(nested.find("{*}title"))), depth=1))
                continue
            self._add_titles(said, title, path, role)
            said = []
            self.add(nested, path, role)
        self._add_titles(said, title, path, role)

    def _add_titles(self, said: list[Block], title: str, path: tuple[str, ...], role: str) -> None:
        if said:
            self._flush([*([Block(without_number(title))] if title else []), *said], path, role)

    def _flush(self, blocks: list[Block], path: tuple[str, ...], role: str) -> None:
        blocks = [block for block in blocks if not (block.is_table and _CONTENTS.search(block.text))]
        if role == HOW_SUPPLIED:  # tables of product codes are for the pharmacy's shelf
            blocks = [b for b in blocks if not (_PRODUCT_CODE.fullmatch(b.text) or (b.is_table and "NDC" in b.text))]
        self._found.append((" – ".join(path), role, blocks))


def _says_only_its_title(section: etree._Element) -> bool:
    parts = {local_name(child) for child in section}
    text = section.find("{*}text")
    is_silent = text is None or (len(text) == 0 and not (text.text or "").strip())
    code = section.find("{*}code")
    is_quoted = code is None or code.get("code") not in NOT_QUOTED
    said = line_of_text(section.find("{*}title")).split()
    return is_quoted and is_silent and "component" not in parts and len(said) >= _FEWEST_WORDS_SAID


def _with_title(title: str, blocks: list[Block]) -> list[Block]:
    """The blocks, led in by the title where they go on from it: "Do not use" and the list of who must not.

    Without it, what is quoted from such a list would say the opposite.
    """
    if not title or not blocks or blocks[0].is_table:
        return blocks
    if blocks[0].depth:
        return [Block(without_number(title)), *blocks]
    if blocks[0].text[0].islower():
        return [Block(f"{without_number(title)} {blocks[0].text}"), *blocks[1:]]
    return blocks
