"""Looks through tables that nobody has described yet and proposes how to stage them."""
