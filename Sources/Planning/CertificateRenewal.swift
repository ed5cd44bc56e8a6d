public import ClusterModel

public import struct Foundation.Date

/// When certificates that Slipway issued are due.
public enum CertificateRenewal {
    /// Certificates with less left than this are issued anew.
    public static let margin: Duration = .seconds(90 * 86_400)

    /// Why a machine's certificates are due; nil when they are not, or when nothing is known of them.
    /// - Parameter until: when the first of them expires, in seconds since 1970.
    public static func reason(_ until: Int?, now: Date) -> Reason? {
        guard let until else { return nil }
        let left = Double(until) - now.timeIntervalSince1970
        guard left < margin / .seconds(1) else { return nil }
        let days = Int((left / 86_400).rounded(.down))
        return Reason("certificates", old: days < 0 ? "expired" : "\(days) days left", new: "issued anew")
    }
}
