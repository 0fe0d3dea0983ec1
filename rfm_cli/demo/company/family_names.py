"""Family names by language, some of them put together from parts; frequent ones first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_COMMON = {
    "en": "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans "
    "Walker White Roberts Green Hall Wood Jackson Clarke Lee Harris Clark Cooper King Turner Hill "
    "Ward Moore Baker O'Brien Murphy MacDonald Harrison Kelly Scott Young Allen Bell Cox",
    "de": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
    "Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann "
    "Lange Schmitt Werner Krause Köhler Weiß Jäger Vogel Groß Lorenz",
    "pl": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański "
    "Woźniak Dąbrowski Kozłowski Mazur Jankowski Kwiatkowski Krawczyk Kaczmarek Piotrowski",
    "fr": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent "
    "Lefèvre Michel Garcia Roux Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Chevalier",
    "hi": "Patel Singh Khan Kumar Sharma Shah Begum Gupta Ahmed Kaur Verma Hussain Mehta Desai "
    "Joshi Reddy Nair Chaudhary Malik Das Rao Iyer Mishra Bhatt",
}
_PARTS = {
    "en": (
        "Ash Brad Cald Dun Elm Farn Graf Hart Kirk Lang Mar Nor Pres Red Stan Thorn Whit",
        "ton ford well ley wood by field worth",
    ),
    "de": (
        "Stein Berg Kirch Wald Linden Rosen Brück Hof Acker Eber Garten Neu Alten Bach Eich Feld",
        "mann bauer meyer ner berger hofer huber müller",
    ),
    "pl": (
        "Brzoz Dob Gor Jabłoń Kal Lip Mal Now Ostr Pawł Rud Sad Tom Wier Zaw Bor Czar Głow",
        "owski ecki iak czyk kiewicz owicz",
    ),
    "fr": (
        "Beau Bois Chau Cour Fer Gran Lan Mont Per Rav Sau Val",
        "mont champ bert teau lier nard ville",
    ),
    "hi": ("Agar Bhan Chand Dev Gand Kapa Moha Pra Rath Sur Trip Vish", "wal dari ani kar athi"),
}


def _of(language: str) -> list[str]:
    heads, tails = (part.split() for part in _PARTS[language])
    # Tails change fastest, so that the frequent ones do not all begin alike.
    made = [
        heads[(place * 5 + turn) % len(heads)] + tails[place]
        for turn in range(len(heads))
        for place in range(len(tails))
    ]
    return list(dict.fromkeys([*_COMMON[language].split(), *made]))


def _of_a_woman(name: str) -> str:
    return f"{name[:-1]}a" if name.endswith(("ski", "cki")) else name


_lists = [_of(language) for language in _COMMON]
_flat = [name for names in _lists for name in names]
_sizes = np.array([len(names) for names in _lists])
_starts = np.cumsum(_sizes) - _sizes
_is_polish = np.repeat(np.arange(len(_lists)) == 2, _sizes)

# Polish women end in -ska where their brothers end in -ski: the second half of the list.
FAMILY_NAMES = pa.array(
    _flat + [_of_a_woman(n) if p else n for n, p in zip(_flat, _is_polish, strict=True)]
)
COUNT = len(_flat)


def draw_family_names(rng: np.random.Generator, language: np.ndarray) -> np.ndarray:
    """Draw positions in FAMILY_NAMES, skewed to the first of each language.

    Args:
        rng: of the topic.
        language: (n) positions in LANGUAGES.
    """
    rank: np.ndarray = (_sizes[language] * rng.random(len(language)) ** 1.6).astype(np.int64)
    drawn: np.ndarray = _starts[language] + rank
    return drawn
