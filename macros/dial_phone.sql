{#- A clean number as it is dialled from abroad: plus, calling code, number. One without a plus or 00 is of the country
    of the record, with or without the country's code; null where the country is not known. -#}
{% macro dial_phone(clean, calling_code, trunk_prefix) -%}
    case
        when {{ clean }} like '+%'
        then
            case
                when
                    {{ trunk_prefix }} = '0'
                    and {{ clean }} like '+' || {{ calling_code }} || {{ trunk_prefix }} || '%'
                then
                    '+' || {{ calling_code }} || substr({{ clean }}, length({{ calling_code }}) + 3)
                else {{ clean }}
            end
        when {{ clean }} like '00%'
        then '+' || substr({{ clean }}, 3)
        when {{ clean }} like {{ trunk_prefix }} || '%'
        then '+' || {{ calling_code }} || substr({{ clean }}, length({{ trunk_prefix }}) + 1)
        when
            {{ clean }} like {{ calling_code }} || '%'
            and length({{ clean }}) >= length({{ calling_code }}) + 9
        then '+' || {{ clean }}
        else '+' || {{ calling_code }} || {{ clean }}
    end
{%- endmacro %}
