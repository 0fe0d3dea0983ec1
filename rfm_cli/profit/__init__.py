"""Profit as the commands tell it: the statement, and who makes the profit."""
