/// A column of a relation, as templates see it.
struct Column: Sendable, Hashable {
    var name: String
    var dtype: String
    var charSize: Int?
    var numericPrecision: Int?
    var numericScale: Int?

    private static let stringTypes: Set<String> = ["text", "character varying", "character", "varchar"]
    private static let integerTypes: Set<String> = [
        "smallint", "integer", "bigint", "smallserial", "serial", "bigserial", "int2", "int4", "int8", "serial2", "serial4",
        "serial8",
    ]

    var quoted: String { Relation.quoted(name) }
    var isString: Bool { Self.stringTypes.contains(dtype.lowercased()) }
    var isInteger: Bool { Self.integerTypes.contains(dtype.lowercased()) }
    var isFloat: Bool { ["real", "float4", "float", "double precision", "float8"].contains(dtype.lowercased()) }
    var isNumeric: Bool { ["numeric", "decimal"].contains(dtype.lowercased()) }
    var isNumber: Bool { isInteger || isFloat || isNumeric }

    /// The type as DDL writes it.
    var dataType: String {
        let lowered = dtype.lowercased()
        if lowered == "text" || (lowered == "character varying" && charSize == nil) { return dtype }
        if isString { return Self.stringType(stringSize) }
        if isNumeric { return Self.numericType(dtype, numericPrecision, numericScale) }
        return dtype
    }

    /// dbt's size where the database tells none.
    var stringSize: Int { lowercasedIsText || charSize == nil ? 256 : charSize ?? 256 }
    private var lowercasedIsText: Bool { dtype.lowercased() == "text" }

    func canExpand(to other: Column) -> Bool { isString && other.isString && other.stringSize > stringSize }

    static func stringType(_ size: Int) -> String { "character varying(\(size))" }

    static func numericType(_ dtype: String, _ precision: Int?, _ scale: Int?) -> String {
        guard let precision, let scale else { return dtype }
        return "\(dtype)(\(precision),\(scale))"
    }

    /// A type's name from another warehouse as Postgres has it.
    static func translate(_ dtype: String) -> String {
        ["STRING": "TEXT", "TIMESTAMP": "TIMESTAMP", "FLOAT": "FLOAT", "INTEGER": "INT", "BOOLEAN": "BOOLEAN"][dtype.uppercased()]
            ?? dtype
    }
}
