/// A function as the scope resolver sees it: something that runs in a ``Frame`` of its own.
///
/// It counts slots while a template is being resolved and never changes afterwards, which is before the template is
/// shared between threads; hence `@unchecked Sendable`.
final class FunctionScope: @unchecked Sendable {
    /// How many functions lie outside of this one.
    let level: Int32
    /// How many slots a frame needs.
    private(set) var slotCount = 0

    init(level: Int32) { self.level = level }

    /// Reserves a slot.
    func makeSlot() -> Int32 {
        defer { slotCount += 1 }
        return Int32(slotCount)
    }
}
