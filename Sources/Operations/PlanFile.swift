public import ClusterModel
import Crypto
public import Foundation

/// A plan as a file, to be looked at by others and applied later: what is to be done, towards which spec, and from where it
/// was planned. Holds no secret.
public struct PlanFile: Codable, Sendable, Equatable {
    public static let currentFormatVersion = 1

    public var apiVersion = Cluster.apiVersion
    public var kind = "PlanFile"
    public var formatVersion = PlanFile.currentFormatVersion
    /// Of the state that it was planned from.
    public var lineage: String
    public var serial: Int
    /// SHA-256 over the spec that it leads to.
    public var specDigest: String
    /// SHA-256 over everything that was observed.
    public var observed: String
    /// The spec that was stored then.
    public var stored: Cluster
    /// The spec that it leads to; stored by apply.
    public var desired: Cluster
    public var plan: Plan

    init(state: ClusterState, desired: Cluster, observation: Observation, plan: Plan) throws {
        lineage = state.lineage
        serial = state.serial
        specDigest = try PlanFile.digest(desired)
        observed = try PlanFile.digest(observation)
        stored = state.desired
        self.desired = desired
        self.plan = plan
    }

    /// JSON with sorted keys.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// - Throws: `.usage` for anything that is no plan file, or was changed by hand.
    public static func decode(_ data: Data, from path: String) throws -> PlanFile {
        func refuse(_ cause: String) -> SlipwayError {
            SlipwayError(
                .usage, doing: "reading the plan \(path)", cause: cause,
                hint: "make one with: slipway plan cluster NAME --out FILE")
        }
        struct Head: Decodable {
            var kind: String
            var formatVersion: Int
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data), head.kind == "PlanFile" else {
            throw refuse("it is no plan file")
        }
        guard head.formatVersion == currentFormatVersion else {
            throw refuse("its format is version \(head.formatVersion), and this Slipway reads version \(currentFormatVersion)")
        }
        guard let file = try? JSONDecoder().decode(PlanFile.self, from: data) else { throw refuse("it is damaged") }
        guard file.specDigest == (try digest(file.desired)) else { throw refuse("its spec is not the one that it was made for") }
        return file
    }

    static func digest(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return SHA256.hash(data: try encoder.encode(value)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What is not as it was when the plan was made, in lines. Empty when it can be carried out as it stands.
    func differences(from now: PlanFile) -> [String] {
        var lines = SpecDiff.differences(old: stored, new: now.stored).map { "the stored spec: \($0)" }
        let before = Dictionary(plan.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(now.plan.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for step in plan.steps where after[step.id] == nil { lines.append("no longer to be done: \(step.id) (\(step.reason))") }
        for step in now.plan.steps {
            guard let old = before[step.id] else {
                lines.append("to be done now: \(step.id) (\(step.reason))")
                continue
            }
            guard old != step else { continue }
            lines.append(
                "changed: \(step.id): " + (old.reason == step.reason ? "its order or content" : "\(old.reason), now \(step.reason)"))
        }
        if lines.isEmpty, plan != now.plan { lines.append("the order of the steps") }
        return lines
    }
}
