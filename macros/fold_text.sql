{#- Text in lower case without accents, so that two ways to write one name are one text. Letters are listed, because
    servers know other languages than ours, or none: PostgreSQL's lower() leaves what its locale does not have. -#}
{% macro fold_text(text) -%}
    {%- set accented -%}
        ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎ
        ďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠ
        šŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễ
        ỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ
    {%- endset -%}
    {%- set plain -%}
        aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccd
        dddeeeeeeeeeegggggggghhhhiiiiiiiiiijjkkllllllllnnnnnnoooooorrrrrrsssssss
        sttttttuuuuuuuuuuuuwwyyyzzzzzzssttaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeee
        eeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy
    {%- endset -%}
    {#- Marks that follow their letter, as some systems write accents. -#}
    {%- set marks = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328" -%}
    replace(
        replace(
            replace(
                translate(
                    lower({{ text }}),
                    '{{ modules.re.sub("[ \n]", "", accented) }}{{ marks }}',
                    '{{ modules.re.sub("[ \n]", "", plain) }}'
                ),
                'ß',
                'ss'
            ),
            'æ',
            'ae'
        ),
        'œ',
        'oe'
    )
{%- endmacro %}
