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
    hepatic impairment kidney liver function prognosis outlook survival mortality outcome outcomes life
    expectancy prevent prevention prophylaxis vaccine mechanism work works working action evidence study studies
    trial trials research guideline guidelines recommendation recommendations recommend recommended recommends
    label indication indications indicated approved alternative alternatives option options compare compared
    comparison better best versus benefit vaccines vaccination benefits effective effectiveness efficacy cost
    costs inheritance inherited genetic genetics gene mutation common rare prevalence incidence epidemiology
    complication complications stage stages surgery surgical procedure procedures diet lifestyle exercise
    information define definition meaning overview summary type types kind first second third primary secondary
    line choice use used using take taken taking give given add added adding switch change changes increase
    increased decrease decreased reduce reduced lower higher high low severe mild moderate acute chronic day
    days week weeks month months year years time times morning night food alcohol overdose withdrawal storage
    store responder response respond relapse recurrence cure cured affect affected happen happens help need
    needed
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
    shouldnt couldnt wouldnt one ones two three four five six seven eight nine ten
    """.split()
)
"""Words of talk."""

BACK_REFERENCES = frozenset("it its they them their theirs this that these those he him his she her".split())
"""Pronouns that may stand for something said before."""

IMPERSONAL = (
    r"\bit(?:'s|\s+is|\s+was|\s+has\s+been)?\s+(?:known|true|possible|likely|important|necessary|recommended)\b"
)
"""An "it" that stands for nothing."""

CONTRAST = r"^\W*(?:and|what about|how about|same (?:q|question|thing) (?:for|with|about)|(?:ok|okay)\W+and)\b"
"""Openings that ask the last question again of something else."""

JOINED = frozenset("with add adding added plus versus vs and instead alongside combined".split())
"""What follows these is put beside the topic rather than in its place."""

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
