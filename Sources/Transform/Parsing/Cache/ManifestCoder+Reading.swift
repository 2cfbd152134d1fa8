import Diagnostics
import Documents

extension ManifestCoder {
    /// - Throws: where the bytes are no manifest.
    static func manifest(from bytes: UnsafeRawBufferPointer) throws(CacheReader.Corruption) -> Manifest {
        var reader = try CacheReader(bytes)
        var manifest = Manifest(projectName: try reader.string())
        let nodes = try reader.nodes()
        manifest.nodes = IDTable(keys: nodes.map(\.id), values: nodes)
        for source in try reader.sources() { manifest.sources[source.id] = source }
        for exposure in try reader.exposures() { manifest.exposures[exposure.id] = exposure }
        for test in try reader.unitTests() { manifest.unitTests[test.id] = test }
        for resource in try reader.semantics() { manifest.semantics[resource.id] = resource }
        manifest.docs = try reader.array { (reader: inout CacheReader) throws(CacheReader.Corruption) in
            DocBlock(
                packageName: try reader.string(), name: try reader.string(), contents: try reader.string(),
                path: try reader.string(), originalPath: try reader.string())
        }
        manifest.groups = try reader.array { (reader: inout CacheReader) throws(CacheReader.Corruption) in
            Group(
                packageName: try reader.string(), name: try reader.string(), path: try reader.string(),
                originalPath: try reader.string(), owner: try reader.json(), description: try reader.optionalString(),
                config: try reader.members())
        }
        manifest.disabled = try reader.nodes()
        manifest.disabledSources = try reader.sources()
        manifest.disabledExposures = try reader.exposures()
        manifest.disabledUnitTests = try reader.unitTests()
        manifest.disabledSemantics = try reader.semantics()
        manifest.operations = try reader.nodes()
        manifest.warnings = try reader.array { (reader: inout CacheReader) throws(CacheReader.Corruption) in
            let event = WarningEvent(try reader.string(), try reader.string())
            let (message, hint, isOptional) = (try reader.string(), try reader.optionalString(), try reader.bool())
            return Manifest.Warning(
                event: event, message: message, location: try reader.bool() ? try reader.location() : nil, hint: hint,
                isOptional: isOptional)
        }
        for (id, patch) in try reader.macroPatches() { manifest.macroPatches[id] = patch }
        manifest.indexReferences()
        return manifest
    }
}

extension CacheReader {
    fileprivate mutating func nodes() throws(Corruption) -> [Node] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.node() }
    }

    fileprivate mutating func sources() throws(Corruption) -> [SourceDefinition] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.source() }
    }

    fileprivate mutating func exposures() throws(Corruption) -> [Exposure] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.exposure() }
    }

    fileprivate mutating func semantics() throws(Corruption) -> [SemanticResource] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.semanticResource() }
    }

    fileprivate mutating func unitTests() throws(Corruption) -> [UnitTest] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.unitTest() }
    }

    fileprivate mutating func macroPatches() throws(Corruption) -> [(String, MacroPatch)] {
        try array { (reader: inout CacheReader) throws(Corruption) in
            let id = try reader.string()
            let name = try reader.string()
            let description = try reader.string()
            let arguments = try reader.array { (reader: inout CacheReader) throws(Corruption) in
                MacroRecord.MacroArgument(
                    name: try reader.string(), type: try reader.optionalString(), description: try reader.string())
            }
            let patch = MacroPatch(
                name: name, description: description, arguments: arguments, meta: try reader.members(),
                patchPath: try reader.string())
            return (id, patch)
        }
    }

    fileprivate mutating func location() throws(Corruption) -> SourceLocation {
        SourceLocation(file: try string(), line: try optionalInt(), column: try optionalInt())
    }

    private mutating func ids() throws(Corruption) -> [NodeID] {
        try array { (reader: inout CacheReader) throws(Corruption) in NodeID(try reader.string()) }
    }

    private mutating func values() throws(Corruption) -> [JSON] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.json() }
    }

    private mutating func refCalls() throws(Corruption) -> [RefCall] {
        try array { (reader: inout CacheReader) throws(Corruption) in
            var ref = RefCall(
                package: try reader.optionalString(), name: try reader.string(), version: try reader.optionalString())
            ref.hasTextVersion = try reader.bool()
            return ref
        }
    }

    private mutating func sourceCalls() throws(Corruption) -> [SourceCall] {
        try array { (reader: inout CacheReader) throws(Corruption) in
            SourceCall(source: try reader.string(), table: try reader.string())
        }
    }

    private mutating func columns() throws(Corruption) -> [ColumnInfo] {
        try array { (reader: inout CacheReader) throws(Corruption) in
            var column = ColumnInfo(name: try reader.string())
            column.description = try reader.string()
            column.meta = try reader.members()
            column.dataType = try reader.optionalString()
            column.constraints = try reader.values()
            column.quote = try reader.optionalBool()
            column.tags = try reader.strings()
            column.docBlocks = try reader.strings()
            column.granularity = try reader.optionalString()
            column.dimension = try reader.json()
            column.entity = try reader.json()
            column.config = try reader.members()
            column.extra = try reader.members()
            return column
        }
    }

    private mutating func node() throws(Corruption) -> Node {
        let id = NodeID(try string())
        let name = try string()
        guard let type = ResourceType(rawValue: try string()) else { throw Corruption() }
        let (package, path, original) = (try string(), try string(), try string())
        let (code, language, alias) = (try string(), try string(), try string())
        let checksum = Checksum(name: try string(), value: try string())
        let fqn = try strings()
        let (schema, database, relation) = (try optionalString(), try optionalString(), try optionalString())
        let (group, patchPath, access) = (try optionalString(), try optionalString(), try optionalString())
        let (version, latest, deprecation) = (try optionalString(), try optionalString(), try optionalString())
        let rootPath = try optionalString()
        let config = NodeConfig(try members())
        var node = Node(
            id: id, name: name, resourceType: type, packageName: package, path: path, originalPath: original, rawCode: code,
            fqn: fqn, alias: alias, schema: schema, database: database, relationName: relation, checksum: checksum,
            config: config, location: SourceLocation(file: ""))
        node.language = language
        (node.group, node.patchPath, node.access) = (group, patchPath, access)
        (node.version, node.latestVersion, node.deprecationDate) = (version, latest, deprecation)
        node.rootPath = rootPath
        node.unrenderedConfig = try members()
        node.tags = try strings()
        node.meta = try members()
        node.description = try string()
        node.docBlocks = try strings()
        node.columns = try columns()
        node.constraints = try values()
        node.primaryKey = try strings()
        node.timeSpine = try json()
        node.refs = try refCalls()
        node.sources = try sourceCalls()
        node.dependsOnNodes = try ids()
        node.dependsOnMacros = try strings()
        if try bool() { node.test = try testMetadata() }
        node.createdAt = try double()
        node.location = try location()
        node.index = try optionalInt()
        node.functions = try refCalls()
        if try bool() {
            let arguments = try values()
            node.function = FunctionSignature(arguments: arguments, returns: try values().first ?? .null)
        }
        return node
    }

    private mutating func testMetadata() throws(Corruption) -> TestMetadata {
        TestMetadata(
            name: try string(), namespace: try optionalString(), arguments: try members(), columnName: try optionalString(),
            fileKeyName: try string(), attachedNode: try optionalString().map { NodeID($0) })
    }

    private mutating func source() throws(Corruption) -> SourceDefinition {
        let (id, package, path, original) = (NodeID(try string()), try string(), try string(), try string())
        let (sourceName, name, sourceDescription, description) = (try string(), try string(), try string(), try string())
        let (loader, identifier, database, schema) = (try string(), try string(), try string(), try string())
        let relation = try string()
        let (field, query) = (try optionalString(), try optionalString())
        let (rawDatabase, rawSchema) = (try optionalString(), try optionalString())
        var source = SourceDefinition(
            id: id, packageName: package, path: path, originalPath: original, fqn: try strings(), sourceName: sourceName,
            name: name, identifier: identifier, database: database, schema: schema, config: NodeConfig(),
            relationName: relation, location: SourceLocation(file: ""))
        source.sourceDescription = sourceDescription
        source.description = description
        source.loader = loader
        (source.loadedAtField, source.loadedAtQuery) = (field, query)
        (source.unrenderedDatabase, source.unrenderedSchema) = (rawDatabase, rawSchema)
        source.quoting = try members()
        source.freshness = try json()
        source.external = try json()
        source.columns = try columns()
        source.meta = try members()
        source.sourceMeta = try members()
        source.tags = try strings()
        source.config = NodeConfig(try members())
        source.unrenderedConfig = try members()
        source.docBlocks = try strings()
        source.createdAt = try double()
        source.location = try location()
        return source
    }

    private mutating func exposure() throws(Corruption) -> Exposure {
        let (id, name, package) = (NodeID(try string()), try string(), try string())
        let (path, original, type, description) = (try string(), try string(), try string(), try string())
        let (label, maturity, url) = (try optionalString(), try optionalString(), try optionalString())
        var exposure = Exposure(
            id: id, name: name, packageName: package, path: path, originalPath: original, fqn: try strings(), type: type,
            location: SourceLocation(file: ""))
        exposure.description = description
        (exposure.label, exposure.maturity, exposure.url) = (label, maturity, url)
        exposure.owner = try json()
        exposure.meta = try members()
        exposure.tags = try strings()
        exposure.config = NodeConfig(try members())
        exposure.unrenderedConfig = try members()
        exposure.refs = try refCalls()
        exposure.sources = try sourceCalls()
        exposure.metrics = try array { (reader: inout CacheReader) throws(Corruption) in try reader.strings() }
        exposure.dependsOnNodes = try ids()
        exposure.createdAt = try double()
        exposure.location = try location()
        return exposure
    }

    private mutating func semanticResource() throws(Corruption) -> SemanticResource {
        let (id, name, type) = (NodeID(try string()), try string(), try string())
        let (package, path, original) = (try string(), try string(), try string())
        guard let resourceType = ResourceType(rawValue: type) else { throw Corruption() }
        var resource = SemanticResource(
            id: id, name: name, resourceType: resourceType, packageName: package, path: path, originalPath: original,
            fqn: try strings(), location: SourceLocation(file: ""))
        resource.definition = try members()
        resource.config = NodeConfig(try members())
        resource.unrenderedConfig = try members()
        resource.meta = try members()
        resource.tags = try strings()
        resource.refs = try refCalls()
        resource.dependsOnNodes = try ids()
        resource.createdAt = try double()
        resource.location = try location()
        return resource
    }

    private mutating func unitTest() throws(Corruption) -> UnitTest {
        let (id, name, model, package) = (NodeID(try string()), try string(), try string(), try string())
        let (path, original, description, checksum) = (try string(), try string(), try string(), try string())
        let (version, schema) = (try optionalString(), try optionalString())
        var test = UnitTest(
            id: id, name: name, model: model, packageName: package, path: path, originalPath: original, fqn: try strings(),
            location: SourceLocation(file: ""))
        (test.description, test.checksum) = (description, checksum)
        (test.version, test.schema) = (version, schema)
        test.given = try array { (reader: inout CacheReader) throws(Corruption) in try reader.fixture() }
        test.expect = try fixture()
        test.overrides = try json()
        test.versions = try json()
        test.config = NodeConfig(try members())
        test.dependsOnNodes = try ids()
        test.createdAt = try double()
        test.location = try location()
        return test
    }

    private mutating func fixture() throws(Corruption) -> UnitTest.Fixture {
        UnitTest.Fixture(
            input: try optionalString(), rows: try json(), format: try string(), file: try optionalString())
    }
}
