import Bootstrap
import ClusterModel
import Crypto
import Foundation

/// The script that activates a host key.
enum HostKeyScript {
    /// The key; nil when it is another script.
    static func key(_ script: String) -> String? {
        guard let key = quoted("KEY=", script), script == HostKeyRenewal.activateScript(key) else { return nil }
        return key
    }

    private static func quoted(_ name: String, _ script: String) -> String? {
        script.split(separator: "\n").first { $0.hasPrefix(name) }.map {
            $0.dropFirst(name.count).trimmingCharacters(in: ["'"])
        }
    }
}

extension SimulatedWorld.Machine {
    /// The key that lies ready: made unless there is one, and the same in every run.
    mutating func stageHostKey() -> String {
        if let stagedHostKey { return stagedHostKey }
        let number = Array(SHA256.hash(data: Array("\(record.providerID) \(record.name) of its own".utf8)))
        let blob: [UInt8] = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + number
        let key = "ssh-ed25519 \(Data(blob).base64EncodedString())"
        stagedHostKey = key
        return key
    }

    /// False when it has no such key.
    mutating func activate(_ key: String) -> Bool {
        if stagedHostKey == key {
            ownHostKey = key
            servedHostKey = HostKeyRenewal.fingerprint(of: key)
            stagedHostKey = nil
        }
        return ownHostKey == key
    }
}
