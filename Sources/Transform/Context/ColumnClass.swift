import Jinja

/// `api.Column`: makes columns.
final class ColumnClass: MethodObject {
    override var typeName: String { "Column" }
    override var isCallable: Bool { true }
    override var methods: Set<String> { ["translate_type", "numeric_type", "string_type", "create", "from_description"] }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        .object(
            ColumnObject(
                Column(
                    name: try arguments.string(0, "column", of: "Column"), dtype: try arguments.string(1, "dtype", of: "Column"),
                    charSize: arguments.value(2, "char_size")?.intValue,
                    numericPrecision: arguments.value(3, "numeric_precision")?.intValue,
                    numericScale: arguments.value(4, "numeric_scale")?.intValue)))
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try Self.invoke(method, arguments)
    }

    static func invoke(_ method: String, _ arguments: Arguments) throws -> Value {
        switch method {
        case "translate_type": return .string(Column.translate(try arguments.string(0, "dtype", of: method)))
        case "numeric_type":
            return .string(
                Column.numericType(
                    try arguments.string(0, "dtype", of: method), arguments.value(1, "precision")?.intValue,
                    arguments.value(2, "size")?.intValue))
        case "string_type": return .string(Column.stringType(arguments.value(0, "size")?.intValue ?? 256))
        case "create":
            return .object(
                ColumnObject(
                    Column(
                        name: try arguments.string(0, "name", of: method),
                        dtype: Column.translate(try arguments.string(1, "label_or_dtype", of: method)))))
        case "from_description":
            return .object(
                ColumnObject(
                    Self.column(
                        try arguments.string(0, "name", of: method),
                        describedAs: try arguments.string(1, "raw_data_type", of: method))))
        default: throw TransformError(.compilation, "Column has no method '\(method)'")
        }
    }

    /// `numeric(12,2)` taken apart.
    private static func column(_ name: String, describedAs type: String) -> Column {
        guard let open = type.firstIndex(of: "("), let close = type.firstIndex(of: ")"), open < close else {
            return Column(name: name, dtype: type)
        }
        let numbers = type[type.index(after: open)..<close].split(separator: ",")
            .compactMap { Int($0.filter { $0 != " " }) }
        let base = String(type[..<open])
        if numbers.count == 2 { return Column(name: name, dtype: base, numericPrecision: numbers[0], numericScale: numbers[1]) }
        return Column(name: name, dtype: base, charSize: numbers.first)
    }
}
