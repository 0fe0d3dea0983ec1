"""Given names by language, sex and generation, and what people call their owners."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

LANGUAGES = ("en", "de", "pl", "fr", "hi")
# Born before 1955, before 1980, later. Frequent names first.
_NAMES = {
    "en": {
        "f": (
            "Margaret Mary Jean Patricia Joan Dorothy Barbara Shirley Maureen Sheila Doreen Joyce",
            "Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Alison Sharon Elizabeth Ann",
            "Emma Sarah Laura Rebecca Jessica Charlotte Hannah Sophie Amy "
            "Katherine Victoria Abigail",
        ),
        "m": (
            "John William James George Ronald Kenneth Peter Derek Dennis Frank Raymond Arthur",
            "David Paul Andrew Mark Michael Stephen Ian Robert Richard Christopher Anthony Philip",
            "Thomas Daniel Matthew Joshua Benjamin Samuel Jack Alexander Joseph "
            "Edward Nicholas Jacob",
        ),
    },
    "de": {
        "f": (
            "Ursula Helga Ingrid Gisela Renate Elisabeth Hannelore Christa Gertrud Waltraud Edith",
            "Sabine Susanne Petra Birgit Martina Andrea Monika Claudia Gabriele "
            "Angelika Jutta Bärbel",
            "Julia Anna Lena Katharina Laura Sarah Jana Stefanie Christina Lisa Franziska Johanna",
        ),
        "m": (
            "Hans Günter Karl Heinz Werner Gerhard Horst Helmut Walter Kurt Siegfried Manfred",
            "Thomas Michael Andreas Peter Frank Uwe Jürgen Klaus Bernd Wolfgang Jörg Ralf",
            "Christian Stefan Daniel Sebastian Alexander Tobias Jan Florian "
            "Philipp Maximilian Jonas",
        ),
    },
    "pl": {
        "f": (
            "Maria Krystyna Janina Danuta Zofia Irena Halina Jadwiga Teresa Stanisława",
            "Barbara Ewa Elżbieta Małgorzata Bożena Grażyna Jolanta Dorota Beata Iwona",
            "Katarzyna Agnieszka Magdalena Joanna Aleksandra Natalia Karolina Paulina Zuzanna",
        ),
        "m": (
            "Jan Stanisław Józef Kazimierz Tadeusz Zbigniew Henryk Ryszard Jerzy Edward",
            "Andrzej Krzysztof Marek Piotr Jacek Dariusz Wojciech Grzegorz Janusz Zdzisław",
            "Tomasz Paweł Michał Marcin Łukasz Jakub Mateusz Bartosz Kamil Szymon",
        ),
    },
    "fr": {
        "f": (
            "Jeanne Monique Denise Jacqueline Odette Simone Yvette Paulette",
            "Nathalie Isabelle Sylvie Catherine Véronique Valérie Sandrine Françoise",
            "Camille Julie Léa Manon Élodie Chloé Marion Émilie",
        ),
        "m": (
            "Jean André Pierre Marcel René Roger Maurice Gérard",
            "Philippe Alain Patrick Éric Laurent Thierry François Frédéric",
            "Nicolas Julien Antoine Guillaume Kévin Maxime Clément Jérôme",
        ),
    },
    "hi": {
        "f": (
            "Kamla Shanta Savitri Pushpa Sharda Usha Lakshmi Sushila",
            "Sunita Anita Meena Rekha Kavita Geeta Asha Neelam",
            "Priya Pooja Neha Aisha Anjali Deepika Divya Riya",
        ),
        "m": (
            "Ram Mohan Krishna Gopal Harish Baldev Suresh Jagdish",
            "Rajesh Sanjay Vijay Anil Sunil Ashok Rakesh Imran",
            "Rahul Amit Arjun Rohan Vikram Nikhil Ravi Karan",
        ),
    },
}
_NICKNAMES = """Margaret Peggy Maggie;Mary Molly;Patricia Pat Trish;Dorothy Dot;Barbara Babs;
Susan Sue Susie;Julie Jules;Jacqueline Jackie;Deborah Debbie Deb;Elizabeth Liz Beth;Ann Annie;
Rebecca Becky;Jessica Jess;Charlotte Lottie;Sophie Soph;Katherine Kate Kathy;Victoria Vicky;
Abigail Abi;Helen Nell;Alison Ali;Laura Lori;John Johnny;William Bill Will;James Jim Jimmy;
Ronald Ron;Kenneth Ken;Peter Pete;Dennis Den;Raymond Ray;Arthur Art;David Dave;Andrew Andy;
Michael Mike Mick;Stephen Steve;Robert Bob Rob;Richard Dick Rick;Christopher Chris;Anthony Tony;
Philip Phil;Thomas Tom Tommy;Daniel Dan Danny;Matthew Matt;Joshua Josh;Benjamin Ben;Samuel Sam;
Jack Jackie;Alexander Alex;Joseph Joe;Edward Ed Ted;Nicholas Nick;Jacob Jake;Ursula Uschi;
Renate Nate;Elisabeth Lisa Sissi;Hannelore Hanne;Gertrud Trude;Waltraud Traudel;Sabine Bine;
Susanne Sanne;Gabriele Gabi;Angelika Geli;Katharina Kathi;Stefanie Steffi;Christina Tina;
Franziska Franzi;Johanna Hanna;Hans Hansi;Karl Kalle;Siegfried Siggi;Manfred Manni;Andreas Andi;
Klaus Klausi;Wolfgang Wolfi;Christian Chris;Sebastian Basti;Tobias Tobi;Florian Flo;
Maximilian Max;Maria Marysia;Krystyna Krysia;Danuta Danka;Zofia Zosia;Jadwiga Jadzia;
Elżbieta Ela;Małgorzata Gosia;Grażyna Grażka;Jolanta Jola;Katarzyna Kasia;Agnieszka Aga;
Magdalena Magda;Joanna Asia;Aleksandra Ola;Natalia Nati;Karolina Karo;Zuzanna Zuza;Jan Janek;
Stanisław Staszek;Tadeusz Tadek;Zbigniew Zbyszek;Andrzej Jędrek;Krzysztof Krzysiek;
Wojciech Wojtek;Grzegorz Grzesiek;Tomasz Tomek;Jakub Kuba;Mateusz Mati;Bartosz Bartek;
Catherine Cathy;Véronique Véro;Valérie Val;Philippe Phil;Frédéric Fred;Nicolas Nico;
Guillaume Guigui;Maxime Max;Rajesh Raj;Vikram Vicky;Nikhil Nik;Deepika Dipu;Anjali Anju"""

_blocks = [
    _NAMES[language][sex][generation].split()
    for language in LANGUAGES
    for sex in "fm"
    for generation in range(3)
]
_flat = [name for block in _blocks for name in block]
_sizes = np.array([len(block) for block in _blocks])
_starts = np.cumsum(_sizes) - _sizes
_known_as = {words[0]: words[1:] for words in map(str.split, _NICKNAMES.split(";"))}

GIVEN_NAMES = pa.array(_flat)
# One nickname of two; the name itself where it has none.
NICKNAMES = tuple(
    pa.array([_known_as.get(name, [name])[-which:][0] for name in _flat]) for which in (1, 2)
)
HAS_NICKNAME = np.array([name in _known_as for name in _flat])


def draw_given_names(
    rng: np.random.Generator, language: np.ndarray, is_male: np.ndarray, birth_year: np.ndarray
) -> np.ndarray:
    """Draw positions in GIVEN_NAMES; the first of a list are the most frequent.

    Args:
        rng: of the topic.
        language: (n) positions in LANGUAGES.
        is_male: (n) flags.
        birth_year: (n) years.
    """
    generation = np.searchsorted([1955, 1980], birth_year, side="right")
    block = (language * 2 + is_male) * 3 + generation
    rank: np.ndarray = (_sizes[block] * rng.random(len(block)) ** 1.3).astype(np.int64)
    drawn: np.ndarray = _starts[block] + rank
    return drawn
