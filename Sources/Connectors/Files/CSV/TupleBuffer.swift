/// Bytes of COPY BINARY that grow at the end.
///
/// `@unchecked Sendable`: one thread has it at a time; ``ReadAhead`` hands it from one to the other under its lock.
final class TupleBuffer: @unchecked Sendable {
    private struct State {
        var base: UnsafeMutablePointer<UInt8>
        var count = 0
        var capacity: Int
    }
    /// Behind a pointer, since the runtime looks after each access to a variable of a class, of which there would be ten for each
    /// value.
    private let state: UnsafeMutablePointer<State>

    init(capacity: Int = 80 << 10) {
        state = .allocate(capacity: 1)
        state.initialize(to: State(base: .allocate(capacity: capacity), capacity: capacity))
    }

    deinit {
        state.pointee.base.deallocate()
        state.deallocate()
    }

    @inline(__always)
    var base: UnsafeMutablePointer<UInt8> { state.pointee.base }

    @inline(__always)
    private(set) var count: Int {
        get { state.pointee.count }
        set { state.pointee.count = newValue }
    }

    var capacity: Int { state.pointee.capacity }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    func removeAll() { count = 0 }

    /// Makes room for so many more bytes.
    @inline(__always)
    func reserve(_ more: Int) {
        if state.pointee.count + more > state.pointee.capacity { grow(more) }
    }

    private func grow(_ more: Int) {
        let capacity = max(2 * state.pointee.capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        state.pointee.base = larger
        state.pointee.capacity = capacity
    }

    /// Room must have been reserved, here and below.
    @inline(__always)
    func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        UnsafeMutableRawPointer(base + count).storeBytes(of: value.bigEndian, as: T.self)
        count += MemoryLayout<T>.size
    }

    @inline(__always)
    func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        (base + count).update(from: bytes, count: length)
        count += length
    }

    @inline(__always)
    func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        UnsafeMutableRawPointer(base + offset).storeBytes(of: value.bigEndian, as: T.self)
    }

    /// Puts the length before what was appended since `start`, where four bytes were left for it.
    @inline(__always)
    func closeField(_ start: Int) { store(Int32(count - start - 4), at: start) }

    /// Takes back what was appended since `offset`, and leaves room for a length.
    @inline(__always)
    func rewind(to offset: Int) { count = offset }

    @inline(__always)
    func openField() -> Int {
        let start = count
        count += 4
        return start
    }

    @inline(__always)
    func appendNull() { append(Int32(-1)) }

    func append(_ bytes: [UInt8]) {
        reserve(bytes.count)
        bytes.withUnsafeBufferPointer { if let start = $0.baseAddress { append(start, $0.count) } }
    }

    func appendField(_ bytes: [UInt8]) {
        reserve(bytes.count + 4)
        append(Int32(bytes.count))
        bytes.withUnsafeBufferPointer { if let start = $0.baseAddress { append(start, $0.count) } }
    }
}
