package import Documents

/// A macro that the project could call.
package struct MacroRecord: Sendable {
    package var name: String
    package var package: String
    package var line: Int
    package var description = ""
    package var arguments: [MacroArgument] = []
    package var meta = JSON.Members()
    package var patchPath: String?
    let file: MacroFile
    let range: Range<Int>
    /// The names of the parameters as the tag has them, for the manifest.
    let header: String

    package var id: String { "macro.\(package).\(name)" }
    package var originalPath: String { file.originalPath }

    /// The whole block with its tags.
    package var source: String { String(decoding: Array(file.text.utf8)[range], as: UTF8.self) }

    /// A parameter as a schema file describes it.
    package struct MacroArgument: Sendable, Hashable {
        package var name: String
        package var type: String?
        package var description: String
    }
}
