/// `Event` of core/v1, as far as it is read. Old and new writers of events fill different times.
struct EventObject: Decodable, Sendable {
    struct Series: Decodable, Sendable {
        var lastObservedTime: String?
    }

    var metadata: ObjectMetadata
    var type: String?
    var reason: String?
    var message: String?
    var firstTimestamp: String?
    var lastTimestamp: String?
    var eventTime: String?
    var series: Series?

    /// A time in UTC that orders as text. Without the `Z`, times with and without fractions compare rightly.
    var lastSeen: String {
        let times = [series?.lastObservedTime, lastTimestamp, eventTime, firstTimestamp, metadata.creationTimestamp]
        let time = times.compactMap(\.self).first { !$0.isEmpty } ?? ""
        return time.hasSuffix("Z") ? String(time.dropLast()) : time
    }

    var summary: String {
        let words = (message ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "\(type ?? "Normal") \(reason ?? "Unknown"): \(words)"
    }
}
