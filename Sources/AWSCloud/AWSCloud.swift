public import AWSAPI
public import ClusterModel
import Synchronization

/// Machines and networks on AWS. What belongs to a cluster is known by its tags; but for ids nothing is remembered here: a call
/// begins with what AWS has, and makes what is missing.
public final class AWSCloud: Cloud {
    public let provider = CloudProvider.aws
    let aws: AWSAccount
    let context: RunContext
    let say: @Sendable (String) -> Void
    /// What need not be asked again: names that were resolved, and ids, which never change.
    let known = Mutex(Known())

    struct Known {
        var images: [AWSImage: AWSImages.Resolved] = [:]
        var architectures: [String: AWSArchitecture] = [:]
        /// By the cluster's uid.
        var networks: [String: NetworkIDs] = [:]
        /// By the cluster's uid, and the machine's name.
        var instances: [String: [String: String]] = [:]
    }

    /// For how long something that was just made may not be seen yet, or not be usable.
    static let consistency: Duration = .seconds(30)
    /// For how long an instance may take to its next state, and a load balancer to let go of it.
    static let patience: Duration = .seconds(300)

    /// Pauses that are shorter are not told of.
    private static let toldPause: Duration = .seconds(4)

    /// - Parameters:
    ///   - region: nil for the one that the settings name.
    ///   - transport: nil is the network.
    /// - Throws: `.usage` without a region, or for settings that are no use.
    public init(
        settings: AWSSettings, region: String?, transport: (any AWSTransport)? = nil, context: RunContext = .live,
        say: @escaping @Sendable (String) -> Void
    ) throws {
        aws = try AWSAccount(
            settings: settings, region: region, transport: transport, context: context,
            waiting: { refusal, pause in
                // A moment's delay is nothing to tell of.
                guard pause >= Self.toldPause else { return }
                say("AWS: \(refusal.operation ?? "a call") is refused for now (\(refusal.code)), next try in \(pause.components.seconds) s")
            })
        self.context = context
        self.say = say
    }

    /// How often each operation was called, as `EC2.RunInstances`.
    public var calls: [String: Int]? { aws.calls }

    /// Everything that AWS has of a cluster. Its ids are remembered.
    func inventory(_ cluster: ClusterIdentity) async throws -> AWSInventory {
        let inventory = try await AWSInventory.read(cluster, aws)
        known.withLock { known in
            known.networks[cluster.uid] = NetworkIDs(inventory)
            // A look that began before a machine was made takes nothing from what is known since: a name is never given again.
            known.instances[cluster.uid, default: [:]].merge(inventory.living) { _, new in new }
        }
        return inventory
    }

    /// The network's ids, read when they are not known.
    func ids(_ cluster: ClusterIdentity) async throws -> NetworkIDs {
        if let ids = known.withLock({ $0.networks[cluster.uid] }), ids.vpc != nil { return ids }
        return NetworkIDs(try await inventory(cluster))
    }

    /// Does `work`, and gives every error of AWS an address and what was being done.
    func at<Value>(_ address: Address?, doing: String, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as AWSError {
            let wrapped = error.error(doing: doing)
            throw address.map { wrapped.at($0) } ?? wrapped
        } catch let error as SlipwayError {
            throw address.map { error.at($0) } ?? error
        }
    }
}
