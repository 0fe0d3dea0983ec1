{#- Names the settings that change scores, so that a history of mixed settings can be seen. -#}
{% macro settings_hash() -%}
    {%- set settings = {} -%}
    {%- for name in [
        "rfm_sources",
        "rfm_file_customer_id",
        "rfm_file_ordered_at",
        "rfm_file_amount",
        "rfm_file_order_id",
        "rfm_table_customer_id",
        "rfm_table_ordered_at",
        "rfm_table_amount",
        "rfm_table_order_id",
        "rfm_time_zone",
        "rfm_window_days",
        "rfm_monetary_measure",
        "rfm_monetary_aggregate",
        "rfm_recency_method",
        "rfm_frequency_method",
        "rfm_monetary_method",
        "rfm_recency_thresholds",
        "rfm_frequency_thresholds",
        "rfm_monetary_thresholds",
        "rfm_segment_map",
    ] -%}
        {%- do settings.update({name: var(name)}) -%}
    {%- endfor -%}
    {#- Settings of consolidation and profit count where they say something: without them, old hashes hold. -#}
    {%- for name, silent in [
        ("rfm_currency", ""),
        ("rfm_customer_unit", "person"),
        ("rfm_profit_goods_cost_shares", {}),
        ("rfm_profit_min_coverage", 0.5),
    ] -%}
        {%- if var(name) != silent -%} {%- do settings.update({name: var(name)}) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(settings, sort_keys=true))[:12]) }}
{%- endmacro %}
