import Documents

/// Tells whether a node is what one word of a selection names.
struct CriterionMatcher {
    private let criterion: SelectionCriterion
    private let pattern: GlobPattern
    private let valueParts: [String]
    private let path: String
    private let projectName: String
    private let projectFolder: String

    init(_ criterion: SelectionCriterion, projectFolder: String, projectName: String) {
        self.criterion = criterion
        self.projectName = projectName
        self.projectFolder = projectFolder
        pattern = GlobPattern(criterion.value)
        valueParts = criterion.value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var path = criterion.value
        if path.hasPrefix(projectFolder + "/") { path = String(path.dropFirst(projectFolder.count + 1)) }
        while path.hasPrefix("./") { path = String(path.dropFirst(2)) }
        while path.count > 1, path.hasSuffix("/") { path = String(path.dropLast()) }
        self.path = path
    }

    func matches(_ node: Node) -> Bool {
        switch criterion.method {
        case .fqn: matchesName(node.fqn, version: node.version)
        case .tag: node.tags.contains(where: pattern.matches)
        case .group: node.resourceType != .function && node.group.map(pattern.matches) ?? false
        case .access: node.access == criterion.value
        case .path: matchesPath(node.originalPath, of: node.packageName) || matchesPatch(node.patchPath)
        case .file: matchesFile(node.originalPath)
        case .package: matchesPackage(node.packageName)
        case .config: node.resourceType != .function && matchesConfig(node.config)
        case .testName: matchesTestName(node)
        case .testType: matchesTestType(node)
        case .resourceType: node.resourceType.rawValue == criterion.value
        case .version: matchesVersion(node)
        case .unitTest: node.resourceType == .unitTest && matchesUnitTest(node)
        case .source, .exposure, .metric, .semanticModel, .savedQuery: false
        // NodeSelector looks these up itself.
        case .state, .result, .sourceStatus, .selector: false
        }
    }

    private func matchesUnitTest(_ node: Node) -> Bool {
        matchesQualified(node.packageName, node.unitTest?.name ?? node.name)
    }

    func matches(_ source: SourceDefinition) -> Bool {
        switch criterion.method {
        case .source: matchesSource(source)
        case .tag: source.tags.contains(where: pattern.matches)
        case .path: matchesPath(source.originalPath, of: source.packageName)
        case .file: matchesFile(source.originalPath)
        case .package: matchesPackage(source.packageName)
        case .config: matchesConfig(source.config)
        case .resourceType: criterion.value == "source"
        default: false
        }
    }

    func matches(_ exposure: Exposure) -> Bool {
        switch criterion.method {
        case .fqn: matchesName(exposure.fqn, version: nil)
        case .exposure:
            switch valueParts.count {
            case 1: pattern.matches(exposure.name)
            default:
                GlobPattern(valueParts[0]).matches(exposure.packageName)
                    && GlobPattern(valueParts[1]).matches(exposure.name)
            }
        case .tag: exposure.tags.contains(where: pattern.matches)
        case .path: matchesPath(exposure.originalPath, of: exposure.packageName)
        case .file: matchesFile(exposure.originalPath)
        case .package: matchesPackage(exposure.packageName)
        case .resourceType: criterion.value == "exposure"
        default: false
        }
    }

    func matches(_ resource: SemanticResource) -> Bool {
        switch criterion.method {
        case .metric: resource.resourceType == .metric && matchesQualified(resource.packageName, resource.name)
        case .semanticModel: resource.resourceType == .semanticModel && matchesQualified(resource.packageName, resource.name)
        case .savedQuery: resource.resourceType == .savedQuery && matchesQualified(resource.packageName, resource.name)
        case .fqn: matchesName(resource.fqn, version: nil)
        case .tag: resource.tags.contains(where: pattern.matches)
        // As in dbt, of these three only metrics belong to groups for a selection, and none has a configuration.
        case .group: resource.resourceType == .metric && resource.group.map(pattern.matches) ?? false
        case .path: matchesPath(resource.originalPath, of: resource.packageName)
        case .file: matchesFile(resource.originalPath)
        case .package: matchesPackage(resource.packageName)
        case .resourceType: criterion.value == resource.resourceType.rawValue
        default: false
        }
    }

    /// `name` or `package.name`.
    private func matchesQualified(_ package: String, _ name: String) -> Bool {
        if valueParts.count == 1 { return pattern.matches(name) }
        return GlobPattern(valueParts[0]).matches(package) && GlobPattern(valueParts[1]).matches(name)
    }

    private func matchesName(_ fqn: [String], version: String?) -> Bool {
        if Self.isSelected(fqn, by: valueParts, version: version) { return true }
        return Self.isSelected(Array(fqn.dropFirst()), by: valueParts, version: version)
    }

    /// Whether the parts are the beginning of the name, or the node's own name; a wildcard takes the rest.
    private static func isSelected(_ fqn: [String], by parts: [String], version: String?) -> Bool {
        guard let last = fqn.last else { return false }
        // A name may hold dots itself.
        if version == nil, parts.joined(separator: ".") == last { return true }
        if version != nil, fqn.count >= 2 {
            let name = fqn[fqn.count - 2]
            if parts == [name] || parts.suffix(2).joined(separator: "_") == "\(name)_\(last)" { return true }
        }
        let flat = fqn.flatMap { $0.split(separator: ".").map(String.init) }
        guard flat.count >= parts.count else { return false }
        for (index, part) in parts.enumerated() {
            if GlobPattern.hasWildcard(part) {
                return GlobPattern(parts[index...].joined(separator: ".")).matches(flat[index...].joined(separator: "."))
            }
            if flat[index] != part { return false }
        }
        return true
    }

    /// A path or pattern names files and folders of the project; what lies in a folder is meant too. Files of packages have
    /// paths of their own, which may be those of the project's files: only what is there in the project is named.
    private func matchesPath(_ original: String, of package: String) -> Bool {
        guard GlobPattern.hasWildcard(path) else {
            return (original == path || original.hasPrefix(path + "/")) && (package == projectName || isInProject(path))
        }
        let wanted = path.split(separator: "/").map(String.init)
        let parts = original.split(separator: "/").map(String.init)
        return (1...max(1, parts.count)).contains { count in
            Self.matches(wanted[...], parts.prefix(count))
                && (package == projectName || isInProject(parts.prefix(count).joined(separator: "/")))
        }
    }

    private func isInProject(_ path: String) -> Bool { ProjectFileSystem.exists(projectFolder + "/" + path) }

    private static func matches(_ wanted: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
        guard let first = wanted.first else { return parts.isEmpty }
        if first == "**" {
            return (parts.startIndex...parts.endIndex).contains { matches(wanted.dropFirst(), parts[$0...]) }
        }
        guard let part = parts.first, GlobPattern(first).matches(part) else { return false }
        return matches(wanted.dropFirst(), parts.dropFirst())
    }

    /// The schema file that describes a node, `package://models/schema.yml`; its folders do not count.
    private func matchesPatch(_ patch: String?) -> Bool {
        guard let patch, let scheme = patch.firstRange(of: "://") else { return false }
        let file = String(patch[scheme.upperBound...])
        guard patch[..<scheme.lowerBound] == projectName || isInProject(file) else { return false }
        guard GlobPattern.hasWildcard(path) else { return file == path }
        let (wanted, parts) = (path.split(separator: "/").map(String.init), file.split(separator: "/").map(String.init))
        return !path.hasSuffix("**") && Self.matches(wanted[...], parts[...])
    }

    private func matchesFile(_ original: String) -> Bool {
        let name = original.split(separator: "/").last.map(String.init) ?? original
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        return pattern.matches(name) || pattern.matches(stem)
    }

    private func matchesPackage(_ package: String) -> Bool {
        criterion.value == "this" ? package == projectName : pattern.matches(package)
    }

    private func matchesConfig(_ config: NodeConfig) -> Bool {
        var value: JSON = .object(config.values)
        for part in criterion.arguments {
            guard let next = value[part] ?? value[part.replacing("_hook", with: "-hook")] else { return false }
            value = next
        }
        // Of the severity alone, the case does not matter. Numbers and mappings equal no text.
        let ignoresCase = criterion.arguments == ["severity"]
        func equals(_ value: JSON) -> Bool {
            switch value {
            case .string(let text):
                ignoresCase ? text.uppercased() == criterion.value.uppercased() : text == criterion.value
            case .bool(let flag): criterion.value.lowercased() == "\(flag)"
            default: false
            }
        }
        if case .array(let items) = value { return items.contains(where: equals) }
        return equals(value)
    }

    private func matchesTestName(_ node: Node) -> Bool {
        if let test = node.unitTest { return pattern.matches(test.name) }
        guard let test = node.test else { return false }
        return pattern.matches(test.name)
    }

    private func matchesTestType(_ node: Node) -> Bool {
        if node.resourceType == .unitTest { return criterion.value == "unit" }
        guard node.resourceType == .test else { return false }
        switch criterion.value {
        case "generic", "schema": return node.isGenericTest
        case "singular": return node.isSingularTest
        case "data": return true
        default: return false
        }
    }

    private func matchesVersion(_ node: Node) -> Bool {
        guard node.resourceType == .model else { return false }
        switch criterion.value {
        case "none": return node.version == nil
        case "latest": return node.version != nil && node.version == node.latestVersion
        default:
            guard let version = node.version.flatMap(Double.init), let latest = node.latestVersion.flatMap(Double.init) else {
                return false
            }
            return criterion.value == "prerelease" ? version > latest : criterion.value == "old" && version < latest
        }
    }

    private func matchesSource(_ source: SourceDefinition) -> Bool {
        let names = [source.packageName, source.sourceName, source.name]
        let wanted: [String]
        switch valueParts.count {
        case 1: wanted = ["*", valueParts[0], "*"]
        case 2: wanted = ["*"] + valueParts
        case 3: wanted = valueParts
        default: return false
        }
        return zip(wanted, names).allSatisfy { GlobPattern($0).matches($1) }
    }
}
