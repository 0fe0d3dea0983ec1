"""A company whose truth is known: docs/demo-company.md says what is in its tables."""

from rfm_cli.demo.company.company import make_company
from rfm_cli.demo.company.load import load_company

__all__ = ["load_company", "make_company"]
