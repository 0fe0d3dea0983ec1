{{ config(enabled=has_costs()) }}

{%- set text = dbt.type_string() -%}
{%- set sales = ["gross_sales_amount", "discount_amount", "refund_amount", "net_sales_amount"] -%}
{%- set costs = [] -%}
{%- set statement = sales | list -%}
{%- for margin in [1, 2, 3] -%}
    {%- for line in cost_lines() if line.margin == margin -%}
        {%- do costs.append(line.name ~ "_amount") -%}
        {%- do statement.append(line.name ~ "_amount") -%}
    {%- endfor -%}
    {%- do statement.append("cm" ~ margin ~ "_amount") -%}
{%- endfor -%}
{%- set has_ledger = offers_entity("ledger_entries") -%}
{%- set has_product_lines = offers_entity("order_lines") and offers_entity("products") -%}
{%- set has_product_costs = offers_entity("product_costs") -%}
{#- What lines of orders say: sales and goods. The others are of orders and customers. -#}
{%- set of_lines = sales + ["goods_cost_amount"] -%}
{%- set scopes = {
    "rfm_segment": "coalesce(customer_rfm.rfm_segment, 'no order')",
    "profit_class": "customer_profit.profit_class",
} -%}

with

    customer_profit as (select * from {{ ref("customer_profit") }}),

    customer_rfm as (select * from {{ ref("customer_rfm") }}),

    months as (select * from {{ ref("int_profit__months") }}),

    measure as (select * from {{ ref("int_profit__measure") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    company as (

        select
            cast('company' as {{ text }}) as scope,
            cast('company' as {{ text }}) as scope_value
            {%- for column in sales + costs %}, sum({{ column }}) as {{ column }} {%- endfor %}
        from customer_profit

    ),

    {% for scope, value in scopes.items() %}
        by_{{ scope }} as (

            select
                '{{ scope }}' as scope,
                {{ value }} as scope_value
                {%- for column in sales + costs %}
                    , sum(customer_profit.{{ column }}) as {{ column }}
                {%- endfor %}
            from customer_profit
            left join customer_rfm on customer_profit.customer_id = customer_rfm.customer_id
            group by {{ value }}

        ),
    {% endfor %}

    {% for scope, value in [("month", "period"), ("source", "source_name")] %}
        by_{{ scope }} as (

            select
                '{{ scope }}' as scope,
                {{ value }} as scope_value
                {%- for column in sales %}, sum({{ column }}) as {{ column }} {%- endfor %}
                {%- for line in cost_lines() %}
                    ,
                    {% for part in line.parts -%}
                        coalesce(sum({{ part }}_amount), 0) {{ "+ " if not loop.last -}}
                    {%- endfor %} as {{ line.name }}_amount
                {%- endfor %}
            from months
            group by {{ value }}

        ),
    {% endfor %}

    {% if has_product_lines %}
        lines as (select * from {{ ref("order_lines") }} where product_line is not null),

        {% if has_product_costs %}
            product_costs as (select * from {{ ref("int_profit__product_costs") }}),
        {% endif %}

        {#- A line whose goods cost is not known says nothing of what its product line leaves. -#}
        priced_lines as (

            select
                lines.product_line,
                lines.amount,
                coalesce(
                    lines.discount_amount, lines.list_amount - lines.amount
                ) as discount_amount,
                {% if has_product_costs -%}
                    {{ price_count("lines.quantity", "product_costs.unit_cost_amount") }}
                {%- else -%} cast(null as {{ type_money() }})
                {%- endif %} as goods_cost_amount
            from lines
            {% if has_product_costs %}
                left join
                    product_costs
                    on lines.product_id = product_costs.product_id
                    and lines.order_date >= product_costs.valid_from_date
                    and lines.order_date < product_costs.valid_until_date
            {% endif %}

        ),

        known_product_lines as (

            select
                product_line as scope_value,
                sum(
                    case when amount < 0 then 0 else amount + coalesce(discount_amount, 0) end
                ) as gross_sales_amount,
                sum(case when amount < 0 then 0 else discount_amount end) as discount_amount,
                sum(case when amount < 0 then amount else 0 end) as refund_amount,
                sum(amount) as net_sales_amount,
                sum(goods_cost_amount) as goods_cost_amount
            from priced_lines
            {% if has_product_costs %} where goods_cost_amount is not null {% endif %}
            group by product_line

        ),

        {#- The rest of the sales, and what no product line caused. -#}
        by_product_line as (

            select
                'product_line' as scope,
                scope_value,
                {%- for column in of_lines %} {{ column }}, {%- endfor %}
                {%- for column in costs if column not in of_lines %}
                    0 as {{ column }} {{ "," if not loop.last }}
                {%- endfor %}
            from known_product_lines
            union all
            select
                'product_line',
                'unknown',
                {%- for column in of_lines %}
                    max(coalesce(company.{{ column }}, 0))
                    - coalesce(sum(known_product_lines.{{ column }}), 0),
                {%- endfor %}
                {%- for column in costs if column not in of_lines %}
                    0 {{ "," if not loop.last }}
                {%- endfor %}
            from company
            left join known_product_lines on 1 = 1
            union all
            select
                'product_line',
                'not by product line',
                {%- for column in of_lines %} 0, {%- endfor %}
                {%- for column in costs if column not in of_lines %}
                    {{ column }} {{ "," if not loop.last }}
                {%- endfor %}
            from company

        ),
    {% endif %}

    sums as (

        select *
        from company
        {% for scope in ["rfm_segment", "profit_class", "month", "source"] + (
                ["product_line"] if has_product_lines else []
            ) %}
            union all
            select *
            from by_{{ scope }}
        {% endfor %}

    ),

    {#- A line the company knows nothing of is null everywhere; of another one there is none where there is no amount. -#}
    known as (

        select
            sums.scope,
            sums.scope_value,
            coalesce(sums.gross_sales_amount, 0) as gross_sales_amount,
            case
                when company.discount_amount is not null then coalesce(sums.discount_amount, 0)
            end as discount_amount,
            coalesce(sums.refund_amount, 0) as refund_amount,
            coalesce(sums.net_sales_amount, 0) as net_sales_amount
            {%- for line in cost_lines() %}
                ,
                case
                    when measure.has_{{ line.name }} then coalesce(sums.{{ line.name }}_amount, 0)
                end as {{ line.name }}_amount
            {%- endfor %}
        from sums
        cross join measure
        cross join (select discount_amount from company) as company

    ),

    margins as (

        select
            known.*
            {%- for margin in [1, 2, 3] %}
                , {{ contribution_margin(margin) }} as cm{{ margin }}_amount
            {%- endfor %}
        from known
        cross join measure

    ),

    {% if has_ledger %}
        {#- Margin, what customers caused that no account holds, and what nobody caused make up the ledger. -#}
        ledger as (

            select
                reconciled.allocated_amount - coalesce(
                    margins.cm3_amount,
                    margins.cm2_amount,
                    margins.cm1_amount,
                    margins.net_sales_amount
                ) as not_in_ledger_amount,
                reconciled.unallocated_amount,
                reconciled.ledger_amount
            from
                (
                    select
                        coalesce(sum(allocated_amount), 0) as allocated_amount,
                        coalesce(sum(unallocated_amount), 0) as unallocated_amount,
                        coalesce(sum(ledger_amount), 0) as ledger_amount
                    from {{ ref("profit_reconciliation") }}
                ) as reconciled
            cross join margins
            where margins.scope = 'company'

        ),
    {% endif %}

    statement_lines as (

        {% for column in statement -%}
            select
                scope,
                scope_value,
                {{ loop.index }} as line_number,
                '{{ column }}' as statement_line,
                {{ column }} as amount
            from margins
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
        {% for column in [
            "not_in_ledger_amount", "unallocated_amount", "ledger_amount"
        ] if has_ledger %}
            union all
            select
                'company',
                'company',
                {{ statement | length + loop.index }},
                '{{ column }}',
                {{ column }}
            from ledger
        {% endfor %}

    )

select
    as_of_dates.as_of_date,
    cast(statement_lines.scope as {{ text }}) as scope,
    cast(statement_lines.scope_value as {{ text }}) as scope_value,
    cast(statement_lines.line_number as {{ dbt.type_int() }}) as line_number,
    cast(statement_lines.statement_line as {{ text }}) as statement_line,
    cast(statement_lines.amount as {{ type_money() }}) as amount
from statement_lines
cross join as_of_dates
