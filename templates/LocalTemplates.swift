/// Scripts and configuration of local machines, as text.
public enum LocalTemplates {
    /// Makes the machines' image on the host.
    public static var imageScript: String { text(PackageResources.local_image_sh) }
    /// Starts a machine, on the host.
    public static var startScript: String { text(PackageResources.local_start_sh) }
    /// Continues the start in the machine's own mount namespace.
    public static var launchScript: String { text(PackageResources.local_launch_sh) }
    /// Runs in the machine at boot.
    public static var setupScript: String { text(PackageResources.local_setup_sh) }
    public static var setupUnit: String { text(PackageResources.local_setup_service) }
    public static var sshdConfiguration: String { text(PackageResources.local_sshd_conf) }
    public static var journaldConfiguration: String { text(PackageResources.local_journald_conf) }
    public static var systemConfiguration: String { text(PackageResources.local_system_conf) }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
