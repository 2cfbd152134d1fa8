// Times Leat's Jinja on the templates of a folder and prints JSON: see compare.py, which runs it.
//
//   JinjaBenchmark parse FILE.json      FILE.json: an array of template sources
//   JinjaBenchmark render FILE...       one template each
//   JinjaBenchmark once FILE COUNT      renders COUNT times, for a profiler

import Foundation
import Jinja

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "parse": try measureParse(arguments.dropFirst().first ?? "")
case "render": try measureRender(Array(arguments.dropFirst()))
case "once":
    let rest = Array(arguments.dropFirst())
    let template = try Template(source: String(contentsOfFile: rest[0], encoding: .utf8), environment: Environment())
    for _ in 0..<(Int(rest[1]) ?? 1) { _ = try template.render() }
default: FileHandle.standardError.write(Data("usage: JinjaBenchmark parse|render|once FILE...\n".utf8))
}

func measureParse(_ path: String) throws {
    let sources = try JSONDecoder().decode([String].self, from: Data(contentsOf: URL(filePath: path)))
    let environment = Environment()
    let seconds = try ProcessorTime.best("parse") {
        for source in sources { _ = try Template(source: source, environment: environment) }
    }
    print("{\"parse\": {\"seconds\": \(seconds)}}")
}

func measureRender(_ paths: [String]) throws {
    let environment = Environment()
    var results: [String] = []
    for path in paths {
        let template = try Template(source: String(contentsOfFile: path, encoding: .utf8), environment: environment)
        let text = try template.render()
        let seconds = try ProcessorTime.best(path) { _ = try template.render() }
        let encoded = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        results.append("\"\(URL(filePath: path).lastPathComponent)\": {\"seconds\": \(seconds), \"text\": \(encoded)}")
    }
    print("{\(results.joined(separator: ", "))}")
}
