import Diagnostics
import Documents

/// What a schema file holds, rendered and by kind.
struct SchemaFile: Sendable {
    var file: PackageFile
    var patches: [NodePatch] = []
    var sources: [SourcePatch] = []
    var sourceOverrides: [SourceOverride] = []
    var macros: [MacroPatch] = []
    var exposures: [Exposure] = []
    var groups: [Group] = []
    var unitTests: [UnitTest] = []
    /// Keys that are probably misspelt.
    var warnings: [Manifest.Warning] = []
    /// Metrics, semantic models and saved queries.
    var semantics: [SemanticResource] = []
    /// Descriptions of singular tests.
    var dataTests: [NodePatch] = []
}

/// What a schema file says about a macro.
struct MacroPatch: Sendable {
    var name: String
    var description: String
    var arguments: [MacroRecord.MacroArgument]
    var meta: JSON.Members
    var patchPath: String
}

/// A source with its tables.
struct SourcePatch: Sendable {
    var definition: SourceDefinition
    var tests: [PatchTest]
    /// Tags that its tests inherit.
    var testTags: [String]
}
