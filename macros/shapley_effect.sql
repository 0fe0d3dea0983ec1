{#- What one factor did to the change of a product of factors: its own change times the others before or after, the
    mean over all orders in which the factors could have changed (Shapley). The effects of all factors add up to the
    change, whatever the signs. `factors` is a list of pairs, the SQL of each factor after and before. -#}
{% macro shapley_effect(factors, number) -%}
    {%- set others = [] -%}
    {%- for factor in factors -%}
        {%- if loop.index0 != number -%} {%- do others.append(factor) -%} {%- endif -%}
    {%- endfor -%}
    {#- Of n factors, one that changes after k others has the weight k! (n - 1 - k)! / n!. -#}
    {%- set factorials = [1] -%}
    {%- for count in range(1, factors | length + 1) -%}
        {%- do factorials.append(factorials[-1] * count) -%}
    {%- endfor -%}
    ({{ factors[number][0] }} - {{ factors[number][1] }}) * (
        {%- for changed in range(2 ** (others | length)) %}
            {%- set products = [] -%}
            {%- set ns = namespace(changed_count=0) -%}
            {%- for after, before in others -%}
                {%- if (changed // 2**loop.index0) % 2 == 1 -%}
                    {%- set ns.changed_count = ns.changed_count + 1 -%}
                    {%- do products.append(after) -%}
                {%- else -%}{%- do products.append(before) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- set weight = (
                factorials[ns.changed_count]
                * factorials[others | length - ns.changed_count]
                / factorials[factors | length]
            ) %}
            {{ "+ " if not loop.first }}{{ double_literal(weight) }} * {{ products | join(" * ") }}
        {%- endfor %}
    )
{%- endmacro %}
