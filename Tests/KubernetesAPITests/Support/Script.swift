import Synchronization

/// A request as the server double got it.
struct ReceivedRequest: Sendable, Equatable {
    var method: String
    var target: String
    var contentType: String?
    var body: String
}

/// The requests that a test opted in to, each with the answers that it gets, in order; and what really came.
final class Script: Sendable {
    private struct State {
        var planned: [String: [Answer]] = [:]
        var received: [ReceivedRequest] = []
        var unexpected: [String] = []
    }

    private let state = Mutex(State())

    /// `request` as `GET /version`.
    func plan(_ request: String, _ answers: [Answer]) {
        state.withLock { $0.planned[request, default: []] += answers }
    }

    func answer(to request: ReceivedRequest) -> Answer {
        state.withLock { state in
            state.received.append(request)
            let line = "\(request.method) \(request.target)"
            guard var answers = state.planned[line], !answers.isEmpty else {
                state.unexpected.append(line)
                return .text("the test did not plan for this request", status: 501)
            }
            let answer = answers.removeFirst()
            state.planned[line] = answers
            return answer
        }
    }

    var received: [ReceivedRequest] { state.withLock { $0.received } }
    var unexpected: [String] { state.withLock { $0.unexpected } }
    /// Planned, but never asked for.
    var unplayed: [String] { state.withLock { state in state.planned.filter { !$0.value.isEmpty }.keys.sorted() } }
}
