{#- Before the history is computed: the dates of this build are emptied, also those that have no customers
    any more. Where there are transactions it happens in the one that fills them again. -#}
{% macro clear_pending_dates() -%}
    {%- if is_incremental() -%}
        {{ return(adapter.dispatch("clear_pending_dates", "rfm")()) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__clear_pending_dates() -%}
    delete from {{ this }}
    where as_of_date in (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_pending)
{%- endmacro %}

{#- Rows of Parquet tables cannot be deleted. Each date is a partition of its own, and filling it overwrites it;
    only dates that nobody would fill have to be dropped. -#}
{% macro spark__clear_pending_dates() -%}
    {%- set emptied = run_query(
        "select as_of_date from "
        ~ ref("int_time__as_of_dates")
        ~ " where is_pending and as_of_date not in (select as_of_date from "
        ~ ref("int_rfm__scores")
        ~ ")"
    ) -%}
    {%- for as_of_date in emptied.columns[0].values() -%}
        {%- do run_query(
            "alter table "
            ~ this
            ~ " drop if exists partition (as_of_date = date '"
            ~ as_of_date
            ~ "')"
        ) -%}
    {%- endfor -%}
{%- endmacro %}
