select 1 as order_id, 2 as customer_id, 3.5 as amount, current_date as ordered_at
