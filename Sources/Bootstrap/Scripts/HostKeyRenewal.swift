public import ClusterModel
import Crypto
import Foundation
import Templates

/// Gives a machine a host key of its own in the place of the one that it was made with, which others may know.
///
/// The new key is made on the machine and never leaves it. It lies ready until its public half is noted, and only then takes the
/// old one's place: whoever is cut short knows both.
public enum HostKeyRenewal {
    /// Prints the public half of a key that lies ready, made unless there is one. Waits for the end of the first boot.
    public static func stageScript(root: String = "") -> String { environment(root: root) + NodeTemplates.hostKeyStageScript }

    /// Makes that key the only one, and what held the old one disappear. Ends with `isMissing` when it is not there.
    /// - Parameters:
    ///   - key: as `stageScript` printed it.
    ///   - root: a folder to work in instead of the machine's own.
    ///   - reload: how sshd is told; empty for systemd's way.
    public static func activateScript(_ key: String, root: String = "", reload: String = "") -> String {
        environment(root: root) + "KEY=\(ShellQuoting.word(key))\nRELOAD=\(ShellQuoting.word(reload))\n"
            + NodeTemplates.hostKeyActivateScript
    }

    /// Exit status of `activateScript`: nothing was changed.
    public static let isMissing: Int32 = 3

    /// Prints the public half of the one key that sshd has, and fails when it has others.
    public static func proofScript(root: String = "") -> String { environment(root: root) + NodeTemplates.hostKeyProofScript }

    /// Prints the public half of the key that is in use.
    public static let readScript = "ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key | cut -d ' ' -f 1,2"

    /// The key in what a script printed, as `ssh-ed25519 BASE64`; nil when it printed something else.
    public static func key(in output: String) -> String? {
        let line = output.trimmingCharacters(in: .whitespacesAndNewlines)
        return fingerprint(of: line) == nil ? nil : line
    }

    /// `SHA256:...` of a key as `ssh-ed25519 BASE64`, as OpenSSH prints it; nil for anything else.
    public static func fingerprint(of key: String) -> String? {
        let fields = key.split(separator: " ", omittingEmptySubsequences: false)
        // The blob says its type again, in front of 32 bytes.
        let head: [UInt8] = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32]
        guard fields.count == 2, fields[0] == "ssh-ed25519", let blob = Data(base64Encoded: String(fields[1])),
            blob.starts(with: head), blob.count == head.count + 32
        else { return nil }
        return "SHA256:" + Data(SHA256.hash(data: blob)).base64EncodedString().trimmingCharacters(in: ["="])
    }

    private static func environment(root: String) -> String { "ROOT=\(ShellQuoting.word(root))\n" }
}

extension MachineEntry {
    /// The host keys that it may serve: one, or two while it changes from the one that it was given to one of its own.
    public var acceptedFingerprints: [String] {
        [hostKeyFingerprint, hostKey.flatMap(HostKeyRenewal.fingerprint)].compactMap { $0 }.reduce(into: []) { all, fingerprint in
            if !all.contains(fingerprint) { all.append(fingerprint) }
        }
    }
}
