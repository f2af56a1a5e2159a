"""Common given names, as a sign that the word after one is a surname. Those that are English words too are left out.

Written here from what is common in a dozen languages. A name that is missing is found only where the question says that
it is one ("my patient, Mr …", "my name is …").
"""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron abdul adam adrian agnes ahmed aisha alan albert alejandro alessandro alex alexander alexandra alfred ali
    alice alicia amanda amara amelia amelie amina amy amélie ana anastasia andrea andreas andrew angela anita anja
    anjali anna anne annette anthony antonio anya aoife arjun arthur ashley astrid ayesha barbara beatrice ben
    benjamin bernard beth bianca bjorn björn bogdan boris brenda brian bridget bruno camille carlos carmen carol
    caroline catherine cecilia charles charlotte cheryl chiara chinedu chloe chris christian christina christine
    christopher ciara claire clara claudia colin connor cynthia daniel daniela david deborah debra deepak denise
    dennis derek diana diego dieter dimitri dmitri dominic donald donna dorothy douglas dylan edith edward elaine
    eleanor elena elizabeth ella ellen emily emma eoin eric erik ernst esther ethan eva evelyn fatima felix fiona
    frances francesca francisco francois franz françois frederick friedrich gabriel gabriela gareth gemma george
    gerald gerhard giovanni giulia giuseppe gloria gordon graham gregory greta guido hamid hannah hans harold harry
    haruto hassan heather heinrich heinz helen helena helga henry hiroshi hugo ian ibrahim igor ingeborg ingrid
    irene irina isaac isabel isabella ivan jacob jacqueline jacques jakob james jamie jan jane janet janice jason
    javier jean jeffrey jennifer jeremy jessica jill joan joanna johan johann johannes john jonas jonathan jorg
    jorge jose joseph joshua juan judith julia julian julie jurgen jörg jürgen karen karin karl katarzyna kate
    katherine kathleen kathryn katie kavita keith kelly kenji kenneth kevin khadija khalid klaus kwame kyle lakshmi
    lars laura lauren lawrence leah leila leon leonard leonie liam linda lisa lorenzo louis louise luca lucas lucy
    luis luisa lukas luke maria mariam marie marina mario marion marta martha martin martina mary mateo mathieu
    matthew maureen megan mehdi mehmet melanie melissa mia michael michelle miguel mohamad mohamed mohammad mohammed
    monica monika muhammad mustafa nadia nancy naomi natalia natalie nathan ngozi niamh nicholas nicola nicole nigel
    nikolai nina noah nora norman oleg olga oliver olivia omar oscar pablo pamela patricia patrick paul paula pedro
    peter petra philip pierre piotr priya rachel raj rajesh ralph ramon raymond rebecca renate reza ricardo richard
    rita robert roberta roger rohan roland ronald rosa rosemary ruth ryan sabine sakura samantha samira samuel
    sandra sanjay sara sarah scott sean sebastian sergei sergio sharon sheila shirley simon sinead siobhan sofia
    sonia sophia sophie stefan stefanie stephanie stephen steven stuart sunita suresh susan susanne suzanne sven
    sylvia tamara tanya tatiana teresa thanh theodore theresa thomas timothy tomas tracy trevor tunde ulrich ursula
    uwe valentina valerie vanessa vera veronica victor vijay vincent vladimir walter wanda wendy werner william
    wolfgang xavier xiao yasmin yuki yusuf yvonne zachary zainab zoe
    """.split()
)
