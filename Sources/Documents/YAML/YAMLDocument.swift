package import Diagnostics
import Yams

/// Reads YAML with places, the way PyYAML's safe loader reads values: YAML 1.1 scalars, `<<` merges, anchors.
package enum YAMLDocument {
    /// Aliases may expand a small file to at most this many values, so that no file exhausts the memory.
    private static let maximumNodes = 2_000_000

    /// The root of the document, or nil where the text holds nothing.
    /// - Parameters:
    ///   - text: the whole file.
    ///   - file: what to call it in errors and places.
    /// - Throws: `DocumentError` for bad syntax, duplicate keys and keys that are not plain values.
    package static func parse(_ text: String, file: String) throws(DocumentError) -> YAMLNode? {
        if let root = try? BlockYAMLParser.parse(text, file: file) { return root }
        return try parseCompletely(text, file: file)
    }

    /// A key that stands twice in a mapping.
    package struct Duplicate: Sendable, Hashable {
        package var key: String
        package var location: SourceLocation
        /// Where it stands first.
        package var first: SourceLocation
    }

    /// As ``parse(_:file:)``, but where a key is given twice, the last one counts, as for PyYAML.
    ///
    /// - Throws: `DocumentError` for duplicate keys still, where the file uses YAML that is seldom written by hand.
    package static func parse(
        _ text: String, file: String, duplicates: inout [Duplicate]
    ) throws(DocumentError) -> YAMLNode? {
        if let found = try? BlockYAMLParser.parse(text, file: file, allowsDuplicates: true) {
            duplicates += found.duplicates
            return found.root
        }
        return try parseCompletely(text, file: file)
    }

    /// With the parser for all of YAML.
    package static func parseCompletely(_ text: String, file: String) throws(DocumentError) -> YAMLNode? {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, Resolver.default)
        } catch {
            throw syntaxError(error, file: file)
        }
        guard let root else { return nil }
        var remaining = maximumNodes
        return try convert(root, file: file, remaining: &remaining)
    }

    private static func convert(_ node: Node, file: String, remaining: inout Int) throws(DocumentError) -> YAMLNode {
        let location = location(of: node, file: file)
        remaining -= 1
        guard remaining > 0 else {
            throw DocumentError(.badValue, "the file's aliases expand to too many values", location: location)
        }
        switch node {
        case .scalar(let scalar): return YAMLNode(content(of: scalar, node: node), at: location)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence { items.append(try convert(item, file: file, remaining: &remaining)) }
            return YAMLNode(.sequence(items), at: location)
        case .mapping(let mapping):
            return YAMLNode(
                .mapping(try members(of: mapping, file: file, remaining: &remaining)), at: location)
        case .alias:
            throw DocumentError(.badValue, "this alias refers to no anchor", location: location)
        }
    }

    private static func members(
        of mapping: Node.Mapping, file: String, remaining: inout Int
    ) throws(DocumentError) -> [YAMLNode.Member] {
        var own: [YAMLNode.Member] = []
        var indexOfKey: [String: Int] = [:]
        var merged: [YAMLNode.Member] = []
        for (key, value) in mapping {
            let place = location(of: key, file: file)
            guard let name = key.scalar?.string else {
                throw DocumentError(.badValue, "a key must be a plain value", location: place)
            }
            let converted = try convert(value, file: file, remaining: &remaining)
            if name == "<<", key.scalar?.style == .plain {
                merged += (converted.members ?? []) + (converted.items ?? []).flatMap { $0.members ?? [] }
                continue
            }
            if let first = indexOfKey[name] {
                throw DocumentError(
                    .duplicateKey, "the key '\(name)' is given twice", location: place,
                    hint: "the first one is at \(own[first].keyLocation)")
            }
            indexOfKey[name] = own.count
            own.append(YAMLNode.Member(key: name, keyLocation: place, value: converted))
        }
        for member in merged where indexOfKey[member.key] == nil {
            indexOfKey[member.key] = own.count
            own.append(member)
        }
        return own
    }

    static func content(of scalar: Node.Scalar, node: Node) -> YAMLNode.Content {
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch node.tag.description {
        case "tag:yaml.org,2002:null": return .null
        case "tag:yaml.org,2002:bool": return Bool.construct(from: scalar).map { .bool($0) } ?? .string(scalar.string)
        case "tag:yaml.org,2002:int": return Int.construct(from: scalar).map { .int($0) } ?? .string(scalar.string)
        case "tag:yaml.org,2002:float":
            return Double.construct(from: scalar).map { .double($0) } ?? .string(scalar.string)
        default: return .string(scalar.string)
        }
    }

    private static func location(of node: Node, file: String) -> SourceLocation {
        SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    }

    private static func syntaxError(_ error: any Error, file: String) -> DocumentError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return DocumentError(
                .syntax, "this is not YAML: \(problem)",
                location: SourceLocation(file: file, line: mark.line, column: mark.column))
        case .reader(let problem, _, _, _):
            return DocumentError(.syntax, "this is not YAML: \(problem)", location: SourceLocation(file: file))
        case .duplicatedKeysInMapping(let duplicates, let context):
            return DocumentError(
                .duplicateKey, "the key '\(duplicates.first ?? "")' is given twice",
                location: SourceLocation(file: file, line: context.mark.line, column: context.mark.column))
        default:
            return DocumentError(.syntax, "this is not YAML", location: SourceLocation(file: file))
        }
    }
}
