{#- The rows of the orders file, with the number each has in the file. Where the path is a pattern that several
    files match, the file is named too. -#}
{% macro file_orders() -%} {{ return(adapter.dispatch("file_orders", "rfm")()) }} {%- endmacro %}

{% macro default__file_orders() -%}
    {{
        exceptions.raise_compiler_error(
            "The file source (rfm_file_path) needs DuckDB. On this engine load the orders into a table and name"
            ~ " it (rfm_table_schema, rfm_table_name), or stage it in a folder of models/staging/."
        )
    }}
{%- endmacro %}

{% macro duckdb__file_orders() -%}
    {%- set path = dbt.escape_single_quotes(var("rfm_file_path")) -%}
    {%- set delimiter = dbt.escape_single_quotes(var("rfm_file_delimiter")) -%}
    {#- A character in brackets of its own is that character, not a pattern. -#}
    {%- set is_pattern = modules.re.search(
        "[*?[]", modules.re.sub("\\[[*?[]\\]", "", var("rfm_file_path"))
    ) -%}
    {%- if var("rfm_file_format") == "parquet" -%}
        (
            select
                *,
                file_row_number + 1 as source_row_number
                {%- if not is_pattern %}, null as source_path {%- endif %}
            from
                read_parquet(
                    '{{ path }}',
                    {% if is_pattern %} filename = 'source_path', {% endif %}
                    file_row_number = true
                )
        )
    {%- else -%}
        {#- Text stays text here, so that a value that cannot be read can be shown as it stands. -#}
        {%- set csv_rows -%}
            select
                *,
                row_number() over () as source_row_number
                {%- if not is_pattern %}, null as source_path {%- endif %}
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
                    {% if is_pattern %} filename = 'source_path', {% endif %}
                    encoding = '{{ var("rfm_file_encoding") }}'
                )
        {%- endset -%}
        {%- if is_pattern -%}
            {#- Rows are numbered through all files, one file after the other. -#}
            (
                select
                    * replace (
                        source_row_number
                        - min(source_row_number) over (partition by source_path)
                        + 1 as source_row_number
                    )
                from ({{ csv_rows }})
            )
        {%- else -%} ({{ csv_rows }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
