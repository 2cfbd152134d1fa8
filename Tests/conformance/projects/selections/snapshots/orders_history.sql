{% snapshot orders_history %}
{{ config(unique_key='id', strategy='timestamp', updated_at='ordered_at', target_schema='history') }}
select * from {{ ref('orders') }}
{% endsnapshot %}
