"""Remove a person from every stored table; keep only what knows them should a source send them."""

from rfm_cli.erasure.forget import Erasure, forget
from rfm_cli.erasure.person import Person

__all__ = ["Erasure", "Person", "forget"]
