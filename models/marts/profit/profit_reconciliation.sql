{{ config(enabled=has_costs() and offers_entity("ledger_entries")) }}

{%- set text = dbt.type_string() -%}
{#- What customers cause, as the ledger has it: costs and refunds are negative. -#}
{%- set items = {
    "sales": "sum(gross_sales_amount) - coalesce(sum(discount_amount), 0)",
    "refund": "sum(refund_amount)",
} -%}
{%- for line in cost_lines() -%}
    {%- for part in line.parts -%}
        {%- do items.update({part: "-1 * sum(" ~ part ~ "_amount)"}) -%}
    {%- endfor -%}
{%- endfor -%}

with

    months as (select * from {{ ref("int_profit__months") }}),

    ledger_accounts as (select * from {{ ref("ledger_accounts") }}),

    {#- The month of the as-of date is not over. -#}
    as_of_dates as (

        select substr(cast(as_of_date as {{ text }}), 1, 7) as period
        from {{ ref("int_time__as_of_dates") }}
        where is_current

    ),

    entries as (

        {{ union_sources("ledger_entries", ["period", "account", "amount", "quarantine_reason"]) }}

    ),

    ledger as (

        select entries.period, entries.account, sum(entries.amount) as ledger_amount
        from entries
        inner join as_of_dates on entries.period < as_of_dates.period
        where entries.quarantine_reason is null
        group by entries.period, entries.account

    ),

    caused as (

        {% for item, amount in items.items() -%}
            select period, '{{ item }}' as statement_line, {{ amount }} as amount
            from months
            group by period
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    allocated as (

        select
            caused.period,
            ledger_accounts.account,
            sum(coalesce(caused.amount, 0)) as allocated_amount
        from caused
        inner join as_of_dates on caused.period < as_of_dates.period
        inner join ledger_accounts on caused.statement_line = ledger_accounts.statement_line
        group by caused.period, ledger_accounts.account

    ),

    accounts as (

        select
            account,
            {% for item in items -%}
                coalesce(max(case when statement_line = '{{ item }}' then ', {{ item }}' end), '')
                {{ "|| " if not loop.last -}}
            {%- endfor %} as statement_lines
        from ledger_accounts
        group by account

    ),

    reconciled as (

        select
            coalesce(ledger.period, allocated.period) as period,
            coalesce(ledger.account, allocated.account) as account,
            coalesce(ledger.ledger_amount, 0) as ledger_amount,
            coalesce(allocated.allocated_amount, 0) as allocated_amount
        from ledger
        full outer join
            allocated on ledger.period = allocated.period and ledger.account = allocated.account

    )

select
    cast(reconciled.period as {{ text }}) as period,
    cast(reconciled.account as {{ text }}) as account,
    cast(substr(accounts.statement_lines, 3) as {{ text }}) as statement_lines,
    cast(reconciled.ledger_amount as {{ type_money() }}) as ledger_amount,
    cast(reconciled.allocated_amount as {{ type_money() }}) as allocated_amount,
    cast(
        reconciled.ledger_amount - reconciled.allocated_amount as {{ type_money() }}
    ) as unallocated_amount
from reconciled
left join accounts on reconciled.account = accounts.account
