"""The editorial review: drafts, who decided what on which content, and approved articles as files of the corpus.

``reviews.Reviews`` is the whole of it; whether an approval still holds is ``chatbot.approved``'s to say.
"""
