import Records

extension FileSourceSession {
    /// Reads the files one after the other. What comes is COPY BINARY, with the changes of each row as last field where
    /// values may be changed.
    ///
    /// In an incremental sync only files that are new or have changed since the last are read; the state names them all.
    func read(_ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        finalState = nil
        figures = FileReading.Figures()
        let files = try settings.location.files(settings.download, isCancelled: isCancelled)
        let reading = FileReading(settings: settings, request: request, files: files, isCancelled: isCancelled)
        try RecordEncoder.header.withUnsafeBytes(body)
        // One thread takes files apart while this one sends what has been.
        let (figures, history) = try ReadAhead.run("leat-read", make: reading.run, take: body)
        try RecordEncoder.trailer.withUnsafeBytes(body)
        self.figures = figures
        finalState = history.json
    }
}
