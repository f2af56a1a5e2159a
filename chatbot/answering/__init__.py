"""Passages found → what is said: the gate decides whether, the composer with which words."""
