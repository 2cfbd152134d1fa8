import Testing

@testable import Orchestrate

struct DurationTextTests {
    @Test(
        "reads lengths of time",
        arguments: [
            ("60m", 3600.0), ("1h30m", 5400), ("1h 30m", 5400), ("1 day 6 hours", 108_000), ("1.5h", 5400), ("250ms", 0.25),
            ("90", 90), ("45s", 45), ("2w", 1_209_600), ("PT1H30M", 5400), ("P1DT12H", 129_600), ("P2W", 1_209_600),
            ("PT0.5S", 0.5), ("0s", 0), (" 7d ", 604_800), ("5min", 300), ("10 Minutes", 600),
        ])
    func reads(text: String, seconds: Double) throws {
        #expect(try Duration(parsing: text).inSeconds == seconds)
    }

    @Test(
        "refuses what is no length of time, and says why",
        arguments: [
            ("", "missing"), ("soon", "not a length"), ("5 minits", "unknown unit 'minits'"), ("1h1h", "twice"),
            ("1h30", "without a unit"),
            ("P1M", "months and years"), ("P", "not an ISO"), ("PT", "not an ISO"), ("PT5", "not an ISO"),
            ("-5m", "not a length"),
            ("1..5h", "not a length"), ("99999999999999d", "too long"), ("1h,", "not a length"),
        ])
    func refuses(text: String, why: String) {
        let error = #expect(throws: OrchestrateError.self) { try Duration(parsing: text) }
        #expect(error?.message.contains(why) == true, "\(error?.message ?? "")")
        #expect(error?.kind == .badDuration)
        #expect(error?.hint != nil)
    }

    @Test("suggests the unit that was meant")
    func suggests() {
        let error = #expect(throws: OrchestrateError.self) { try Duration(parsing: "5 minuts") }
        #expect(error?.hint == "did you mean 'minutes'?" || error?.hint == "did you mean 'minute'?")
    }

    @Test(
        "writes lengths of time",
        arguments: [
            (Duration.seconds(3600), "1h"), (.seconds(5400), "1h 30m"), (.seconds(0), "0s"), (.milliseconds(250), "250ms"),
            (.seconds(90_061), "1d 1h 1m 1s"), (.microseconds(15), "15us"), (.seconds(-60), "-1m"),
        ])
    func writes(duration: Duration, text: String) { #expect(duration.shortText == text) }
}
