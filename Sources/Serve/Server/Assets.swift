import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// The styles, scripts and pictures of the pages, compiled into the binary.
struct Assets: Sendable {
    private struct Asset: Sendable {
        let type: String
        let body: ByteBuffer
        let tag: String
    }

    private let assets: [String: Asset]
    /// Changes with any of them; pages ask for them under this name, so that browsers may keep them for good.
    let version: String

    init() {
        let files = EmbeddedWeb.files.filter { $0.path.hasPrefix("assets/") }
        var assets: [String: Asset] = [:]
        for (path, text) in files {
            let name = String(path.dropFirst("assets/".count))
            assets[name] = Asset(
                type: Self.type(of: name), body: ByteBuffer(string: text), tag: "\"\(SecretText.hash(text).prefix(16))\"")
        }
        self.assets = assets
        version = String(SecretText.hash(files.map(\.text).joined()).prefix(12))
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/plain; charset=utf-8"
        }
    }

    /// - Throws: `Problem` 404.
    func response(for name: String, _ request: Request) throws -> Response {
        guard let asset = assets[name] else { throw Problem.notFound("file '\(name)'") }
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag,
            .cacheControl: request.fields["v"] == version ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.body))
    }
}
