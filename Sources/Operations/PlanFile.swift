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
    /// SHA-256 over what the planner looked at of what was observed: exactly that, but for pods and their budgets.
    public var observed: String
    /// What that was. Pods and budgets in it are advice: looked at again when it is carried out.
    public var facts: Observation
    /// The spec that was stored then.
    public var stored: Cluster
    /// The spec that it leads to; stored by apply.
    public var desired: Cluster
    public var plan: Plan

    /// - Parameter facts: as the planner saw them.
    init(state: ClusterState, desired: Cluster, facts: Observation, plan: Plan) throws {
        lineage = state.lineage
        serial = state.serial
        specDigest = try PlanFile.digest(desired)
        observed = try PlanFile.digest(facts.withoutAdvice)
        self.facts = facts
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
        guard file.observed == (try digest(file.facts.withoutAdvice)) else { throw refuse("what it was planned from was changed in it") }
        return file
    }

    static func digest(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return SHA256.hash(data: try encoder.encode(value)).hexadecimal
    }

    /// What is not as it was when the plan was made, in lines. Empty when it can be carried out as it stands.
    /// - Parameter now: planned now, with the advice of then.
    func differences(from now: PlanFile) throws -> [String] {
        var lines = SpecDiff.differences(old: stored, new: now.stored).map { "the stored spec: \($0)" }
        lines += try FactDiff.differences(old: facts.withoutAdvice, new: now.facts.withoutAdvice)
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
        if lines.isEmpty, plan.steps != now.plan.steps || plan.tokens != now.plan.tokens { lines.append("the order of the steps") }
        return lines
    }
}

extension Observation {
    /// Without pods and budgets, which come and go while a plan waits.
    var withoutAdvice: Observation {
        var copy = self
        copy.cluster.workload = nil
        return copy
    }
}
