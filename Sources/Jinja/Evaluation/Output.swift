/// Where output goes: bytes of text, or values that keep their type.
struct Output: ~Copyable {
    /// The text so far.
    var bytes = TextBuffer()
    /// The parts so far, when output keeps its types.
    var parts: [Value] = []
    /// Whether output keeps its types.
    let isNative: Bool
    /// Whether text and expressions are skipped, after `extends`.
    var isSuppressed = false { didSet { isSpecial = isNative || isSuppressed || recorder != nil } }
    /// Notes where the text comes from, where that is wanted.
    var recorder: OutputRecorder? { didSet { isSpecial = isNative || isSuppressed || recorder != nil } }
    /// Whether output is anything but text that is written.
    private(set) var isSpecial: Bool

    init(isNative: Bool = false) {
        self.isNative = isNative
        isSpecial = isNative
    }

    /// Appends text.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        if isNative { parts.append(.string(String(decoding: text, as: UTF8.self))) } else { bytes.append(contentsOf: text) }
    }

    /// Appends what `{{ value }}` gives.
    mutating func append(_ value: Value, _ runtime: Runtime) throws {
        if isNative { parts.append(value) } else { try runtime.write(value, into: &bytes) }
    }

    /// The text of everything.
    func text() throws -> String {
        if isNative { return try parts.map { try $0.text() }.joined() }
        return bytes.string
    }

    /// What a macro, block or call block with this output gives.
    func value(_ runtime: Runtime) throws -> Value {
        if isNative { return try NativeText.concatenate(parts) }
        let text = try text()
        return runtime.autoescapes ? .markup(text) : .string(text)
    }
}
