import Bootstrap
import ClusterModel
import Foundation
import Testing

@Suite struct ContentTests {
    @Test(arguments: MachineRole.ofNodes) func pathsAreUniqueAndSafe(role: MachineRole) throws {
        let content = try NodeContent.render(Fixture.input(role))
        let paths = content.files.map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(paths == paths.sorted())
        for path in paths {
            #expect(path.hasPrefix("/"))
            #expect(path.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_./".utf8.contains($0) }, "\(path)")
        }
    }

    @Test(arguments: MachineRole.ofNodes) func everyServiceHasItsUnit(role: MachineRole) throws {
        let content = try NodeContent.render(Fixture.input(role))
        for service in content.services {
            #expect(content.file(at: "\(NodePaths.units)/\(service.unit)") != nil, "\(service)")
        }
        let units = content.files.filter { $0.path.hasPrefix(NodePaths.units) }
        #expect(units.count == content.services.count)
        #expect(content.services == (role == .worker ? NodeService.node : NodeService.controlPlane + NodeService.node))
    }

    @Test(arguments: MachineRole.ofNodes) func keysAndConfigurationsAreForTheirOwnerOnly(role: MachineRole) throws {
        let content = try NodeContent.render(Fixture.input(role))
        for file in content.files {
            switch file.content {
            case .key, .certificateWithKey, .template, .secret(.authorityKey), .secret(.serviceAccountKey), .secret(.encryptionKey):
                #expect(file.mode == 0o600, "\(file.path)")
            default: break
            }
            if file.path.hasSuffix(".kubeconfig") || file.path.hasSuffix(".yaml") { #expect(file.mode == 0o600, "\(file.path)") }
            #expect(file.mode & 0o022 == 0, "\(file.path)")
            #expect(file.owner == (file.path.contains("/etcd/server.") || file.path.contains("/etcd/peer.") ? "etcd" : "root"))
        }
    }

    @Test func aWorkerHoldsNothingOfTheControlPlane() throws {
        let content = try NodeContent.render(Fixture.input(.worker))
        for file in content.files {
            #expect(!file.path.contains("etcd"))
            switch file.content {
            case .secret(let reference): #expect(reference == .authorityCertificate(.kubernetes))
            case .template(_, let placeholders):
                #expect(file.path == NodePaths.authorizedKeys && Array(placeholders.values) == [.sshPublicKey], "\(file.path)")
            default: break
            }
        }
        #expect(content.certificates.map(\.name) == ["kube-proxy", "kubelet-client", "kubelet-serving"])
        #expect(content.text(at: "/etc/kubernetes/kubelet.kubeconfig").contains("https://100.96.8.2:6443"))
    }

    /// Whoever is in the spec may log in, beside Slipway itself; nothing restarts when that changes.
    @Test(arguments: MachineRole.ofNodes) func authorizedKeysAreTheClustersAndTheSpecs(role: MachineRole) throws {
        var input = try Fixture.input(role)
        input.sshPublicKeys = ["ssh-ed25519 AAAA ann@example.com", "ssh-ed25519 BBBB"]
        let content = try NodeContent.render(input)
        let file = try #require(content.file(at: "/root/.ssh/authorized_keys"))
        #expect(file.mode == 0o600 && file.effect == .nothing && file.inDigest)
        #expect(content.folders.contains(NodeFolder("/root/.ssh", mode: 0o700)))
        let bytes = file.content.bytes(secret: { _ in Secret("ssh-ed25519 OWN") }, certificate: Fixture.certificate)
        #expect(
            bytes.revealText() == "ssh-ed25519 OWN slipway-demo\nssh-ed25519 AAAA ann@example.com\nssh-ed25519 BBBB\n",
            "as the cloud laid it onto the disk")
        #expect(content.effects(ofChanged: [file.path]) == ContentEffects())
    }

    @Test func aMasterUsesItsOwnAPIServerAndItsOwnEtcd() throws {
        let content = try NodeContent.render(Fixture.input())
        for name in ["kubelet", "kube-proxy", "controller-manager", "scheduler"] {
            #expect(content.text(at: "/etc/kubernetes/\(name).kubeconfig").contains("https://127.0.0.1:6443"))
        }
        #expect(content.text(at: "\(NodePaths.units)/kube-apiserver.service").contains("--etcd-servers=https://127.0.0.1:2379"))
    }

    @Test func certificatesHaveTheirNamesAndUsages() throws {
        let content = try NodeContent.render(Fixture.input())
        let apiserver = try #require(content.certificate(named: "apiserver")).request
        #expect(apiserver.addresses.map(\.description) == ["10.96.0.1", "127.0.0.1", "100.96.8.2", "100.96.8.10"])
        #expect(
            apiserver.dnsNames == [
                "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost",
                "demo-control-plane-a-1",
            ])
        #expect(apiserver.usages == [.server])
        let kubelet = try #require(content.certificate(named: "kubelet-client")).request
        #expect(kubelet.commonName == "system:node:demo-control-plane-a-1")
        #expect(kubelet.organizations == ["system:nodes"])
        for name in ["etcd-server", "etcd-peer"] {
            let request = try #require(content.certificate(named: name)).request
            #expect(request.authority == .etcd)
            #expect(request.usages == [.server, .client])
            #expect(request.addresses.map(\.description).contains("100.96.8.10"))
        }
        // Every file that needs a certificate has a request, and every request a file.
        var named: Set<String> = []
        for file in content.files {
            switch file.content {
            case .certificate(let name), .key(let name), .certificateWithKey(let name): named.insert(name)
            default: break
            }
        }
        #expect(named == Set(content.certificates.map(\.name)))
        for certificate in content.certificates {
            #expect(certificate.symbolicAddresses.isEmpty)
            for path in certificate.paths { #expect(content.file(at: path) != nil) }
        }
        let symbolic = try NodeContent.render(Fixture.input().symbolic)
        #expect(symbolic.certificate(named: "apiserver")?.symbolicAddresses.count == 2)
    }

    @Test func secretsAreFilledIn() throws {
        let content = try NodeContent.render(Fixture.input())
        let delivered = content.delivered(
            secret: { $0 == .encryptionKey ? Secret("c2VjcmV0\n") : Fixture.secret($0) }, certificate: Fixture.certificate)
        func text(_ path: String) -> String? { delivered.first { $0.path == path }?.bytes.revealText() }
        let encryption = try #require(text("/etc/kubernetes/encryption.yaml"))
        #expect(encryption.contains("secret: 'c2VjcmV0'\n"))
        #expect(!encryption.contains("@"))
        #expect(!encryption.contains("identity"))
        #expect(text("/var/lib/kubelet/pki/kubelet-client-initial.pem") == "certificate kubelet-client\nkey kubelet-client\n")
        #expect(text("/etc/kubernetes/pki/apiserver.key") == "key apiserver\n")
        #expect(delivered.allSatisfy { !$0.bytes.revealText().contains("@machine.") && !$0.bytes.revealText().contains("@network.") })
    }

    @Test func taintsReachTheNodeInEveryRelease() throws {
        let taints = [Taint(key: "dedicated", value: "gpu", effect: .noExecute), Taint(key: "bare", effect: .preferNoSchedule)]
        let old = try NodeContent.render(Fixture.input(.worker, version: "1.22.0", taints: taints))
        #expect(
            old.text(at: "\(NodePaths.units)/kubelet.service")
                .contains("--register-with-taints=dedicated=gpu:NoExecute,bare=:PreferNoSchedule,slipway.dev/starting=:NoSchedule"))
        #expect(!old.text(at: "/etc/kubernetes/kubelet.yaml").contains("registerWithTaints"))
        let new = try NodeContent.render(Fixture.input(.worker, version: "1.23.0", taints: taints))
        #expect(!new.text(at: "\(NodePaths.units)/kubelet.service").contains("register-with-taints"))
        #expect(new.text(at: "/etc/kubernetes/kubelet.yaml").contains("slipway.dev/starting"))
    }

    @Test func effectsAreTakenTogether() throws {
        let content = try NodeContent.render(Fixture.input())
        let effects = content.effects(ofChanged: [
            "/etc/kubernetes/pki/sa.key", "/etc/systemd/system/kubelet.service", "/etc/kubernetes/kubelet.yaml", "/gone",
        ])
        #expect(effects.restart == [.apiserver, .controllerManager, .scheduler, .kubelet])
        #expect(effects.reloadsUnits)
        #expect(effects.replaces.isEmpty)
        #expect(content.effects(ofChanged: ["/etc/cni/net.d/10-slipway.conflist"]).replaces == ["/etc/cni/net.d/10-slipway.conflist"])
        #expect(content.effects(ofChanged: []) == ContentEffects())
    }

    @Test func contentIsCodable() throws {
        let content = try NodeContent.render(Fixture.input())
        #expect(try JSONDecoder().decode(NodeContent.self, from: JSONEncoder().encode(content)) == content)
    }
}
