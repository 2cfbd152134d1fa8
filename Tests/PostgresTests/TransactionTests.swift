import Postgres
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    struct Stop: Error {}

    @Test("commits what returns and rolls back what throws")
    func outcomes() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("create table t (i int)")
            let value = try await connection.withTransaction(.serializable) { transaction in
                try await transaction.execute("insert into t values (1)")
                return try await transaction.query("show transaction_isolation").scalar?.string
            }
            #expect(value == "serializable")
            await #expect(throws: Stop.self) {
                try await connection.withTransaction { transaction in
                    try await transaction.execute("insert into t values (2)")
                    throw Stop()
                }
            }
            #expect(try await connection.query("select i from t").decode(as: (Int).self) == [1])
            await #expect(throws: PostgresError.self) {
                try await connection.withTransaction(readOnly: true) { try await $0.execute("insert into t values (3)") }
            }
        }
    }

    @Test("a commit after a failure that was hidden throws")
    func hiddenFailure() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("create table t (i int)")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.withTransaction { transaction in
                    try await transaction.execute("insert into t values (1)")
                    _ = try? await transaction.execute("select 1/0")
                }
            }
            #expect(error?.sqlState == .inFailedTransaction)
            #expect(await connection.transactionStatus == .idle)
        }
    }
}
