"""Structured Product Labeling (HL7 version 3 XML), as DailyMed publishes the labels of drugs → documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from chatbot.domain import Document, Jurisdiction, Kind, Reference
from chatbot.readers.label_wording import (
    brand_names,
    drug_names,
    iso_date,
    product_name,
    readable_title,
    words_in_running_text,
)
from chatbot.readers.safe_xml import root, text_of
from chatbot.readers.source_file import Fail, SourceFile
from chatbot.readers.spl_sections import LabelSections
from chatbot.readers.spl_text import narrative
from chatbot.readers.text_file import storable

_NAMESPACE = "urn:hl7-org:v3"
_SET_ID = re.compile(r"[\w.-]{1,100}")
_OVER_THE_COUNTER = "34390-5"


def read_spl(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """The label of one file.

    Raises SourceError where the file is no label of a drug for people, or names no set id; one that holds no text goes
    to ``fail``. The highlights, which say again what stands below them, what is printed on packages, and the tables of
    product codes are not read; nor are images.
    """
    label = root(source)
    if etree.QName(label).namespace != _NAMESPACE or etree.QName(label).localname != "document":
        raise source.error("is XML, but no drug label (SPL); labels are at dailymed.nlm.nih.gov")
    kind = _attribute(label, "{*}code", "displayName")
    if "ANIMAL" in kind.upper():
        raise source.error(f"is a label for animals ({kind.lower()}), which is not read; remove it")
    set_id = _attribute(label, "{*}setId", "root").strip().lower()
    if not _SET_ID.fullmatch(set_id):
        raise source.error("names no set id, which every published label has; fetch it again from DailyMed")
    document = _document(label, set_id)
    if not document.sections:
        fail(source.error("holds no section with text; fetch it again, or remove it"))
        return
    yield document


def _document(label: etree._Element, set_id: str) -> Document:
    running = words_in_running_text(text_of(label.find("{*}component")))
    title = [block.text for element in label.findall("{*}title") for block in narrative(element)]
    is_sold_freely = _attribute(label, "{*}code", "code") == _OVER_THE_COUNTER
    is_emergency_sheet = bool(re.search(r"emergency use|\bEUA\b", " ".join(title), re.IGNORECASE))
    sections = LabelSections(running, may_be_boxed=not (is_sold_freely or is_emergency_sheet))
    for section in label.findall("{*}component/{*}structuredBody/{*}component/{*}section"):
        sections.add(section)
    written = sections.written()
    return Document(_reference(label, set_id, title, running), written.text, written.sections)


def _reference(label: etree._Element, set_id: str, title: list[str], running: frozenset[str]) -> Reference:
    generics = [
        _line(name)
        for product in _products(label)
        for part in _parts(product)
        for name in part.iterfind("*/{*}genericMedicine/{*}name")
    ]
    drugs = drug_names(_moieties(label), generics)
    sold_as = [_line(name) for name in _product_names(label)]
    brands = brand_names(sold_as, drugs)
    forms = {_attribute(product, "{*}formCode", "displayName") for product in _products(label)} - {""}
    form = forms.pop() if len(forms) == 1 else ""
    date = iso_date(_attribute(label, "{*}effectiveTime", "value"))
    maker = label.find("{*}author/{*}assignedEntity/{*}representedOrganization/{*}name")
    product = product_name(brands or tuple(dict.fromkeys(sold_as)), list(dict.fromkeys(generics)) or list(drugs), form)
    return Reference(
        id=f"label-{set_id}",
        kind=Kind.LABEL,
        title=readable_title(title, product, running),
        year=int(date[:4]) if date else None,
        date=date,
        set_id=set_id,
        version=_attribute(label, "{*}versionNumber", "value").strip(),
        manufacturer=_line(maker),
        jurisdiction=Jurisdiction.US,
        drugs=drugs,
        brands=brands,
    )


def _products(label: etree._Element) -> Iterator[etree._Element]:
    """The products themselves; the elements around them bear the same name."""
    for element in label.iter("{*}manufacturedProduct", "{*}manufacturedMedicine"):
        if element.find("{*}name") is not None:
            yield element


def _product_names(label: etree._Element) -> Iterator[etree._Element]:
    for product in _products(label):
        yield from product.findall("{*}name")


def _parts(product: etree._Element) -> list[etree._Element]:
    """The product, or the parts of a kit; the swabs beside a syringe are sold under another name than the kit."""
    parts = product.findall("{*}part/{*}partProduct") + product.findall("{*}part/{*}partMedicine")
    name = _line(product.find("{*}name")).lower()
    return [product, *([part for part in parts if _line(part.find("{*}name")).lower() == name] or parts)]


def _moieties(label: etree._Element) -> Iterator[str]:
    """What the active ingredients act by, without their salts."""
    for product in _products(label):
        for part in _parts(product):
            active = [element for element in part.findall("{*}ingredient") if _is_active(element)]
            for ingredient in active + part.findall("{*}activeIngredient"):
                moieties = ingredient.findall(".//{*}activeMoiety/{*}activeMoiety/{*}name")
                yield from (_line(name) for name in moieties or ingredient.iterfind("{*}ingredientSubstance/{*}name"))


def _is_active(ingredient: etree._Element) -> bool:
    return (ingredient.get("classCode") or "").startswith("ACTI")


def _attribute(element: etree._Element, path: str, name: str) -> str:
    found = element.find(path)
    return storable(found.get(name) or "") if found is not None else ""


def _line(element: etree._Element | None) -> str:
    """A name as one line; a suffix, in an element of its own, stands apart."""
    if element is None:
        return ""
    parts = [element.text or "", *(part for child in element for part in (text_of(child), child.tail or ""))]
    return storable(" ".join(" ".join(parts).split()))
