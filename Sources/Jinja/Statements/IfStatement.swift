/// `{% if %}` with its `elif` and `else` branches.
package struct IfStatement: NodeView {
    struct Branch {
        let condition: Expression
        let body: Body
    }

    struct Storage {
        var head: NodeHead
        let setsNames: Bool
        let branches: NodeList<Branch>
        let otherwise: Body
    }

    static let kind = NodeKind.ifBranches
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ branches: [Branch], otherwise: Body, _ arena: Arena, offset: Int) {
        let setsNames = otherwise.setsNames || branches.contains { $0.body.setsNames }
        node = arena.make(
            Storage(
                head: NodeHead(.ifBranches, offset), setsNames: setsNames, branches: arena.list(branches),
                otherwise: otherwise))
    }

    /// The conditions with what follows them.
    package var branches: [(condition: Expression, body: Body)] { node.pointee.branches.map { ($0.condition, $0.body) } }
    /// What runs when no condition holds.
    package var otherwise: Body { node.pointee.otherwise }

    @inline(__always) func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let branches = node.pointee.branches
        if let first = branches.base {
            for index in 0..<branches.count where try first[index].condition.nearTest(frame, runtime) {
                return try first[index].body.execute(frame, runtime, &output)
            }
        }
        if otherwise.list.isEmpty { return .normal }
        return try otherwise.execute(frame, runtime, &output)
    }
}
