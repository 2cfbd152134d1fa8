/// Collects the calls below a node, in the order of the source.
struct CallCollector {
    private(set) var sites: [CallSite] = []

    /// Collects the calls of a body.
    static func collect(_ body: Body, isConditional: Bool = false) -> [CallSite] {
        var collector = CallCollector()
        for statement in body.list { collector.visit(statement.node, isConditional) }
        return collector.sites
    }

    mutating func visit(_ node: Node, _ isConditional: Bool) {
        if let call = node.cast(CallExpression.self), let site = CallSite(call, isConditional: isConditional) {
            sites.append(site)
        }
        var children: [Node] = []
        node.visitChildren { children.append($0) }
        let deeper = isConditional || CallCollector.isBranching(node)
        for child in children { visit(child, deeper) }
    }

    private static func isBranching(_ node: Node) -> Bool {
        switch node.kind {
        case .ifBranches, .forLoop, .macro, .callBlock, .conditional, .logical: true
        default: false
        }
    }
}
