/// What a relation is found by: its parts, without regard to case.
struct RelationKey: Hashable, Sendable {
    let schema: String
    let identifier: String

    init(schema: String, identifier: String) {
        self.schema = schema.lowercased()
        self.identifier = identifier.lowercased()
    }

    init?(_ relation: Relation) {
        guard let schema = relation.schema, let identifier = relation.identifier else { return nil }
        self.init(schema: schema, identifier: identifier)
    }
}
