package import Connectors
package import Records

/// What a comparison of source and destination found.
package struct Verification: Sendable, Hashable {
    /// In the order of the connection's definition.
    package var streams: [StreamVerification]
    package var duration: Duration

    package var isEqual: Bool { streams.allSatisfy(\.isEqual) }
}

/// What a comparison found for one stream.
package struct StreamVerification: Sendable, Hashable {
    package var stream: StreamDescriptor
    package var table: TableName
    package var promise: SyncPromise
    /// The rows compared.
    package var sourceRows = 0
    package var destinationRows = 0
    package var columns = 0
    /// Columns of the source that the table lacks.
    package var missingColumns: [String] = []
    /// Columns whose values differ somewhere, as far as that was found out.
    package var differingColumns: [String] = []
    /// How many rows differ: those that are missing, unexpected or doubled, and those whose values are not the same.
    package var differenceCount = 0
    /// A few of them.
    package var differences: [RowDifference] = []
    /// Why nothing could be compared.
    package var problem: String?
    package var isSampled = false
    package var duration = Duration.zero

    package var isEqual: Bool { problem == nil && missingColumns.isEmpty && differenceCount == 0 }

    /// For logs and errors, without values: `public.t: 3 rows differ in name`.
    package var sentence: String {
        var findings: [String] = []
        if let problem { findings.append(problem) }
        if !missingColumns.isEmpty { findings.append("the table lacks the columns \(missingColumns.joined(separator: ", "))") }
        if differenceCount > 0 {
            let place = differingColumns.isEmpty ? "" : " in \(differingColumns.joined(separator: ", "))"
            findings.append((differenceCount == 1 ? "1 row differs" : "\(differenceCount) rows differ") + place)
        }
        let rows = sourceRows == 1 ? "1 row is" : "\(sourceRows) rows are"
        if findings.isEmpty { findings.append("\(isSampled ? "a sample of " : "")\(rows) the same in \(table)") }
        return "\(stream): \(findings.joined(separator: "; "))"
    }
}

/// A row that is not the same on both sides.
package struct RowDifference: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// The destination has the row's key with other values.
        case changed
        /// Only the source has it.
        case missing
        /// Only the destination has it.
        case unexpected
        /// The destination has it more often than the source.
        case doubled
    }

    package struct Value: Sendable, Hashable {
        package var column: String
        /// As text; nil for null.
        package var text: String?

        package init(column: String, text: String?) {
            self.column = column
            self.text = text
        }
    }

    package struct Change: Sendable, Hashable {
        package var column: String
        package var source: String?
        package var destination: String?

        package init(column: String, source: String?, destination: String?) {
            self.column = column
            self.source = source
            self.destination = destination
        }
    }

    package var kind: Kind
    /// The values of the key, or, without a key, of all columns.
    package var identity: [Value]
    package var hasKey: Bool
    /// What is not the same, where the row is changed.
    package var changes: [Change]
}
