/// A macro while its template is still being parsed.
struct MacroDraft {
    var name: String
    var tag: String
    var code: MacroCode
    var metadata: [String: String]
    /// From the opening tag to the end of the closing one.
    var range: Range<Int>
    /// Between the tags.
    var bodyRange: Range<Int>
    /// The source of each parameter's default value.
    var defaultRanges: [Range<Int>?]
}
