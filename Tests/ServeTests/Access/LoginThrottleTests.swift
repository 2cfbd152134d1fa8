import Orchestrate
import Testing

@testable import Serve

@Suite("Slowing down who guesses")
struct LoginThrottleTests {
    @Test("five failures are free, then each costs twice the wait, up to a quarter of an hour")
    func waits() {
        let throttle = LoginThrottle()
        var now = Timestamp(seconds: 1_000_000)
        for _ in 0..<5 {
            #expect(throttle.wait(of: ["user ada"], at: now) == nil)
            throttle.recordFailure(of: ["user ada"], at: now)
        }
        #expect(throttle.wait(of: ["user ada"], at: now) == .seconds(1))
        #expect(throttle.wait(of: ["user bob"], at: now) == nil)
        now = now + .seconds(1)
        #expect(throttle.wait(of: ["user ada"], at: now) == nil)
        throttle.recordFailure(of: ["user ada"], at: now)
        #expect(throttle.wait(of: ["user ada"], at: now) == .seconds(2))
        for _ in 0..<20 { throttle.recordFailure(of: ["user ada"], at: now) }
        #expect(throttle.wait(of: ["user ada"], at: now) == .seconds(900))
        throttle.recordSuccess(of: "user ada")
        #expect(throttle.wait(of: ["user ada"], at: now) == nil)
    }
}
