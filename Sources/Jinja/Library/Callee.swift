/// A filter or test as the tree holds it: a closure in a box, which is called without counting references.
final class Callee<Body: Sendable>: Sendable {
    let body: Body

    init(_ body: Body) { self.body = body }
}
