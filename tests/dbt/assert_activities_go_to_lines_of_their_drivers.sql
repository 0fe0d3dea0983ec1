{#- What no order caused is no cost of an order: a margin before it would hold what comes after it. -#}
{%- set lines = {
    "order": ["fulfilment_cost", "payment_cost", "return_cost"],
    "order_line": ["fulfilment_cost", "payment_cost", "return_cost"],
    "refund": ["fulfilment_cost", "payment_cost", "return_cost"],
    "payment": ["fulfilment_cost", "payment_cost", "return_cost"],
    "contact_minute": ["service_cost"],
    "late_payment": ["late_payment_cost"],
    "message": ["marketing_cost"],
} -%}

select activity, driver, statement_line
from {{ ref("cost_activities") }}
where
    not (
        {%- for driver, names in lines.items() %}
            (driver = '{{ driver }}' and statement_line in ('{{ names | join("', '") }}'))
            {{ "or" if not loop.last }}
        {%- endfor %}
    )
