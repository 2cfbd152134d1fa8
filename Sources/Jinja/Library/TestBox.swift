/// A test as tables and trees hold it.
final class TestBox: Sendable {
    let body: Test

    init(_ body: @escaping Test) { self.body = body }
}
