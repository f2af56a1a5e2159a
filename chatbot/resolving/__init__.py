"""How a question is read in its conversation; ``chatbot.followup.resolve`` is the way in."""
