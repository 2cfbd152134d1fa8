import Synchronization
import Testing

@testable import Connectors

@Suite("Reading ahead")
struct ReadAheadTests {
    private struct Broken: Error {}

    /// Hands over pieces of one byte value each.
    private func make(_ pieces: Int, size: Int, ending error: (any Error)? = nil, made: Counter? = nil)
        -> @Sendable (ReadAhead<Int>)
        throws -> Int
    {
        { ahead in
            for number in 0..<pieces {
                var buffer = ahead.buffer()
                #expect(buffer.count == 0)
                buffer.append([UInt8](repeating: UInt8(number & 255), count: size))
                buffer = try ahead.exchange(buffer)
                ahead.keep(buffer)
                made?.add()
            }
            if let error { throw error }
            return pieces
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        func add() { count.add(1, ordering: .relaxed) }
        var value: Int { count.load(ordering: .relaxed) }
    }

    @Test(
        "all pieces arrive in their order, small and huge ones, and then what the reader returned",
        arguments: [1, 65_536, 700_000])
    func order(size: Int) throws {
        var taken = 0
        let outcome = try ReadAhead.run("test", make: make(100, size: size)) { bytes in
            #expect(bytes.count == size && bytes.first == UInt8(taken & 255) && bytes.last == bytes.first)
            taken += 1
        }
        #expect(outcome == 100 && taken == 100)
    }

    @Test("what was made before a failure is taken before it is thrown")
    func failure() {
        var taken = 0
        #expect(throws: Broken.self) {
            try ReadAhead.run("test", make: make(3, size: 10, ending: Broken())) { _ in taken += 1 }
        }
        #expect(taken == 3)
    }

    @Test("who takes slowly holds the reader back, and who gives up ends it")
    func backPressure() {
        let made = Counter()
        var taken = 0
        #expect(throws: Broken.self) {
            try ReadAhead.run("test", make: make(1_000_000, size: 64 << 10, made: made)) { _ in
                taken += 1
                // Four may be on their way, one is in hand and one is being made.
                #expect(made.value <= taken + 5)
                if taken == 50 { throw Broken() }
            }
        }
        #expect(made.value <= 55)
    }
}
