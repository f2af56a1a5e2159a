"""What a person takes away from the page: answers as Markdown and PDF, references as RIS and BibTeX, answer cards."""
