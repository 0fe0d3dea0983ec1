{#- A name as it is written, without titles and without what follows the name (Jr., MBA). -#}
{% macro name_words(name) -%}
    {%- set titles = "mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|herr|frau|herrn|mag|ing|dipl|med|mme|mlle|monsieur|madame|pan|pani|sig|dott|senor|senora" -%}
    nullif(
        trim(
            {{
                replace_pattern(
                    replace_pattern(name, " +", " "),
                    "(?i)(^|,) ?((" ~ titles ~ ")[.]? )+|,? (jr|sr|ii|iii|phd|mba|esq)[.]? ?$",
                    "<1>",
                )
            }}
        ),
        ''
    )
{%- endmacro %}
