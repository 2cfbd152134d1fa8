import Foundation
import Jinja
import Testing

@Suite("Limits")
struct LimitTests {
    private func kind(_ source: String, _ change: (inout Environment) -> Void = { _ in }) -> TemplateError.Kind? {
        var environment = Environment()
        change(&environment)
        do {
            _ = try Template(source: source, environment: environment).render()
            return nil
        } catch {
            return (error as? TemplateError)?.kind
        }
    }

    @Test("stop endless recursion")
    func recursion() {
        #expect(kind("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}") == .limit)
        #expect(kind("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}") == .limit)
        #expect(kind("{% include 'a' %}") { $0.loader = DictionaryLoader(["a": "{% include 'a' %}"]) } == .limit)
        #expect(kind("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}") == .limit)
        #expect(kind("{% extends 'a' %}") { $0.loader = DictionaryLoader(["a": "{% extends 'a' %}"]) } == .limit)
    }

    @Test("stop deep recursion on a small stack before the stack ends")
    func smallStack() async {
        let kind = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    returning: self.kind("{% macro m() %}{{ [[[m()]]] | list | join }}{% endmacro %}{{ m() }}") {
                        $0.limits.depth = 1_000_000
                    })
            }
            thread.stackSize = 512 * 1024
            thread.start()
        }
        #expect(kind == .limit)
    }

    @Test("stop long loops, large ranges and large output")
    func sizes() {
        #expect(
            kind("{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}") { $0.limits.steps = 10_000 }
                == .limit)
        #expect(kind("{{ range(10 ** 12) | list }}") == .limit)
        #expect(kind("{% for i in range(10000) %}xxxxxxxxxx{% endfor %}") { $0.limits.outputBytes = 1000 } == .limit)
        #expect(kind("{{ 'x' * 10 ** 12 }}") == .limit)
        #expect(kind("{{ [0] * 10 ** 12 }}") == .limit)
        #expect(kind("{{ 10 ** (10 ** 10) }}") == .limit)
        #expect(kind("{{ 'x'.center(10 ** 12) }}") == .limit)
        #expect(kind("{% set l = [1] %}{% for x in l %}{% do l.append(1) %}{% endfor %}") { $0.limits.steps = 10_000 } == .limit)
    }

    @Test("stop texts and lists that double, whatever doubles them")
    func doubling() {
        for step in [
            "{% set ns.s = ns.s ~ ns.s %}", "{% set ns.s = ns.s + ns.s %}", "{% set ns.s = '{}{}'.format(ns.s, ns.s) %}",
            "{% set ns.s = '%s%s' % (ns.s, ns.s) %}", "{% set ns.s = ''.join([ns.s, ns.s]) %}",
        ] {
            #expect(
                kind("{% set ns = namespace(s='x' * 2 ** 26) %}{% for i in range(3) %}\(step){% endfor %}") == .limit, "\(step)")
        }
        #expect(kind("{{ ('x' * 2 ** 18).replace('x', 'y' * 2 ** 10) }}") == .limit)
        #expect(kind("{{ ('x' * 2 ** 18) | replace('x', 'y' * 2 ** 10) }}") == .limit)
        #expect(kind("{{ '\\t'.expandtabs(10 ** 12) }}") == .limit)
    }

    @Test(
        "say where output has become too large",
        arguments: [
            ("\n{% for i in range(10000) %}xxxxxxxxxx{% endfor %}", 2),
            ("\n{% for i in [1, 2, 3] %}{{ 'x' * 500 }}{% endfor %}", 2),
            ("{{ 'x' * 900 }}{{ 'x' * 900 }}", 1),
        ])
    func outputPlace(source: String, line: Int) throws {
        var environment = Environment()
        environment.limits.outputBytes = 1000
        let template = try Template(source: source, name: "big.sql", environment: environment)
        let error = #expect(throws: TemplateError.self) { try template.render() }
        #expect(error?.kind == .limit && error?.templateName == "big.sql" && error?.line == line)
    }

    @Test(
        "name the limit that allows more",
        arguments: [
            ("{% for i in range(100) %}{% endfor %}", "limits.steps"), ("{{ 'x' * 60 }}", "limits.outputBytes"),
            ("{{ range(101) | list }}", "limits.rangeLength"),
            ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "limits.depth"),
        ])
    func names(source: String, limit: String) throws {
        var environment = Environment()
        (environment.limits.depth, environment.limits.steps) = (5, 50)
        (environment.limits.outputBytes, environment.limits.rangeLength) = (50, 100)
        let error = #expect(throws: TemplateError.self) { try Template(source: source, environment: environment).render() }
        #expect(error?.kind == .limit && error?.message.contains(limit) == true, "\(error?.message ?? "")")
        #expect(throws: Never.self) {
            _ = try Template(source: source.contains("macro") ? "" : source, environment: Environment()).render()
        }
    }

    @Test("survive objects that contain themselves")
    func cyclicObjects() {
        #expect(kind("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns | string | length > 9 }}") == nil)
        #expect(kind("{% set d = {} %}{% do d.update({'v': d.values()}) %}{{ d | string | length > 9 }}") == nil)
    }

    @Test("refuse deeply nested source")
    func nesting() {
        #expect(kind("{{ " + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000) + " }}") == .syntax)
        #expect(kind("{{ " + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + " }}") == .syntax)
        #expect(kind("{{ " + String(repeating: "not ", count: 5000) + "1 }}") == .syntax)
        #expect(kind("{{ " + String(repeating: "-", count: 5000) + "1 }}") == .syntax)
        #expect(kind("{{ 1" + String(repeating: " + 1", count: 50_000) + " }}") == .syntax)
        #expect(kind("{{ x" + String(repeating: ".x", count: 50_000) + " }}") == .syntax)
        #expect(kind("{{ 1" + String(repeating: " | int", count: 50_000) + " }}") == .syntax)
        #expect(kind(String(repeating: "{% if 1 %}", count: 5000)) == .syntax)
        #expect(kind("{{ " + String(repeating: "1 if 1 else ", count: 5000) + "1 }}") == .syntax)
    }

    @Test("survive cyclic and deeply nested values")
    func cycles() throws {
        #expect(kind("{% set l = [] %}{% do l.append(l) %}{{ l }}{{ l == l }}{{ l == [l] }}{{ [l] == [[l]] }}") == nil)
        #expect(kind("{% set l = [] %}{% do l.append(l) %}{{ l | tojson }}") == .value)
        #expect(kind("{% set d = {} %}{% do d.update(d=d) %}{{ d }}{{ d | pprint }}") == nil)
        #expect(kind("{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}done") == nil)
        #expect(
            kind("{% set ns = namespace(l={}) %}{% for i in range(50000) %}{% set ns.l = {'k': ns.l} %}{% endfor %}done") == nil)
        #expect(
            kind("{% set ns = namespace(l=1) %}{% for i in range(50000) %}{% set ns.l = namespace(l=ns.l) %}{% endfor %}done")
                == nil)
        #expect(kind("{% set ns = namespace(l=()) %}{% for i in range(50000) %}{% set ns.l = (ns.l,) %}{% endfor %}done") == nil)
    }
}
