/// A positive number that others are divided by often.
///
/// A division takes ten times as long as a product. The remainder of 32-bit numbers is found with two products instead
/// (Lemire, Kaser, Kurz: "Faster remainder by direct computation", 2019).
struct Divisor {
    let number: Int
    /// 2 to the power of 64 by the number, rounded up; 0 where the number has more than 32 bits.
    private let reciprocal: UInt64

    /// - Precondition: The number is positive.
    init(_ number: Int) {
        precondition(number > 0)
        self.number = number
        reciprocal = number > 1 && number <= UInt32.max ? UInt64.max / UInt64(number) + 1 : 0
    }

    /// The remainder of an integer, which is never negative.
    @inline(__always) func remainder(of dividend: Int) -> Int {
        if reciprocal != 0, let small = UInt32(exactly: dividend) {
            let fraction = reciprocal &* UInt64(small)
            return Int(truncatingIfNeeded: fraction.multipliedFullWidth(by: UInt64(truncatingIfNeeded: number)).high)
        }
        let rest = dividend % number
        return rest < 0 ? rest + number : rest
    }
}
