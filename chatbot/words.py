"""Word lists for reading questions: which words ask, and which words say what a question is about.

Lower case, unstemmed; users of a list stem it with the index's own analyser.
"""

ASPECTS = frozenset(
    """
    symptom sign presentation cause causes causing etiology aetiology risk risks factor factors diagnose
    diagnosed diagnosis diagnostic test tests testing tested screen screening scan imaging monitor monitoring
    check checked checks level levels follow treat treated treating treatment treatments therapy therapies
    manage managed management medication medications medicine medicines drug drugs med meds tx rx dx hx dose
    doses dosed dosing dosage mg mcg ml maximum max minimum min daily weekly starting initial loading
    maintenance titrate titration taper tapering stop stopped stopping start started continue discontinue hold
    missed duration long often frequency frequent side effect effects adverse reaction reactions event events
    harm harms harmful safe safety danger dangerous warning warnings boxed precaution precautions
    contraindication contraindications contraindicated avoid avoided interaction interactions interact pregnancy
    pregnant breastfeeding breastfeed lactation nursing fertility contraception child children kids pediatric
    paediatric adolescent infant elderly older geriatric adult adults men women man woman male female renal
    hepatic impairment kidney kidneys liver function prognosis outlook survival mortality outcome outcomes life
    expectancy prevent prevention prophylaxis vaccine mechanism work works working action evidence study studies
    trial trials research guideline guidelines recommendation recommendations recommend recommended recommends
    label indication indications indicated approved alternative alternatives option options compare compared
    comparison better best versus benefit vaccines vaccination benefits effective effectiveness efficacy cost
    costs inheritance inherited genetic genetics gene mutation common rare prevalence incidence epidemiology
    complication complications stage stages surgery surgical procedure procedures diet lifestyle exercise
    information define definition meaning overview summary type types kind first second third primary secondary
    line choice use used using take taken taking give given add added adding switch change changes increase
    increased decrease decreased reduce reduced lower higher high low severe mild moderate acute chronic day
    days week weeks month months year years time times morning night tablet tablets capsule capsules injection
    injections infusion syringe pen food alcohol overdose withdrawal storage
    store responder response respond relapse recurrence cure cured affect affected happen happens help need
    needed clinical age aged onset
    """.split()
)
"""What may be asked of any disease or drug: never what a question is about."""

FILLERS = frozenset(
    """
    ok okay thanks thank please hi hello hey well so also too just really actually still again maybe tell
    explain describe list give show know mean think want like would could should can may might must shall will
    do does did done doing am is are was were be been being have has had having get gets got getting go goes
    going make makes made many much more most less least some any every each all both either neither none other
    others another same different question q answer pt pts patient patients people person persons someone anyone
    who whom whose what which when where why how yes no not nor if then than there here now today about above
    below over under between during before after since until while because though although however i me my mine
    we us our you your he him his she her hers w wo yo vs etc eg ie per via new old usual usually typical
    typically normal normally general generally possible possibly likely certain case cases thing things way
    ways ask asked wonder wondering care provider doctor clinician dont doesnt didnt cant wont isnt arent wasnt
    shouldnt couldnt wouldnt related one ones two three four five six seven eight nine ten
    """.split()
)
"""Words of talk."""

BACK_REFERENCES = frozenset("it its they them their theirs this that these those he him his she her".split())
"""Pronouns that may stand for something said before."""

PERSONS = frozenset("he him his she her hers".split())
"""Pronouns of persons: what a patient does is no topic."""

IMPERSONAL = (
    r"\bit(?:['’]s|\s+is|\s+was|\s+has\s+been)?\s+(?:known|true|possible|likely|important|necessary|recommended)\b"
    r"|\bgot it\b|\bit (?:make|makes|made) sense\b|\bit (?:seems|looks like|depends)\b"
)
"""An "it" that stands for nothing."""

CONTRAST = r"^\W*(?:and|what about|how about|same (?:q|question|thing) (?:for|with|about)|(?:ok|okay)\W+and)\b"
"""Openings that ask the last question again of something else."""

JOINED = frozenset("with add adding added plus versus vs and instead alongside combined".split())
"""What follows these is put beside the topic rather than in its place."""

BESIDE = JOINED | frozenset("on taking using of for to in".split())
"""A pronoun right behind these stands for the topic, even where the question names something before it."""

VERBS = frozenset(
    """
    is are was were be do does did can could should would will may might must has have had how when why who where
    which get gets use used take taken takes work works help helps need needs mean means stop start give given
    """.split()
)
"""What makes a question of words that only name something."""

GENERIC = frozenset(
    "syndrome syndromes disease diseases disorder disorders condition conditions deficiency illness problem".split()
)
"""Words that name a disease only beside another word; by themselves they are no topic, and nothing to share."""

QUALIFIERS = frozenset(
    """
    severe mild moderate acute chronic primary secondary type stage first second third early late onset adult child
    juvenile infantile combined common male female kidney liver renal hepatic low high
    """.split()
)
"""Words that belong to a topic's name where they stand within it or right before it ("chronic pain")."""

OF_DRUGS = frozenset(
    """
    dose doses dosed dosing dosage mg maximum max titrate titration taper tapering missed side adverse
    contraindication contraindications contraindicated interaction interactions interact boxed label overdose
    withdrawal storage store tablet tablets injection infusion indication indications indicated
    """.split()
)
"""Aspects that only a drug has: asked of a disease, they leave the drug to be understood."""

OF_CONDITIONS = frozenset(
    """
    symptom symptoms sign signs cause causes causing diagnose diagnosed diagnosis treat treated treating treatment
    treatments therapy therapies manage managed management prognosis outlook survival inherited prevalence prevent
    """.split()
)
"""Aspects of a disease: with one and a disease, a question says all it asks."""

MODIFIERS = (
    "child children kid kids pediatric paediatric adolescent adolescents infant infants elderly older geriatric "
    "adult adults newborn newborns",
    "pregnancy pregnant breastfeeding breastfeed lactation nursing trimester",
    "men women man woman male female",
    "renal kidney kidneys hepatic liver impairment dialysis cirrhosis",
    "mild moderate severe",
    "morning night daily weekly",
)
"""Groups of circumstances in which anything may be asked again; one takes the place of another of its row."""

SECTIONS_OF_LABELS = frozenset("pregnancy pregnant breastfeeding breastfeed lactation nursing fertility".split())
"""Circumstances on which a label has a section of its own: after an aspect of a drug they stand alone."""

DRUG_CLASSES = frozenset(
    """
    inhibitor inhibitors blocker blockers agonist agonists antagonist antagonists antibiotic antibiotics antiviral
    antivirals antidepressant antidepressants antipsychotic antipsychotics anticoagulant anticoagulants statin statins
    opioid opioids steroid steroids corticosteroid corticosteroids nsaid nsaids benzodiazepine benzodiazepines
    diuretic diuretics antihistamine antihistamines nitrate nitrates
    """.split()
)
"""Last words of the names of drug classes."""

DRUG_ENDINGS = tuple(
    """
    vir mab nib statin pril sartan olol azole oxacin cillin mycin micin cycline parin farin xaban gatran gliptin
    gliflozin glutide dipine semide thiazide oxetine apine azepam zolam setron triptan caine profen coxib asone
    nisone solone limus platin rubicin taxel ciclib lukast tropium dronate fibrate formin glitazone afil feron
    ercept sporin kinra idone peridol triptyline codone morphone fentanil bactam penem fungin tidine azosin
    quine cillamine
    """.split()
)
"""Stems that international names of drugs end on (WHO, "The use of stems in the selection of INN")."""

DISEASE_ENDINGS = tuple("itis osis emia aemia oma omas pathy algia plegia trophy penia iasis oedema derma".split())
"""Endings of the names of diseases."""

SAME_ASPECT = (
    "treatment treat treated treating therapy therapies tx management managed manage",
    "dose doses dosed dosing dosage",
    "side adverse reaction reactions tolerated tolerability toxicity",
    "effect effects reaction reactions event events",
    "pregnancy pregnant",
    "breastfeeding breastfeed lactation nursing breast-feeding",
    "child children kids kid pediatric paediatric adolescent adolescents",
    "elderly older geriatric",
    "renal kidney kidneys",
    "hepatic liver",
    "monitor monitored monitoring check checked checks test tests tested testing",
    "interaction interactions interact interacts",
    "contraindication contraindications contraindicated",
    "avoid avoided against",
    "recommend recommended recommends recommendation recommendations advise advised advises suggests suggested",
    "prognosis survival outlook mortality death",
    "cause causes caused causing etiology aetiology",
    "symptom symptoms sign signs",
    "diagnosis diagnose diagnosed diagnostic",
    "prevent prevents prevention prophylaxis",
    "overdose overdosage",
    "stop stopped stopping discontinue discontinued discontinuation withdrawal",
    "start started starting initial begin begun initiate initiated",
    "drug drugs medicine medicines medication medications meds",
    "effective effectiveness efficacy benefit benefits works",
    "safe safety harm harms risk risks",
)
"""Aspects by the words that sources use for them: any word of a row covers any other."""

SHORTHAND = {
    "hep": "hepatitis",
    "tx": "treatment",
    "rx": "prescription",
    "dx": "diagnosis",
    "hx": "history",
    "sx": "symptoms",
    "fx": "fracture",
    "meds": "medicines",
    "kids": "children",
    "peds": "children",
    "preg": "pregnancy",
    "abx": "antibiotics",
    "lft": "liver function test",
    "lfts": "liver function tests",
    "ck": "creatine kinase",
    "bp": "blood pressure",
    "hcw": "health-care worker",
    "hcws": "health-care workers",
    "hcp": "health-care personnel",
    "benzo": "benzodiazepine",
    "benzos": "benzodiazepines",
    "eps": "extrapyramidal symptoms",
    "nms": "neuroleptic malignant syndrome",
    "td": "tardive dyskinesia",
    "ra": "rheumatoid arthritis",
    "uc": "ulcerative colitis",
    "ed": "erectile dysfunction",
    "pah": "pulmonary arterial hypertension",
    "mi": "myocardial infarction",
    "hf": "heart failure",
    "uti": "urinary tract infection",
    "ckd": "chronic kidney disease",
    "copd": "chronic obstructive pulmonary disease",
    "dm": "diabetes mellitus",
    "t2dm": "type 2 diabetes mellitus",
    "htn": "hypertension",
    "af": "atrial fibrillation",
    "ssri": "selective serotonin reuptake inhibitor",
    "tb": "tuberculosis",
    "hbv": "hepatitis b virus",
    "cvd": "cardiovascular disease",
    "cbt": "cognitive behavioural therapy",
    "mme": "morphine milligram equivalents",
}
"""What clinicians type for what sources print; searched for beside what was typed."""
