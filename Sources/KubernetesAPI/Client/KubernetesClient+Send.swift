import ClusterModel

extension KubernetesClient {
    /// Sends a request, again while that may help and time is left. Throws `KubernetesAPIError` for every answer but 2xx.
    func send(_ request: APIRequest) async throws -> APIAnswer {
        let deadline = ContinuousClock.now + limits.call
        var attempt = 1
        while true {
            do {
                let answer = try await transport.exchange(request, within: deadline - ContinuousClock.now)
                guard (200...299).contains(answer.status) else {
                    throw KubernetesAPIError.refused(HTTPFailure(answer, withholdingMessage: request.carriesSecret))
                }
                return answer
            } catch let error as KubernetesAPIError where error.isTransient && attempt < limits.attempts {
                let delay = error.retryAfter ?? .milliseconds(100 << attempt)
                // An answer "later than you can wait" is the caller's to deal with, at once.
                guard ContinuousClock.now + delay < deadline else { throw error }
                try await context.sleep(delay)
                attempt += 1
            }
        }
    }

    /// Runs a call of the public interface: failures become `SlipwayError`s that say what was being done.
    func reporting<Value>(
        _ doing: String, at address: Address? = nil, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let error as KubernetesAPIError {
            throw error.report(doing: doing, at: address, server: transport.server)
        }
    }

    /// The result, or nil when the API says that there is no such object.
    ///
    /// Only Kubernetes' own word counts: a bare 404 also comes from a server that has not installed its paths yet.
    func unlessMissing<Value>(_ work: () async throws -> Value) async throws -> Value? {
        do {
            return try await work()
        } catch KubernetesAPIError.refused(let failure) where failure.isMissingObject {
            return nil
        }
    }
}
