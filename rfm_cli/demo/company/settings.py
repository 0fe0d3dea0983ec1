"""The settings of the project that read the company: which system offers what."""

from __future__ import annotations

from types import MappingProxyType

COMPANY_SETTINGS: MappingProxyType[str, object] = MappingProxyType(
    {
        "rfm_file_path": "",
        "rfm_table_name": "",
        "rfm_currency": "EUR",
        "rfm_time_zone": "Europe/Berlin",
        # Invoices have no lines; half of what they bill is what the goods cost.
        "rfm_profit_goods_cost_shares": {"finance": 0.5},
        "rfm_sources": {
            "crm": ["customers", "accounts", "consents", "interactions"],
            "shop": [
                "customers",
                "orders",
                "order_lines",
                "refunds",
                "products",
                "interactions",
            ],
            "pos": ["customers", "orders", "order_lines"],
            "finance": ["customers", "accounts", "orders", "payments", "exchange_rates"],
            "accounting": [
                "product_costs",
                "shipping_costs",
                "activity_costs",
                "ledger_entries",
            ],
            "support": ["customers", "interactions"],
            "marketing": [
                "customers",
                "campaigns",
                "campaign_events",
                "marketing_costs",
                "interactions",
            ],
            "partner": ["customers", "orders", "order_lines"],
            "syndicated": [
                "customers",
                "demographics",
                "area_demographics",
                "market_research",
            ],
        },
    }
)
