"""Tests that users write of their own corpus: a pytest plugin with the fixture ``ask``. See docs/testing-answers.md.

Installed with the package, so it must cost nothing where it is not used: nothing heavy is imported before a test asks.
"""
