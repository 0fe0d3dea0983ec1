"""What a column holds: told by its name in several languages, then by what its values look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rfm_cli.order_columns import normalise

# The names of a role, whole, after `normalise`; the first role that a name fits has it.
_NAMES: tuple[tuple[str, str], ...] = (
    ("email_sha256", r"(\w+_)?(e_?mail|mail)_?(sha256|hash|hashed|sha_256)|hashed_e_?mail"),
    ("email", r"(\w+_)?(e_?mail)(_(address|adresse))?|mail|courriel|correo(_electronico)?"),
    ("other_phone", r"(home_|work_|office_|other_)(tele)?phone|fax|festnetz|phone_?2"),
    (
        "phone",
        r"(\w+_)?(mobile|phone|telephone|cell|handy|telefon|telefono|portable)(_?(no|number|nummer))?"
        r"|tel|msisdn",
    ),
    ("first_name", r"(\w+_)?(first|given|fore)(_?names?)?|vorname|prenom|nombre|imie"),
    (
        "last_name",
        r"(\w+_)?(last|family|sur)(_?names?)?|nachname|familienname|nom(_de_famille)?"
        r"|apellidos?|nazwisko",
    ),
    ("company_name", r"company(_?name)?|firma|firmenname|organi[sz]ation(_name)?|societe|empresa"),
    ("birth_year", r"(birth_?year|year_of_birth|geburtsjahr|yob)"),
    (
        "birth_date",
        r"(\w+_)?(birth_?da(te|y)|date_of_birth|dob|birthday|geburtsdatum|geburtstag)"
        r"|date_(de_)?naissance|fecha_(de_)?nacimiento|nascimento",
    ),
    (
        "postal_code",
        r"(\w+_)?(zip(_?code)?|post_?code|postal(_code)?|plz|postleitzahl|code_postal|codigo_postal|cap)",
    ),
    ("country_code", r"(\w+_)?(country(_?code)?|land|pays|pais|kraj)"),
    ("city", r"(\w+_)?(city|town|ort|stadt|ville|ciudad|miasto|locality)"),
    (
        "street",
        r"(\w+_)?(street|address_?line(_?1)?|address(_?1)?|strasse|anschrift|adresse|rue|calle|direccion"
        r"|ulica)",
    ),
    (
        "tax_id",
        r"(\w+_)?(vat(_?(no|number|id))?|tax_?(id|no|number)|ust_?id(nr)?|nif|siret|steuernummer)",
    ),
    (
        "loyalty_id",
        r"(loyalty(_?card)?|card|bonus|membership|kundenkarte)(_?(no|id|number|nummer))",
    ),
    ("crm_id", r"crm_?(\w+_)?id"),
    ("website", r"website|url|homepage|web_?site"),
    ("industry", r"industry|branche|sector|secteur"),
    ("employee_count", r"employees?(_count)?|headcount|mitarbeiter(zahl)?"),
    ("parent_record_id", r"parent_?(account|company)?_?id"),
    ("account_record_id", r"account_?(id|no|number)"),
    ("line_number", r"(order_)?line(_?(no|number|item_?(no|number)?))|position|pos_?nr|zeile"),
    ("refund_id", r"(refund|return|credit_?note|rma)_?(id|no|number)"),
    ("payment_id", r"(payment|zahlung)_?(id|no|number)"),
    ("campaign_id", r"(campaign|kampagne)_?(id|no|code)"),
    (
        "interaction_id",
        r"(ticket|case|event|interaction|survey|visit|call|review|preference|rating|referral)"
        r"_?(id|no|number)",
    ),
    ("campaign_event_id", r"(send|open|click|redemption|message)_?(id|no)"),
    (
        "same_sale_order_id",
        r"(our|web|shop|original)_order_(no|id|number|ref)",
    ),
    (
        "order_id",
        r"(order|invoice|receipt|basket|sale|transaction|bestell?|rechnung|bon|beleg|commande|facture"
        r"|pedido)s?_?(id|no|nr|number|num|nummer|ref|key|code)|invoice|bestellnummer|rechnungsnummer"
        r"|numero_(de_)?(commande|facture|pedido)|purchase_id",
    ),
    (
        "product_id",
        r"sku|ean|(product|item|article|artikel|produit|producto)_?(id|no|nr|number|code|key|nummer)"
        r"|stock_?code",
    ),
    (
        "customer_id",
        r"(\w+_)?(customer|client|person|contact|user|member|subscriber|requester|debtor|buyer"
        r"|household|kunde|kunden|cliente|klient|cust|panel)_?(id|no|nr|number|uid|key|nummer|code|num)"
        r"|uid|checkout_id|kundennummer|kdnr|numero_client",
    ),
    ("full_name", r"(full|customer|contact|client|holder|display)_?name|name|nom_complet"),
    ("product_line", r"category|product_?(line|group|category)|warengruppe|kategorie|categorie"),
    (
        "product_name",
        r"title|product_?(name|title|description)|artikelname|bezeichnung|designation",
    ),
    ("quantity", r"quantity|qty|menge|anzahl|quantite|cantidad|units|ilosc"),
    ("discount_amount", r"(\w+_)?(discount|rabatt|remise|descuento)(_?(total|amount))?"),
    (
        "list_price_amount",
        r"(list|unit|retail|catalog)_?price(_\w+)?|price(_\w+)?|preis|prix|precio",
    ),
    ("unit_cost_amount", r"unit_?cost|cost_?price|einkaufspreis|stueckkosten"),
    (
        "amount",
        r"(\w+_)?(amount|total|total_(pence|cents)|revenue|sales|turnover|cost|betrag|summe|umsatz|montant"
        r"|importe|kwota|value)(_?(eur|usd|gbp|pence|cents|gross|net))?|gross|net|brutto|netto",
    ),
    ("currency", r"(\w+_)?(currency|waehrung|devise|moneda|waluta)(_?code)?"),
    ("due_date", r"(due|faellig)(_?(date|on|at|am))|faelligkeit"),
    ("closed_at", r"(closed|resolved|solved)_?(at|on|date)"),
    ("updated_at", r"(updated|modified|changed|geaendert)_?(at|on|am|date)|last_(update|modified)"),
    (
        "created_at",
        r"(created|registered|subscribed|signed_up|signup|issued|erstellt|angelegt)"
        r"_?(at|on|am|date)|creation_date|member_since|since",
    ),
    (
        "occurred_at",
        r"(order|ordered|placed|sold|invoice|purchase|sale|sales|paid|refunded|returned|opened|answered"
        r"|sent|clicked|redeemed|rated|referred|recorded|occurred|stated|transaction|event|bestell"
        r"|rechnungs|buchungs)(_?(at|on|date|time|ms|datum|timestamp|datetime|day))"
        r"|date|datum|fecha|timestamp|datetime|time|day|bestelldatum|rechnungsdatum|date_commande",
    ),
    ("start_date", r"(starts?|begins?|valid_from)_?(at|on|date)?|von"),
    ("end_date", r"(ends?|valid_to|valid_until)_?(at|on|date)?|bis"),
    ("age_band", r"age_(band|group|range)|altersgruppe"),
    ("income_band", r"income_(band|group|range)|einkommensgruppe"),
    ("household_size", r"household_size|haushaltsgroesse"),
    ("housing", r"housing|home_ownership|wohnform"),
    ("education", r"education|bildung"),
    ("rate", r"rate|(exchange_rate|kurs|wechselkurs)|\w+_per_(unit|\w{3})"),
    ("channel", r"channel|kanal|canal|medium"),
    ("purpose", r"purpose|zweck"),
    ("method", r"(payment_?)?method|zahlungsart|payment_?type"),
    ("status", r"(\w+_)?status|state|statut|estado"),
    ("topic", r"topic|subject|thema|betreff"),
    ("reason", r"(\w+_)?reason|grund|motif"),
    ("interaction_type", r"(event|interaction|ticket|case)?_?(type|kind|event)|art|instrument"),
    ("score", r"score|rating|nps|csat|note"),
    ("score_max", r"(scale|score|rating)_?max"),
    ("handle_minutes", r"handle(d|ling)?_?(minutes|time)|minutes"),
    ("severity", r"priority|severity|prioritaet"),
)
_PATTERNS = tuple((role, re.compile(rf"^({pattern})$")) for role, pattern in _NAMES)
_CUSTOMER = next(pattern for role, pattern in _PATTERNS if role == "customer_id")

# What values must look like for a name to be believed: a pattern of `profile.PATTERNS`, or a kind.
_PROOF = {
    "email": ("email",),
    "email_sha256": ("sha256",),
    "amount": ("number", "money_text"),
    "quantity": ("number",),
    "list_price_amount": ("number", "money_text"),
    "discount_amount": ("number", "money_text"),
    "unit_cost_amount": ("number", "money_text"),
    "birth_date": ("time", "iso_date", "dotted_date", "slashed_date", "compact_date"),
    "currency": ("currency",),
}
_TIMES = (
    "occurred_at",
    "created_at",
    "updated_at",
    "closed_at",
    "due_date",
    "start_date",
    "end_date",
)
# Values that say what they are whatever the column is called, most certain first.
_BY_CONTENT = (
    ("email", "email"),
    ("sha256", "email_sha256"),
    ("uk_postcode", "postal_code"),
    ("phone", "phone"),
    ("currency", "currency"),
    ("money_text", "amount"),
)
_MOST = 0.8
_FEW = 0.5


@dataclass(frozen=True)
class Column:
    """What was counted in a column.

    Attributes:
        name: as the table has it.
        kind: number, time, boolean or text.
        data_type: as the engine calls it.
        fill: share of rows with a value that is not blank.
        distinct_share: distinct values among the values of the sample.
        looks: share of the values of the sample that look like each pattern.
        low: the smallest date, if it is one, as ISO text.
        high: the largest.
    """

    name: str
    kind: str
    data_type: str
    fill: float
    distinct_share: float
    looks: Mapping[str, float] = field(default_factory=dict)
    low: str | None = None
    high: str | None = None

    def has(self, look: str, least: float = _MOST) -> bool:
        """Whether the values are of a kind or mostly look like a pattern."""
        return self.kind == look or self.looks.get(look, 0.0) >= least

    @property
    def is_time(self) -> bool:
        """Whether the values are dates or times, typed or as text."""
        texts = ("iso_date", "dotted_date", "slashed_date", "compact_date")
        return self.kind == "time" or any(self.has(look) for look in texts)


def find_roles(columns: list[Column]) -> dict[str, str]:
    """Return what the columns of a table hold: the name of the column for each role.

    A name counts when the values do not contradict it; values that speak for themselves give a
    role to a column whose name says nothing. Each column has one role, each role one column.
    """
    roles: dict[str, str] = {}
    taken: set[str] = set()
    for role, pattern in _PATTERNS:
        for column in columns:
            if column.name in taken or role in roles:
                continue
            if pattern.match(normalise(column.name)) and _is_believable(role, column):
                roles[role] = column.name
                taken.add(column.name)
    other = [c for c in columns if c.name not in taken and _CUSTOMER.match(normalise(c.name))]
    if "customer_id" in roles and other:
        roles["other_customer_id"] = other[0].name
        taken.add(other[0].name)
    for look, role in _BY_CONTENT:
        for column in columns:
            if column.name not in taken and role not in roles and column.has(look):
                roles[role] = column.name
                taken.add(column.name)
    if "birth_date" not in roles:
        _find_birth_date(columns, roles, taken)
    if "occurred_at" not in roles:
        times = [c for c in columns if c.is_time and c.name not in taken]
        if len(times) == 1:
            roles["occurred_at"] = times[0].name
    return roles


def _is_believable(role: str, column: Column) -> bool:
    if role in _TIMES:
        is_epoch = column.kind == "number" and normalise(column.name).endswith("_ms")
        return column.is_time or is_epoch or column.fill == 0
    proof = _PROOF.get(role)
    return proof is None or column.fill == 0 or any(column.has(look, _FEW) for look in proof)


def _find_birth_date(columns: list[Column], roles: dict[str, str], taken: set[str]) -> None:
    """Find dates of which all lie before 2015 and some before 1975: people's, not sales."""
    for column in columns:
        if column.name in taken or column.low is None or column.high is None:
            continue
        if column.is_time and column.low < "1975" and column.high < "2015":
            roles["birth_date"] = column.name
            taken.add(column.name)
            return
