import Foundation

/// What `/readyz?verbose` says when it is not ready: a line for every check, `[+]name ok` or `[-]name failed: why`.
struct ReadinessReport {
    /// The failing checks, as `etcd failed`; never empty.
    let failures: [String]

    init(_ answer: APIAnswer) {
        let text = String(decoding: answer.body, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("[-]") }.map { line in
            let failure = line.dropFirst(3).trimmingCharacters(in: .whitespaces)
            // Why is in the server's own log; to say that it is not said helps nobody.
            let untold = ": reason withheld"
            return failure.hasSuffix(untold) ? String(failure.dropLast(untold.count)) : failure
        }
        failures = lines.isEmpty ? ["it answered \(HTTPFailure(answer))"] : lines
    }
}
