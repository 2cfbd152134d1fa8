import Diagnostics
import Documents
import Foundation

/// The files under `pipelines/`: each is a pipeline, named after the file, with the keys that it would have in leat.yml.
enum PipelineFiles {
    static let folder = "pipelines"

    /// Their paths from the project's folder, sorted.
    static func paths(in directory: String) -> [String] {
        let found = (try? FileManager.default.subpathsOfDirectory(atPath: directory + "/" + folder)) ?? []
        return found.filter { path in
            ["yml", "yaml"].contains((path as NSString).pathExtension)
                && !path.split(separator: "/").contains { $0.hasPrefix(".") }
        }.map { "\(folder)/\($0)" }.sorted()
    }

    /// `root` with the pipelines of the files beside its own.
    /// - Throws: `DocumentError` or `ProjectError` at the file that is wrong.
    static func merged(into root: YAMLNode, of directory: String) throws -> YAMLNode {
        let paths = paths(in: directory)
        guard !paths.isEmpty, var members = root.members else { return root }
        let place = members.firstIndex { $0.key == folder } ?? members.endIndex
        if place == members.endIndex {
            members.append(YAMLNode.Member(key: folder, keyLocation: root.location, value: YAMLNode(.null, at: root.location)))
        }
        // What is no mapping is told when it is read.
        guard members[place].value.members != nil || members[place].value.isNull else { return root }
        var pipelines = members[place].value.members ?? []
        for path in paths {
            let pipeline = try member(path, of: directory)
            if let other = pipelines.first(where: { $0.key == pipeline.key }) {
                throw DocumentError(
                    .badValue, "there are two pipelines '\(pipeline.key)'", location: pipeline.keyLocation,
                    hint: "the other one is at \(other.keyLocation); a file's name is that of its pipeline")
            }
            pipelines.append(pipeline)
        }
        members[place].value.content = .mapping(pipelines)
        return YAMLNode(.mapping(members), at: root.location)
    }

    private static func member(_ path: String, of directory: String) throws -> YAMLNode.Member {
        let start = SourceLocation(file: path, line: 1)
        guard let text = try? String(contentsOfFile: directory + "/" + path, encoding: .utf8) else {
            throw ProjectError(
                .unreadable, "\(path) cannot be read as UTF-8 text", location: SourceLocation(file: path),
                hint: "check its rights and its encoding")
        }
        guard let root = try YAMLDocument.parse(text, file: path) else {
            throw ProjectError(
                .badValue, "\(path) is empty", location: start, hint: "it needs at least the key 'tasks', or delete it")
        }
        let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        return YAMLNode.Member(key: name, keyLocation: start, value: root)
    }
}
