extension NodeContext {
    /// An input with the rows only that the invocation wants of it: none with `--empty`, those of a batch or of a sample.
    func cut(_ input: Relation, eventTime: String?) -> Relation {
        guard let node, [.model, .snapshot].contains(node.resourceType) else { return input }
        var relation = input
        if world.options.empty {
            relation.limit = 0
        }
        if let column = eventTime, let window = run?.eventWindow ?? world.sampleWindow {
            relation.eventFilter = EventFilter(column: column, window: window)
        }
        return relation
    }

    /// The relation of another state that a ref to the node means; nil where it means the node's own.
    func deferred(_ target: Node) throws -> Relation? {
        guard let deferral = world.deferral, let run else { return nil }
        return try deferral.relation(
            for: target, selected: Set(run.selected), other: { world.deferredRelation(of: target.id) }
        ) {
            let own = world.relation(of: target)
            try run.warehouse.fillCache(forSchema: own.schema ?? "", database: own.database)
            return RelationKey(own).flatMap { run.warehouse.cache.relation($0) } != nil
        }
    }
}
