package import Documents

/// The columns, key and cursor that a sync has moved: what the next one is compared with.
package struct StreamSchema: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package var name: String
        /// As the source names it: `numeric(12,2)`.
        package var type: String
        package var isNullable: Bool
        /// The column's type in the destination.
        package var destinationType: String

        package init(name: String, type: String, isNullable: Bool, destinationType: String) {
            self.name = name
            self.type = type
            self.isNullable = isNullable
            self.destinationType = destinationType
        }
    }

    /// In the source's order.
    package var columns: [Column]
    /// Empty in modes that do not deduplicate.
    package var primaryKey: [String]

    package init(columns: [Column], primaryKey: [String]) {
        self.columns = columns
        self.primaryKey = primaryKey
    }

    package subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

extension StreamSchema {
    /// As it is kept beside the state.
    package var json: JSON {
        let columns = columns.map { column -> JSON in
            [
                "name": .string(column.name), "type": .string(column.type), "nullable": .bool(column.isNullable),
                "destination_type": .string(column.destinationType),
            ]
        }
        return ["columns": .array(columns), "primary_key": .array(primaryKey.map { .string($0) })]
    }

    package init?(json: JSON) {
        guard let columns = json["columns"]?.array else { return nil }
        self.columns = columns.compactMap { column in
            guard let name = column["name"]?.string, let type = column["type"]?.string else { return nil }
            return Column(
                name: name, type: type, isNullable: column["nullable"]?.bool ?? true,
                destinationType: column["destination_type"]?.string ?? type)
        }
        primaryKey = json["primary_key"]?.array?.compactMap(\.string) ?? []
    }
}
