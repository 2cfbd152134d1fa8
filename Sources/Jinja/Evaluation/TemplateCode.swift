/// The syntax tree of a template with everything needed to run it.
///
/// Filled in by the parser and the scope resolver before the template is shared and never changed afterwards, hence
/// `@unchecked Sendable`.
package final class TemplateCode: @unchecked Sendable {
    package let source: TemplateSource
    /// The environment the template was parsed for.
    let environment: Environment
    /// The memory of the tree.
    let arena: Arena
    package internal(set) var body = Body()
    /// The frame of the top level.
    var function = FunctionScope.none
    /// The slot of `self`, when it is used.
    var selfSlot: Int32?
    /// The names set at the top level, with their slots.
    var exports: [String: Int32] = [:]
    /// The exported names that importing templates can see.
    var moduleNames: [String] = []
    /// The blocks by name.
    var blocks: [String: BlockStatement] = [:]
    /// Whether the top level consists only of text and macros that are found through the host's globals.
    var isMacroLibrary = false

    init(_ source: TemplateSource, _ environment: Environment) {
        self.source = source
        self.environment = environment
        arena = Arena(hint: 2048 + source.bytes.count * 6)
    }
}
