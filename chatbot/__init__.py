"""Answers to follow-up questions in medicine, made of verbatim quotes with their citations."""

__version__ = "0.1.0"
