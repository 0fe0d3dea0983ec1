{#- Before the history is computed: the dates of this build are emptied, also those that have no customers
    any more. It happens in the transaction that fills them again. -#}
{% macro clear_pending_dates() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            as_of_date
            in (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_pending)
    {%- endif -%}
{%- endmacro %}
