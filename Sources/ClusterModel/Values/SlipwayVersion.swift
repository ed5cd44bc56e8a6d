/// Slipway's own version.
public enum SlipwayVersion {
    public static let text = "0.1.0"
}
