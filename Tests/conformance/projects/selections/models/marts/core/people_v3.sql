select id, name, {{ dbt.concat(['name', "'x'"]) }} as more from {{ ref('stg_people') }}
