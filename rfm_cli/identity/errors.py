"""What the learning of links can answer instead of links."""

from __future__ import annotations


class TrainingRefused(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """These records do not support a model; `reason` says why in words a marketer can act on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelUnusable(Exception):  # noqa: N818 (named for what happened)
    """A model file is not one that this version can use; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
