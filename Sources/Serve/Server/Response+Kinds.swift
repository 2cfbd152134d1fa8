import Documents
import HTTPTypes
import Hummingbird

extension Response {
    /// A JSON document, with its tag: who reads it again is not sent the same once more (see `Frame`).
    init(json: JSON, status: HTTPResponse.Status = .ok) {
        let bytes = json.bytes()
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        if status == .ok { headers[.eTag] = Self.tag(bytes) }
    }

    /// The entity tag of a document.
    static func tag(_ bytes: [UInt8]) -> String { "\"\(SecretText.hash(bytes).prefix(20))\"" }

    /// A page.
    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Shows another page after a form was sent.
    static func seeOther(_ path: String) -> Response { .redirect(to: path, type: .normal) }
}
