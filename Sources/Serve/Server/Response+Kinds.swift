import Documents
import HTTPTypes
import Hummingbird

extension Response {
    /// A JSON document.
    init(json: JSON, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }

    /// A page.
    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Shows another page after a form was sent.
    static func seeOther(_ path: String) -> Response { .redirect(to: path, type: .normal) }
}
