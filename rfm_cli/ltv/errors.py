"""The one error of the learning code."""

from __future__ import annotations


class FitRefused(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """These data do not support the model; `reason` says why in words a marketer can act on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
