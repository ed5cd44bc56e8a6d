import Bootstrap
import ClusterModel
import Testing

@Suite struct DigestTests {
    @Test(arguments: MachineRole.ofNodes) func lateValuesAreNotInTheDigest(role: MachineRole) throws {
        let real = try Fixture.input(role)
        var moved = real
        moved.late.address = "100.96.8.77"
        moved.late.apiAddress = "100.96.8.3"
        moved.late.providerID = "local://other"
        let digest = try NodeContent.specDigest(of: real)
        #expect(try NodeContent.specDigest(of: moved) == digest)
        #expect(try NodeContent.specDigest(of: real.symbolic) == digest)
        #expect(try NodeContent.render(real).specDigest == digest)
        #expect(try NodeContent.render(real.symbolic).specDigest == digest)
        // But they are in what is delivered.
        #expect(try NodeContent.render(moved).files != NodeContent.render(real).files)
    }

    @Test(arguments: MachineRole.ofNodes) func countsOfOtherMachinesChangeNothing(role: MachineRole) throws {
        let isMaster = role == .controlPlane
        let machine = MachineDesign(
            name: "demo-x-a-1", pool: isMaster ? MachineRole.controlPlanePool : "nodes", zone: "local-a", role: role, ordinal: 1,
            instanceType: "local.small", podCIDR: Fixture.cidr("10.244.3.0/24"))
        let digests = try [(1, 1), (3, 1), (5, 1), (1, 0), (1, 7), (3, 9)].map { masters, workers in
            try NodeContent.specDigest(
                of: NodeContentInput(
                    cluster: Fixture.cluster, spec: Fixture.spec(masters: masters, workers: workers), machine: machine, secretsVersion: "1")
            )
        }
        #expect(Set(digests).count == 1)
    }

    @Test func whatIsWantedIsInTheDigest() throws {
        let base = try Fixture.input(.worker)
        var changed = [base, base, base, base, base, base, base]
        changed[0].taints = [Taint(key: "a", value: "b", effect: .noExecute)]
        changed[1].secretsVersion = "2"
        changed[2].version = try #require(KubernetesVersion("1.24.0"))
        changed[3].podCIDR = Fixture.cidr("10.244.9.0/24")
        changed[4].machine = "demo-nodes-a-2"
        changed[5].network.serviceCIDR = Fixture.cidr("10.97.0.0/16")
        changed[6].sshPublicKeys = ["ssh-ed25519 AAAA"]
        let digests = try ([base] + changed).map { try NodeContent.specDigest(of: $0) }
        #expect(Set(digests).count == digests.count)
    }

    @Test func theDigestIsStable() throws {
        let input = try Fixture.input()
        let digest = try NodeContent.specDigest(of: input)
        for _ in 0..<5 { #expect(try NodeContent.specDigest(of: input) == digest) }
        #expect(digest.count == 64)
    }

    @Test func whatTheNodeRewritesIsInNoDigestAndNoManifest() throws {
        let content = try NodeContent.render(Fixture.input())
        let file = try #require(content.files.first { !$0.inDigest })
        #expect(content.files.filter { !$0.inDigest }.count == 1)
        #expect(file.path == "/var/lib/kubelet/pki/kubelet-client-initial.pem")
        let delivered = content.delivered(secret: Fixture.secret, certificate: Fixture.certificate)
        let manifest = ContentManifest(content, delivered: delivered)
        #expect(!manifest.checksums.contains(file.path))
        #expect(manifest.checksums.contains("  /etc/kubernetes/kubelet.yaml\n"))
        #expect(manifest.specDigest == content.specDigest)

        var tampered = delivered
        tampered[0].bytes = Secret("other")
        #expect(ContentManifest(content, delivered: tampered).contentDigest != manifest.contentDigest)
        #expect(!EtcdFormation.environment(token: "t", members: []).inDigest)
    }

    @Test(arguments: MachineRole.ofNodes) func thePoolPartIsTheSameOnAllMachines(role: MachineRole) throws {
        let one = try NodeContent.render(Fixture.input(role))
        var late = Fixture.late
        late.address = "100.96.8.99"
        late.providerID = "local://other"
        let other = try NodeContent.render(Fixture.input(role, machine: "demo-x-b-9", podCIDR: "10.244.9.0/24", late: late))
        #expect(one.files.map(\.path) == other.files.map(\.path))
        for (left, right) in zip(one.files, other.files) where left.part == .pool {
            #expect(left == right)
        }
        let machineTexts = zip(one.files, other.files).filter { $0.0.part == .machine }
        for (left, right) in machineTexts {
            if case .text = left.content { #expect(left.content != right.content, "\(left.path) could be in the pool part") }
        }
    }

    @Test func falseLateValuesAreRefused() throws {
        var input = try Fixture.input()
        input.late.address = "not an address"
        #expect(throws: SlipwayError.self) { try NodeContent.render(input) }
        input = try Fixture.input()
        input.late.apiAddress = LateValues.symbolic.apiAddress
        #expect(throws: SlipwayError.self) { try NodeContent.render(input) }
    }
}
