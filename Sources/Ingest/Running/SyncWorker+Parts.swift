import Connectors
import Records

extension SyncWorker {
    /// Looks which streams are big enough to be moved in parts, and which parts are there already.
    func partsOfStreams(_ plan: SyncPlan) throws -> [Int: PartsWork] {
        guard let size = definition.partSize else { return [:] }
        var works: [Int: PartsWork] = [:]
        for stream in plan.streams {
            let request = readRequest(stream, plan)
            guard let parts = try source.parts(of: request, size: size) else { continue }
            let write = writeRequest(stream, plan)
            guard let load = try destination.beginParts(write, identity: parts.identity) else { continue }
            let wanted = Set(parts.parts)
            let kept = try load.loaded.filter { try wanted.contains($0.part) && source.isUnchanged($0, of: request) }
            let keptParts = Set(kept.map(\.part))
            try destination.discard(load.loaded.filter { !keptParts.contains($0.part) }, of: write)
            let missing = parts.parts.enumerated().filter { !keptParts.contains($0.element) }.map { index, part in
                LoadedPart(part: part, rows: 0, horizon: parts.horizon, extractedAt: plan.snapshot.takenAt + index)
            }
            works[stream.index] = PartsWork(stream, write, load, parts: missing, kept: kept)
        }
        return works
    }

    /// Moves one part; whoever moves the last makes all of them visible.
    func move(_ part: LoadedPart, of work: PartsWork, _ plan: SyncPlan) throws -> StreamResult? {
        try control.check()
        var meter = ProgressMeter(stream: work.plan.label, interval: options.progressInterval) { [report] news in
            report(work.progress(of: part, rows: news.rows, bytes: news.bytes))
        }
        meter.enter(.copying, rows: 0)
        var request = readRequest(work.plan, plan)
        request.part = part.part
        let rows = try destination.loadPart(part, of: work.write, work.load) { append, _ in
            try read(request, append, &meter)
        }
        control.noteMoved()
        guard work.finish(part, rows: rows, bytes: meter.bytes) else { return nil }
        return try publish(work)
    }

    /// Makes the parts visible.
    func publish(_ work: PartsWork) throws -> StreamResult {
        try control.check()
        let rows = work.keptRows + work.parts.reduce(0) { $0 + work.rows(of: $1) }
        report(SyncProgress(stream: work.plan.label, phase: .committing, rows: rows, bytes: work.bytes))
        let outcome = try destination.commitParts(of: work.write, work.load, rows: rows)
        report(SyncProgress(stream: work.plan.label, phase: .done, rows: outcome.rowsCommitted, bytes: work.bytes))
        return work.result(outcome)
    }
}
