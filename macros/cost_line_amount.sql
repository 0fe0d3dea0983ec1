{#- A cost line from its parts, null where the company knows nothing of the line (relation `measure`) or nothing but
    events whose rate is not known. `table` is what holds the parts. -#}
{% macro cost_line_amount(line, table) -%}
    case
        when
            measure.has_{{ line.name }}
            {%- if line.missing %}
                and (
                    {%- for part in line.parts %}
                        {{ table }}.{{ part }}_amount is not null or
                    {%- endfor %}
                    coalesce({{ table }}.{{ line.missing }}, 0) = 0
                )
            {%- endif %}
        then
            cast(
                {% for part in line.parts -%}
                    coalesce({{ table }}.{{ part }}_amount, 0) {{ "+ " if not loop.last -}}
                {%- endfor %} as {{ type_money() }}
            )
    end
{%- endmacro %}
