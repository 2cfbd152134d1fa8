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

    /// The name that dbt's driver has for the type: what contracts are compared by and show.
    static func driverName(ofType oid: UInt32) -> String { driverNames[oid] ?? "unknown type_code \(oid)" }

    private static let driverNames: [UInt32: String] = [
        16: "BOOLEAN", 17: "BINARY", 18: "STRING", 19: "STRING", 20: "LONGINTEGER", 21: "INTEGER", 23: "INTEGER", 25: "STRING",
        26: "ROWID", 114: "JSON", 199: "JSONARRAY", 651: "CIDRARRAY", 700: "FLOAT", 701: "FLOAT", 704: "INTERVAL",
        705: "UNKNOWN", 1000: "BOOLEANARRAY", 1001: "BINARYARRAY", 1002: "STRINGARRAY", 1003: "STRINGARRAY",
        1005: "INTEGERARRAY", 1006: "INTEGERARRAY", 1007: "INTEGERARRAY", 1009: "STRINGARRAY", 1014: "STRINGARRAY",
        1015: "STRINGARRAY", 1016: "LONGINTEGERARRAY", 1021: "FLOATARRAY", 1022: "FLOATARRAY", 1040: "MACADDRARRAY",
        1041: "INETARRAY", 1042: "STRING", 1043: "STRING", 1082: "DATE", 1083: "TIME", 1114: "DATETIME",
        1115: "DATETIMEARRAY", 1182: "DATEARRAY", 1183: "TIMEARRAY", 1184: "DATETIMETZ", 1185: "DATETIMETZARRAY",
        1186: "INTERVAL", 1187: "INTERVALARRAY", 1231: "DECIMALARRAY", 1266: "TIME", 1270: "TIMEARRAY", 1700: "DECIMAL",
        3802: "JSONB", 3807: "JSONBARRAY", 3908: "tsrange", 3910: "tstzrange", 3912: "daterange",
    ]

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
