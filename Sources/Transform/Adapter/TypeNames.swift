/// The names of types that results carry as numbers.
enum TypeNames {
    /// The name of a built-in type as `information_schema` has it; `unknown` for others.
    static func name(ofType oid: UInt32) -> String { names[oid] ?? "unknown" }

    /// The type, with its length or precision, that a column of a result has.
    static func column(name: String, typeOID: UInt32, modifier: Int) -> Column {
        var column = Column(name: name, dtype: self.name(ofType: typeOID))
        if modifier > 4 {
            switch typeOID {
            case 1042, 1043: column.charSize = modifier - 4
            case 1700:
                column.numericPrecision = ((modifier - 4) >> 16) & 0xFFFF
                column.numericScale = (modifier - 4) & 0xFFFF
            default: break
            }
        }
        return column
    }

    private static let names: [UInt32: String] = [
        16: "boolean", 17: "bytea", 18: "\"char\"", 19: "name", 20: "bigint", 21: "smallint", 23: "integer", 25: "text",
        26: "oid", 114: "json", 142: "xml", 600: "point", 700: "real", 701: "double precision", 790: "money",
        829: "macaddr", 869: "inet", 1000: "boolean[]", 1005: "smallint[]", 1007: "integer[]", 1009: "text[]",
        1015: "character varying[]", 1016: "bigint[]", 1021: "real[]", 1022: "double precision[]", 1042: "character",
        1043: "character varying", 1082: "date", 1083: "time without time zone", 1114: "timestamp without time zone",
        1184: "timestamp with time zone", 1186: "interval", 1231: "numeric[]", 1266: "time with time zone", 1560: "bit",
        1700: "numeric", 2950: "uuid", 3802: "jsonb",
    ]
}
