/// A filter as tables and trees hold it: a closure in a box, which is called without counting references.
final class FilterBox: Sendable {
    let body: Filter

    init(_ body: @escaping Filter) { self.body = body }
}
