"""The choice of the audience on the page: kept for the person, and never in the way of reading."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from chatbot.audience import Audience
from chatbot.people import LOCAL
from chatbot.preferences import Preferences
from chatbot.settings import Settings

_PAGE = """
import streamlit as st
from chatbot.people import LOCAL
from chatbot.ui.audience import choose_audience, glossary_for
audience = choose_audience(LOCAL)
st.write(f"{audience.value}: {len(glossary_for(audience).terms)}")
"""


@pytest.fixture
def chosen(page_settings: Settings) -> AppTest:
    return AppTest.from_string(_PAGE, default_timeout=30).run()


def said(page: AppTest) -> str:
    assert not page.exception
    return str(page.markdown[-1].value)


def test_who_has_chosen_nothing_is_a_clinician_to_whom_nothing_is_explained(chosen: AppTest) -> None:
    assert said(chosen) == "Clinician: 0"


def test_a_choice_is_kept_for_the_person_and_shown_at_the_next_visit(chosen: AppTest, page_settings: Settings) -> None:
    chosen.pills[0].set_value("Patient or carer").run()
    assert said(chosen).startswith("Patient or carer: ")
    assert not said(chosen).endswith(": 0")
    assert Preferences(page_settings.data).audience(LOCAL.id) is Audience.PATIENT
    assert said(AppTest.from_string(_PAGE, default_timeout=30).run()) == said(chosen)


def test_a_click_on_what_is_chosen_leaves_it_chosen(chosen: AppTest) -> None:
    chosen.pills[0].set_value("Trainee").run()
    chosen.pills[0].set_value(None).run()
    assert said(chosen).startswith("Trainee: ")


def test_a_glossary_that_cannot_be_read_says_why_and_explains_nothing(
    page_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copy(page_settings.corpus / "glossary.md", tmp_path)
    text = (tmp_path / "glossary.md").read_text("utf-8")
    (tmp_path / "glossary.md").write_text(text.replace("status: Submitted", "status: Perhaps"), "utf-8")
    monkeypatch.setenv("CHATBOT_CORPUS", str(tmp_path))
    Preferences(page_settings.data).choose_audience(LOCAL.id, Audience.PATIENT)
    page = AppTest.from_string(_PAGE, default_timeout=30).run()
    assert said(page) == "Patient or carer: 0"
    assert "status" in page.error[0].value
