public import ClusterModel

extension KubernetesClient {
    public func health() async -> APIHealth {
        do {
            let answer = try await readiness()
            guard answer.status != 200 else { return APIHealth(status: .ready) }
            return APIHealth(status: .notReady, details: ReadinessReport(answer).failures)
        } catch let error as KubernetesAPIError {
            return APIHealth(status: .unreachable, details: [error.cause(server: transport.server)])
        } catch {
            return APIHealth(status: .unreachable, details: ["not asked: the run was interrupted"])
        }
    }

    /// Asks once: who calls this polls. Once more only when the connection broke, as one from the pool does when the
    /// server was restarted since.
    private func readiness() async throws -> APIAnswer {
        let request = APIRequest(.get, "/readyz", query: [("verbose", "")])
        do {
            return try await transport.exchange(request, within: limits.call)
        } catch KubernetesAPIError.interrupted {
            return try await transport.exchange(request, within: limits.call)
        }
    }
}
