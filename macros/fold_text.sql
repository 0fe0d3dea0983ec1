{#- Text in lower case without accents, so that two ways to write one name are one text. Letters are listed, because
    servers know other languages than ours, or none: PostgreSQL's lower() leaves what its locale does not have.
    DuckDB has a function of its own, thirty times as fast as its translate(), for all letters that are made
    of one and a mark. The Greek s is one letter wherever it stands. -#}
{% macro fold_text(text) -%}
    {%- set folded = adapter.dispatch("without_accents", "rfm")(text) -%}
    replace(replace(replace({{ folded }}, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')
{%- endmacro %}

{% macro duckdb__without_accents(text) -%}
    translate(strip_accents(lower({{ text }})), 'øłđðħıŧς', 'olddhitσ')
{%- endmacro %}

{% macro default__without_accents(text) -%}
    {%- set accented -%}
        ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎ
        ďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠ
        šŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễ
        ỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ
        йёїўѓќЙЁЇЎЃЌάέήίόύώϊϋΐΰΆΈΉΊΌΎΏΪΫς
    {%- endset -%}
    {%- set plain -%}
        aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccd
        dddeeeeeeeeeegggggggghhhhiiiiiiiiiijjkkllllllllnnnnnnoooooorrrrrrsssssss
        sttttttuuuuuuuuuuuuwwyyyzzzzzzssttaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeee
        eeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy
        иеіугкиеіугкαεηιουωιυιυαεηιουωιυσ
    {%- endset -%}
    {#- Marks that follow their letter, as some systems write accents. -#}
    {%- set marks = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328" -%}
    translate(
        lower({{ text }}),
        '{{ modules.re.sub("[ \n]", "", accented) }}{{ marks }}',
        '{{ modules.re.sub("[ \n]", "", plain) }}'
    )
{%- endmacro %}
