"""Who reads: it decides which of the sentences that answer are chosen, their order, and what is explained beside them.

Never the wording of what is quoted: a dose, a number or a contraindication reads the same for everybody.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Which best describes the reader. The first is meant where nothing was chosen."""

    CLINICIAN = "Clinician"
    TRAINEE = "Trainee"
    PATIENT = "Patient or carer"
