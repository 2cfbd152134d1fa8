import Jinja

/// A column in templates.
final class ColumnObject: MethodObject {
    let column: Column

    init(_ column: Column) { self.column = column }

    override var typeName: String { "PostgresColumn" }
    override var isTruthy: Bool { true }
    override var repr: String { "<PostgresColumn \(column.name) (\(column.dataType))>" }

    override func isEqual(to other: Object) -> Bool { (other as? ColumnObject)?.column == column }
    override func hash(into hasher: inout Hasher) { hasher.combine(column) }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "column", "name": .string(column.name)
        case "quoted": .string(column.quoted)
        case "dtype": .string(column.dtype)
        case "data_type": .string(column.dataType)
        case "char_size": Value(optional: column.charSize)
        case "numeric_precision": Value(optional: column.numericPrecision)
        case "numeric_scale": Value(optional: column.numericScale)
        default: nil
        }
    }

    override var methods: Set<String> {
        [
            "is_string", "is_number", "is_float", "is_integer", "is_numeric", "string_size", "can_expand_to", "string_type",
            "numeric_type", "literal", "translate_type",
        ]
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "is_string": return .bool(column.isString)
        case "is_number": return .bool(column.isNumber)
        case "is_float": return .bool(column.isFloat)
        case "is_integer": return .bool(column.isInteger)
        case "is_numeric": return .bool(column.isNumeric)
        case "string_size": return .int(column.stringSize)
        case "literal":
            return .string("\(try arguments.required(0, "value", of: "literal").pythonString)::\(column.dataType)")
        case "can_expand_to":
            let other = try arguments.required(0, "other_column", of: "can_expand_to")
            guard let other = other.objectValue as? ColumnObject else { return .bool(false) }
            return .bool(column.canExpand(to: other.column))
        default: return try ColumnClass.invoke(method, arguments)
        }
    }
}
