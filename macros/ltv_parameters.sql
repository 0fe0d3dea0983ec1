{#- The parameters of lifetime value as columns, from rows of (model, parameter, estimate) called `parameters`. What a model
    does not have is null. -#}
{% macro ltv_parameters() -%}
    {%- for model, parameter in [
        ("orders", "r"),
        ("orders", "alpha"),
        ("orders", "a"),
        ("orders", "b"),
        ("orders", "s"),
        ("orders", "beta"),
        ("spend", "p"),
        ("spend", "q"),
        ("spend", "v"),
    ] %}
        max(parameters.estimate) filter (
            where
                parameters.parameter = '{{ parameter }}'
                and parameters.model {{ "=" if model == "spend" else "<>" }} 'gamma_gamma'
        ) as {{ parameter }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
