/// Collects the names that a body reads or sets.
enum NameCollector {
    static func collect(_ body: Body) -> Set<String> {
        var names: Set<String> = []
        for statement in body.list {
            statement.node.walk { node in
                if let name = node.cast(NameExpression.self) { names.insert(name.name) }
                return true
            }
        }
        return names
    }
}
