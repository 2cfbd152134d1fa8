select * from {{ ref('orders') }} o join {{ ref('stg_people') }} p on p.id = o.person_id where false
