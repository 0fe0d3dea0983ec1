{#- The rows of the orders file, with the number each has in the file. -#}
{% macro file_orders() -%} {{ return(adapter.dispatch("file_orders", "rfm")()) }} {%- endmacro %}

{% macro default__file_orders() -%}
    {{
        exceptions.raise_compiler_error(
            "The file source (rfm_file_path) needs DuckDB. On this engine load the file into a"
            ~ " table and stage it in a folder of models/staging/."
        )
    }}
{%- endmacro %}

{% macro duckdb__file_orders() -%}
    {%- set path = dbt.escape_single_quotes(var("rfm_file_path")) -%}
    {%- set delimiter = dbt.escape_single_quotes(var("rfm_file_delimiter")) -%}
    {%- if var("rfm_file_format") == "parquet" -%}
        (
            select *, file_row_number + 1 as source_row_number, null as source_path
            from read_parquet('{{ path }}', file_row_number = true)
        )
    {%- else -%}
        {#- Text stays text here, so that a value that cannot be read can be shown as it stands. -#}
        (
            select *, row_number() over () as source_row_number, null as source_path
            from
                read_csv(
                    '{{ path }}',
                    header = true,
                    all_varchar = true,
                    {# What is not said is guessed: a # would make comments, a short line a header. #}
                    comment = '',
                    skip = 0,
                    strict_mode = true,
                    null_padding = false,
                    ignore_errors = false,
                    max_line_size = 16777216,
                    delim = '{{ delimiter }}',
                    quote = '"',
                    escape = '"',
                    encoding = '{{ var("rfm_file_encoding") }}'
                )
        )
    {%- endif -%}
{%- endmacro %}
