import Bootstrap
import ClusterModel
import Drivers
import Foundation
import PKI

/// Reads what masters keep for their cluster's recovery, each over a login with the host key that its tag names.
struct KitReading: Sendable {
    let cluster: ClusterIdentity
    let hosts: any HostAccess
    let identity: Secret
    /// As `Cloud.hostKeysAreSeeds`: then machines are known by keys of their own.
    let hostKeysAreSeeds: Bool
    /// Which logins lead through; nil where masters are reached directly.
    var gate: MachineRecord?
    /// How long one machine may take to answer.
    var timeout: Duration = .seconds(15)

    /// What came of one master.
    enum Answer: Sendable {
        case kit(RecoveryKit)
        /// It let us in and has none that is whole.
        case without(why: String)
        case silent(why: String)
        /// It does not let this key in.
        case locked(why: String)
    }

    /// All at once, by machine name.
    func answers(of masters: [MachineRecord]) async -> [String: Answer] {
        await withTaskGroup(of: (String, Answer).self) { group in
            for master in masters { group.addTask { (master.name, await answer(of: master)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func answer(of master: MachineRecord) async -> Answer {
        guard let pin = master.tags[Tag.hostKey] else { return .silent(why: "no tag names its host key: nobody logs in to it unverified") }
        var host = HostEndpoint(machine: master.name, address: master.loginAddress, hostKeyFingerprint: pin, identity: identity)
        if master.accessAddress == nil, let gate, let pin = gate.tags[Tag.hostKey] {
            host.via = [HostEndpoint(machine: gate.name, address: gate.loginAddress, hostKeyFingerprint: pin, identity: identity)]
        }
        do {
            let result = try await hosts.run(RecoveryKit.readScript, on: host, timeout: timeout)
            guard result.exitStatus == 0 else {
                return .without(why: result.exitStatus == 3 ? "it keeps no recovery kit" : "its recovery kit is damaged")
            }
            return try checked(RecoveryKit(Secret(result.output)), from: master, pin: pin)
        } catch let error as SlipwayError where error.doing == RecoveryKit.reading {
            return .without(why: error.cause)
        } catch let error as SlipwayError where error.code == .failed {
            return .locked(why: error.cause)
        } catch {
            return .silent(why: SlipwayError(wrapping: error, doing: "logging in").cause)
        }
    }

    /// A kit counts for the cluster that it was found on, and only with the secrets that this machine's host key comes from, where
    /// it comes from secrets.
    private func checked(_ kit: RecoveryKit, from master: MachineRecord, pin: String) throws -> Answer {
        guard kit.cluster == cluster else {
            return .without(why: "its recovery kit is of cluster \(kit.cluster.name) (\(kit.cluster.uid))")
        }
        guard let secrets = try? ClusterSecrets(decoding: kit.secrets),
            hostKeysAreSeeds || secrets.hostKey(for: master.name).fingerprint == pin
        else {
            return .without(why: "the secrets in its recovery kit are not those that its host key was made from")
        }
        return .kit(kit)
    }
}
