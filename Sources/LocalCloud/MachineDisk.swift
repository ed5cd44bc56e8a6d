import ClusterModel
import Crypto
import Glibc

/// A machine's folder: what its disk holds beyond the image.
///
///     root/upper, root/work        the overlay of the image
///     wanted                       files that it has from the start, a layer of that overlay (`WantedFiles`)
///     containerd, etcd, kubelet    bound over the machine's folder of that name under /var/lib: an overlay cannot lie on one
///     netns                        where the machine's launch mounts its network namespace for itself
///     console.log, machine.json
enum MachineDisk {
    static let bound = ["containerd", "etcd", "kubelet"]

    /// Lays out the folder's content, whole.
    static func lay(
        _ machine: MachineFile, for request: MachineRequest, image: LocalImage, wanted: WantedFiles, addresses: AddressPlan,
        at folder: String
    ) async throws {
        try Files.makeFolder(folder)
        // The mode of the machine's own root folder.
        try Files.makeFolder("\(folder)/root/upper")
        try Files.check(chmod("\(folder)/root/upper", 0o755), "setting the mode of", "\(folder)/root/upper")
        try Files.makeFolder("\(folder)/root/work")
        for name in bound {
            let own = "\(folder)/\(name)"
            let model = Files.status("\(image.root)/var/lib/\(name)")
            try Files.makeFolder(own, mode: model?.mode ?? 0o711)
            try Files.own(own, owner: model?.owner ?? 0, group: model?.group ?? 0)
        }
        try Files.write([], to: "\(folder)/netns", mode: 0o600)
        try await wanted.lay(at: "\(folder)/wanted")

        let root = "\(folder)/root/upper"
        for (path, mode) in [("/etc", 0o755), ("/etc/ssh", 0o755), ("/root", 0o700), ("/root/.ssh", 0o700)] as [(String, UInt16)] {
            try Files.makeFolder(root + path, mode: mode)
        }
        try Files.write(request.hostKey.reveal(), to: "\(root)/etc/ssh/ssh_host_ed25519_key", mode: 0o600)
        let files: [(String, String, UInt16)] = [
            ("/root/.ssh/authorized_keys", request.authorizedKeys.map { $0 + "\n" }.joined(), 0o600),
            ("/etc/hostname", "\(machine.name)\n", 0o644),
            ("/etc/hosts", "127.0.0.1 localhost\n\(machine.address) \(machine.name)\n", 0o644),
            ("/etc/resolv.conf", "# No resolver is reachable from here.\n", 0o644),
            ("/etc/machine-id", "\(machineID(machine.providerID, token: machine.token))\n", 0o444),
        ]
        for (path, content, mode) in files {
            try Files.write(Array(content.utf8), to: root + path, mode: mode)
        }
        try Files.write(try Records.encode(machine), to: "\(folder)/machine.json", mode: 0o600)
        for path in ["/root/.ssh", "/root", "/etc/ssh", "/etc", ""] { try Files.sync(folder: root + path) }
        for path in MachineDisk.bound + ["root"] { try Files.sync(folder: "\(folder)/\(path)") }
        try Files.sync(folder: folder)
    }

    /// 32 hexadecimal digits, of this machine alone.
    private static func machineID(_ providerID: String, token: String) -> String {
        let digest = SHA256.hash(data: Array("\(providerID) \(token)".utf8))
        return digest.prefix(16).hexadecimal
    }
}
