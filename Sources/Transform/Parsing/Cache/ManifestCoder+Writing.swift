import Diagnostics
import Documents

/// A manifest in the cache's form. Whoever adds a field to what is stored adds it in both directions here and counts up
/// ``ManifestCache/format``.
enum ManifestCoder {
    static func bytes(of manifest: Manifest) -> [UInt8] {
        var writer = CacheWriter(nodes: manifest.nodes.count)
        writer.write(manifest.projectName)
        writer.write(manifest.nodes.values) { $0.write($1) }
        writer.write(manifest.sources.values) { $0.write($1) }
        writer.write(manifest.exposures.values) { $0.write($1) }
        writer.write(manifest.unitTests.values) { $0.write($1) }
        writer.write(manifest.semantics.values) { $0.write($1) }
        writer.write(manifest.docs) { writer, doc in
            for text in [doc.packageName, doc.name, doc.contents, doc.path, doc.originalPath] { writer.write(text) }
        }
        writer.write(manifest.groups) { writer, group in
            for text in [group.packageName, group.name, group.path, group.originalPath] { writer.write(text) }
            writer.write(group.owner)
            writer.write(group.description)
            writer.write(group.config)
        }
        writer.write(manifest.disabled) { $0.write($1) }
        writer.write(manifest.disabledSources) { $0.write($1) }
        writer.write(manifest.disabledExposures) { $0.write($1) }
        writer.write(manifest.disabledUnitTests) { $0.write($1) }
        writer.write(manifest.disabledSemantics) { $0.write($1) }
        writer.write(manifest.operations) { $0.write($1) }
        writer.write(manifest.warnings) { writer, warning in
            for text in [warning.event.name, warning.event.code, warning.message] { writer.write(text) }
            writer.write(warning.hint)
            writer.write(warning.isOptional)
            writer.write(warning.location != nil)
            if let location = warning.location { writer.write(location) }
        }
        writer.write(Array(manifest.macroPatches)) { writer, entry in
            writer.write(entry.key)
            writer.write(entry.value.name)
            writer.write(entry.value.description)
            writer.write(entry.value.arguments) { writer, argument in
                writer.write(argument.name)
                writer.write(argument.type)
                writer.write(argument.description)
            }
            writer.write(entry.value.meta)
            writer.write(entry.value.patchPath)
        }
        return writer.finish()
    }
}

extension CacheWriter {
    fileprivate mutating func write(_ location: SourceLocation) {
        write(location.file)
        write(location.line)
        write(location.column)
    }

    fileprivate mutating func write(_ refs: [RefCall]) {
        write(refs) { writer, ref in
            writer.write(ref.package)
            writer.write(ref.name)
            writer.write(ref.version)
            writer.write(ref.hasTextVersion)
        }
    }

    fileprivate mutating func write(_ sources: [SourceCall]) {
        write(sources) { writer, source in
            writer.write(source.source)
            writer.write(source.table)
        }
    }

    fileprivate mutating func write(_ ids: [NodeID]) { write(ids) { $0.write($1.rawValue) } }

    fileprivate mutating func write(_ columns: [ColumnInfo]) {
        write(columns) { writer, column in
            writer.write(column.name)
            writer.write(column.description)
            writer.write(column.meta)
            writer.write(column.dataType)
            writer.write(column.constraints) { $0.write($1) }
            writer.write(column.quote)
            writer.write(column.tags)
            writer.write(column.docBlocks)
            writer.write(column.granularity)
            writer.write(column.dimension)
            writer.write(column.entity)
            writer.write(column.config)
            writer.write(column.extra)
        }
    }

    fileprivate mutating func write(_ node: Node) {
        for text in [node.id.rawValue, node.name, node.resourceType.rawValue, node.packageName, node.path, node.originalPath] {
            write(text)
        }
        for text in [node.rawCode, node.language, node.alias, node.checksum.name, node.checksum.value] { write(text) }
        write(node.fqn)
        for text in [
            node.schema, node.database, node.relationName, node.group, node.patchPath, node.access, node.version,
            node.latestVersion, node.deprecationDate, node.rootPath,
        ] { write(text) }
        write(node.config.values)
        write(node.unrenderedConfig)
        write(node.tags)
        write(node.meta)
        write(node.description)
        write(node.docBlocks)
        write(node.columns)
        write(node.constraints) { $0.write($1) }
        write(node.primaryKey)
        write(node.timeSpine)
        write(node.refs)
        write(node.sources)
        write(node.dependsOnNodes)
        write(node.dependsOnMacros)
        write(node.test != nil)
        if let test = node.test {
            write(test.name)
            write(test.namespace)
            write(test.arguments)
            write(test.columnName)
            write(test.fileKeyName)
            write(test.attachedNode?.rawValue)
        }
        write(node.createdAt)
        write(node.location)
        write(node.index)
        write(node.functions)
        write(node.function != nil)
        if let function = node.function {
            write(function.arguments) { $0.write($1) }
            write([function.returns]) { $0.write($1) }
        }
    }

    fileprivate mutating func write(_ source: SourceDefinition) {
        for text in [source.id.rawValue, source.packageName, source.path, source.originalPath, source.sourceName, source.name] {
            write(text)
        }
        for text in [
            source.sourceDescription, source.description, source.loader, source.identifier, source.database, source.schema,
            source.relationName,
        ] { write(text) }
        for text in [source.loadedAtField, source.loadedAtQuery, source.unrenderedDatabase, source.unrenderedSchema] {
            write(text)
        }
        write(source.fqn)
        write(source.quoting)
        write(source.freshness)
        write(source.external)
        write(source.columns)
        write(source.meta)
        write(source.sourceMeta)
        write(source.tags)
        write(source.config.values)
        write(source.unrenderedConfig)
        write(source.docBlocks)
        write(source.createdAt)
        write(source.location)
    }

    fileprivate mutating func write(_ exposure: Exposure) {
        for text in [
            exposure.id.rawValue, exposure.name, exposure.packageName, exposure.path, exposure.originalPath, exposure.type,
            exposure.description,
        ] { write(text) }
        for text in [exposure.label, exposure.maturity, exposure.url] { write(text) }
        write(exposure.fqn)
        write(exposure.owner)
        write(exposure.meta)
        write(exposure.tags)
        write(exposure.config.values)
        write(exposure.unrenderedConfig)
        write(exposure.refs)
        write(exposure.sources)
        write(exposure.metrics) { $0.write($1) }
        write(exposure.dependsOnNodes)
        write(exposure.createdAt)
        write(exposure.location)
    }

    fileprivate mutating func write(_ resource: SemanticResource) {
        for text in [
            resource.id.rawValue, resource.name, resource.resourceType.rawValue, resource.packageName, resource.path,
            resource.originalPath,
        ] { write(text) }
        write(resource.fqn)
        write(resource.definition)
        write(resource.config.values)
        write(resource.unrenderedConfig)
        write(resource.meta)
        write(resource.tags)
        write(resource.refs)
        write(resource.dependsOnNodes)
        write(resource.createdAt)
        write(resource.location)
    }

    fileprivate mutating func write(_ test: UnitTest) {
        for text in [
            test.id.rawValue, test.name, test.model, test.packageName, test.path, test.originalPath, test.description,
            test.checksum,
        ] { write(text) }
        write(test.version)
        write(test.schema)
        write(test.fqn)
        write(test.given) { $0.write($1) }
        write(test.expect)
        write(test.overrides)
        write(test.versions)
        write(test.config.values)
        write(test.dependsOnNodes)
        write(test.createdAt)
        write(test.location)
    }

    fileprivate mutating func write(_ fixture: UnitTest.Fixture) {
        write(fixture.input)
        write(fixture.rows)
        write(fixture.format)
        write(fixture.file)
    }
}
