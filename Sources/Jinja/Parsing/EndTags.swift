/// The tags that end a body.
struct EndTags {
    /// The names, in the order in which messages list them.
    let names: [String]
    /// The names that are keywords, one bit each.
    private let words: UInt64
    private let hasOthers: Bool

    /// Keywords.
    init(_ keywords: Keyword...) {
        names = keywords.map(\.text)
        words = keywords.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
        hasOthers = false
    }

    /// A name that the host chose.
    init(_ name: String) {
        names = [name]
        words = 0
        hasOthers = true
    }

    /// Whether a name token is one of the names.
    func contains(_ token: Token, in source: TemplateSource) -> Bool {
        if hasOthers { return names.contains(source.text(token.range)) }
        return words >> UInt64(token.word.rawValue) & 1 == 1 && token.word != .other
    }

    static let loop = EndTags(.endfor, .else)
    static let loopElse = EndTags(.endfor)
    static let branch = EndTags(.elif, .else, .endif)
    static let branchElse = EndTags(.endif)
    static let block = EndTags(.endblock)
    static let set = EndTags(.endset)
    static let macro = EndTags(.endmacro)
    static let call = EndTags(.endcall)
    static let filter = EndTags(.endfilter)
    static let with = EndTags(.endwith)
    static let autoescape = EndTags(.endautoescape)
}
