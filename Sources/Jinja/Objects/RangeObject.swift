/// Python's `range`.
final class RangeObject: Object {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    init(_ start: Int, _ stop: Int, _ step: Int, limit: Int) throws {
        guard step != 0 else { throw TemplateError.value("range() arg 3 must not be zero") }
        self.start = start
        self.stop = stop
        self.step = step
        let span = step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        let stride = step.magnitude
        let length = span.overflow ? UInt.max : span.partialValue <= 0 ? 0 : (UInt(span.partialValue) - 1) / stride + 1
        guard length <= limit else {
            throw TemplateError.limit("Range too big. Ranges larger than \(limit) elements are not allowed (limits.rangeLength).")
        }
        count = Int(length)
    }

    override var typeName: String { "range" }
    override var repr: String { "range(\(start), \(stop)\(step == 1 ? "" : ", \(step)"))" }
    override var length: Int? { count }
    override func iterate() throws -> [Value]? { (0..<count).map { .int(start + $0 * step) } }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard var index = key.intValue else { return nil }
        if index < 0 { index += count }
        return (0..<count).contains(index) ? .int(start + index * step) : nil
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "start": .int(start)
        case "stop": .int(stop)
        case "step": .int(step)
        default: nil
        }
    }

    override func contains(_ value: Value) throws -> Bool? {
        let number: Int?
        switch value {
        case .double(let double): number = Int(exactly: double)
        default: number = value.intValue
        }
        guard let number else { return false }
        let offset = number - start
        return offset % step == 0 && (0..<count).contains(offset / step)
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? RangeObject, count == other.count else { return false }
        return count == 0 || (start == other.start && (count == 1 || step == other.step))
    }

    override func hash(into hasher: inout Hasher) { hasher.combine(count) }

    /// A part of the range.
    func slice(_ first: Value, _ last: Value, _ by: Value) throws -> RangeObject {
        let indices = Array(try Slicing.indices(count, first, last, by))
        let stride = by.isNone ? 1 : try by.index()
        let begin = indices.first.map { start + $0 * step } ?? start
        let end = indices.last.map { start + $0 * step + step * stride.signum() } ?? begin
        return try RangeObject(begin, end, step * stride, limit: count)
    }
}
