import Bootstrap
public import ClusterModel
import Foundation

extension SimulatedWorld: HostAccess {
    public func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult {
        scripts.add(script)
        let label = "run on \(host.machine): \(MachineScript.label(script))"
        let answer: @Sendable (inout Contents) throws -> HostResult = { [self] contents in
            let moment = moment
            try contents.login(host, moment)
            return try MachineScript.answer(script, input: input, on: host.machine, &contents, moment)
        }
        return try await MachineScript.changes(script)
            ? change(script == NodeDelivery.script() ? .deliver : .script, label, answer) : read(.script, label, answer)
    }

    public func upload(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration) async throws {
        scripts.add("upload \(path)")
        // What else is sent is small.
        let work: SimulatedWork = path.hasPrefix(NodePaths.binaries + "/kube") ? .upload : .script
        try await change(work, "upload to \(host.machine): \(path)") { contents in
            try contents.login(host, moment)
            contents.machines[host.machine]?.files[path] =
                switch content {
                case .bytes(let bytes): SimulatedFile(bytes)
                case .file(_, let sha256): SimulatedFile(sha256: sha256)
                }
        }
    }

    public func close() async {}
}

extension SimulatedWorld.Contents {
    /// As sshd and a verified host key would have it.
    func login(_ host: HostEndpoint, _ moment: Moment) throws {
        guard let machine = machines[host.machine], networks[machine.cluster.uid]?.isUp == true, machine.record.status == .running,
            !machine.hangs, moment.isPast(machine.bootedAt), machine.record.loginAddress == host.address
        else {
            throw SlipwayError(
                .unreachable, at: Address(.host, host.machine), doing: "connecting", cause: "no answer from \(host.address)",
                retry: .transient)
        }
        if networks[machine.cluster.uid]?.isPrivate == true, machine.record.accessAddress == nil {
            guard let gate = host.via.last, machines[gate.machine]?.record.role == .bastion else {
                throw SlipwayError(
                    .unreachable, at: Address(.host, host.machine), doing: "connecting",
                    cause: "nothing leads to \(host.address) from here",
                    retry: .transient)
            }
            try login(gate, moment)
        }
        guard let served = machine.servedHostKey ?? machine.record.tags[Tag.hostKey], host.acceptedFingerprints.contains(served) else {
            throw SlipwayError(.refused, at: Address(.host, host.machine), doing: "connecting", cause: "it has another host key")
        }
        guard machine.letsIn(host.identity) else {
            throw SlipwayError(
                .failed, at: Address(.host, host.machine), doing: "connecting", cause: "the host does not let root in with this key")
        }
    }
}

extension SimulatedWorld.Machine {
    /// Whether a public key in root's `authorized_keys` is that of the identity, whose file holds it unencrypted.
    func letsIn(_ identity: Secret) -> Bool {
        let lines = text(NodePaths.authorizedKeys).split(separator: "\n")
        guard !lines.isEmpty else { return true }
        let body = identity.revealText().split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let file = Data(base64Encoded: body) else { return false }
        return lines.contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 1 && Data(base64Encoded: String(fields[1])).map { file.range(of: $0) != nil } ?? false
        }
    }
}

/// The scripts that drivers run, known by their text, and what they do to a machine.
enum MachineScript {
    private static let reads = [
        ObservationScript.text, RecoveryKit.readScript, RecoveryKit.digestScript, RequiredPrograms.check(for: .controlPlane),
        RequiredPrograms.check(for: .worker), RequiredPrograms.check(for: .controlPlane, sharesAPIAddress: false),
        HostKeyRenewal.proofScript(), HostKeyRenewal.readScript, APIReadiness.script, "true",
    ]
    private static let readFragments = [
        "cat \(NodePaths.binariesVersion)", "else sha256sum /", "\necho \"= ", "if [ -s ", "for turn in", "endpoint health",
        "endpoint status",
        "member list", "test -d ",
        "images ls -q", "ping -c 1", "journalctl ",
    ]

    /// Whether it changes the machine.
    static func changes(_ script: String) -> Bool {
        if script.hasPrefix(NodeDelivery.script()) { return true }
        if reads.contains(script) { return false }
        return !readFragments.contains { script.contains($0) }
    }

    /// Short, for a log.
    static func label(_ script: String) -> String {
        if script.hasPrefix(NodeDelivery.script()) {
            return script == NodeDelivery.script() ? "deliver" : "deliver and" + words(script, after: "systemctl start --no-block").joined()
        }
        if script == HostKeyRenewal.stageScript() { return "make a host key ready" }
        if HostKeyScript.key(script) != nil { return "activate the host key" }
        if script.contains(RecoveryKit.checksumPath), script != RecoveryKit.digestScript, script != RecoveryKit.readScript {
            return "keep the recovery kit"
        }
        return script.replacing("\n", with: " ")
    }

    static func answer(
        _ script: String, input: [UInt8], on name: String, _ contents: inout SimulatedWorld.Contents, _ moment: Moment
    ) throws -> HostResult {
        guard var machine = contents.machines[name] else { throw SimulatedWorld.missing("machine \(name)") }
        var etcd = contents.networks[machine.cluster.uid]?.etcd ?? SimulatedEtcd()
        defer {
            contents.machines[name] = machine
            contents.networks[machine.cluster.uid]?.etcd = etcd
        }
        if script == ObservationScript.text { return said(machine.facts(etcd, moment)) }
        if script == RecoveryKit.digestScript { return said(machine.recoveryDigest.map { $0 + "\n" } ?? "") }
        if script == RecoveryKit.readScript {
            guard let kit = machine.recoveryKit.value else { return HostResult(exitStatus: 3, output: [], errorOutput: []) }
            return HostResult(exitStatus: 0, output: kit.reveal(), errorOutput: [])
        }
        if script == HostKeyRenewal.stageScript() { return said(machine.stageHostKey() + "\n") }
        if let key = HostKeyScript.key(script) {
            return HostResult(exitStatus: machine.activate(key) ? 0 : HostKeyRenewal.isMissing, output: [], errorOutput: [])
        }
        if script == HostKeyRenewal.proofScript() || script == HostKeyRenewal.readScript {
            return machine.ownHostKey.map { said($0 + "\n") } ?? status(false)
        }
        if script == APIReadiness.script {
            let answers = machine.isHealthy(.apiserver, moment) && contents.hasQuorum(machine.cluster, moment)
            return said(answers ? "ok\n200\n" : "\n000\n")
        }
        if reads.contains(script) { return said("") }
        if script.contains(RecoveryKit.checksumPath) {
            machine.recoveryKit.value = Secret(input)
            machine.recoveryDigest = words(script, after: "printf '# %s\\n%s  %s\\n'").first.map { $0.trimmingCharacters(in: ["'"]) }
            return said("")
        }
        if script.hasPrefix(NodeDelivery.script()) {
            let changed = machine.receive(input)
            machine.start(words(script, after: "systemctl start --no-block"), &etcd, moment)
            return said(changed.map { $0 + "\n" }.joined())
        }
        if script.hasSuffix(EtcdFormation.wipeScript) {
            machine.hasEtcdData = false
            machine.etcdID = nil
            if !contents.machines.values.contains(where: { $0.cluster == machine.cluster && $0.record.name != name && $0.hasEtcdData }) {
                etcd.forget()
            }
            if script.contains("systemctl disable") { machine.enabled.remove(.etcd) }
            machine.files[EtcdFormation.path] = nil
            machine.services[.etcd] = machine.services[.etcd].map { _ in "inactive" }
            return said("")
        }
        if script == EtcdFormation.finishScript {
            machine.files[EtcdFormation.path] = nil
            return said("")
        }
        if let digest = ContentManifestScript.field("specDigest", script) {
            machine.specDigest = digest
            machine.certificatesUntil = ContentManifestScript.field("certificatesUntil", script).flatMap { Int($0) }
            machine.damagedFiles = []
            return said("")
        }
        if script.contains("etcdctl ") {
            let member = etcd.member(machine.etcdID)
            let isHealthy = machine.isHealthy(.etcd, moment) && member != nil
            if script.contains("endpoint status") { return status(isHealthy) }
            let hasQuorum = isHealthy && contents.hasQuorum(machine.cluster, moment)
            if script.contains("endpoint health") { return status(hasQuorum && member?.isLearner == false) }
            if script.contains("move-leader") { return status(hasQuorum && machine.etcdID == etcd.voters.map(\.id).min()) }
            return hasQuorum ? etcd.answer(words(script, after: "member ").map { $0.trimmingCharacters(in: ["'"]) }) : status(false)
        }
        return try simple(script, &machine, &etcd, contents, moment)
    }

    private static func simple(
        _ script: String, _ machine: inout SimulatedWorld.Machine, _ etcd: inout SimulatedEtcd, _ contents: SimulatedWorld.Contents,
        _ moment: Moment
    ) throws -> HostResult {
        if script.contains("cat \(NodePaths.binariesVersion)") { return said(machine.text(NodePaths.binariesVersion)) }
        if script.contains("if [ -s ") { return said(machine.certificates(script)) }
        if script.contains("else sha256sum ") {
            let paths = words(script, after: "else sha256sum ")
            return said(paths.compactMap { path in machine.files[path].map { "\($0.sha256)  \(path)\n" } }.joined())
        }
        if script.contains("for turn in") {
            let asked = script.split(separator: "sick=\"$sick ").dropFirst().map { String($0.prefix { $0 != "\"" }) }
            let mayRest = script.contains("grep -q =inactive")
            let hasQuorum = contents.hasQuorum(machine.cluster, moment)
            let sick = asked.filter { name in
                guard let service = NodeService(rawValue: name) else { return true }
                if service == .etcd, !mayRest, !hasQuorum { return true }
                let rests = mayRest && [nil, "inactive"].contains(machine.services[service])
                return !rests && !machine.isHealthy(service, moment)
            }
            return said(sick.joined(separator: " "))
        }
        if script.contains("test -d \(NodePaths.etcdData)") { return status(machine.hasEtcdData) }
        if script.contains("images ls -q") { return status(machine.hasPauseImage) }
        if script.contains("images import") {
            machine.hasPauseImage = true
            for path in machine.files.keys where script.contains("rm -f \(path)") { machine.files[path] = nil }
            return said("")
        }
        if script.contains("ping -c 1") {
            guard let target = words(script, after: "-W 2").first.flatMap({ IPv4Address($0) }) else { return status(false) }
            return status(contents.reaches(target, of: machine.cluster, moment))
        }
        if script.contains("journalctl ") { return said("a line of the log\n") }
        if script.contains("systemctl start --no-block") {
            machine.start(words(script, after: "systemctl start --no-block"), &etcd, moment)
            return said("")
        }
        if script.hasPrefix("systemctl stop ") {
            for unit in words(script, after: "systemctl stop") { machine.stop(unit) }
            return said("")
        }
        if script.contains("daemon-reload") || script.contains("try-restart") || script.contains("try-reload-or-restart") {
            return said("")
        }
        throw SimulatedWorld.unknown("the script \(script)")
    }

    private static func words(_ script: String, after command: String) -> [String] {
        guard let range = script.firstRange(of: command) else { return [] }
        return script[range.upperBound...].prefix { !"\n;&>".contains($0) }.split(separator: " ").map(String.init)
    }

    private static func said(_ text: String) -> HostResult { HostResult(exitStatus: 0, output: Array(text.utf8), errorOutput: []) }
    private static func status(_ isTrue: Bool) -> HostResult { HostResult(exitStatus: isTrue ? 0 : 1, output: [], errorOutput: []) }
}

/// The script that notes what was delivered whole.
enum ContentManifestScript {
    /// A field of the manifest that it writes; nil when it is another script.
    static func field(_ name: String, _ script: String) -> String? {
        guard script.contains(ContentManifest.checksumsPath), let key = script.firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(script[key.upperBound...].prefix { $0.isHexDigit })
    }
}
