public import ArgumentParser
public import Assets
import Bootstrap
import ClusterModel
import Engine
import Foundation

struct GetAssets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assets", abstract: "List what nodes are made of and where it comes from, or fetch it.",
        usage: "slipway get assets [--fetch] [options]",
        discussion: """
            Kubernetes' programs and the pod sandbox's image; with --all also the etcd, containerd, runc and CNI plugins that go with \
            that release, for machines whose image has none (those of the local cloud have them). With --fetch all of it is brought \
            into the cache and checked against the publishers' checksums; a create finds it there then. A fetch that was cut short goes \
            on where it stopped.

            Examples:
              slipway get assets --kubernetes-version 1.20.15 --all
              slipway get assets --assets https://mirror.example/kubernetes --fetch
            """)

    @Option(help: ArgumentHelp("As 1.20.2. Default: the newest of the asset source.", valueName: "version")) var kubernetesVersion: String?
    @Option(help: ArgumentHelp("amd64 or arm64. Default: this machine's.", valueName: "arch")) var arch: Architecture?
    @Option(help: ArgumentHelp("official, or a mirror: a folder or a URL (or $SLIPWAY_ASSETS).", valueName: "source")) var assets: String?
    @Flag(help: "Also what the machine images of a cloud may lack.") var all = false
    @Flag(help: "Bring it into the cache.") var fetch = false
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table

    /// One line of the list.
    struct Item: Encodable, Sendable {
        var component: String
        var version: String?
        var architecture: Architecture
        /// A URL or a path.
        var source: String
        /// What was fetched.
        var path: String?
        var sha256: String?
        var size: Int?
    }

    func run() async throws {
        let surroundings = Surroundings.current
        let console = surroundings.console
        let board = output == .table ? AssetBoard(console, page: surroundings.terminal) : nil
        let lines = AssetLines { console.say($0) }
        let source = try AssetSources.resolve(
            assets ?? surroundings.variable("SLIPWAY_ASSETS") ?? AssetSources.official, architecture: arch ?? .host,
            cacheRoot: surroundings.variable("SLIPWAY_CACHE") ?? AssetCache.defaultRoot(), environment: surroundings.environment
        ) { progress in
            if let board { board.show(progress) } else { lines.show(progress) }
        }
        let interrupt = Interrupt()
        let signals = surroundings.handlesSignals ? Signals(interrupt) { console.say($0) } : nil
        defer { signals?.stop() }
        let items: [Item]
        do {
            items = try await interrupt.cancelling { try await self.items(of: source) }
        } catch {
            await source.close()
            throw error
        }
        await source.close()
        console.print(try Render.text("AssetList", Render.List(items: items), as: output) { table(items) })
    }

    private func items(of source: any ClosableAssetSource) async throws -> [Item] {
        let version = try await version(of: source)
        let listed = try source.assets(for: version, companions: all)
        guard fetch else { return listed.map { item($0, nil) } }
        return try await withThrowingTaskGroup(of: (Int, AssetFile).self) { group in
            for (index, asset) in listed.enumerated() {
                group.addTask { (index, try await source.fetch(asset, for: version, imageNamed: NodeImages.pause)) }
            }
            var files: [Int: AssetFile] = [:]
            for try await (index, file) in group { files[index] = file }
            return listed.enumerated().map { item($1, files[$0]) }
        }
    }

    private func version(of source: any ClosableAssetSource) async throws -> KubernetesVersion {
        guard let kubernetesVersion else { return try await source.newestVersion() }
        guard let version = KubernetesVersion(kubernetesVersion) else {
            throw SlipwayError(
                .usage, doing: "reading --kubernetes-version", cause: "'\(kubernetesVersion)' is not a release",
                hint: "give three numbers, as \(SupportedVersions.example)")
        }
        return version
    }

    private func item(_ asset: NodeAsset, _ file: AssetFile?) -> Item {
        Item(
            component: asset.component, version: asset.version.isEmpty ? nil : asset.version, architecture: arch ?? .host,
            source: asset.location,
            path: file?.path, sha256: file?.sha256, size: file?.size)
    }

    private func table(_ items: [Item]) -> String {
        var table = fetch ? Table("COMPONENT", "VERSION", "SIZE", "FILE") : Table("COMPONENT", "VERSION", "SOURCE")
        for item in items {
            let size = item.size.map { Megabytes.text($0) } ?? "-"
            table.rows.append([item.component, item.version ?? "-"] + (fetch ? [size, item.path ?? "-"] : [item.source]))
        }
        return table.text
    }
}

extension Architecture: ExpressibleByArgument {}
