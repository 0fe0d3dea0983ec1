{#- Contribution margin 1, 2 or 3 from columns <line>_amount; null where the relation `measure` knows no goods cost, or
    no line that would make it another margin than the one before. A line that is not known takes nothing away. -#}
{% macro contribution_margin(margin, net_sales="net_sales_amount") -%}
    case
        when
            measure.has_goods_cost
            {%- if margin > 1 %}
                and (
                    {% for line in cost_lines() if line.margin == margin -%}
                        measure.has_{{ line.name }} {{ "or " if not loop.last -}}
                    {%- endfor %}
                )
            {%- endif %}
        then
            cast(
                {{ net_sales }}
                {%- for line in cost_lines() if line.margin <= margin %}
                    - coalesce({{ line.name }}_amount, 0)
                {%- endfor %} as {{ type_money() }}
            )
    end
{%- endmacro %}
