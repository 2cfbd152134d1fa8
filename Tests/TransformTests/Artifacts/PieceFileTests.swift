import Diagnostics
import Dispatch
import Foundation
import Testing

@testable import Transform

@Suite("A file in pieces") struct PieceFileTests {
    private func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "leat-pieces-\(UUID().uuidString)/a/file").path(
            percentEncoded: false)
    }

    @Test("is in order whoever is done first, and has its name only when it is whole")
    func order() throws {
        let path = path()
        let file = try PieceFile(path)
        DispatchQueue.concurrentPerform(iterations: 200) { index in file.add(199 - index, Array("\(199 - index),".utf8)) }
        #expect(!ProjectFileSystem.exists(path))
        try file.finish()
        let text = String(decoding: try ProjectFileSystem.bytes(of: path), as: UTF8.self)
        #expect(text == (0..<200).map { "\($0)," }.joined())
        #expect(!ProjectFileSystem.exists(path + ".new"))
    }

    @Test("with a piece missing is no file")
    func gap() throws {
        let path = path()
        let file = try PieceFile(path)
        file.add(1, [1])
        #expect(throws: TransformError.self) { try file.finish() }
        #expect(!ProjectFileSystem.exists(path) && !ProjectFileSystem.exists(path + ".new"))
    }

    @Test("in a folder that cannot be made is an error with its path")
    func impossible() throws {
        let error = #expect(throws: TransformError.self) { try PieceFile("/dev/null/x/file") }
        #expect(error?.location?.file == "/dev/null/x/file")
    }
}
