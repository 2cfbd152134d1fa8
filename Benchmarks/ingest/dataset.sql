-- A wide table for benchmarks: :rows rows of about 405 bytes in 16 columns, the same bytes on every machine.
--   psql -v rows=1000000 -v name=wide -f dataset.sql
set client_min_messages = warning;
set time zone 'UTC';
drop table if exists :"name";
create table :"name" (
    id bigint not null, ref uuid not null, customer integer not null, quantity smallint, price numeric(14, 4), score double precision,
    state text not null, title text, body text, is_open boolean, created timestamptz not null, changed timestamptz not null,
    due timestamp, day date, document jsonb, labels text[]
);
insert into :"name"
select i, m::uuid, (n % 40000)::int, nullif((n % 91)::int, 7), nullif((n % 900000007)::numeric / 10000, 1),
    case when i % 11 <> 3 then (n % 999983)::float8 / 771 end, (array['open', 'held', 'done', 'void'])[1 + (n % 4)::int],
    case i % 9 when 0 then null when 1 then '' when 2 then E'tab\t"quote" \\ back' when 3 then 'naïve Größe 東京 😀 ' || n % 7919
        else 'Title ' || n % 99991 end,
    case i % 6 when 0 then null when 1 then repeat(m || E'\n', 7) when 2 then repeat('all work and no play, ' || left(m, 5), 7)
        else 'body ' || repeat(m, 5) end,
    nullif(i % 5, 2) = 1, timestamptz '2020-01-01 00:00:00+00' + n % 100000000 * interval '1 second',
    timestamptz '2024-01-01 00:00:00+00' + i * interval '1 millisecond',
    case when i % 8 <> 1 then timestamp '2030-01-01' - n % 50000 * interval '1 minute' end, date '1950-01-01' + (n % 25000)::int,
    case when i % 10 <> 4 then jsonb_build_object('n', n % 1000, 'k', left(m, 12), 'list', array[i % 3, i % 7]) end,
    case i % 4 when 0 then null when 1 then '{}' when 2 then array['a', null, 'c "d"'] else array[left(m, 4), 'x,y'] end
from (select i, md5(i::text) as m, abs(hashint8extended(i, 7)) as n from generate_series(1, :rows) i) numbers;
alter table :"name" add primary key (id);
create index on :"name" (changed);
vacuum (freeze, analyze) :"name";
select :'name' as made, count(*), pg_relation_size(:'name'::regclass) / count(*) as bytes_per_row from :"name";
