import Foundation
import Jinja
import Testing

/// Templates that nobody would write. `LEAT_FUZZ_SECONDS` makes each test run longer than two seconds, `LEAT_FUZZ_SEED`
/// begins with another seed.
@Suite("Fuzzing")
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["LEAT_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
    private static let seed = environment["LEAT_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    /// A context with a value of each kind, for generated templates.
    private static let context = "{'x': 5, 's': 'a b', 'l': [1, 'a', 2.5], 'd': {'k': 'v', 'j': [1]}, 'n1': None, 'y': 'Yes'}"

    @Test("damaged and random templates neither crash nor hang", .timeLimit(.minutes(30)))
    func survives() throws {
        var source = try Source(seed: Self.seed)
        let end = ContinuousClock.now + .seconds(Self.seconds)
        repeat {
            for testCase in source.batch(50) {
                let start = Self.processorSeconds()
                _ = try? testCase.renderLimited()
                let elapsed = Self.processorSeconds() - start
                #expect(elapsed < 20, "takes \(elapsed) seconds: \(testCase.template.debugDescription)")
            }
        } while ContinuousClock.now < end
    }

    @Test(
        "where Python's Jinja2 accepts a template too, the text is the same",
        .enabled(if: PythonJinja.isAvailable, "needs python3 with jinja2 3.1"), .timeLimit(.minutes(30)))
    func agrees() throws {
        var source = try Source(seed: Self.seed &+ 1_000_000)
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var compared = 0
        repeat {
            let cases = source.batch(200)
            for (testCase, expected) in zip(cases, try PythonJinja.render(cases)) {
                guard let expected, let text = try? testCase.renderLimited(), Self.isComparable(testCase, expected) else {
                    continue
                }
                compared += 1
                #expect(
                    text == expected && text.utf8.elementsEqual(expected.utf8),
                    "\(testCase.template.debugDescription) \(testCase.options ?? [:]) \(testCase.context ?? "")")
            }
        } while ContinuousClock.now < end
        #expect(compared > 20)
    }

    /// The time that this thread has computed, which does not grow while others use the machine.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Whether the text says nothing about Python's memory, its order of sets, or chance.
    private static func isComparable(_ testCase: CorpusCase, _ text: String) -> Bool {
        if [" at 0x", "<built-in", "<bound method", "<method", "<function", "<class"].contains(where: text.contains) {
            return false
        }
        let sources = [testCase.template] + (testCase.templates.map { Array($0.values) } ?? [])
        return !sources.contains { $0.contains("random") || $0.contains("lipsum") || $0.contains("pprint") }
            && testCase.context?.contains("set(") != true
    }

    /// Where the templates come from: half of them generated, half of them damaged cases of the corpus.
    private struct Source {
        private var dice: FuzzDice
        private let corpus: [CorpusCase]

        init(seed: UInt64) throws {
            dice = FuzzDice(seed: seed)
            corpus = try CorpusCase.topics().flatMap { try CorpusCase.load($0) }
        }

        mutating func batch(_ count: Int) -> [CorpusCase] { (0..<count).map { _ in next() } }

        private mutating func next() -> CorpusCase {
            if dice.oneIn(2) {
                var generator = FuzzGenerator(dice: dice)
                let template = "{% set ns = namespace(v=1) %}" + generator.template()
                dice = generator.dice
                return CorpusCase(template: template, context: FuzzTests.context)
            }
            var testCase = dice.pick(corpus)
            var mutator = FuzzMutator(dice: dice)
            testCase.template = mutator.damage(testCase.template, with: dice.pick(corpus).template)
            dice = mutator.dice
            return testCase
        }
    }
}
