{#- A dialled number in the form of E.164, null where it cannot be one: too short, too long, or made up (one digit over
    and over, or counting up). -#}
{% macro valid_phone(dialled) -%}
    {%- set made_up = ["1234567"] -%}
    {%- for digit in range(10) -%} {%- do made_up.append((digit | string) * 7) -%} {%- endfor -%}
    case
        when
            {{ matches_pattern(dialled, "^[+][1-9][0-9]{7,14}$") }}
            and not {{ matches_pattern(dialled, "(" ~ made_up | join("|") ~ ")[0-9]?$") }}
        then {{ dialled }}
    end
{%- endmacro %}
