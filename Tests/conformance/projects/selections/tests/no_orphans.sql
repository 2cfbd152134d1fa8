{{ config(tags=['orphans'], group='finance') }}
select * from {{ ref('revenue') }} where name is null
