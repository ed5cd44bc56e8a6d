import ArgumentParser
import ClusterModel
import Operations

struct GetInstanceTypes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instance-types", abstract: "List the sizes of machines, and what each leaves to pods.",
        usage: "slipway get instance-types [--cloud <cloud>] [-o <output>]",
        discussion: """
            A node keeps a part of its machine for its system and for Kubernetes' own programs; what is left is its allocatable: \
            so much can the pods on it ask for.
            """)
    @Option(help: "Where machines come from: local or aws.") var cloud = CloudProvider.local.rawValue
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table

    /// As Kubernetes writes quantities.
    struct Quantities: Encodable, Sendable {
        var cpu: String
        var memory: String

        init(_ resources: ComputeResources) {
            cpu = resources.cpuQuantity
            memory = resources.memoryQuantity
        }
    }

    /// A node of a role on a machine of a type.
    struct Share: Encodable, Sendable {
        var reserved: Quantities
        var allocatable: Quantities

        init(_ type: InstanceType, _ role: MachineRole) {
            reserved = Quantities(NodeReservation.total(role))
            allocatable = Quantities(type.allocatable(role))
        }
    }

    struct Summary: Encodable, Sendable {
        var name: String
        var capacity: Quantities
        var controlPlane: Share
        var worker: Share
        var fits: Bool
        /// Why it does not fit.
        var obstacle: String?

        init(_ offer: InstanceOffer) {
            name = offer.type.name
            capacity = Quantities(offer.type.resources)
            controlPlane = Share(offer.type, .controlPlane)
            worker = Share(offer.type, .worker)
            fits = offer.obstacle == nil
            obstacle = offer.obstacle
        }
    }

    func run() async throws {
        guard let provider = CloudProvider.offered.first(where: { $0.rawValue == cloud }) else {
            throw SlipwayError(
                .usage, doing: "reading --cloud", cause: "there is no cloud '\(cloud)'",
                hint: "one of: \(CloudProvider.offered.map(\.rawValue).joined(separator: ", "))")
        }
        let surroundings = Surroundings.current
        let outside = try surroundings.outside(CloudPlace(provider), { surroundings.console.say($0) })
        let offers = try await outside.cloud.instanceTypes()
        await outside.hosts.close()
        let list = Render.List(items: offers.map(Summary.init))
        surroundings.console.print(try Render.text("InstanceTypeList", list, as: output) { Self.table(list.items) })
    }

    static func table(_ items: [Summary]) -> String {
        func text(_ quantities: Quantities) -> String { "\(quantities.cpu), \(quantities.memory)" }
        var table = Table("NAME", "CPU", "MEMORY", "WORKER PODS", "CONTROL PLANE PODS", "FITS")
        for item in items {
            table.add(
                item.name, item.capacity.cpu, item.capacity.memory, text(item.worker.allocatable), text(item.controlPlane.allocatable),
                item.fits ? "yes" : "no")
        }
        let (worker, master) = (Quantities(NodeReservation.total(.worker)), Quantities(NodeReservation.total(.controlPlane)))
        let reserved = "A worker keeps \(text(worker)) for its system, a control plane node \(text(master)).\n"
        let obstacles = items.compactMap { item in item.obstacle.map { "\(item.name) does not fit: \($0)\n" } }
        return table.text + "\n" + reserved + obstacles.joined()
    }
}
