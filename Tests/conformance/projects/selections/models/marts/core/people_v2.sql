select id, name, {{ helpers.cents('1') }} as cents from {{ ref('stg_people') }}
