import ClusterModel
import Foundation
import Testing

@testable import Assets

@Suite struct DirectoryMirrorTests {
    let folder: TemporaryFolder
    let cache: TemporaryFolder
    let mirror: DirectoryMirror

    init() throws {
        folder = try TemporaryFolder()
        cache = try TemporaryFolder()
        try Sample.mirror(in: folder)
        mirror = DirectoryMirror(path: folder.path, architecture: .amd64, cache: AssetCache(root: cache.path))
    }

    @Test func givesTheFileWhereItIs() async throws {
        let file = try await mirror.binary(.kubelet, version: Sample.version)
        #expect(
            file
                == AssetFile(path: "\(folder.path)/\(Sample.kubelet)", sha256: Sample.digest(Sample.binary), size: Sample.binary.count))
        #expect(try await mirror.newestVersion() == Sample.version)
    }

    @Test func refusesAWrongDigestAndNamesBoth() async throws {
        let wrong = String(repeating: "0", count: 64)
        try folder.write(wrong, to: "\(Sample.kubelet).sha256")
        let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
        #expect(error?.code == .failed)
        #expect(error?.cause.contains(wrong) == true)
        #expect(error?.cause.contains(Sample.digest(Sample.binary)) == true)
        #expect(error?.cause.contains("\(folder.path)/\(Sample.kubelet)") == true)
    }

    @Test(arguments: ["", "1234", String(repeating: "g", count: 64), String(repeating: "0", count: 64) + "  kube-proxy"])
    func refusesADigestFileThatHoldsNone(_ text: String) async throws {
        try folder.write(text, to: "\(Sample.kubelet).sha256")
        let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
        #expect(error?.code == .failed)
        #expect(error?.cause.contains("does not hold a SHA-256 digest") == true)
    }

    @Test func whatIsMissingIsUnreachable() async throws {
        let binary = await failure { try await mirror.binary(.proxy, version: Sample.version) }
        #expect(binary?.code == .unreachable)
        #expect(binary?.cause.contains("kube-proxy.sha256: No such file or directory") == true)
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(await failure { try await mirror.newestVersion() }?.code == .unreachable)
        #expect(await failure { try await mirror.pauseImage(named: "pause:1", for: Sample.version) }?.code == .unreachable)
    }

    @Test func checksAFileOnce() async throws {
        let first = try await mirror.binary(.kubelet, version: Sample.version)
        // If it were read again, this would be found.
        try folder.write("changed", to: Sample.kubelet)
        #expect(try await mirror.binary(.kubelet, version: Sample.version) == first)
    }

    @Test func aFailureIsNotRemembered() async throws {
        try folder.write("changed", to: Sample.kubelet)
        #expect(await failure { try await mirror.binary(.kubelet, version: Sample.version) }?.code == .failed)
        try folder.write(Sample.binary, to: Sample.kubelet)
        #expect(try await mirror.binary(.kubelet, version: Sample.version).size == Sample.binary.count)
    }

    @Test func keepsThePauseImageByItsDigest() async throws {
        let image = try await mirror.pauseImage(named: "registry.k8s.io/pause:3.5", for: Sample.version)
        #expect(cache.names(in: "container-images") == ["\(image.sha256).tar"])
        #expect(image.path == "\(cache.path)/container-images/\(image.sha256).tar")
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: image.path)))
        #expect(Sample.digest(bytes) == image.sha256)
        #expect(bytes.count == image.size)
        #expect(try await mirror.pauseImage(named: "registry.k8s.io/pause:3.5", for: Sample.version) == image)
        #expect(try await mirror.pauseImage(named: "registry.k8s.io/pause:3.6", for: Sample.version) != image)
    }

    @Test func aCacheThatCannotBeWrittenIsSaid() async throws {
        try cache.write("a file, no folder", to: "in-the-way")
        let broken = DirectoryMirror(path: folder.path, architecture: .amd64, cache: AssetCache(root: "\(cache.path)/in-the-way"))
        let error = await failure { try await broken.pauseImage(named: "pause:1", for: Sample.version) }
        #expect(error?.code == .failed)
        #expect(error?.cause.contains("in-the-way") == true)
        #expect(error?.hint?.contains("SLIPWAY_CACHE") == true)
    }
}
