{{ config(alias='revenue_table', persist_docs={'relation': true, 'columns': true}, post_hook="select 1", severity='WARN') }}
select o.id, p.name, o.amount, o.ordered_at from {{ ref('orders') }} o join {{ ref('dim_people', v=2) }} p on p.id = o.person_id
