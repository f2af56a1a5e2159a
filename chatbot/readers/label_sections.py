"""What a section of a US drug label is, in plain words, by its LOINC code or by its field in openFDA.

The codes are those that the FDA lists for labels ("Section Headings (LOINC)" among its Structured Product Labeling
resources), the fields those of openFDA's drug label reference; one row holds both, because they are the same sections.
"""

from __future__ import annotations

BOXED_WARNING = "boxed warning"
INDICATIONS = "indications"
DOSAGE = "dosage"
STRENGTHS = "dosage forms and strengths"
CONTRAINDICATIONS = "contraindications"
HOW_SUPPLIED = "how supplied"
STORAGE = "storage and handling"

_TABLE = (  # code, field of openFDA, role; in the order of prescribing information, then of "Drug Facts"
    ("34066-1", "boxed_warning", BOXED_WARNING),
    ("34067-9", "indications_and_usage", INDICATIONS),
    ("34068-7", "dosage_and_administration", DOSAGE),
    ("43678-2", "dosage_forms_and_strengths", STRENGTHS),
    ("34070-3", "contraindications", CONTRAINDICATIONS),
    ("43685-7", "warnings_and_cautions", "warnings and precautions"),
    ("34071-1", "warnings", "warnings"),
    ("42232-9", "precautions", "precautions"),
    ("34072-9", "general_precautions", "precautions"),
    ("54433-8", "user_safety_warnings", "warnings"),
    ("34084-4", "adverse_reactions", "adverse reactions"),
    ("90374-0", "clinical_trials_experience", "adverse reactions"),
    ("90375-7", "postmarketing_experience", "adverse reactions"),
    ("34073-7", "drug_interactions", "interactions"),
    ("34074-5", "drug_and_or_laboratory_test_interactions", "interactions"),
    ("43684-0", "use_in_specific_populations", "specific populations"),
    ("42228-7", "pregnancy", "pregnancy"),
    ("34077-8", "teratogenic_effects", "pregnancy"),
    ("34078-6", "nonteratogenic_effects", "pregnancy"),
    ("34079-4", "labor_and_delivery", "labor and delivery"),
    ("77290-5", "lactation", "lactation"),
    ("34080-2", "nursing_mothers", "lactation"),
    ("77291-3", "females_and_males_of_reproductive_potential", "reproductive potential"),
    ("34081-0", "pediatric_use", "pediatric use"),
    ("34082-8", "geriatric_use", "geriatric use"),
    ("88828-9", "renal_impairment", "renal impairment"),
    ("88829-7", "hepatic_impairment", "hepatic impairment"),
    ("42227-9", "drug_abuse_and_dependence", "abuse and dependence"),
    ("34085-1", "controlled_substance", "abuse and dependence"),
    ("34086-9", "abuse", "abuse and dependence"),
    ("34087-7", "dependence", "abuse and dependence"),
    ("34088-5", "overdosage", "overdosage"),
    ("34089-3", "description", "description"),
    ("34090-1", "clinical_pharmacology", "clinical pharmacology"),
    ("43679-0", "mechanism_of_action", "mechanism of action"),
    ("43681-6", "pharmacodynamics", "pharmacodynamics"),
    ("43682-4", "pharmacokinetics", "pharmacokinetics"),
    ("66106-6", "pharmacogenomics", "pharmacogenomics"),
    ("49489-8", "microbiology", "microbiology"),
    ("43680-8", "nonclinical_toxicology", "nonclinical toxicology"),
    ("34083-6", "carcinogenesis_and_mutagenesis_and_impairment_of_fertility", "nonclinical toxicology"),
    ("34091-9", "animal_pharmacology_and_or_toxicology", "nonclinical toxicology"),
    ("34092-7", "clinical_studies", "clinical studies"),
    ("34075-2", "laboratory_tests", "laboratory tests"),
    ("34093-5", "references", "references"),
    ("34069-5", "how_supplied", HOW_SUPPLIED),
    ("44425-7", "storage_and_handling", STORAGE),
    ("34076-0", "information_for_patients", "patient counseling"),
    ("88436-1", "patient_counseling_information", "patient counseling"),
    ("42230-3", "spl_patient_package_insert", "patient information"),
    ("42231-1", "spl_medguide", "medication guide"),
    ("68498-5", "patient_medication_information", "patient information"),
    ("59845-8", "instructions_for_use", "instructions for use"),
    ("71744-7", "health_care_provider_letter", "letter to healthcare providers"),
    ("55106-9", "active_ingredient", "active ingredient"),
    ("55105-1", "purpose", "purpose"),
    ("50570-1", "do_not_use", "do not use"),
    ("50569-3", "ask_doctor", "ask a doctor before use"),
    ("50568-5", "ask_doctor_or_pharmacist", "ask a doctor or pharmacist before use"),
    ("50567-7", "when_using", "when using this product"),
    ("50566-9", "stop_use", "stop use"),
    ("53414-9", "pregnancy_or_breast_feeding", "pregnancy or breast-feeding"),
    ("50565-1", "keep_out_of_reach_of_children", "keep out of reach of children"),
    ("51727-6", "inactive_ingredient", "inactive ingredients"),
    ("53413-1", "questions", "questions"),
    ("60561-8", "other_safety_information", "other safety information"),
)

ROLE_OF_CODE = {code: role for code, _, role in _TABLE}
ROLE_OF_FIELD = {field: role for _, field, role in _TABLE}

NOT_QUOTED = frozenset(
    {
        "48780-1",  # product data elements: tables of codes
        "48779-3",  # indexing data elements: the same for search engines
        "51945-4",  # what is printed on the box
        "43683-2",  # recent major changes: names of sections and dates
    }
)
"""Codes of sections that hold nothing to quote."""

FIELDS_NOT_QUOTED = frozenset(
    {
        "spl_product_data_elements",
        "spl_indexing_data_elements",
        "package_label_principal_display_panel",
        "recent_major_changes",
    }
)
"""The same sections as fields of openFDA."""
