"""Learning which records are of one person: records go in, links and a small model come out."""

from __future__ import annotations

from rfm_cli.identity.errors import ModelUnusable, TrainingRefused
from rfm_cli.identity.learner import LinkedRecords, link_records
from rfm_cli.identity.model import IdentityModel

__all__ = [
    "IdentityModel",
    "LinkedRecords",
    "ModelUnusable",
    "TrainingRefused",
    "link_records",
]
