import ClusterModel
import Foundation
import Testing

@testable import Bootstrap

/// Content on clouds that lead to the API by an endpoint of their own.
@Suite struct CloudContentTests {
    private let late = LateValues(
        address: "10.0.1.4", providerID: "aws:///eu-central-1a/i-1", apiAddress: "api.internal.example", accessAddress: "api.example",
        gateway: "10.0.1.1", networkCIDR: "10.0.0.0/16")

    private func input(_ role: MachineRole = .controlPlane, late: LateValues? = nil) throws -> NodeContentInput {
        var input = try Fixture.input(role, late: late ?? self.late)
        input.sharesAPIAddress = false
        return input
    }

    @Test func theAPIServersCertificateIsForBothOfItsNames() throws {
        let certificate = try #require(try NodeContent.render(input()).certificate(named: "apiserver"))
        #expect(certificate.request.dnsNames.suffix(2) == ["api.internal.example", "api.example"])
        #expect(certificate.request.dnsNames.contains("demo-control-plane-a-1"), "a master is verified by its name from outside")
        #expect(certificate.request.addresses.map(\.description) == ["10.96.0.1", "127.0.0.1", "10.0.1.4"])
        #expect(certificate.symbolicAddresses.isEmpty)

        var late = late
        (late.apiAddress, late.accessAddress) = ("10.0.1.9", "198.51.100.7")
        let addresses = try #require(try NodeContent.render(input(late: late)).certificate(named: "apiserver"))
        #expect(addresses.request.addresses.map(\.description) == ["10.96.0.1", "127.0.0.1", "10.0.1.9", "198.51.100.7", "10.0.1.4"])
        late.accessAddress = late.apiAddress
        #expect(try NodeContent.render(input(late: late)).certificate(named: "apiserver")?.request.addresses.count == 4, "each once")
    }

    @Test func aNameThatTheSpecChoseIsInTheCertificateAndChangesTheDigestOfMastersAlone() throws {
        func input(_ role: MachineRole, _ name: String?) throws -> NodeContentInput {
            var spec = Self.onAWS
            spec.cloud.aws = AWSCloudSpec(region: "eu-central-1", dnsName: name)
            var design = Self.design
            if role == .worker { (design.role, design.pool) = (.worker, "nodes") }
            return try NodeContentInput(cluster: Fixture.cluster, spec: spec, machine: design, secretsVersion: "1", late: late)
        }
        let name = "api.demo.example.com"
        let certificate = try #require(try NodeContent.render(input(.controlPlane, name)).certificate(named: "apiserver"))
        #expect(certificate.request.dnsNames.suffix(3) == ["api.internal.example", "api.example", name])
        #expect(try NodeContent.specDigest(of: input(.controlPlane, name)) != NodeContent.specDigest(of: input(.controlPlane, nil)))
        #expect(try NodeContent.specDigest(of: input(.worker, name)) == NodeContent.specDigest(of: input(.worker, nil)))
    }

    @Test func nodesReachTheAPIByItsNameInside() throws {
        let content = try NodeContent.render(input(.worker))
        let texts = content.files.compactMap { file in if case .text(let text) = file.content { text } else { nil } }
        #expect(content.text(at: "/etc/kubernetes/kubelet.kubeconfig").contains("https://api.internal.example:6443"))
        #expect(!texts.contains { $0.contains("//api.example") })
    }

    @Test func noUnitHoldsAnAddress() throws {
        let content = try NodeContent.render(input())
        let local = try NodeContent.render(Fixture.input())
        #expect(!content.services.contains(.apiAddress) && local.services.contains(.apiAddress))
        #expect(content.services == local.services.filter { $0 != .apiAddress })
        let missing = Set(local.files.map(\.path)).subtracting(content.files.map(\.path))
        #expect(
            missing == [
                NodePaths.unit("slipway-api-address.service"), NodePaths.script("slipway-api-address"),
                NodePaths.script("slipway-api-ready"),
            ])
        #expect(Set(content.files.map(\.path)).subtracting(local.files.map(\.path)).isEmpty)
        #expect(
            try NodeContentInput(cluster: Fixture.cluster, spec: Self.onAWS, machine: Self.design, secretsVersion: "1").sharesAPIAddress
                == false)
    }

    private static let design = MachineDesign(
        name: "demo-control-plane-a-1", pool: MachineRole.controlPlanePool, zone: "eu-central-1a", role: .controlPlane, ordinal: 1,
        instanceType: "t3.medium", podCIDR: Fixture.cidr("10.244.0.0/24"))
    private static var onAWS: ClusterSpec {
        var spec = Fixture.spec()
        spec.cloud = CloudSpec(provider: .aws)
        return spec
    }

    @Test func digestsSayNothingOfTheAddressForPeople() throws {
        var without = late
        without.accessAddress = nil
        #expect(try NodeContent.specDigest(of: input()) == NodeContent.specDigest(of: input(late: without)))
        #expect(try NodeContent.specDigest(of: input()) == NodeDigests().specDigest(of: input()))
        #expect(try NodeContent.specDigest(of: input()) != NodeContent.specDigest(of: Fixture.input()), "there is no unit for the address")
    }

    @Test(arguments: ["", "not a name", "a..b", "-a", "10.0.1", "@network.apiAddress@"])
    func whatIsNeitherAnAddressNorANameIsRefused(_ text: String) throws {
        var late = late
        late.apiAddress = text
        #expect(throws: SlipwayError.self) { try NodeContent.render(input(late: late)) }
        late.apiAddress = "api.example"
        late.accessAddress = text
        #expect(throws: SlipwayError.self) { try NodeContent.render(input(late: late)) }
    }

    @Test func onlyMachinesThatShareTheAddressNeedKeepalived() {
        let shared = RequiredPrograms.all(for: .controlPlane).map(\.program)
        let led = RequiredPrograms.all(for: .controlPlane, sharesAPIAddress: false).map(\.program)
        #expect(Set(shared).subtracting(led) == ["keepalived"] && Set(led).isSubset(of: shared))
        #expect(RequiredPrograms.check(for: .worker) == RequiredPrograms.check(for: .worker, sharesAPIAddress: false))
    }
}
