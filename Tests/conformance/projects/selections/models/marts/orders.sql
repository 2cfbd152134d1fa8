{{ config(materialized='incremental', unique_key='id', on_schema_change='fail', tags=['hourly', 'big one']) }}
select o.id, o.person_id, {{ outer_amount('o.amount') }} as amount, o.ordered_at
from {{ ref('stg_orders') }} o join {{ ref('stg_payments') }} p on p.id = o.id
{% if is_incremental() %}where o.ordered_at > (select max(ordered_at) from {{ this }}){% endif %}
