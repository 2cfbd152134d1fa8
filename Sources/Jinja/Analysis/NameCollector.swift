/// Collects the names that a body reads or sets.
enum NameCollector {
    static func collect(_ body: Body) -> Set<String> {
        var names: Set<String> = []
        for statement in body.statements {
            statement.walk { node in
                if let name = node as? NameExpression { names.insert(name.name) }
                return true
            }
        }
        return names
    }
}
