"""Measuring answers: hand-written turns, and how an index does on them."""
