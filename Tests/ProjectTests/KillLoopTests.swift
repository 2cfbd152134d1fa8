import Foundation
import Testing

extension ProgramTests {
    @Suite("Syncs that are killed")
    struct KillLoopTests {
        /// A few rounds of what `scripts/kill-loop.py LEAT` does for every mode in 50.
        @Test(
            "no row is lost or doubled when syncs, servers and their processes are killed while the source changes",
            arguments: ["parts", "incremental_append", "program"])
        func rounds(mode: String) async throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
            let loop = try LeatProcess(
                [
                    "python3", "scripts/kill-loop.py", LeatProcess.binary.path, "--rounds", "2", "--rows", "8000", "--modes",
                    mode,
                ], in: root, binary: URL(filePath: "/usr/bin/env"))
            let ended = try await loop.ended()
            #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        }
    }
}
