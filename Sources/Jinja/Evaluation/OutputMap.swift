/// Which place of a template each piece of its output comes from; what macros wrote leads on into them.
///
/// Made by ``Runtime/renderMapped(_:)``. It is there for messages about the output, such as those of a database about
/// SQL, which is to be mended in the template.
public final class OutputMap: Sendable {
    /// A piece of the output.
    struct Mark: Sendable {
        /// Where it begins in the output, in bytes.
        var start: Int
        /// Where its text, or its expression, begins in the source, in bytes.
        var offset: Int
        var source: TemplateSource
        /// Whether the text stands in the template as it stands in the output.
        var isText: Bool
        /// Where the pieces of the piece come from, if a macro wrote it.
        var inner: OutputMap?
    }

    /// A place of a template.
    public struct Place: Sendable, Hashable {
        /// The macro that the place is in; nil in the template itself.
        public var macro: String?
        public var templateName: String?
        /// From 1.
        public var line: Int
        /// In characters, from 1.
        public var column: Int
        public var sourceLine: String?
        /// Whether the text stands there as it stands in the output, and is not the value of an expression.
        public var isText: Bool
    }

    /// More pieces than these are not told apart.
    static let limit = 100_000

    let macro: String?
    let marks: [Mark]
    /// How many bytes the output has.
    public let length: Int

    init(macro: String?, marks: [Mark], length: Int) {
        self.macro = macro
        self.marks = marks
        self.length = length
    }

    /// Where the byte at an offset of the output comes from: the place in the template, then those in the macros that
    /// led to it. Empty where nothing is known of it.
    public func places(of offset: Int) -> [Place] {
        guard (0..<max(length, 1)).contains(offset) else { return [] }
        // The last piece that begins at or before the offset.
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return [] }
        let mark = marks[low - 1]
        let position = mark.source.position(of: mark.isText ? mark.offset + offset - mark.start : mark.offset)
        let place = Place(
            macro: macro, templateName: mark.source.name, line: position.line, column: position.column,
            sourceLine: mark.source.line(position.line), isText: mark.isText)
        return [place] + (mark.inner?.places(of: offset - mark.start) ?? [])
    }
}

/// Notes the pieces of one output while it is written.
final class OutputRecorder {
    private(set) var marks: [OutputMap.Mark] = []
    /// Where the expression stands that is evaluated, for a macro that it ends.
    private(set) var expressionOffset: Int?

    func begin(_ expression: Expression) { expressionOffset = expression.offset }

    func add(_ mark: OutputMap.Mark) { if marks.count < OutputMap.limit { marks.append(mark) } }
}

extension Runtime {
    /// Renders a template to text, and tells where each piece of it comes from. Slower than ``render(_:)``.
    public func renderMapped(_ template: Template) throws -> (text: String, map: OutputMap) {
        var output = Output()
        let recorder = OutputRecorder()
        output.recorder = recorder
        recordsOutput = true
        defer {
            recordsOutput = false
            lastMap = nil
        }
        try locatingReturn(template) { try run(template, Context(locals: [:]), &output) }
        return (output.bytes.string, OutputMap(macro: nil, marks: recorder.marks, length: output.bytes.count))
    }
}

extension OutputStatement {
    /// Writes the parts and notes where each comes from.
    @inline(never) func executeRecording(
        _ recorder: OutputRecorder, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws {
        let source = frame.source
        for part in node.pointee.parts {
            if part.length > 0 {
                let place = part.text - (source.bytes.baseAddress ?? part.text)
                // Text with other line ends than the source is a copy.
                let isThere = place >= 0 && place + part.length <= source.bytes.count
                recorder.add(
                    .init(start: output.bytes.count, offset: isThere ? place : offset, source: source, isText: isThere))
                output.bytes.append(part.text, part.length)
            }
            guard let expression = part.expression else { continue }
            recorder.begin(expression)
            runtime.lastMap = nil
            let value = try expression.evaluate(frame, runtime)
            let start = output.bytes.count
            try locating(frame) { try runtime.write(value, into: &output.bytes) }
            let inner = runtime.lastMap.flatMap { $0.length == output.bytes.count - start ? $0 : nil }
            recorder.add(.init(start: start, offset: expression.offset, source: source, isText: false, inner: inner))
        }
        try locating(frame) { try runtime.checkOutput(output.bytes.count) }
    }
}
