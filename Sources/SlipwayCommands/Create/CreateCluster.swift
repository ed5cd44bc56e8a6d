import ArgumentParser
import Assets
import ClusterModel
import Foundation
import Operations

struct CreateClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Create a cluster, or go on with a create that was cut short.",
        usage: "slipway create cluster <name> {-f <file> | --cloud <cloud> ...} [options]",
        discussion: """
            Describe the cluster by a file (-f) or by flags. The spec is stored; the plan is shown; with --yes it is carried out and \
            the cluster is added to your kubeconfig. The same command again continues where it stopped, or says "no changes".

            Examples:
              slipway create cluster demo --cloud local --node-count 1 --assets DIR
              slipway create cluster demo -f demo.yaml --yes
              slipway create cluster demo --cloud aws --zones us-east-1a,us-east-1b,us-east-1c --access 203.0.113.7/32
              slipway create cluster demo --cloud aws --zones us-east-1a --access 203.0.113.7/32 --topology private --bastion
              slipway create cluster demo --cloud local --dry-run -o yaml > demo.yaml
            """)

    @Argument(help: "The cluster's name.") var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The spec, a YAML file; - for standard input.", valueName: "file"), completion: .file())
    var file: String?
    @Option(help: "Where machines come from: local or aws.") var cloud: String?
    @Option(help: ArgumentHelp("Zones of the control plane and of the nodes, separated by commas.", valueName: "a,b,c")) var zones: String?
    @Option(help: ArgumentHelp("Control plane machines, an odd number.", valueName: "n")) var controlPlaneCount: Int?
    @Option(help: ArgumentHelp("Instance type of the control plane.", valueName: "type"), completion: LiveNames.instanceTypes)
    var controlPlaneSize: String?
    @Option(help: ArgumentHelp("Worker machines.", valueName: "n")) var nodeCount: Int?
    @Option(help: ArgumentHelp("Instance type of the workers.", valueName: "type"), completion: LiveNames.instanceTypes)
    var nodeSize: String?
    @Option(help: ArgumentHelp("As 1.20.2. Default: the newest of the asset source.", valueName: "version")) var kubernetesVersion: String?
    @Option(help: ArgumentHelp("Ranges that may reach the API and SSH, separated by commas.", valueName: "cidr,...")) var access: String?
    @Flag(help: "Let everyone reach the API and SSH; with -f, let the file do so.") var openToWorld = false
    @Option(help: ArgumentHelp("official, or a mirror: a folder or a URL (or $SLIPWAY_ASSETS).", valueName: "source")) var assets: String?
    @Option(help: ArgumentHelp("The machines' range on the local cloud. Default: a free one.", valueName: "cidr")) var localCIDR: String?
    @Option(help: ArgumentHelp("Where machines on AWS are: public or private subnets. Default: public.", valueName: "topology"))
    var topology: String?
    @Flag(help: "With private subnets: make a bastion, through which Slipway logs in.") var bastion = false
    @Option(help: ArgumentHelp("The pods' range. Default: 10.244.0.0/16.", valueName: "cidr")) var podCIDR: String?
    @Option(help: ArgumentHelp("The services' range. Default: 10.96.0.0/16.", valueName: "cidr")) var serviceCIDR: String?
    @Flag(help: "Print the spec with every default and store nothing.") var dryRun = false
    @Option(help: ArgumentHelp("How long the client certificate in your kubeconfig is valid.", valueName: "duration"))
    var adminTTL: Seconds = Seconds(18 * 3600)
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let cluster = try spec(console)
        try OpenToWorld.check(cluster, allowed: openToWorld)
        if dryRun {
            switch run.output {
            case .json: console.print(try Render.json(cluster))
            case .yaml, .table: console.print(SpecEncoder.yaml(cluster))
            }
            return
        }
        let preview = Preview(console: console, options: run)
        try await World.with(store, run: run) { context in
            let result = try await CreateCluster(context)(cluster, yes: run.yes) { preview.show($0) }
            try preview.finish(result)
            guard run.yes else { return }
            try await KubeconfigFile.current.export(cluster.name, ttl: adminTTL.duration, context: context, console: console)
        }
    }

    /// The spec of the file, or of the flags; both together are an error.
    private func spec(_ console: Console) throws -> Cluster {
        let flags = SpecFlags(
            name: name, cloud: cloud, zones: zones?.list, controlPlaneCount: controlPlaneCount, controlPlaneSize: controlPlaneSize,
            nodeCount: nodeCount, nodeSize: nodeSize, kubernetesVersion: kubernetesVersion, access: access?.list, openToWorld: openToWorld,
            assets: try (assets ?? Surroundings.current.variable("SLIPWAY_ASSETS")).map(AssetSources.canonical), podCIDR: podCIDR,
            serviceCIDR: serviceCIDR,
            localCIDR: localCIDR, topology: topology, bastion: bastion)
        guard let file else { return try SpecFile.check(flags.read(), console: console) }
        let given: [String?] = [
            cloud, zones, controlPlaneSize, nodeSize, kubernetesVersion, access, localCIDR, topology, podCIDR, serviceCIDR,
            controlPlaneCount?.description,
            nodeCount?.description, bastion ? "--bastion" : nil,
        ]
        guard given.allSatisfy({ $0 == nil }) else {
            throw SlipwayError(
                .usage, doing: "reading the command line", cause: "the cluster is described by -f and by flags",
                hint: "leave out one of them; slipway create cluster \(name) FLAGS --dry-run -o yaml turns flags into a file")
        }
        var cluster = try SpecFile.read(file, name: name, console: console)
        if let assets { cluster.spec.assets.source = try AssetSources.canonical(assets) }
        return cluster
    }
}

extension String {
    /// The items of a list separated by commas.
    var list: [String] { split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) } }
}
