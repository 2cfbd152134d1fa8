import Testing

@testable import Orchestrate

struct TriggerRuleTests {
    /// How a rule decides, by the states of the tasks before: `s` success, `f` failed, `k` skipped, `u` upstream failed,
    /// `.` not done.
    static let table: [(TriggerRule, String, TriggerRule.Decision)] = [
        (.allSuccess, "ss", .run), (.allSuccess, "s.", .wait), (.allSuccess, "f.", .upstreamFailed),
        (.allSuccess, "u.", .upstreamFailed), (.allSuccess, "k.", .skip), (.allSuccess, "kf", .upstreamFailed),
        (.allFailed, "ff", .run), (.allFailed, "fu", .run), (.allFailed, "f.", .wait), (.allFailed, "s.", .skip),
        (.allFailed, "fk", .skip),
        (.allDone, "sfku", .run), (.allDone, "sfk.", .wait),
        (.allDoneMinOneSuccess, "sf", .run), (.allDoneMinOneSuccess, "s.", .wait),
        (.allDoneMinOneSuccess, "fu", .upstreamFailed), (.allDoneMinOneSuccess, "k.", .skip),
        (.allDoneMinOneSuccess, "sk", .skip),
        (.allDoneSetupSuccess, "sfku", .run), (.allDoneSetupSuccess, "s.", .wait),
        (.oneSuccess, "s.", .run), (.oneSuccess, "f.", .wait), (.oneSuccess, "ff", .upstreamFailed),
        (.oneSuccess, "kk", .skip), (.oneSuccess, "kf", .upstreamFailed),
        (.oneFailed, "f.", .run), (.oneFailed, "u.", .run), (.oneFailed, "s.", .wait), (.oneFailed, "sk", .skip),
        (.oneDone, "s.", .run), (.oneDone, "f.", .run), (.oneDone, "k.", .wait), (.oneDone, "ku", .skip),
        (.noneFailed, "sk", .run), (.noneFailed, "kk", .run), (.noneFailed, "s.", .wait), (.noneFailed, "f.", .upstreamFailed),
        (.noneFailedMinOneSuccess, "sk", .run), (.noneFailedMinOneSuccess, "kk", .skip),
        (.noneFailedMinOneSuccess, "s.", .wait), (.noneFailedMinOneSuccess, "u.", .upstreamFailed),
        (.noneSkipped, "sfu", .run), (.noneSkipped, "s.", .wait), (.noneSkipped, "k.", .skip),
        (.allSkipped, "kk", .run), (.allSkipped, "k.", .wait), (.allSkipped, "s.", .skip), (.allSkipped, "f.", .skip),
        (.always, "..", .run), (.always, "ff", .run),
    ]

    static func counts(_ states: String) -> UpstreamCounts {
        var counts = UpstreamCounts(total: states.count)
        let meaning: [Character: TaskState] = ["s": .success, "f": .failed, "k": .skipped, "u": .upstreamFailed, ".": .running]
        for state in states { counts.add(meaning[state] ?? .none) }
        return counts
    }

    @Test("decides as Airflow does", arguments: table)
    func decides(rule: TriggerRule, states: String, decision: TriggerRule.Decision) {
        #expect(rule.decide(Self.counts(states)) == decision, "\(rule.rawValue) with \(states)")
    }

    @Test("runs at once what nothing comes before", arguments: TriggerRule.allCases)
    func root(rule: TriggerRule) {
        #expect(rule.decide(UpstreamCounts(total: 0)) == .run)
    }

    @Test("never waits once all before are done", arguments: TriggerRule.allCases)
    func decidesInTheEnd(rule: TriggerRule) {
        for first in "sfkur" {
            for second in "sfkur" {
                var counts = UpstreamCounts(total: 2)
                for state in [first, second] {
                    switch state {
                    case "s": counts.add(.success)
                    case "f": counts.add(.failed)
                    case "k": counts.add(.skipped)
                    case "u": counts.add(.upstreamFailed)
                    default: counts.add(.removed)
                    }
                }
                #expect(rule.decide(counts) != .wait)
            }
        }
    }

    @Test("wants one of the setups before it to have succeeded")
    func setups() {
        var counts = UpstreamCounts(total: 2, setups: 1)
        counts.add(.failed, isSetup: true)
        counts.add(.success)
        #expect(TriggerRule.allDoneSetupSuccess.decide(counts) == .upstreamFailed)
        counts = UpstreamCounts(total: 2, setups: 1)
        counts.add(.skipped, isSetup: true)
        counts.add(.success)
        #expect(TriggerRule.allDoneSetupSuccess.decide(counts) == .skip)
        counts = UpstreamCounts(total: 2, setups: 1)
        counts.add(.success, isSetup: true)
        counts.add(.failed)
        #expect(TriggerRule.allDoneSetupSuccess.decide(counts) == .run)
    }

    @Test("has the thirteen names of Airflow 3")
    func names() {
        #expect(
            Set(TriggerRule.allCases.map(\.rawValue)) == [
                "all_success", "all_failed", "all_done", "all_done_min_one_success", "all_done_setup_success", "one_success",
                "one_failed", "one_done", "none_failed", "none_skipped", "none_failed_min_one_success", "all_skipped", "always",
            ])
    }
}
