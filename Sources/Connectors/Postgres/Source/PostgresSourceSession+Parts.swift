import Postgres
import Records

/// Reading a table in parts, and finding out later whether a part still holds the same rows.
///
/// A row that is inserted, updated or moved gets the number of the transaction that did it (`xmin`). If no row of a part has a
/// number at or above the horizon, which is the oldest transaction that was running when the part was read, then each of them was
/// there already; and if they are as many as were read, none is gone. So the part as it was read is the part as it is now, and
/// a sync that was killed need not read it again. What writes a table anew without new numbers (`vacuum full`, `cluster`)
/// gives it another file, which is part of the identity; so are its columns with the values of rows that have none.
extension PostgresSourceSession {
    func parts(of request: ReadRequest, size: Int) throws(ConnectorError) -> StreamParts? {
        // Before version 14 the server reads all pages to find some of them.
        guard connection.serverVersion >= 140_000, request.stream.kind == .table, request.cursor == nil, !request.isOrdered
        else { return nil }
        let table = quoteLiteral(quoteIdentifier(schema: request.stream.descriptor.namespace, request.stream.descriptor.name))
        let facts: Row?
        do {
            try connection.execute("savepoint leat_parts")
            facts = try connection.execute(
                """
                select pg_relation_size(c.oid) / current_setting('block_size')::int as pages,
                  current_setting('block_size')::int as page_size, pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
                  concat_ws(' ', s.system_identifier, k.timeline_id, c.oid, pg_relation_filenode(c.oid),
                    (select md5(string_agg(concat_ws(' ', attnum, attname, atttypid, atttypmod, attmissingval::text), ', '
                      order by attnum)) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)) as identity
                from pg_class c, pg_control_system() s, pg_control_checkpoint() k
                where c.oid = \(table)::regclass and c.relkind = 'r' and not c.relhassubclass
                  and c.relam = (select oid from pg_am where amname = 'heap')
                """
            ).first
            try connection.execute("release savepoint leat_parts")
        } catch {
            // Without the right to ask, it is read whole.
            guard connection.isUsable else { throw ConnectorError(.source, while: "reading \(request.stream.descriptor)", error) }
            _ = try? connection.execute("rollback to savepoint leat_parts")
            return nil
        }
        guard let facts, let pages = facts["pages"]?.int, let pageSize = facts["page_size"]?.int,
            let horizon = facts["horizon"]?.string, let identity = facts["identity"]?.string
        else { return nil }
        let step = max(1, size / pageSize)
        guard pages > 4 * step else { return nil }
        let parts = stride(from: 0, to: pages, by: step).map { StreamPart(pages: $0..<($0 + step)) }
        return StreamParts(parts: parts, identity: "\(identity) \(step) \(Self.statement(for: request))", horizon: horizon)
    }

    func isUnchanged(_ loaded: LoadedPart, of request: ReadRequest) throws(ConnectorError) -> Bool {
        var request = request
        request.part = loaded.part
        let table = quoteIdentifier(schema: request.stream.descriptor.namespace, request.stream.descriptor.name)
        do {
            // The number in a row has 32 bits; the others are those of the next one or of the one before. Numbers below 3 mean "long ago".
            let row = try connection.execute(
                """
                select count(*) filter (where old), count(*) filter (where not old) from (
                  select number < 3 or next - mod(mod(next - number, 4294967296) + 4294967296, 4294967296) < \(quoteLiteral(loaded.horizon))::bigint as old
                  from (select xmin::text::bigint as number from \(table)\(Self.condition(for: request))) rows,
                    (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) now) rows
                """
            ).first
            return row?[0].int == loaded.rows && row?[1].int == 0
        } catch {
            throw ConnectorError(.source, while: "reading \(request.stream.descriptor)", error)
        }
    }
}
