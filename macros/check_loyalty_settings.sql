{#- Stops a build whose settings of loyalty contradict each other, in a sentence. -#}
{% macro check_loyalty_settings() -%}
    {%- set weights = var("rfm_loyalty_advocacy_weights") -%}
    {%- set bands = var("rfm_loyalty_advocacy_bands") -%}
    {%- set prices = var("rfm_loyalty_price_bands") -%}
    {%- set days = var("rfm_loyalty_review_days") -%}
    {%- set mistakes = [] -%}
    {%- if var("rfm_loyalty_late_gaps") | float >= var("rfm_loyalty_gone_gaps") | float -%}
        {%- do mistakes.append("rfm_loyalty_late_gaps has to be below rfm_loyalty_gone_gaps") -%}
    {%- endif -%}
    {%- if var("rfm_loyalty_unhappy_score") | float >= var("rfm_loyalty_happy_score") | float -%}
        {%- do mistakes.append(
            "rfm_loyalty_unhappy_score has to be below rfm_loyalty_happy_score"
        ) -%}
    {%- endif -%}
    {%- if var("rfm_loyalty_own_rhythm_orders") | int < 2 -%}
        {%- do mistakes.append(
            "rfm_loyalty_own_rhythm_orders is at least 2: one order has no rhythm"
        ) -%}
    {%- endif -%}
    {%- if weights.keys() | sort != [
        "promoter",
        "referral",
        "review",
    ] or weights.values() | map("float") | min < 0 or weights.values() | map(
        "float"
    ) | sum <= 0 -%}
        {%- do mistakes.append(
            "rfm_loyalty_advocacy_weights has promoter, review and referral, none below 0, one above"
        ) -%}
    {%- endif -%}
    {%- if bands | length != 2 or bands[0] | float >= bands[1] | float -%}
        {%- do mistakes.append(
            "rfm_loyalty_advocacy_bands are two rising numbers: what critics stay below and advocates reach"
        ) -%}
    {%- endif -%}
    {%- if prices | length != 2 or prices[0] | float >= prices[1] | float -%}
        {%- do mistakes.append("rfm_loyalty_price_bands are two rising shares") -%}
    {%- endif -%}
    {%- if days.keys() | sort != ["act", "good", "watch"] or days.values() | map(
        "int"
    ) | min < 0 -%}
        {%- do mistakes.append("rfm_loyalty_review_days has the days of act, watch and good") -%}
    {%- endif -%}
    {%- if mistakes -%} {{ exceptions.raise_compiler_error(mistakes | join("; ")) }} {%- endif -%}
{%- endmacro %}
