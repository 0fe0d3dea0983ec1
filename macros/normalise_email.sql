{#- An e-mail address as its owner's mailbox, null where it is none. `text` is trimmed and in lower case. What follows
    a plus is a note, not the mailbox; Google ignores dots and has two names. -#}
{% macro normalise_email(text) -%}
    {%- set valid = "^[^@+. ,;:<>()][^@ ,;:<>()]*@([^@. ,;:<>()]+[.])+[^@. ,;:<>()0-9]{2,}$" -%}
    case
        when not {{ matches_pattern(text, valid) }}
        then null
        when {{ matches_pattern(text, "@(gmail|googlemail)[.]com$") }}
        then replace({{ replace_pattern(text, "([+].*)?@.*$", "") }}, '.', '') || '@gmail.com'
        else {{ replace_pattern(text, "[+][^@]*@", "@") }}
    end
{%- endmacro %}
