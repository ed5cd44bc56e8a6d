/// The few calls of the Kubernetes API that Slipway needs.
public protocol ClusterAccess: Sendable {
    /// `/readyz`, verbose. Does not throw for an API that does not answer: that is a health, too.
    func health() async -> APIHealth
    /// `gitVersion` of `/version`.
    func version() async throws -> String
    func nodes() async throws -> [NodeObservation]
    func pods(namespace: String?) async throws -> [PodObservation]
    /// The pods that are bound to a node, in all namespaces.
    func pods(onNode node: String) async throws -> [PodObservation]
    func disruptionBudgets() async throws -> [DisruptionBudget]
    /// Asks once for the eviction of exactly this pod, within the budgets. Throws only when there is no answer or a refusal of another kind.
    func evict(_ pod: PodObservation) async throws -> EvictionAnswer
    /// Deletes exactly this pod, with its own grace period. No such pod is not an error.
    func deletePod(_ pod: PodObservation) async throws
    /// Strategic merge patch on a node. Nil when there is no such node.
    @discardableResult
    func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation?
    /// No such node is not an error.
    func deleteNode(_ name: String) async throws
    /// Server-side apply of any object, with field manager `slipway` and force. API version, kind, name and namespace
    /// are read from the object; the resource's plural is discovered.
    func apply(_ object: JSONValue) async throws
    /// Any object by its API path, nil when it does not exist.
    func get(path: String) async throws -> JSONValue?
    /// The newest events that concern an object of this kind and name, oldest first.
    func events(kind: String, name: String) async throws -> [String]
    func close() async
}

/// How to reach and whom to be at a cluster's API.
public struct APIEndpoint: Sendable {
    /// `https://ADDRESS:PORT`
    public var url: String
    /// Where to connect to instead of the URL's DNS name, which the server's certificate is still checked for. Nil: to the URL's.
    public var connectsTo: IPv4Address?
    /// PEM of the certificate authority that the server's certificate is checked against.
    public var authority: String
    /// PEM of the client certificate.
    public var certificate: String
    /// PEM of the client's private key.
    public var key: Secret

    public init(url: String, connectsTo: IPv4Address? = nil, authority: String, certificate: String, key: Secret) {
        self.url = url
        self.connectsTo = connectsTo
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }
}

public struct APIHealth: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable {
        case ready, notReady, unreachable
    }

    public var status: Status
    /// The failing checks, or why it could not be reached.
    public var details: [String]

    public init(status: Status, details: [String] = []) {
        self.status = status
        self.details = details
    }

    /// The failing checks, as `etcd failed`, of what `/readyz?verbose` says: a line for every check, `[+]name ok` or
    /// `[-]name failed: why`.
    public static func failures(in report: String) -> [String] {
        // Why is in the server's own log; to say that it is not said helps nobody.
        let untold = ": reason withheld"
        return report.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("[-]") }.map { line in
            let failure = line.dropFirst(3).drop { $0 == " " }
            return String(failure.hasSuffix(untold) ? failure.dropLast(untold.count) : failure)
        }
    }
}

public struct NodeObservation: Codable, Sendable, Equatable {
    public struct Condition: Codable, Sendable, Equatable {
        public var type: String
        /// `True`, `False` or `Unknown`.
        public var status: String
        public var reason: String
        public var message: String

        public init(type: String, status: String, reason: String = "", message: String = "") {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }
    }

    public var name: String
    public var providerID: String?
    public var podCIDR: String?
    public var labels: [String: String]
    public var annotations: [String: String]
    public var taints: [Taint]
    public var unschedulable: Bool
    public var conditions: [Condition]
    public var kubeletVersion: String
    public var addresses: [String]
    /// For patches that must apply to exactly this version of the node.
    public var resourceVersion: String?

    public init(
        name: String, providerID: String? = nil, podCIDR: String? = nil, labels: [String: String] = [:],
        annotations: [String: String] = [:], taints: [Taint] = [], unschedulable: Bool = false, conditions: [Condition] = [],
        kubeletVersion: String = "", addresses: [String] = [], resourceVersion: String? = nil
    ) {
        self.name = name
        self.providerID = providerID
        self.podCIDR = podCIDR
        self.labels = labels
        self.annotations = annotations
        self.taints = taints
        self.unschedulable = unschedulable
        self.conditions = conditions
        self.kubeletVersion = kubeletVersion
        self.addresses = addresses
        self.resourceVersion = resourceVersion
    }

    public func status(of condition: String) -> String? { conditions.first { $0.type == condition }?.status }
    public var isReady: Bool { status(of: "Ready") == "True" }
}

public struct PodObservation: Codable, Sendable, Equatable {
    public var namespace: String
    public var name: String
    public var uid: String
    public var node: String?
    public var phase: String
    public var isReady: Bool
    public var podIP: String?
    public var labels: [String: String]
    /// What makes it anew when it is gone.
    public var controller: Controller?
    /// The API's image of a pod that kubelet runs from a file.
    public var isMirror: Bool
    public var usesEmptyDir: Bool
    /// It was told to end.
    public var isEnding: Bool
    /// How long it may take to end.
    public var gracePeriod: Seconds

    public struct Controller: Codable, Sendable, Equatable {
        public var apiVersion: String
        public var kind: String
        public var name: String

        public init(apiVersion: String = "apps/v1", kind: String, name: String) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.name = name
        }
    }

    public init(
        namespace: String, name: String, uid: String, node: String?, phase: String, isReady: Bool, podIP: String?, labels: [String: String],
        controller: Controller? = nil, isMirror: Bool = false, usesEmptyDir: Bool = false, isEnding: Bool = false,
        gracePeriod: Seconds = Seconds(30)
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.node = node
        self.phase = phase
        self.isReady = isReady
        self.podIP = podIP
        self.labels = labels
        self.controller = controller
        self.isMirror = isMirror
        self.usesEmptyDir = usesEmptyDir
        self.isEnding = isEnding
        self.gracePeriod = gracePeriod
    }

    /// It ran to its end.
    public var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
    public var title: String { "\(namespace)/\(name)" }
}
