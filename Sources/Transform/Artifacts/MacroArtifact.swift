import Documents

/// A macro as manifest.json has it.
enum MacroArtifact {
    static func json(of macro: MacroRecord, in library: MacroLibrary, createdAt: Double) -> JSON {
        let docs: JSON = ["show": true, "node_color": nil]
        let arguments =
            macro.arguments.isEmpty && !macro.file.isGenericTest
            ? Self.parameters(macro).map { MacroRecord.MacroArgument(name: $0, type: nil, description: "") } : macro.arguments
        return .object(
            JSON.Members(pairs: [
                ("name", .string(macro.name)), ("resource_type", "macro"), ("package_name", .string(macro.package)),
                ("path", .string(macro.originalPath)), ("original_file_path", .string(macro.originalPath)),
                ("unique_id", .string(macro.id)), ("macro_sql", .string(macro.source)),
                ("depends_on", ["macros": .array(library.dependencies.direct(of: macro, in: library).map(JSON.string))]),
                ("description", .string(macro.description)), ("meta", .object(macro.meta)), ("docs", docs),
                ("config", ["meta": .object(macro.meta), "docs": docs]), ("patch_path", NodeArtifact.optional(macro.patchPath)),
                (
                    "arguments",
                    .array(
                        arguments.map {
                            [
                                "name": .string($0.name), "type": NodeArtifact.optional($0.type),
                                "description": .string($0.description),
                            ]
                        })
                ), ("created_at", .double(createdAt)),
                ("supported_languages", macro.name.hasPrefix("materialization_") ? ["sql"] : nil),
            ]))
    }

    /// The names between the parentheses of the tag.
    private static func parameters(_ macro: MacroRecord) -> [String] {
        guard let open = macro.header.firstIndex(of: "(") else { return [] }
        var names: [String] = []
        var depth = 0
        var quote: Character?
        var current = ""
        var isInDefault = false
        for character in macro.header[macro.header.index(after: open)...] {
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "'", "\"": quote = character
            case "(", "[", "{": depth += 1
            case ")" where depth == 0, "," where depth == 0:
                if !current.isEmpty { names.append(current) }
                (current, isInDefault) = ("", false)
                if character == ")" { return names }
            case ")", "]", "}": depth -= 1
            case "=" where depth == 0: isInDefault = true
            default: if !isInDefault, depth == 0, !character.isWhitespace { current.append(character) }
            }
        }
        return names
    }
}
