import Diagnostics
import Documents
import Testing

@testable import Transform

@Suite("Batches")
struct BatchPlanTests {
    private func node(_ config: [(String, String)]) -> Node {
        var node = Node(
            id: "model.shop.orders", name: "orders", resourceType: .model, packageName: "shop", path: "orders.sql",
            originalPath: "models/orders.sql", rawCode: "", fqn: ["shop", "orders"], alias: "orders", schema: "s", database: "d",
            relationName: nil, checksum: .none, config: NodeConfig.defaults(for: .model),
            location: SourceLocation(file: "models/orders.sql"))
        for (key, value) in config { node.config[key] = .string(value) }
        return node
    }

    private let options = InvocationOptions(projectDirectory: "/", environment: [:])

    @Test("the first run begins at the model's begin and ends with the batch of today")
    func firstRun() throws {
        let now = DateTime(year: 2020, month: 1, day: 3, hour: 13, minute: 57, offset: 0)
        let plan = try BatchPlan(
            node([("batch_size", "day"), ("begin", "2020-01-01")]), isIncremental: false, options: options, now: now)
        #expect(plan.windows.map { $0.start?.isoDate } == ["2020-01-01", "2020-01-02", "2020-01-03"])
        #expect(plan.windows.last?.end?.isoDate == "2020-01-04")
    }

    @Test("a later run looks back by one batch")
    func laterRun() throws {
        let now = DateTime(year: 2020, month: 1, day: 5, hour: 1, offset: 0)
        let plan = try BatchPlan(
            node([("batch_size", "day"), ("begin", "2020-01-01")]), isIncremental: true, options: options, now: now)
        #expect(plan.windows.map { $0.start?.isoDate } == ["2020-01-04", "2020-01-05"])
    }

    @Test("a model without batch_size or begin is an error that says so")
    func missing() {
        let now = DateTime(year: 2020, month: 1, day: 3, offset: 0)
        #expect(throws: TransformError.self) {
            try BatchPlan(node([]), isIncremental: false, options: options, now: now)
        }
        #expect(throws: TransformError.self) {
            try BatchPlan(node([("batch_size", "month")]), isIncremental: false, options: options, now: now)
        }
    }

    @Test(
        "batches of each size begin and end where the calendar says",
        arguments: [
            (BatchSize.hour, "2024-09-17T16:00:00+00:00", "2024-09-17T17:00:00+00:00"),
            (.day, "2024-09-17T00:00:00+00:00", "2024-09-18T00:00:00+00:00"),
            (.month, "2024-09-01T00:00:00+00:00", "2024-10-01T00:00:00+00:00"),
            (.year, "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ])
    func sizes(size: BatchSize, start: String, end: String) {
        let time = DateTime(year: 2024, month: 9, day: 17, hour: 16, minute: 6, offset: 0)
        #expect(size.truncated(time).isoFormat() == start)
        #expect(size.ceiling(time).isoFormat() == end)
        #expect(size.ceiling(size.truncated(time)) == size.truncated(time))
    }

    @Test("a sample of 3 days ends now, and what is no sample is an error")
    func samples() throws {
        let now = DateTime(year: 2025, month: 1, day: 3, hour: 2, offset: 0)
        #expect(try SampleWindow.window("3 days", now: now).start?.isoFormat() == "2024-12-31T02:00:00+00:00")
        #expect(throws: TransformError.self) { try SampleWindow.window("3 fortnights", now: now) }
        #expect(throws: TransformError.self) { try SampleWindow.window("soon", now: now) }
    }
}
