import Postgres
import Records

/// What the catalogs say about the type of one column.
struct PostgresTypeRow {
    /// Types below this number have the same number and the same binary form in every server.
    private static let firstUserOID = 10_000

    var name = ""
    /// `d` for a domain.
    var declaredKind = "b"
    var baseName = ""
    var baseOID = 0
    var baseType = ""
    var baseKind = "b"
    var category = ""
    var hasBinary = true
    var elementOID: Int?
    var elementBaseOID: Int?
    var elementKind: String?
    var elementName: String?
    var fromExtension: String?
    var modifiers = ""
    /// The locale of amounts, for the type money.
    var monetaryLocale: String?

    init() {}

    init(_ row: Row) {
        name = row["type_name"]?.string ?? "text"
        declaredKind = row["declared_kind"]?.string ?? "b"
        baseName = row["base_name"]?.string ?? name
        baseOID = row["base_oid"]?.int ?? 0
        baseType = row["base_type"]?.string ?? ""
        baseKind = row["base_kind"]?.string ?? "b"
        category = row["category"]?.string ?? ""
        hasBinary = row["has_binary"]?.bool ?? true
        elementOID = row["element_oid"]?.int
        elementBaseOID = row["element_base_oid"]?.int
        elementKind = row["element_kind"]?.string
        elementName = row["element_name"]?.string
        fromExtension = row["extension"]?.string
        modifiers = row["modifiers"]?.string ?? ""
        monetaryLocale = row["lc_monetary"]?.string
    }

    var nativeType: NativeType { NativeType(name: name, portability: portability) }

    private var portability: NativeType.Portability {
        // regclass and its kind are numbers of objects of this one server.
        if baseType.hasPrefix("reg") || baseType.hasPrefix("_reg"), baseOID < Self.firstUserOID {
            return .asText(as: elementOID == nil ? "text" : "text[]", reason: "names an object of the source's server")
        }
        if let elementOID, let elementBaseOID { return arrayPortability(elementOID, elementBaseOID) }
        if baseOID < Self.firstUserOID, baseKind != "p" {
            if !hasBinary { return .asText(as: "text", reason: "has no binary form") }
            if let monetaryLocale { return .withSetting("lc_monetary", value: monetaryLocale, type: "money") }
            return .everywhere(as: baseName)
        }
        switch baseKind {
        case "e": return .asText(as: "text", reason: "an enum of the source's own")
        case "c": return .asText(as: "text", reason: "a composite type of the source's own")
        case "r", "m": return .asText(as: "text", reason: "a range type of the source's own")
        default: break
        }
        if let fromExtension, hasBinary {
            return .withExtension(fromExtension, type: baseType, modifiers: modifiers)
        }
        return .asText(as: "text", reason: "a type of the source's own")
    }

    /// The binary form of an array holds the number of its element's type, so only built-in elements travel as they are.
    private func arrayPortability(_ elementOID: Int, _ elementBaseOID: Int) -> NativeType.Portability {
        if elementOID == 790 { return .asText(as: "text[]", reason: "money depends on the server's locale") }
        if elementOID == elementBaseOID, elementOID < Self.firstUserOID {
            return hasBinary ? .everywhere(as: baseName) : .asText(as: "text", reason: "has no binary form")
        }
        if elementBaseOID < Self.firstUserOID, let elementName {
            return .afterCast(to: "\(elementName)[]")
        }
        return .asText(as: "text[]", reason: "an array of a type of the source's own")
    }

    /// The nearest of the types that all connectors understand.
    var logicalType: LogicalType {
        if category == "A" { return .array }
        switch baseType {
        case "int2", "int4", "int8", "oid": return .integer
        case "numeric", "float4", "float8": return .number
        case "money": return .string
        case "bool": return .boolean
        case "date": return .date
        case "timestamp": return .timestampWithoutTimeZone
        case "timestamptz": return .timestampWithTimeZone
        case "time": return .timeWithoutTimeZone
        case "timetz": return .timeWithTimeZone
        case "json", "jsonb": return .object
        case "bytea": return .binaryData
        default: return .string
        }
    }
}
