import ClusterModel

import struct Foundation.Date

/// A record on its way to the store.
struct PendingRecord {
    var record: JournalRecord
    var line: [UInt8]
    var mustBeDurable: Bool
    /// Told when the record is written, and durable if it must be.
    var done: CheckedContinuation<Void, any Error>?
}

/// Numbers of the last record that was handed over, durable or not.
struct JournalTail {
    private var sequence = 0
    private var serial = 0

    init() {}

    init(_ document: StateDocument) {
        sequence = document.body.sequence
        serial = document.state.serial
    }

    /// The next record.
    mutating func next(
        change: StateChange?, mark: JournalMark?, mustBeDurable: Bool, lineage: String, time: Date
    ) throws -> PendingRecord {
        let record = JournalRecord(
            sequence: sequence + 1, lineage: lineage, serial: serial + (change == nil ? 0 : 1), time: time, change: change, mark: mark)
        let pending = PendingRecord(record: record, line: try record.line(), mustBeDurable: mustBeDurable, done: nil)
        sequence = record.sequence
        serial = record.serial
        return pending
    }
}
