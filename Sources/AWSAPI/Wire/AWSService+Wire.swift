import ClusterModel
import Foundation

extension AWSService {
    /// A request as this service wants it.
    func request<Operation: AWSOperation>(_ operation: Operation, token: String, timeout: Duration) throws -> AWSRequest {
        var fields = AWSFields(token: token)
        operation.encode(into: &fields)
        let target = operation.target
        var request = AWSRequest(method: target.method, path: target.path, query: target.query, timeout: timeout)
        switch wire {
        case .ec2, .query:
            request.headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")]
            request.body = FormBody.encode(fields, operation: Operation.name, version: version, hasItemNames: wire == .query)
        case .restXML:
            guard let root = target.root else { break }
            request.headers = [("content-type", "application/xml")]
            request.body = XMLBody.encode(fields, root: root)
        case .json(let prefix):
            request.headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "\(prefix).\(Operation.name)")]
            request.body = try JSONBody.encode(fields)
        }
        return request
    }

    /// What an answer holds of the operation.
    /// - Throws: `TransportFailure` for an answer that is none, as one that was cut off.
    func node(of answer: HTTPAnswer, operation: String) throws -> AWSNode {
        if case .json = wire {
            guard !answer.body.isEmpty else { return AWSNode(JSONValue.object([:])) }
            guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body)), case .object = value else {
                throw TransportFailure("the answer to \(operation) is no JSON, or not all of it")
            }
            return AWSNode(value)
        }
        let root: XMLElement
        do {
            root = try XMLReader.read(answer.body)
        } catch let problem as XMLReader.Problem {
            throw TransportFailure("the answer to \(operation) is no XML, or not all of it: \(problem.text)")
        }
        guard root.name == "\(operation)Response" else {
            throw TransportFailure("the answer to \(operation) is a \(root.name)")
        }
        return AWSNode(wire == .query ? root.first("\(operation)Result") ?? root : root)
    }
}
