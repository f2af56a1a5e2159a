"""What is looked at in a question before anything else: an emergency, and what would tell who somebody is."""
