import ClusterModel

/// What `/readyz?verbose` says when it is not ready.
struct ReadinessReport {
    /// The failing checks, as `etcd failed`; never empty.
    let failures: [String]

    init(_ answer: APIAnswer) {
        let failing = APIHealth.failures(in: String(decoding: answer.body, as: UTF8.self))
        failures = failing.isEmpty ? ["it answered \(HTTPFailure(answer))"] : failing
    }
}
