extension FileSettings {
    /// Opens a file as UTF-8: downloaded, unpacked, and in another encoding if it has one.
    func open(_ file: FileEntry, isCancelled: @escaping () -> Bool) throws(ConnectorError) -> any ByteReader {
        let raw: any ByteReader
        if case .url = location {
            var request = download
            request.url = file.path
            raw = try DownloadReader(request, isCancelled: isCancelled)
        } else {
            raw = try LocalFileReader(file.path)
        }
        let packed = try PeekingReader(raw, count: 2)
        let isPacked = compression == .auto ? packed.peeked == [0x1F, 0x8B] : compression == .gzip
        let plain = try PeekingReader(isPacked ? try GunzipReader(packed, name: file.path) : packed, count: 3)
        let mark = TextEncoding.mark(plain.peeked)
        if let mark { plain.skip(mark.length) }
        let encoding = mark?.encoding ?? encoding ?? .utf8
        return encoding == .utf8 ? plain : TranscodingReader(plain, from: encoding)
    }
}
