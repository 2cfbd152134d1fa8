select 2 as customer_id, 'x' as region, current_date as created_at, current_date as valid_to
