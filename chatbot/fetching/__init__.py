"""Records from where they are published into a corpus folder, in their publishers' own formats.

``job.plan`` says what a source (``PubMed``, ``DailyMed``, ``OpenFda``) would be asked for, ``job.run`` fetches it. No
other part of the software asks a public service for anything, and this one only when a user commands it.
"""
