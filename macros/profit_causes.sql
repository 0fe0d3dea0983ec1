{#- What takes a part of the sales: its amount and what that is a part of, in columns of customer_profit; when it is
    known; how it is said; and what to do about a customer of whom it takes much. The causes and the profit are the
    sales at list price again. Never an offer: whoever loses money for us gets no reward for it. -#}
{% macro profit_causes() -%}
    {%- set paid = "net_sales_amount - refund_amount" -%}
    {{
        return(
            {
                "discounts": {
                    "amount": "discount_amount",
                    "base": "gross_sales_amount",
                    "is_known": "count(discount_amount) > 0",
                    "said": "of list price",
                    "action": "reprice: hold back discounts",
                },
                "goods": {
                    "amount": "goods_cost_amount",
                    "base": paid,
                    "is_known": "count(goods_cost_amount) > 0",
                    "said": "of sales",
                    "action": "reprice: sell what has a margin",
                },
                "returns": {
                    "amount": "coalesce(return_cost_amount, 0) - refund_amount",
                    "base": paid,
                    "is_known": "count(return_cost_amount) > 0 or min(refund_amount) < 0",
                    "said": "of sales",
                    "action": "find out what comes back and why",
                },
                "shipping": {
                    "amount": "fulfilment_cost_amount",
                    "base": paid,
                    "is_known": "count(fulfilment_cost_amount) > 0",
                    "said": "of sales",
                    "action": "charge for shipping",
                },
                "payments": {
                    "amount": "payment_cost_amount",
                    "base": paid,
                    "is_known": "count(payment_cost_amount) > 0",
                    "said": "of sales",
                    "action": "steer to cheaper ways to pay",
                },
                "marketing": {
                    "amount": "marketing_cost_amount",
                    "base": paid,
                    "is_known": "count(marketing_cost_amount) > 0",
                    "said": "of sales",
                    "action": "write less often",
                },
                "support": {
                    "amount": "service_cost_amount",
                    "base": paid,
                    "is_known": "count(service_cost_amount) > 0",
                    "said": "of sales",
                    "action": "change the service: self-service first",
                },
                "late_payment": {
                    "amount": "late_payment_cost_amount",
                    "base": paid,
                    "is_known": "count(late_payment_cost_amount) > 0",
                    "said": "of sales",
                    "action": "ask for payment in advance",
                },
            }
        )
    }}
{%- endmacro %}
