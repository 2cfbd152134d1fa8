extension TransformError {
    /// What dbt calls an error of the kind: `Compilation Error`.
    package var dbtTitle: String {
        switch kind {
        case .database: "Database Error"
        case .compilation, .warning, .unknownRef, .unknownSource, .unknownVariable, .duplicate, .seed: "Compilation Error"
        case .schema, .unreadable: "Parsing Error"
        default: kind.rawValue.hasPrefix("postgres.") ? "Database Error" : "Runtime Error"
        }
    }

    /// Everything that is known of the error, two spaces in from the left, as it follows the title.
    package var indentedText: String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        lines += details.map { "  " + $0 }
        if let hint { lines.append("  HINT:  " + hint) }
        if let location { lines.append("  at \(location)") }
        return lines.joined(separator: "\n")
    }
}
