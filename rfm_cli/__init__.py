"""The command line of rfm: it calls dbt, learns what needs Python, and prints what came out."""

__version__ = "0.1.0"
