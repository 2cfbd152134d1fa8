import Records

extension Field {
    /// What makes both servers compare values of the field alike: text byte by byte; other types have but one order.
    var collation: String {
        let isText =
            nativeType.map { type in
                type.name == "text" || type.name == "name" || type.name.hasPrefix("character") || type.name.hasSuffix("citext")
            } ?? (type == .string)
        return isText ? " collate \"C\"" : ""
    }
}
