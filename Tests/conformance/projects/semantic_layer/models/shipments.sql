select 1 as shipment_id, 2 as order_id, current_date as shipped_at, 'a' as carrier, 4 as weight
